from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.matrix import SingularError, combinations

PUBLISHED = Path(__file__).parents[2] / "data" / "published"


def answers(n=200, k=5, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, k))
    return pd.DataFrame(np.clip(np.rint(4 + x), 1, 7), columns=[f"q{j + 1:02d}" for j in range(k)])


def equal_correlations(r, k=3):
    return pd.DataFrame(np.full((k, k), r) + np.eye(k) * (1 - r))


def test_kmo_of_equal_correlations_is_the_one_a_pencil_gives():
    # Partial correlations of an equicorrelated triple are r / (1 + r) = 1/3 for r = 1/2; KMO = (1/4) / (1/4 + 1/9).
    fit = gk.suitability(equal_correlations(0.5), n_respondents=100)
    assert fit.kmo == pytest.approx(9 / 13, rel=1e-12)
    np.testing.assert_allclose(fit.items["msa"], 9 / 13, rtol=1e-12)
    # smc = 2 r^2 / (1 + r) for the triple
    np.testing.assert_allclose(fit.items["smc"], 1 / 3, rtol=1e-12)


def test_bartlett_of_equal_correlations_is_the_one_a_pencil_gives():
    fit = gk.suitability(equal_correlations(0.5), n_respondents=100)
    row = fit.overall.iloc[0]
    assert row["determinant"] == pytest.approx(0.5, rel=1e-12)  # (1 - r)^2 (1 + 2 r)
    assert row["chi2"] == pytest.approx(-(99 - 11 / 6) * np.log(0.5), rel=1e-12)
    assert row["df"] == 3
    assert row["condition"] == pytest.approx(2 / 0.5, rel=1e-12)


def test_two_items_have_a_kmo_of_one_half():
    assert gk.suitability(answers(k=2)).kmo == pytest.approx(0.5)


def test_the_published_babakus_and_boller_matrix_gives_the_published_kmo():
    matrix = pd.read_csv(PUBLISHED / "babakus_boller_1992_correlations.csv", index_col=0)
    assert round(gk.suitability(matrix, n_respondents=502).kmo, 3) == 0.928


def test_answers_moments_and_their_correlations_give_one_result():
    table = answers()
    from_answers = gk.suitability(table)
    from_moments = gk.suitability(gk.moments(table))
    from_matrix = gk.suitability(gk.correlation(table))
    np.testing.assert_allclose(from_answers.overall, from_moments.overall, rtol=1e-10)
    np.testing.assert_allclose(from_answers.overall, from_matrix.overall, rtol=1e-10)


def test_respondents_with_weights_count_by_their_effective_number():
    table = answers()
    weights = np.random.default_rng(0).uniform(0.2, 3, len(table))
    weighted = gk.suitability(gk.moments(table, weights=weights))
    row = weighted.overall.iloc[0]
    n = weights.sum() ** 2 / (weights**2).sum()
    assert row["chi2"] == pytest.approx(-(n - 1 - 15 / 6) * row["log_determinant"])


def test_polychoric_correlations_can_be_judged_too():
    assert "Polychoric" in gk.suitability(answers(), kind="polychoric").method


def test_a_repeated_item_is_named_in_the_error():
    # psych 2.2.9 prints a KMO of 0.389 for such a matrix, without a word
    table = answers().assign(copy=lambda t: t["q02"])
    with pytest.raises(
        SingularError, match=r"The KMO measure does not exist .*: copy is the same as q02\. Leave out copy"
    ):
        gk.suitability(table)


def test_an_item_that_is_a_sum_of_others_is_named_with_them():
    table = answers().assign(total=lambda t: t["q01"] + t["q02"] + t["q03"])
    with pytest.raises(SingularError, match=r"total is an exact combination of q01, q02, q03"):
        gk.suitability(table)


def test_fewer_respondents_than_items_are_refused_with_their_number():
    with pytest.raises(SingularError, match=r"5 respondents cannot carry 8 items"):
        gk.suitability(answers(n=5, k=8, seed=4))


def test_a_constant_item_is_named_in_the_error():
    with pytest.raises(AnswersError, match=r"q09: every answer is 4"):
        gk.suitability(answers().assign(q09=4.0))


def test_a_correlation_matrix_without_a_number_of_respondents_is_refused():
    with pytest.raises(AnswersError, match=r"say how many respondents are behind it with n_respondents"):
        gk.suitability(equal_correlations(0.3))


def test_two_dependencies_are_both_found():
    table = answers().assign(a=lambda t: t["q01"], b=lambda t: t["q02"] - t["q03"])
    assert combinations(table.corr()) == [("a", ["q01"]), ("b", ["q02", "q03"])]


def holes(seed, n=90, k=8):
    """One factor, 55 % of the answers missing: pairs of items rest on some 18 respondents."""
    rng = np.random.default_rng(seed)
    z = 0.6 * rng.standard_normal((n, 1)) + 0.8 * rng.standard_normal((n, k))
    answers = np.digitize(z, [-0.5, 0.3, 1.0]) + 1.0
    answers[rng.random(answers.shape) < 0.55] = np.nan
    return pd.DataFrame(answers, columns=[f"q{j}" for j in range(k)])


def test_smoothed_correlations_are_refused_whatever_the_order_of_the_items():
    answers = next(table for table in map(holes, range(1000, 1400)) if gk.correlation(table).attrs["smoothed"])
    for turn in range(8):
        order = list(np.roll(answers.columns, turn))
        with pytest.raises(SingularError, match=r"each comes from its own pair of items, and together they contradict"):
            gk.suitability(answers[order])
        named = gk.correlation(answers[order])
        assert np.linalg.eigvalsh(named)[0] < 1e-8


def test_bartletts_test_needs_more_respondents_than_items():
    # n - 1 - (2 k + 5) / 6 is negative for three respondents and eight items
    few = gk.suitability(equal_correlations(0.3, k=8), n_respondents=3)
    assert few.overall[["chi2", "p"]].isna().all(axis=None)
    assert few.kmo == pytest.approx(gk.suitability(equal_correlations(0.3, k=8), n_respondents=300).kmo)
    assert few.headline == f"KMO {few.kmo:.3f}; Bartlett not tested, too few respondents; n = 3"
    assert few.method.endswith("No Bartlett's test: it needs more respondents than the 8 items, not 3.")
    enough = gk.suitability(equal_correlations(0.3, k=8), n_respondents=9)
    assert enough.overall["chi2"].iloc[0] > 0


def test_one_overwhelming_weight_leaves_no_test():
    weights = np.ones(200)
    weights[0] = 1e6
    found = gk.suitability(answers(), weights=weights)
    assert np.isnan(found.overall["chi2"].iloc[0])


def test_every_fit_counts_the_effective_respondents_of_the_weakest_pair():
    table = answers(400, seed=3)
    table.loc[:299, ["q01", "q02"]] = np.nan
    table.loc[350:, ["q04", "q05"]] = np.nan
    weights = np.random.default_rng(0).gamma(2, 1, 400)
    both = weights[300:350]  # only they answered q01 and q04
    n = both.sum() ** 2 / (both**2).sum()
    given = {"answers": (table, weights), "moments": (gk.moments(table, weights=weights), None)}
    given["correlation"] = (gk.correlation(table, weights=weights), None)
    for way, (made, share) in given.items():
        bartlett = gk.suitability(made, weights=share).overall.iloc[0]
        assert bartlett["chi2"] / -bartlett["log_determinant"] == pytest.approx(n - 1 - 15 / 6), way
        kind = "pearson" if way == "answers" else None
        fit = gk.efa(made, n_factors=1, kind=kind, weights=share).fit.iloc[0]
        assert fit["chi2"] / fit["objective"] == pytest.approx(n - 1 - 15 / 6 - 2 / 3), way
        assert f"Fit statistics with n = {n:g}." in gk.efa(made, n_factors=1, kind=kind, weights=share).method
        assert f"n = {n:g}" in gk.confirm(made, {"all": list(table)}, weights=share).method, way
        assert gk.retention(made, weights=share, draws=10).eigenvalues.loc[1, "kaiser_reference"] == pytest.approx(
            (1 + np.sqrt(5 / n)) ** 2
        )


def test_the_headline_says_kmo_and_bartlett():
    fit = gk.suitability(equal_correlations(0.5), n_respondents=100)
    assert fit.headline == "KMO 0.692; Bartlett chi² 67.4, df 3, p 1.6e-14; n = 100"
