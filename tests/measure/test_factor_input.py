import re

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.factor_input import FactorError, factor_input

ITEMS = ["q01", "q02", "q03"]


@pytest.fixture
def answers():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((50, 1)) + rng.standard_normal((50, 3))
    return pd.DataFrame(np.digitize(z, [-1, 0, 1]) + 1, columns=ITEMS)


def taken(given, *, kind=None, n_respondents=None, weights=None):
    return factor_input(given, kind=kind, n_respondents=n_respondents, weights=weights)


def matrix(values):
    return pd.DataFrame(values, index=ITEMS, columns=ITEMS)


def test_answers_give_polychoric_correlations_unless_told_otherwise(answers):
    assert taken(answers).correlation.equals(gk.correlation(answers, kind="polychoric"))
    assert taken(answers, kind="pearson").correlation.equals(gk.correlation(answers))


def test_polychoric_fit_is_called_descriptive(answers):
    assert taken(answers).notes == ("Under polychoric correlations chi2, rmsea, tli and bic are descriptive.",)
    assert taken(answers, kind="pearson").notes == ()


def test_moments_answers_and_their_correlations_come_to_the_same(answers):
    ways = [
        taken(answers, kind="pearson"),
        taken(gk.moments(answers)),
        taken(gk.correlation(answers)),
        taken(matrix(gk.correlation(answers).to_numpy()), n_respondents=50),
    ]
    for found in ways:
        assert found.correlation.to_numpy() == pytest.approx(ways[0].correlation.to_numpy(), abs=1e-12)
        assert (found.n, found.n_effective) == (50, 50)
    assert ways[1].items.to_numpy() == pytest.approx(ways[0].items.to_numpy())


def test_weighted_answers_count_as_kish_says(answers):
    weights = np.r_[np.full(25, 1.0), np.full(25, 3.0)]
    found = taken(answers, weights=weights)
    assert found.n == 50
    assert found.n_effective == pytest.approx(100**2 / 250)


def test_a_bare_matrix_has_no_respondents_unless_told(answers):
    bare = taken(matrix(np.eye(3)))
    assert (bare.n, bare.n_effective) == (0, None)
    assert bare.method == "Correlations of 3 items as given."


def test_an_indefinite_matrix_is_smoothed_and_noted():
    found = taken(matrix([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    assert found.smoothed
    assert found.notes[0].startswith("The correlations were smoothed, as the matrix was indefinite")


def test_what_smoothing_did_to_the_correlations_is_told():
    found = taken(matrix([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]))
    # eigenvalues -.8, 1.9, 1.9: without the first and with a unit diagonal, the correlations are .5 in size
    assert re.search(r"the largest change is q0\d with q0\d, from -?0.900 to -?0.500", found.notes[0])
    assert found.notes[1].endswith("had to be smoothed: there is no objective, chi2, rmsea, tli or bic.")


def test_the_number_that_fit_counts_is_told_where_nothing_else_tells_it(answers):
    assert "Fit statistics" not in taken(answers).method
    few = answers.astype(float)
    few.loc[:9, "q01"] = np.nan
    assert taken(few).method.endswith("Fit statistics with n = 40.")
    assert (taken(few).n, taken(few).n_effective) == (50, 40)
    assert taken(matrix(np.eye(3)), n_respondents=50).method.endswith("Fit statistics with n = 50.")


def test_no_more_respondents_than_items_is_noted():
    found = taken(matrix(np.eye(3)), n_respondents=3)
    assert found.notes == ("Only 3 respondents for 3 items: read nothing into details.",)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]], "symmetric with ones in the diagonal"),
        ([[2, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], "symmetric with ones in the diagonal"),
        ([[1, 1.5, 0], [1.5, 1, 0], [0, 0, 1]], "nothing beyond 1"),
        ([[1, np.nan, 0], [np.nan, 1, 0], [0, 0, 1]], "missing values at q01, q02"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(values, message):
    with pytest.raises(FactorError, match=message):
        taken(matrix(values))


def test_square_answers_with_an_index_of_their_own_are_answers():
    square = pd.DataFrame([[1, 2, 3], [2, 1, 1], [3, 3, 2]], columns=ITEMS)
    assert taken(square, kind="pearson").n == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_respondents": 50}, "n_respondents belongs to a correlation matrix"),
        ({"kind": "spearman"}, "kind='spearman' is not known"),
    ],
)
def test_options_that_do_not_fit_answers_are_refused(answers, options, message):
    with pytest.raises((FactorError, AnswersError), match=message):
        taken(answers, **options)


def test_options_that_do_not_fit_a_matrix_or_moments_are_refused(answers):
    with pytest.raises(FactorError, match="cannot be weighted any more"):
        taken(matrix(np.eye(3)), weights=[1, 1, 1])
    with pytest.raises(FactorError, match="n_respondents=1: at least 2"):
        taken(matrix(np.eye(3)), n_respondents=1)
    with pytest.raises(FactorError, match="Moments hold no counts of scale points"):
        taken(gk.moments(answers), kind="polychoric")
    with pytest.raises(AnswersError, match="Moments are already weighted"):
        taken(gk.moments(answers), weights=np.ones(50))
