from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.factor_input import FactorError
from gapkit.measure.hierarchy import schmid_leiman

TESTS = Path(__file__).parents[1]
REFERENCE = TESTS / "reference" / "consistency"
MATRICES = {
    "babakus_boller": lambda: pd.read_csv(
        TESTS.parent / "data" / "published" / "babakus_boller_1992_correlations.csv", index_col=0
    ),
    "thurstone": lambda: pd.read_csv(REFERENCE / "thurstone.csv", index_col=0),
    "attitude": lambda: pd.read_csv(REFERENCE / "attitude.csv").corr(),
}


def hierarchical(loading=0.8, between=0.49, factors=3, items=3):
    same = np.kron(np.eye(factors), np.ones((items, items)))
    k = factors * items
    return np.where(same, loading**2, loading**2 * between) * (1 - np.eye(k)) + np.eye(k)


def answers_of(matrix, n=300, seed=0):
    x = np.random.default_rng(seed).multivariate_normal(np.zeros(len(matrix)), matrix, n)
    return pd.DataFrame(np.clip(np.rint(4 + 1.3 * x), 1, 7), columns=[f"q{j + 1:02d}" for j in range(len(matrix))])


def test_omega_of_a_perfect_hierarchy_is_the_one_a_pencil_gives():
    # every loading .8, factors correlate .49 = .7 * .7, so .56 on the general factor
    variance = 9 + 18 * 0.64 + 54 * 0.64 * 0.49
    found = gk.omega(hierarchical(), n_factors=3, n_respondents=500)
    assert found.total == pytest.approx(1 - 9 * 0.36 / variance, abs=1e-9)
    assert found.hierarchical == pytest.approx((9 * 0.56) ** 2 / variance, abs=1e-8)
    np.testing.assert_allclose(found.items["general"], 0.56, atol=1e-8)
    np.testing.assert_allclose(found.items["communality"], 0.64, atol=1e-9)
    np.testing.assert_allclose(found.items["general_share"], 0.49, atol=1e-8)


@pytest.mark.parametrize("name", MATRICES)
def test_omega_is_the_one_of_the_optimum_that_r_finds_with_tight_tolerances(name):
    r = pd.read_csv(REFERENCE / f"{name}_omega.csv").iloc[0]
    found = gk.omega(MATRICES[name](), n_factors=int(r["factors"]), n_respondents=300)
    assert found.total == pytest.approx(r["optimum.total"], abs=1e-8)
    assert found.hierarchical == pytest.approx(r["optimum.hierarchical"], abs=5e-8)


@pytest.mark.parametrize("name", MATRICES)
def test_omega_agrees_with_psych_which_stops_a_little_earlier(name):
    psych = pd.read_csv(REFERENCE / f"{name}_omega.csv").iloc[0]
    found = gk.omega(MATRICES[name](), n_factors=int(psych["factors"]), n_respondents=300)
    assert found.total == pytest.approx(psych["total"], abs=1e-6)
    assert found.hierarchical == pytest.approx(psych["hierarchical"], abs=5e-6)


@pytest.mark.parametrize("name", MATRICES)
def test_general_loadings_agree_with_psychs_schmid_leiman(name):
    psych = pd.read_csv(REFERENCE / f"{name}_schmid.csv", index_col="item")
    factors = int(pd.read_csv(REFERENCE / f"{name}_omega.csv").iloc[0]["factors"])
    found = gk.omega(MATRICES[name](), n_factors=factors, n_respondents=300)
    np.testing.assert_allclose(found.items["general"], psych["g"], atol=1e-3)
    np.testing.assert_allclose(found.items["communality"], psych["h2"], atol=1e-3)


def test_the_parts_of_an_items_variance_add_up():
    matrix = MATRICES["babakus_boller"]().to_numpy()
    found = schmid_leiman(matrix, 4)
    oblique = found.unrotated @ found.matrix
    np.testing.assert_allclose(oblique, found.loadings, atol=1e-10)
    np.testing.assert_allclose((found.unrotated**2).sum(1), found.communalities, atol=1e-12)


def test_group_omegas_are_those_of_the_items_that_load_most():
    found = gk.omega(hierarchical(), n_factors=3, n_respondents=500)
    variance = 3 + 6 * 0.64
    np.testing.assert_allclose(found.groups["general"], (3 * 0.56) ** 2 / variance, atol=1e-7)
    np.testing.assert_allclose(found.groups["group"], (3 * 0.8 * np.sqrt(0.51)) ** 2 / variance, atol=1e-7)
    assert sorted(found.groups["items"]) == ["v01, v02, v03", "v04, v05, v06", "v07, v08, v09"]


def test_bootstrap_intervals_hold_the_estimate_and_repeat_with_the_seed():
    answers = answers_of(hierarchical())
    found = gk.omega(answers, n_factors=3, kind="pearson", draws=100, seed=1)
    row = found.overall.loc["total"]
    assert row["low"] < row["value"] < row["high"]
    again = gk.omega(answers, n_factors=3, kind="pearson", draws=100, seed=1)
    pd.testing.assert_frame_equal(found.overall, again.overall)


def test_draws_of_the_bootstrap_follow_the_solution_of_the_sample():
    answers = answers_of(hierarchical(0.7, 0.4, 3, 4), n=400)
    r = answers.corr().to_numpy()
    sample = schmid_leiman(r, 3)
    repeated = schmid_leiman(np.stack([r, r]), 3, like=sample)
    np.testing.assert_allclose(repeated.general[1], sample.general, atol=1e-5)


def test_polychoric_omega_is_larger_on_few_skewed_points():
    matrix = hierarchical(0.75)
    x = np.random.default_rng(3).multivariate_normal(np.zeros(9), matrix, 500)
    answers = pd.DataFrame(np.digitize(x, [-1.6, -1.0, -0.4, 0.3]) + 1.0, columns=list("abcdefghi"))
    variance = 9 + 18 * 0.75**2 + 54 * 0.75**2 * 0.49
    truth = 1 - 9 * (1 - 0.75**2) / variance
    polychoric = gk.omega(answers, n_factors=3).total
    assert abs(polychoric - truth) < 0.02
    assert gk.omega(answers, n_factors=3, kind="pearson").total < polychoric - 0.01


def test_an_item_that_is_not_reversed_is_pointed_out():
    answers = answers_of(hierarchical()).assign(q05=lambda t: 8 - t["q05"])
    found = gk.omega(answers, n_factors=3, kind="pearson")
    assert "Items that load negatively on the general factor: q05; is one not reversed?" in found.method


def test_two_factors_share_the_general_one_and_the_method_says_so():
    found = gk.omega(hierarchical(factors=2, items=4), n_factors=2, n_respondents=200)
    np.testing.assert_allclose(found.items["general"], 0.56, atol=1e-7)
    assert "Two factors do not identify a general factor" in found.method


def test_one_factor_has_no_hierarchical_omega():
    found = gk.omega(hierarchical(factors=1, items=4), n_factors=1, n_respondents=200)
    assert np.isnan(found.hierarchical)
    # four loadings of .8: 1 - 4 * .36 / (4 + 12 * .64)
    assert found.total == pytest.approx(1 - 1.44 / (4 + 12 * 0.64), abs=1e-9)
    assert "no hierarchical omega" in found.method


def test_too_many_factors_are_refused_with_the_number_that_is_identified():
    with pytest.raises(FactorError, match="9 items identify at most 5 factors, not 6"):
        gk.omega(hierarchical(), n_factors=6, n_respondents=200)


def test_intervals_from_a_matrix_are_refused():
    with pytest.raises(FactorError, match="need the answers themselves"):
        gk.omega(hierarchical(), n_factors=3, n_respondents=200, draws=10)


@pytest.mark.simulation
def test_intervals_cover_the_true_omegas():
    matrix = hierarchical(0.7, 0.4, 3, 4)
    variance = matrix.sum()
    truth = {"total": 1 - 12 * 0.51 / variance, "hierarchical": (12 * 0.7 * np.sqrt(0.4)) ** 2 / variance}
    hits = dict.fromkeys(truth, 0)
    for seed in range(150):
        x = np.random.default_rng(seed).multivariate_normal(np.zeros(12), matrix, 200)
        found = gk.omega(pd.DataFrame(x), n_factors=3, kind="pearson", draws=200, seed=seed).overall
        for name, value in truth.items():
            hits[name] += found.loc[name, "low"] <= value <= found.loc[name, "high"]
    assert 0.88 <= hits["total"] / 150 <= 0.99
    assert 0.88 <= hits["hierarchical"] / 150 <= 0.99


def nearly_constant(n=120, seed=1):
    """Six items, the last of which one respondent alone answers otherwise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, 6))
    answers = pd.DataFrame(np.clip(np.rint(4 + x), 1, 7), columns=list("abcdef"))
    answers["f"] = np.where(np.arange(n) == 0, 5.0, 1.0)
    return answers


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_draws_in_which_an_item_does_not_vary_are_left_out_and_counted(kind):
    from gapkit.measure.resampling import resampling_counts

    answers = nearly_constant()
    n, draws = len(answers), 40
    drawn = resampling_counts(n, draws=draws, rng=np.random.default_rng(3))
    varies = drawn[:, 0] > 0  # the one respondent who makes the last item vary is among those drawn
    assert 0 < varies.sum() < draws
    found = gk.omega(answers, n_factors=1, kind=kind, draws=draws, seed=3)
    assert f"Basic bootstrap intervals (95%) of {varies.sum()} draws, seed 3." in found.method
    assert (
        f"{draws - varies.sum()} draws without all correlations (an item that did not vary) left out." in found.method
    )


def test_an_interval_rests_on_the_correlations_of_the_draws_in_which_every_item_varies():
    from gapkit.measure.resampling import resampling_counts

    answers = nearly_constant()
    drawn = resampling_counts(len(answers), draws=60, rng=np.random.default_rng(3))
    alphas = []
    for counts in drawn[drawn[:, 0] > 0]:
        r = answers.loc[answers.index.repeat(counts.astype(int))].corr().to_numpy()
        alphas.append(6 / 5 * (1 - 6 / r.sum()))
    row = gk.omega(answers, n_factors=1, kind="pearson", draws=60, seed=3).overall.loc["standardised_alpha"]
    assert row["low"] == pytest.approx(2 * row["value"] - np.quantile(alphas, 0.975), abs=1e-4)
    assert row["high"] == pytest.approx(2 * row["value"] - np.quantile(alphas, 0.025), abs=1e-4)


def test_too_few_draws_are_refused():
    with pytest.raises(AnswersError, match="draws=1: an interval needs at least 2 draws"):
        gk.omega(answers_of(hierarchical()), n_factors=3, kind="pearson", draws=1)
    with pytest.raises(AnswersError, match="of 2 bootstrap draws have no correlation for some items"):
        gk.omega(nearly_constant(), n_factors=1, kind="pearson", draws=2, seed=0)


def test_intervals_of_shares_end_at_0_and_the_method_says_what_was_cut_off():
    x = np.random.default_rng(0).normal(size=(150, 6))
    found = gk.omega(pd.DataFrame(x, columns=list("abcdef")), n_factors=2, kind="pearson", draws=100)
    shares = found.overall.loc[["total", "hierarchical", "limit", "common_variance"]]
    assert (shares[["low", "high"]] >= 0).all(axis=None)
    assert (shares[["low", "high"]] <= 1).all(axis=None)
    ends = (shares["low"] == 0) | (shares["high"] == 1)
    assert ends.any()
    assert f"Ends beyond 0 or 1 cut off: {', '.join(shares.index[ends])}." in found.method
    certain = gk.omega(answers_of(hierarchical()), n_factors=3, kind="pearson", draws=50)
    assert "cut off" not in certain.method


def test_one_factor_leaves_hierarchical_omega_out_of_the_headline():
    found = gk.omega(hierarchical(factors=1, items=4), n_factors=1, n_respondents=200)
    assert found.headline == f"omega total {1 - 1.44 / (4 + 12 * 0.64):.3f}; n = 200"


def test_a_confidence_in_per_cent_is_refused():
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1, not 95: give"):
        gk.omega(hierarchical(), n_factors=3, n_respondents=200, confidence=95)
