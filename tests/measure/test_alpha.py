from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.alpha import alpha_of, feldt_interval, standardised
from gapkit.measure.answers import AnswersError

REFERENCE = Path(__file__).parents[1] / "reference" / "consistency"


def vectors(name):
    return pd.read_csv(REFERENCE / f"{name}.csv")


def likert(n=500, k=22, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + 1.5 * rng.normal(size=(n, k))
    return pd.DataFrame(np.clip(np.rint(4 + x), 1, 7), columns=[f"q{j + 1:02d}" for j in range(k)])


def test_alpha_of_three_answers_is_the_one_a_pencil_gives():
    # variances 1 and 1, covariance 1/2: alpha = 2 * (1 - 2/3)
    assert gk.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [2, 1, 3]})) == pytest.approx(2 / 3, rel=1e-14)


def test_items_that_pull_apart_have_a_negative_alpha():
    assert gk.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 1, 2]})) < 0


def test_a_single_item_has_no_alpha():
    assert np.isnan(gk.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3]})))


def test_alpha_does_not_depend_on_shifting_all_answers_and_scaling_them_together():
    answers = likert(60, 4)
    assert gk.cronbach_alpha(answers * 10 - 3) == pytest.approx(gk.cronbach_alpha(answers), rel=1e-12)


def test_alpha_is_the_mean_of_all_split_halves_of_four_items():
    # Cronbach (1951): alpha equals the mean of Rulon's 4 cov(A, B) / var(A + B) over all splits into halves
    answers = likert(80, 4, seed=5).to_numpy()
    splits = [((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))]
    halves = [
        4 * np.cov(answers[:, a].sum(1), answers[:, b].sum(1))[0, 1] / answers.sum(1).var(ddof=1)
        for a, b in ([list(a), list(b)] for a, b in splits)
    ]
    assert gk.cronbach_alpha(pd.DataFrame(answers)) == pytest.approx(np.mean(halves), rel=1e-12)


def test_answers_and_their_moments_give_one_alpha():
    answers = likert(60, 4)
    assert gk.cronbach_alpha(gk.moments(answers)) == gk.cronbach_alpha(answers)


@pytest.mark.parametrize("name", ["attitude", "likert"])
def test_raw_and_standardised_alpha_and_their_feldt_intervals_agree_with_psych(name):
    answers, psych = vectors(name), vectors(f"{name}_scale").iloc[0]
    m = gk.moments(answers)
    n = m.pair_counts().to_numpy().min()
    raw, equal = gk.cronbach_alpha(answers), float(alpha_of(standardised(m.covariance().to_numpy())))
    assert raw == pytest.approx(psych["raw"], abs=1e-12)
    assert equal == pytest.approx(psych["std"], abs=1e-12)
    k = answers.shape[1]
    assert feldt_interval(raw, n=n, k=k) == pytest.approx((psych["raw_low"], psych["raw_high"]), abs=1e-11)
    assert feldt_interval(equal, n=n, k=k) == pytest.approx((psych["std_low"], psych["std_high"]), abs=1e-11)


def test_pingouin_gives_the_same_alpha():
    import pingouin

    answers = likert(120, 6)
    assert gk.cronbach_alpha(answers) == pytest.approx(pingouin.cronbach_alpha(answers)[0], abs=1e-12)


def test_bootstrap_draws_equal_alpha_of_the_rows_drawn():
    from gapkit.measure.resampling import resampled_covariances, resampling_counts

    answers = likert(50, 5)
    counts = resampling_counts(50, draws=20, rng=np.random.default_rng(7))
    assert (counts.sum(axis=1) == 50).all()
    drawn = alpha_of(resampled_covariances(answers.to_numpy(), counts))
    for row, alpha in zip(counts, drawn, strict=True):
        assert alpha == pytest.approx(gk.cronbach_alpha(answers.loc[answers.index.repeat(row.astype(int))]), abs=1e-5)


def test_bootstrap_draws_of_incomplete_answers_are_pairwise_complete():
    from gapkit.measure.resampling import resampled_covariances, resampling_counts

    answers = vectors("likert")[:80]
    counts = resampling_counts(80, draws=5, rng=np.random.default_rng(7))
    drawn = resampled_covariances(answers.to_numpy(), counts)
    for row, found in zip(counts, drawn, strict=True):
        rows = answers.loc[answers.index.repeat(row.astype(int))]
        pairs = rows.notna().astype(float)
        n = pairs.T @ pairs
        np.testing.assert_allclose(found, rows.cov() * (n - 1) / n, atol=1e-5)


def test_weights_of_two_count_a_respondent_twice_in_every_draw():
    from gapkit.measure.resampling import resampled_covariances, resampling_counts

    answers = likert(30, 3)
    counts = resampling_counts(30, draws=4, rng=np.random.default_rng(1))
    once = resampled_covariances(answers.to_numpy(), counts * 2)
    weighted = resampled_covariances(answers.to_numpy(), counts, weights=np.full(30, 2.0))
    np.testing.assert_allclose(once, weighted, rtol=1e-4)


def test_bootstrap_intervals_hold_alpha_and_repeat_with_the_seed():
    answers = likert(200, 6)
    scales = {"first": ["q01", "q02", "q03"], "second": ["q04", "q05", "q06"]}
    table = gk.bootstrap_alpha(answers, scales=scales, draws=300, seed=4)
    assert table.index.tolist() == ["first", "second", "total"]
    assert ((table["low"] < table["alpha"]) & (table["alpha"] < table["high"])).all()
    assert table.loc["first", "alpha"] == pytest.approx(gk.cronbach_alpha(answers[scales["first"]]), abs=1e-12)
    pd.testing.assert_frame_equal(table, gk.bootstrap_alpha(answers, scales=scales, draws=300, seed=4))
    assert not table.equals(gk.bootstrap_alpha(answers, scales=scales, draws=300, seed=5))


def test_bootstrap_and_feldt_intervals_cover_the_true_alpha_of_normal_items():
    k, shared, hits = 5, 0.4, {"bootstrap": 0, "feldt": 0}
    truth = k / (k - 1) * (1 - k / (k + k * (k - 1) * shared))
    rng = np.random.default_rng(3)
    for draw in range(400):
        x = np.sqrt(shared) * rng.normal(size=(200, 1)) + np.sqrt(1 - shared) * rng.normal(size=(200, k))
        answers = pd.DataFrame(x, columns=list("abcde"))
        row = gk.bootstrap_alpha(answers, draws=500, seed=draw).loc["total"]
        low, high = feldt_interval(row["alpha"], n=200, k=k)
        hits["bootstrap"] += row["low"] <= truth <= row["high"]
        hits["feldt"] += low <= truth <= high
    assert 0.92 <= hits["bootstrap"] / 400 <= 0.98
    assert 0.92 <= hits["feldt"] / 400 <= 0.98


def test_a_constant_item_is_named_by_the_bootstrap():
    with pytest.raises(AnswersError, match="q02: every answer is 3"):
        gk.bootstrap_alpha(pd.DataFrame({"q01": [1, 2, 3], "q02": [3, 3, 3]}))


def contradicting():
    """Three items, each pair of which was answered by other people."""
    nothing = [None] * 3
    return pd.DataFrame(
        {
            "a": [1, 2, 3, *nothing, 1, 3, 2],
            "b": [2, 4, 6, 2, 4, 6, *nothing],
            "c": [*nothing, 1, 2, 3, 1, 3, 2],
        },
        dtype=float,
    )


def test_covariances_of_different_people_may_give_an_alpha_beyond_1_which_has_no_interval():
    # variances .8, 3.2, .8; covariances 2, 2, 1 (of three people each): 3/2 (1 - 4.8 / 14.8) = 150/148
    alpha = gk.cronbach_alpha(contradicting())
    assert alpha == pytest.approx(150 / 148, rel=1e-12)
    assert np.isnan(feldt_interval(alpha, n=3, k=3)).all()


def test_no_interval_is_made_of_a_confidence_that_is_no_share():
    for confidence in (95, 1.0, 0.0, -0.5):
        said = f"confidence must lie between 0 and 1, not {confidence:g}: give 0.95 for 95 %"
        with pytest.raises(ValueError, match=said):
            feldt_interval(0.8, n=50, k=4, confidence=confidence)
        with pytest.raises(ValueError, match=said):
            gk.bootstrap_alpha(likert(50, 3), confidence=confidence)


@pytest.mark.parametrize("draws", [0, 1, -3])
def test_an_interval_needs_two_draws(draws):
    with pytest.raises(AnswersError, match=f"draws={draws}: an interval needs at least 2 draws"):
        gk.bootstrap_alpha(likert(50, 3), draws=draws)


def test_draws_in_which_no_item_of_a_scale_varies_are_left_out_and_counted():
    from gapkit.measure.resampling import resampling_counts

    answers = likert(60, 4)
    answers["q01"] = answers["q02"] = np.where(np.arange(60) == 0, 5.0, 2.0)
    used = int((resampling_counts(60, draws=200, rng=np.random.default_rng(0))[:, 0] > 0).sum())
    assert used < 200
    table = gk.bootstrap_alpha(answers, scales={"still": ["q01", "q02"], "one": ["q03"]}, draws=200)
    assert table["draws"].to_dict() == {"still": used, "one": 0, "total": 200}
    # both items are the same, so alpha is 1 wherever they vary
    assert table.loc["still", ["alpha", "low", "high"]].tolist() == pytest.approx([1, 1, 1], abs=1e-5)
    method = table.attrs["method"]
    assert method.startswith("Raw alpha of 60 respondents. Percentile intervals (95%) of 200 bootstrap draws, seed 0.")
    assert (
        f"still: {200 - used} draws without an alpha (no item varied, or nobody answered some pair of items)" in method
    )
    assert "total:" not in method
    assert "one:" not in method


def test_draws_in_which_nobody_answered_a_pair_of_items_are_left_out_and_counted():
    from gapkit.measure.resampling import resampling_counts

    answers = likert(60, 3)
    answers.loc[3:29, "q01"] = np.nan
    answers.loc[30:, "q02"] = np.nan  # the first three alone answered both
    drawn = resampling_counts(60, draws=300, rng=np.random.default_rng(0))
    used = int(drawn[:, :3].any(axis=1).sum())
    assert used < 300
    table = gk.bootstrap_alpha(answers, draws=300)
    assert table.loc["total", "draws"] == used
    assert np.isfinite(table.loc["total", ["low", "high", "se"]].astype(float)).all()
    assert f"total: {300 - used} draws without an alpha" in table.attrs["method"]
