from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.confirmatory import degrees_of_freedom, fit_structure
from gapkit.measure.factor_input import FactorError
from gapkit.measure.matrix import SingularError

TESTS = Path(__file__).parents[1]
REFERENCE = TESTS / "reference" / "consistency"
NUMBERS = {
    "F1": [5, 7, 8],
    "F2": [2, 4],
    "F3": [10, 11, 12, 13, 18, 19, 20, 21, 22],
    "F4": [1, 17],
    "F5": [6, 14, 15, 16],
}
BABAKUS_BOLLER = {name: [f"Q{number}" for number in numbers] for name, numbers in NUMBERS.items()}
TWO = {"first": list("abc"), "second": list("def")}


@pytest.fixture(scope="module")
def published():
    matrix = pd.read_csv(TESTS.parent / "data" / "published" / "babakus_boller_1992_correlations.csv", index_col=0)
    return gk.confirm(matrix, BABAKUS_BOLLER, n_respondents=502)


def matrix(loading=0.7, between=0.4):
    same = np.kron(np.eye(2), np.ones((3, 3)))
    values = np.where(same, loading**2, loading**2 * between) * (1 - np.eye(6)) + np.eye(6)
    return pd.DataFrame(values, index=list("abcdef"), columns=list("abcdef"))


def answers(n=300, seed=0, between=0.4):
    x = np.random.default_rng(seed).multivariate_normal(np.zeros(6), matrix(between=between), n)
    return pd.DataFrame(np.clip(np.rint(4 + 1.3 * x), 1, 7), columns=list("abcdef"))


def test_the_published_structure_has_the_published_fit(published):
    row = published.fit.loc["as defined"]
    assert row["chi2"].round(3) == 318.059
    assert row["df"] == 160
    assert (row["cfi"].round(3), row["rmsea"].round(3), row["srmr"].round(3)) == (0.960, 0.044, 0.038)


@pytest.mark.parametrize(("ours", "theirs"), [("as defined", "five"), ("one factor", "one")])
def test_every_fit_figure_agrees_with_lavaan(published, ours, theirs):
    lavaan = pd.read_csv(REFERENCE / "babakus_boller_cfa.csv", index_col="structure").loc[theirs]
    row = published.fit.loc[ours]
    assert row["chi2"] == pytest.approx(lavaan["chisq"], abs=1e-5)
    assert row["df"] == lavaan["df"]
    names = {
        "cfi": "cfi",
        "tli": "tli",
        "rmsea": "rmsea",
        "rmsea_low": "rmsea.ci.lower",
        "rmsea_high": "rmsea.ci.upper",
    }
    for name, other in names.items():
        assert row[name] == pytest.approx(lavaan[other], abs=1e-6), name
    assert row["srmr"] == pytest.approx(lavaan["srmr"], abs=1e-6)
    assert row["p"] == pytest.approx(lavaan["pvalue"], rel=1e-5)


def test_loadings_and_factor_correlations_agree_with_lavaan(published):
    loadings = pd.read_csv(REFERENCE / "babakus_boller_cfa_loadings.csv", index_col="rhs")
    np.testing.assert_allclose(
        published.loadings["loading"], loadings.loc[published.loadings.index, "est.std"], atol=2e-5
    )
    phi = pd.read_csv(REFERENCE / "babakus_boller_cfa_phi.csv", index_col=0)
    np.testing.assert_allclose(published.phi, phi.loc[published.phi.index, published.phi.columns], atol=2e-5)


def test_a_model_that_fits_perfectly_recovers_what_made_it():
    found = gk.confirm(matrix(), TWO, n_respondents=300)
    np.testing.assert_allclose(found.loadings["loading"], 0.7, atol=1e-5)
    assert found.phi.loc["first", "second"] == pytest.approx(0.4, abs=1e-5)
    row = found.fit.loc["as defined"]
    assert (row["df"], round(row["chi2"], 6), row["cfi"], row["rmsea"]) == (8, 0, 1, 0)
    assert row["srmr"] < 1e-5
    np.testing.assert_allclose(found.residuals, 0, atol=1e-5)


def test_composite_reliability_and_ave_are_those_a_pencil_gives():
    table = gk.confirm(matrix(), TWO, n_respondents=300).factors
    np.testing.assert_allclose(table["ave"], 0.49, atol=1e-5)
    np.testing.assert_allclose(table["composite_reliability"], 2.1**2 / (2.1**2 + 3 * 0.51), atol=1e-5)


def test_degrees_of_freedom_are_the_ones_a_pencil_counts():
    assert degrees_of_freedom(TWO) == 21 - 13
    assert degrees_of_freedom({"all": list("abcdef")}) == 21 - 12
    assert degrees_of_freedom({"one": ["a"], "rest": list("bcd")}) == 10 - 8


def test_a_worse_structure_is_tested_against_the_first():
    fit = gk.confirm(answers(), TWO).fit
    assert fit.index.tolist() == ["as defined", "one factor"]
    row = fit.loc["one factor"]
    assert row["more_chi2"] == pytest.approx(row["chi2"] - fit.loc["as defined", "chi2"])
    assert row["more_df"] == 1
    assert row["more_p"] < 1e-6


def test_a_merger_that_was_asked_for_is_a_rival():
    structure = {"first": ["a", "b"], "also first": ["c", "d"], "second": ["e", "f"]}
    found = gk.confirm(answers(), structure, merge={"both": ["first", "also first"]})
    assert found.fit.index.tolist() == ["as defined", "merged into 2", "one factor"]
    assert "Merged: both from first, also first." in found.method
    assert "These data suggested" not in found.method


def test_a_merger_that_the_data_suggest_says_so():
    structure = {"a": ["a", "b"], "b": ["c", "d"], "second": ["e", "f"]}
    same = pd.DataFrame(np.full((6, 6), 0.49) + np.eye(6) * 0.51, list("abcdef"), list("abcdef"))
    same.loc[["e", "f"], list("abcd")] = same.loc[list("abcd"), ["e", "f"]] = 0.1
    found = gk.confirm(same, structure, n_respondents=300)
    assert "merged into 2" in found.fit.index
    assert "Merged: a + b from a, b. These data suggested the merger" in found.method


def test_a_survey_is_confirmed_on_its_own_dimensions():
    survey = gk.datasets.load("hotel")
    found = gk.confirm(survey)
    assert found.fit["factors"].tolist() == [5, 3, 1]
    assert found.loadings["factor"].tolist() == [d.id for d in survey.instrument.dimensions for _ in d.items]
    assert found.source == str(survey.source)
    assert "effective n" in found.method


def test_a_factor_of_one_item_is_taken_as_free_of_error():
    found = gk.confirm(answers(), {"first": ["a", "b", "c"], "alone": ["f"]})
    assert found.loadings.loc["f", "loading"] == pytest.approx(1, abs=1e-4)
    assert "alone has one item, taken as free of error." in found.method
    assert np.isnan(found.factors.loc["alone", "ave"])


def test_factor_and_item_names_may_be_anything():
    odd = answers().rename(columns={"a": "quality of rooms", "b": "~x0", "c": "f1"})
    found = gk.confirm(odd, {"x 1": ["quality of rooms", "~x0", "f1"], "f0": list("def")})
    np.testing.assert_allclose(found.fit, gk.confirm(answers(), TWO).fit, rtol=1e-6)


def test_items_outside_the_structure_are_left_out():
    with_more = answers().assign(g=1.0 * (np.arange(300) % 7))
    np.testing.assert_allclose(gk.confirm(with_more, TWO).fit, gk.confirm(answers(), TWO).fit, rtol=1e-6)


def test_the_minimum_is_the_likelihoods_discrepancy():
    data = answers().corr()
    found = fit_structure(data, TWO)
    by_hand = (
        np.linalg.slogdet(found.implied)[1]
        - np.linalg.slogdet(data)[1]
        + np.trace(np.linalg.inv(found.implied) @ data)
        - 6
    )
    assert found.minimum == pytest.approx(by_hand, abs=1e-12)
    np.testing.assert_allclose(np.diag(found.implied), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("structure", "message"),
    [
        (None, "Say which items make which factor"),
        ({"x": ["a", "b", "zz"]}, "The answers have no zz. They have: a, b, c, d, e, f."),
        ({"x": ["a", "b"], "y": ["b", "c"]}, "b: in two factors"),
        ({"x": ["a", "b", "c"], "y": []}, "y: a factor without items"),
        ({"x": ["a", "b"]}, "One factor needs at least three items, not 2"),
    ],
)
def test_a_structure_that_cannot_be_fitted_is_refused_in_words(structure, message):
    with pytest.raises(FactorError, match=message):
        gk.confirm(answers(), structure)


def test_two_items_on_two_factors_have_no_one_factor_rival():
    found = gk.confirm(answers(), {"x": ["a"], "y": ["b"]})
    assert found.fit.index.tolist() == ["as defined"]
    assert found.fit["df"].iloc[0] == 0
    assert found.phi.loc["x", "y"] == pytest.approx(answers()["a"].corr(answers()["b"]), abs=1e-6)


def test_an_unknown_factor_cannot_be_merged():
    with pytest.raises(FactorError, match=r"There is no factor third to merge. There are: first, second."):
        gk.confirm(answers(), TWO, merge={"all": ["first", "third"]})


def test_a_repeated_item_is_named():
    with pytest.raises(SingularError, match="g is the same as a"):
        gk.confirm(answers().assign(g=lambda t: t["a"]), {"first": list("abc"), "second": list("defg")})


def test_a_column_outside_the_structure_does_not_decide_who_counts():
    few = pd.Series(np.arange(300.0) % 7).where(np.arange(300) < 30)
    with_more = answers().assign(rarely_asked=few)
    for given in (with_more, gk.moments(with_more)):
        found = gk.confirm(given, TWO)
        np.testing.assert_allclose(found.fit, gk.confirm(answers(), TWO).fit, rtol=1e-6)
        assert "n = 300." in found.method
        assert found.n == 300


def test_a_column_outside_the_structure_may_be_constant():
    with_more = answers().assign(always=4.0)
    np.testing.assert_allclose(gk.confirm(with_more, TWO).fit, gk.confirm(answers(), TWO).fit, rtol=1e-6)


def test_an_error_variance_below_0_stays_there_with_lavaans_fit_and_stands_in_the_headline():
    matrix = pd.read_csv(TESTS / "reference" / "cfa" / "heywood.csv", index_col=0)
    lavaan = pd.read_csv(TESTS / "reference" / "cfa" / "heywood_fit.csv").iloc[0]
    found = gk.confirm(matrix, {"x": list("abc"), "y": list("def")}, n_respondents=200)
    row = found.fit.loc["as defined"]
    assert row["chi2"] == pytest.approx(lavaan["chisq"], abs=1e-6)
    for name in ("df", "cfi", "tli", "rmsea", "srmr"):
        assert row[name] == pytest.approx(lavaan[name], abs=1e-6), name
    assert found.headline.endswith("; n = 200; Heywood case: a")
    assert "Heywood case, error variance not above 0 and left so, as lavaan leaves it: a." in found.method


def test_held_variances_are_said_together_with_what_they_do_to_chi_square():
    # r_ac r_bd = .15 but r_ad r_bc = 0: no correlation of two factors gives both, and one error falls without end
    names = list("abcd")
    r = [[1, 0.05, 0.5, 0.0], [0.05, 1, 0.0, 0.3], [0.5, 0.0, 1, 0.05], [0.0, 0.3, 0.05, 1]]
    found = gk.confirm(pd.DataFrame(r, names, names), {"x": ["a", "b"], "y": ["c", "d"]}, n_respondents=200)
    held = found.loadings.index[found.loadings["uniqueness"] < 1e-3]
    assert f"error variance held at 0, so that chi² does not follow its df: {', '.join(held)}" in found.headline
    assert "chi2 does not follow its df, and p, CFI, TLI and RMSEA are only descriptive" in found.method


def test_loadings_that_nothing_determines_are_named():
    # two pairs of items without a correlation between the pairs: only the product of two loadings is known
    r = np.eye(4)
    r[0, 1] = r[1, 0] = 0.5
    r[2, 3] = r[3, 2] = 0.4
    names = list("abcd")
    found = gk.confirm(pd.DataFrame(r, names, names), {"x": ["a", "b"], "y": ["c", "d"]}, n_respondents=300)
    assert found.loadings.loc[["a", "b"], "loading"].prod() == pytest.approx(0.5, abs=1e-6)
    assert "these data do not determine the loadings of a, b, c, d (standard error above 0.5)" in found.method
    assert "loadings not determined: a, b, c, d" in found.headline
    assert "determine" not in gk.confirm(matrix(), TWO, n_respondents=300).method


def test_with_no_more_respondents_than_items_there_is_no_chi_square():
    weights = np.full(300, 1e-3)
    weights[:2] = 1.0
    kish = weights.sum() ** 2 / (weights**2).sum()
    assert kish < 6
    found = gk.confirm(answers(), TWO, weights=weights)
    assert found.fit[["chi2", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "more_chi2"]].isna().all(axis=None)
    assert np.isfinite(found.fit["srmr"]).all()
    assert f"n = {kish:.1f} is not more than the 6 items: no chi2, and no fit that rests on it." in found.method
    assert found.headline.startswith("as defined: no fit by chi², df 8, SRMR 0.")
    assert f"only {kish:.1f} respondents for 6 items" in found.headline
    assert "nan" not in found.headline


def test_with_no_more_respondents_than_free_parameters_a_caution_is_given():
    # 21 variances and correlations less 8 degrees of freedom
    found = gk.confirm(matrix(), TWO, n_respondents=13)
    assert "n = 13.0 is not more than the 13 free parameters" in found.method
    assert "only 13.0 respondents for 13 parameters" in found.headline
    assert "parameters" not in gk.confirm(matrix(), TWO, n_respondents=14).method


def test_an_item_that_is_not_reversed_is_pointed_out():
    turned = matrix()
    turned.loc["a", list("bcdef")] *= -1
    turned.loc[list("bcdef"), "a"] *= -1
    found = gk.confirm(turned, TWO, n_respondents=300)
    assert "Negative loadings: a; is one not reversed?" in found.method
    # (.7 + .7 - .7)^2 / (.7^2 + 3 * .51)
    assert found.factors.loc["first", "composite_reliability"] == pytest.approx(0.49 / (0.49 + 1.53), abs=1e-5)
    assert "Negative" not in gk.confirm(matrix(), TWO, n_respondents=300).method
