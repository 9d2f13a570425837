from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.driver_draws import wishart

REFERENCE = Path(__file__).parents[1] / "reference" / "drivers"


@pytest.fixture
def attitude(make_survey):
    answers = pd.read_csv(REFERENCE / "answers.csv")
    predictors = answers.drop(columns=["outcome", "weight"])

    def survey(*, weighted):
        return make_survey(
            predictors, scale=(0, 100), respondents=answers[["outcome", "weight"] if weighted else ["outcome"]]
        )

    return survey


def orthogonal(make_survey, **extra):
    """A 2 x 2 design of uncorrelated a and b, twice over; y = 2a + b, so r2 = 4/5 and 1/5."""
    perceived = pd.DataFrame({"a": [1, 1, 2, 2] * 3, "b": [1, 2, 1, 2] * 3})
    y = 2.0 * perceived["a"] + perceived["b"]
    return make_survey(perceived, respondents=pd.DataFrame({"overall": y, **extra}))


@pytest.mark.parametrize(("weighted", "file"), [(False, "plain"), (True, "weighted")])
def test_every_figure_equals_base_r(attitude, weighted, file):
    expected = pd.read_csv(REFERENCE / f"{file}.csv").set_index("predictor")
    found = gk.drivers(attitude(weighted=weighted), outcome="outcome", draws=20)
    np.testing.assert_allclose(found.johnson["weight"], expected["johnson"], atol=1e-10)
    np.testing.assert_allclose(found.dominance["weight"], expected["dominance"], atol=1e-10)
    np.testing.assert_allclose(found.regression[["r", "beta", "vif"]], expected[["r", "beta", "vif"]], atol=1e-10)
    assert found.fit["r2"].iloc[0] == pytest.approx(expected["r2"].iloc[0], abs=1e-12)
    assert found.fit["condition"].iloc[0] == pytest.approx(expected["condition"].iloc[0], abs=1e-10)
    if not weighted:  # adjusted R2 counts respondents; under weights Kish's effective ones, which lm does not know
        assert found.fit["adjusted_r2"].iloc[0] == pytest.approx(expected["adjusted_r2"].iloc[0], abs=1e-12)


def test_uncorrelated_predictors_by_pencil(make_survey):
    found = gk.drivers(orthogonal(make_survey), draws=50)
    assert found.johnson["weight"].tolist() == pytest.approx([0.8, 0.2])
    assert found.dominance["share"].tolist() == pytest.approx([0.8, 0.2])
    assert found.johnson["rank"].tolist() == [1, 2]
    assert found.regression["vif"].tolist() == pytest.approx([1, 1])
    assert found.stated is None
    assert "association, not effect" in found.method
    assert found.headline.startswith("a goes most with overall: 80% of R² = 1.00")


def test_moments_give_the_same_point_values(hotel):
    complete = hotel.perceptions.notna().all(axis=1) & hotel.respondents["overall"].notna()
    survey = hotel.only(complete, why="complete")
    items = {d.id: [f"P.{item}" for item in d.items] for d in survey.instrument.dimensions}
    reduced = gk.moments(survey, columns=["overall", *(name for names in items.values() for name in names)])
    ours, from_answers = (
        gk.drivers_from_moments(reduced, outcome="overall", predictors=items, draws=50),
        gk.drivers(survey, draws=50),
    )
    columns = ["weight", "share"]
    np.testing.assert_allclose(ours.johnson[columns], from_answers.johnson[columns], atol=1e-10)
    np.testing.assert_allclose(ours.dominance[columns], from_answers.dominance[columns], atol=1e-10)
    assert ours.fit["r2"].iloc[0] == pytest.approx(from_answers.fit["r2"].iloc[0], abs=1e-12)
    assert ours.n == from_answers.n


def test_gaps_can_be_made_from_moments(hotel):
    complete = hotel.gaps.notna().all(axis=1) & hotel.respondents["overall"].notna()
    survey = hotel.only(complete, why="complete")
    factors = {
        d.id: {f"{half}.{item}": sign / len(d.items) for item in d.items for half, sign in (("P", 1), ("E", -1))}
        for d in survey.instrument.dimensions
    }
    reduced = gk.moments(survey, columns=["overall", *(name for parts in factors.values() for name in parts)])
    ours = gk.drivers_from_moments(reduced, outcome="overall", predictors=factors, draws=20)
    np.testing.assert_allclose(ours.johnson["weight"], gk.drivers(survey, of="gaps", draws=20).johnson["weight"])


def test_normal_draws_and_resampled_respondents_give_intervals_alike():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(800, 3)) @ np.array([[1, 0.5, 0.3], [0, 1, 0.4], [0, 0, 1]])
    data = pd.DataFrame(x, columns=list("abc")).assign(y=x @ [1, 0.5, 0.1] + rng.normal(0, 1.5, 800))
    m = gk.moments(data)
    normal = gk.drivers_from_moments(m, outcome="y", predictors=["a", "b", "c"], draws=2000).johnson
    se = (normal["high"] - normal["low"]) / 3.92
    boot = np.array(
        [
            gk.drivers_from_moments(
                gk.moments(data.sample(800, replace=True, random_state=i)),
                outcome="y",
                predictors=["a", "b", "c"],
                draws=1,
            ).johnson["weight"]
            for i in range(150)
        ]
    )
    np.testing.assert_allclose(boot.std(axis=0), se, rtol=0.3)


def test_wishart_draws_are_centred_on_the_given_correlations():
    r = np.array([[1, 0.6, 0.2], [0.6, 1, 0.5], [0.2, 0.5, 1]])
    found = wishart(r, 1000, draws=4000, seed=0)
    np.testing.assert_allclose(found.mean(axis=0), r, atol=0.002)
    # the large-sample standard error of a correlation, (1 - r^2) / sqrt(n)
    np.testing.assert_allclose(found[:, 0, 1].std(), (1 - 0.36) / np.sqrt(1000), rtol=0.05)


def test_unrelated_normal_answers_correlate_with_the_exact_variance():
    # Fisher (1915): r of n unrelated normal pairs has the variance 1 / (n - 1)
    found = wishart(np.eye(2), 8, draws=40_000, seed=0)[:, 0, 1]
    assert found.var() == pytest.approx(1 / 7, rel=0.03)


def test_weights_of_whole_numbers_equal_respondents_entered_as_often(make_survey):
    rng = np.random.default_rng(3)
    perceived = pd.DataFrame(rng.integers(1, 8, (40, 3)), columns=list("abc"))
    y = perceived @ [1.0, 0.5, 0.2] + rng.normal(size=40)
    w = rng.integers(1, 4, 40)
    weighted = make_survey(perceived, respondents=pd.DataFrame({"overall": y, "weight": w.astype(float)}))
    often = np.repeat(np.arange(40), w)
    repeated = make_survey(
        perceived.iloc[often].reset_index(drop=True),
        respondents=pd.DataFrame({"overall": y.iloc[often].to_numpy()}),
    )
    ours, theirs = gk.drivers(weighted, draws=10), gk.drivers(repeated, draws=10)
    np.testing.assert_allclose(ours.johnson["weight"], theirs.johnson["weight"], atol=1e-12)
    assert "Survey weights reach every number" in ours.method


def test_items_have_johnson_only_and_say_so(hotel):
    found = gk.drivers(hotel, level="items", draws=20)
    assert found.dominance is None
    assert "General dominance is left out: 22 predictors are more than 12" in found.method
    assert found.johnson["weight"].sum() == pytest.approx(found.fit["r2"].iloc[0])


def test_who_is_counted_is_said(make_survey):
    survey = orthogonal(make_survey)
    P = survey.perceptions.copy()
    P.iloc[0, 0] = np.nan
    overall = survey.respondents["overall"] + np.resize([0.5, -0.5, 0.25], 12)  # not all is explained
    survey = make_survey(P, respondents=pd.DataFrame({"overall": overall}))
    complete, pairwise = gk.drivers(survey, draws=20), gk.drivers(survey, draws=20, missing="pairwise")
    assert (complete.n, pairwise.n) == (11, 12)
    assert "respondents with overall and every score: 11 of 12" in complete.method
    assert "at least one score; correlations are pairwise complete: 12 of 12" in pairwise.method


def test_overlap_is_reported_not_hidden(make_survey):
    rng = np.random.default_rng(0)
    a = rng.integers(1, 8, 200)
    b = np.clip(a + rng.choice([-1, 0, 0, 0, 0, 0, 0, 0, 0, 1], 200), 1, 7)
    survey = make_survey(
        pd.DataFrame({"a": a, "b": b}), respondents=pd.DataFrame({"overall": a + rng.normal(size=200)})
    )
    found = gk.drivers(survey, draws=200)
    r = np.corrcoef(a, b)[0, 1]
    assert found.regression["vif"].tolist() == pytest.approx([1 / (1 - r**2)] * 2)
    assert found.fit["condition"].iloc[0] == pytest.approx(np.sqrt((1 + r) / (1 - r)))
    assert found.johnson["share"].sub(0.5).abs().max() < 0.1  # overlap is shared out


def test_a_weight_of_the_other_sign_than_the_correlation_is_marked(make_survey):
    rng = np.random.default_rng(2)
    a = rng.integers(1, 8, 400)
    b = np.clip(a + rng.integers(-1, 2, 400), 1, 7)
    y = 2.0 * a - b + rng.normal(0, 0.5, 400)
    found = gk.drivers(make_survey(pd.DataFrame({"a": a, "b": b}), respondents=pd.DataFrame({"overall": y})), draws=20)
    assert found.regression["turned"].tolist() == [False, True]


def test_stated_importance_is_the_mean_of_points_with_its_interval(make_survey):
    points = pd.DataFrame({"a": [60.0, 80, 70, np.nan] * 3, "b": [40.0, 20, 30, 50] * 3})
    survey = orthogonal(make_survey)
    survey = make_survey(survey.perceptions, respondents=survey.respondents, allocations=points)
    stated = gk.drivers(survey, draws=20).stated
    # 9 respondents split in full: mean 70, sd sqrt(9 * ... ) = sqrt(600 / 8), t(8) = 2.306004
    assert stated.loc["a", ["n", "mean"]].tolist() == [9, 70]
    half = 2.306004 * np.sqrt(600 / 8) / 3
    assert stated.loc["a", ["low", "high"]].tolist() == pytest.approx([70 - half, 70 + half], abs=1e-5)
    assert stated["rank"].tolist() == [1, 2]


def test_the_seed_settles_the_draws(hotel):
    one, same, other = (gk.drivers(hotel, draws=30, seed=seed).johnson for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one["low"].equals(other["low"])


def test_nothing_in_the_survey_is_changed(hotel):
    before = hotel.respondents.copy(), hotel.perceptions.copy()
    gk.drivers(hotel, draws=10)
    pd.testing.assert_frame_equal(hotel.respondents, before[0])
    pd.testing.assert_frame_equal(hotel.perceptions, before[1])


def test_an_unknown_outcome_names_those_there_are(hotel):
    with pytest.raises(ValueError, match='no outcome "mood" among the respondents\' columns; there are: guest, hotel'):
        gk.drivers(hotel, outcome="mood")


def test_an_outcome_of_text_is_refused(hotel):
    with pytest.raises(ValueError, match='outcome "hotel": 1200 of 1200 answers are no numbers'):
        gk.drivers(hotel, outcome="hotel")


def test_a_constant_dimension_is_named(make_survey):
    survey = orthogonal(make_survey)
    still = make_survey(survey.perceptions.assign(c=4), respondents=survey.respondents)
    with pytest.raises(ValueError, match="c: does not vary"):
        gk.drivers(still)


def test_a_constant_of_thirds_is_constant_too(make_survey):
    survey = orthogonal(make_survey)
    still = make_survey(survey.perceptions.assign(c=13 / 3), respondents=survey.respondents)
    with pytest.raises(ValueError, match="c: does not vary"):
        gk.drivers(still)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_of_the_outcome_does_not_matter(hotel, unit):
    overall = hotel.respondents["overall"]
    other = gk.Survey(
        hotel.instrument,
        perceptions=hotel.perceptions,
        respondents=pd.DataFrame({"overall": overall, "tiny": overall * unit}),
    )
    ours, scaled = gk.drivers(other, draws=20), gk.drivers(other, outcome="tiny", draws=20)
    np.testing.assert_allclose(ours.johnson, scaled.johnson, rtol=1e-6)
    in_quadrants = [
        gk.quadrants(other, level="dimensions", importance="derived", outcome=name, draws=5).positions["importance"]
        for name in ("overall", "tiny")
    ]
    np.testing.assert_allclose(*in_quadrants, rtol=1e-6)


def test_combinations_of_each_other_are_named(make_survey):
    survey = orthogonal(make_survey)
    P = survey.perceptions
    with pytest.raises(ValueError, match="a, b, c cannot be told apart"):
        gk.drivers(make_survey(P.assign(c=P["a"] + P["b"]), respondents=survey.respondents))


def test_too_few_respondents_are_refused(make_survey):
    survey = orthogonal(make_survey)
    with pytest.raises(ValueError, match="more than 4 respondents; there are 4"):
        gk.drivers(survey.only([True] * 4 + [False] * 8, why="four"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"of": "hopes"}, 'of="hopes" is not known; choose one of "perceptions", "gaps"'),
        ({"level": "rooms"}, 'level="rooms" is not known'),
        ({"missing": "filled"}, 'missing="filled" is not known'),
        ({"draws": 0}, "draws must be at least 1, not 0"),
        ({"confidence": 95}, "confidence must lie between 0 and 1"),
    ],
)
def test_wrong_arguments_say_what_is_right(make_survey, wrong, message):
    with pytest.raises(ValueError, match=message):
        gk.drivers(orthogonal(make_survey), **wrong)


@pytest.mark.simulation
def test_the_intervals_of_johnson_shares_cover_the_true_ones(make_survey):
    """300 normal samples with known correlations: 95 % intervals of the shares hold the true ones in 91-98 %."""
    from gapkit.explain.importance import johnson_weights

    r = np.array([[1, 0.6, 0.5, 0.6], [0.6, 1, 0.4, 0.5], [0.5, 0.4, 1, 0.4], [0.6, 0.5, 0.4, 1]])
    true = johnson_weights(r[:3, :3], r[:3, 3])
    true, root, held = true / true.sum(), np.linalg.cholesky(r), []
    for seed in range(300):
        x = np.random.default_rng(seed).normal(size=(200, 4)) @ root.T
        survey = make_survey(
            pd.DataFrame(x[:, :3], columns=list("abc")), respondents=pd.DataFrame({"overall": x[:, 3]})
        )
        found = gk.drivers(survey, draws=400, seed=seed).johnson
        held.append((found["share_low"] <= true) & (true <= found["share_high"]))
    assert 0.91 < np.mean(held) < 0.98


def test_moments_of_a_wider_table_count_those_behind_the_columns_used():
    answers = pd.DataFrame({"a": [1, 2, 1, 2, 1, None], "b": [1, 1, 2, 2, 3, None], "y": [2, 3, 3, 5, 4, None]})
    m = gk.moments(answers.assign(other=[1, 2, 3, 4, 5, 6]))
    found = gk.drivers_from_moments(m, outcome="y", predictors=["a", "b"], draws=50)
    assert found.n == 5
    assert "Answers are missing" not in found.method


def test_pairs_of_different_people_that_fit_no_data_are_refused(three_blocks):
    with pytest.raises(ValueError, match="y: R² would be"):
        gk.drivers_from_moments(gk.moments(three_blocks), outcome="y", predictors=["a", "b"], draws=50)
