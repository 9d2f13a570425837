"""The search for factors from several starts, held against many random ones."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.extraction import extract
from gapkit.measure.extraction_starts import search

HARD = [(12, 3, 4, 300), (9, 2, 4, 200), (12, 3, 3, 150)]
"""Items, factors there are, factors asked for, respondents: one factor too many, two too many, weak loadings."""


def sample(seed, p, factors, n):
    """Correlations of n people, each item on one of the correlated factors with .4 to .7."""
    rng = np.random.default_rng(seed)
    loadings = np.zeros((p, factors))
    loadings[np.arange(p), np.arange(p) * factors // p] = rng.uniform(0.4, 0.7, p)
    true = loadings @ (0.4 + 0.6 * np.eye(factors)) @ loadings.T
    np.fill_diagonal(true, 1)
    return np.corrcoef(rng.multivariate_normal(np.zeros(p), true, n).T)


def lowest_of_many(R, k, method):
    """The lowest criterion from sixty random starts."""
    starts = np.random.default_rng(0).uniform(0.05, 0.95, (60, len(R)))
    return extract(np.broadcast_to(R, (60, *R.shape)), k, method=method, start=starts).objective.min()


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize(("p", "factors", "k", "n"), HARD)
def test_sixty_random_starts_find_nothing_lower_in_nineteen_of_twenty_samples(p, factors, k, n, method):
    samples = [sample(seed, p, factors, n) for seed in range(20)]
    best = np.array([search(R, k, method=method).found.objective for R in samples])
    many = np.array([lowest_of_many(R, k, method) for R in samples])
    assert (best <= many * (1 + 1e-6)).sum() >= 19


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_one_start_alone_would_have_missed_some_and_is_never_better(method):
    samples = [sample(seed, 9, 2, 200) for seed in range(20)]
    best = np.array([search(R, 4, method=method).found.objective for R in samples])
    single = np.array([extract(R, 4, method=method).objective for R in samples])
    assert (best <= single * (1 + 1e-9)).all()
    assert (best < single * (1 - 1e-3)).sum() >= 2


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_the_order_of_the_items_does_not_matter(method):
    for seed in range(5):
        R = sample(seed, 9, 2, 200)
        turned = np.random.default_rng(seed).permutation(9)
        given, other = (search(matrix, 4, method=method).found for matrix in (R, R[np.ix_(turned, turned)]))
        assert other.objective == pytest.approx(given.objective, rel=1e-6)


def test_where_every_start_agrees_the_result_is_that_of_squared_multiple_correlations():
    R = sample(1, 12, 3, 5000)
    best = search(R, 3)
    assert best.starts == best.reached == 13
    assert (best.found.uniquenesses == extract(R, 3).uniquenesses).all()


def test_a_factor_analysis_says_how_many_starts_reached_its_optimum():
    answers = np.random.default_rng(3).multivariate_normal(np.zeros(6), 0.5 + 0.5 * np.eye(6), 300)
    found = gk.efa(gk.moments(pd.DataFrame(answers, columns=list("abcdef"))), n_factors=1)
    assert "The lowest optimum from 7 starts, reached by 7." in found.method
