"""Shares of R squared: by pencil, by identity, and against base R's regressions."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.explain.importance import (
    condition_number,
    general_dominance,
    johnson_weights,
    r_squared,
    standardised_weights,
    subset_r_squared,
    variance_inflation,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "drivers"


def random_correlations(seed, p):
    """Correlations of p predictors and an outcome that overlap a good deal."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, p + 1)) + 0.8 * rng.normal(size=(60, 1))
    r = np.corrcoef(x, rowvar=False)
    return r[:p, :p], r[:p, p]


problems = st.tuples(st.integers(0, 10_000), st.integers(2, 7)).map(lambda drawn: random_correlations(*drawn))


def test_weights_of_uncorrelated_predictors_are_their_squared_correlations():
    outer = np.array([0.6, -0.5, 0.1])
    for weights in (johnson_weights, general_dominance):
        np.testing.assert_allclose(weights(np.eye(3), outer), [0.36, 0.25, 0.01], atol=1e-15)


def test_two_overlapping_predictors_by_pencil():
    # r = .5 between them; R2 of both = (.36 + .09 - 2 * .6 * .3 * .5) / (1 - .25) = .36, of one alone .36 and .09
    inner, outer = np.array([[1, 0.5], [0.5, 1]]), np.array([0.6, 0.3])
    assert float(r_squared(inner, outer)) == pytest.approx(0.36)
    assert general_dominance(inner, outer) == pytest.approx([(0.36 + 0.27) / 2, (0.09 + 0) / 2])
    assert standardised_weights(inner, outer) == pytest.approx([0.6, 0.0])
    assert variance_inflation(inner) == pytest.approx([4 / 3, 4 / 3])
    assert condition_number(inner) == pytest.approx(np.sqrt(3))


def test_of_two_predictors_johnson_and_dominance_share_alike():
    # a known identity for p = 2: both shares are the same whatever the correlations
    for seed in range(20):
        inner, outer = random_correlations(seed, 2)
        np.testing.assert_allclose(johnson_weights(inner, outer), general_dominance(inner, outer), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(problems)
def test_the_shares_add_up_to_r_squared_and_none_is_negative(problem):
    inner, outer = problem
    for weights in (johnson_weights, general_dominance):
        found = weights(inner, outer)
        assert found.sum() == pytest.approx(float(r_squared(inner, outer)), abs=1e-12)
        assert (found >= -1e-12).all()


@settings(max_examples=60, deadline=None)
@given(problems, st.randoms())
def test_the_order_and_the_sign_of_the_predictors_do_not_matter(problem, random):
    inner, outer = problem
    order = random.sample(range(len(outer)), len(outer))
    signs = np.array([random.choice([-1, 1]) for _ in outer])
    turned, moved = inner * np.outer(signs, signs), outer * signs
    for weights in (johnson_weights, general_dominance):
        expected = weights(inner, outer)[order]
        np.testing.assert_allclose(weights(turned[np.ix_(order, order)], moved[order]), expected, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(problems)
def test_every_subset_has_the_r_squared_of_its_own_regression(problem):
    inner, outer = problem
    found = subset_r_squared(inner, outer)
    for size in range(1, len(outer) + 1):
        for subset in combinations(range(len(outer)), size):
            own = list(subset)
            expected = outer[own] @ np.linalg.solve(inner[np.ix_(own, own)], outer[own])
            assert found[sum(1 << j for j in own)] == pytest.approx(expected, abs=1e-12)


def test_a_batch_gives_what_each_matrix_gives_alone():
    pairs = [random_correlations(seed, 4) for seed in range(6)]
    inner = np.stack([r for r, _ in pairs]).reshape(2, 3, 4, 4)
    outer = np.stack([y for _, y in pairs]).reshape(2, 3, 4)
    for weights in (johnson_weights, general_dominance):
        one_by_one = np.stack([weights(*pair) for pair in pairs]).reshape(2, 3, 4)
        np.testing.assert_allclose(weights(inner, outer), one_by_one, atol=1e-14)


def test_thirteen_predictors_are_too_many_for_all_subsets():
    with pytest.raises(ValueError, match=r"all 2\^13 regressions; it is computed for at most 12 predictors"):
        general_dominance(np.eye(13), np.zeros(13))


def test_base_r_gives_the_same_weights_on_the_attitude_data():
    answers = pd.read_csv(REFERENCE / "answers.csv").drop(columns="weight")
    expected = pd.read_csv(REFERENCE / "plain.csv").set_index("predictor")
    r = answers[[*expected.index, "outcome"]].corr().to_numpy()
    np.testing.assert_allclose(johnson_weights(r[:-1, :-1], r[:-1, -1]), expected["johnson"], atol=1e-12)
    np.testing.assert_allclose(general_dominance(r[:-1, :-1], r[:-1, -1]), expected["dominance"], atol=1e-12)
