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
