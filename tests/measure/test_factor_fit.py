import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from gapkit.measure.factor_fit import FIT_COLUMNS, degrees_of_freedom, fit_statistics, most_factors, rmsea_interval
from gapkit.measure.smoothing import smooth

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


def test_degrees_of_freedom_are_correlations_less_free_parameters():
    # p(p-1)/2 correlations, pk loadings less k(k-1)/2 that a rotation fixes
    for p in range(3, 30):
        for k in range(1, p):
            assert degrees_of_freedom(p, k) == p * (p - 1) // 2 - p * k + k * (k - 1) // 2
    assert [most_factors(p) for p in (2, 3, 5, 6, 22)] == [0, 1, 2, 3, 15]


@pytest.mark.parametrize("name", ["bfi", "thurstone"])
def test_all_indices_are_psychs_when_given_psychs_loadings(name):
    stored = json.loads((REFERENCE / f"{name}.json").read_text())
    R = np.array(stored["correlation"])
    for method in ("minres", "ml"):
        psych = stored[method]["psych"]
        A = np.array(psych["loadings"])
        found = fit_statistics(R, A @ A.T, n_factors=stored["k"], n=stored["n"]).iloc[0]
        for index in FIT_COLUMNS:
            # uniroot finds psych's rmsea limits to about four digits
            precision = {"abs": 2e-5} if index in ("rmsea_low", "rmsea_high") else {"rel": 1e-8, "abs": 1e-12}
            assert found[index] == pytest.approx(psych[index], **precision), index


def test_a_model_that_fits_exactly_has_no_misfit():
    a = np.array([0.9, 0.8, 0.7, 0.6])
    R = np.outer(a, a)
    np.fill_diagonal(R, 1)
    found = fit_statistics(R, np.outer(a, a), n_factors=1, n=200).iloc[0]
    assert found["chi2"] == pytest.approx(0, abs=1e-10)
    assert found["p"] == pytest.approx(1)
    assert found["rmsea"] == 0
    assert found["rmsr"] == pytest.approx(0, abs=1e-15)
    assert found["bic"] == pytest.approx(-2 * np.log(200))


def test_bartletts_correction_by_hand():
    # three items, no factor explains them: F = -log det R, chi2 = F (n - 1 - 11/6 - 2/3)
    R = np.array([[1, 0.5, 0.0], [0.5, 1, 0.0], [0.0, 0.0, 1]])
    found = fit_statistics(R, np.zeros((3, 3)), n_factors=1, n=100).iloc[0]
    assert found["objective"] == pytest.approx(-np.log(0.75))
    assert found["chi2"] == pytest.approx(-np.log(0.75) * (99 - 11 / 6 - 2 / 3))
    assert found["rmsr"] == pytest.approx(0.5 / np.sqrt(3))


def test_without_degrees_of_freedom_only_what_needs_none_is_given():
    R = np.array([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]])
    a = np.array([0.9, 0.8, 0.7])
    found = fit_statistics(R, np.outer(a, a), n_factors=1, n=100).iloc[0]
    assert found[["p", "rmsea", "rmsea_low", "rmsea_high", "tli", "bic"]].isna().all()
    assert found["df"] == 0


def test_without_respondents_there_is_no_chi2():
    found = fit_statistics(np.eye(4), np.zeros((4, 4)), n_factors=1, n=None).iloc[0]
    assert found[["chi2", "p", "rmsea", "tli", "bic"]].isna().all()
    assert found["rmsr"] == 0


def test_with_fewer_respondents_than_the_correction_takes_there_is_no_chi2():
    assert np.isnan(fit_statistics(np.eye(10), np.zeros((10, 10)), n_factors=2, n=5)["chi2"].iloc[0])


def test_a_matrix_that_was_singular_has_no_chi2_but_residuals():
    # twice the same item: the determinant is zero, or after smoothing whatever its smallest eigenvalue was raised to
    twice = np.array([[1, 1, 0.5, 0.5], [1, 1, 0.5, 0.5], [0.5, 0.5, 1, 0.5], [0.5, 0.5, 0.5, 1]])
    for R in (twice, smooth(twice).matrix):
        found = fit_statistics(R, np.full((4, 4), 0.5), n_factors=1, n=300).iloc[0]
        assert found.drop(["df", "rmsr"]).isna().all()
        assert found["rmsr"] == pytest.approx(0.5 / np.sqrt(6), abs=1e-6)


@pytest.mark.parametrize(("value", "df", "n"), [(100, 50, 300), (40, 50, 300), (60, 50, 120), (9000, 131, 2000)])
def test_rmseas_limits_are_where_the_noncentral_tails_are_a_twentieth(value, df, n):
    low, high = rmsea_interval(value, df, n)
    for limit, share in ((low, 0.95), (high, 0.05)):
        noncentrality = limit**2 * df * (n - 1)
        if limit == 0:
            assert chi2.cdf(value, df) <= share
        else:
            assert ncx2.cdf(value, df, noncentrality) == pytest.approx(share, abs=1e-9)


def test_rmseas_interval_holds_for_fifty_million_respondents():
    low, high = rmsea_interval(4e7, 131, 5e7)
    middle = np.sqrt(4e7 / (131 * 5e7))
    assert low < middle < high
    assert high - low < 1e-4
