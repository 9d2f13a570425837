from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain import one_population
from gapkit.explain.one_population import drawn_answers, populations_of

NOBODY_MISSING = np.zeros((40_000, 3), bool)


def rated(n=4000, seed=0):
    """Three items on five points, skewed, the first two correlated."""
    rng = np.random.default_rng(seed)
    z = rng.multivariate_normal(np.zeros(3), [[1, 0.6, 0.2], [0.6, 1, 0.2], [0.2, 0.2, 1]], n)
    return 1.0 + (z[:, :, None] > np.array([-1.9, -1.4, -0.8, 0.1])).sum(axis=2)


def test_drawn_answers_have_the_items_shares_and_correlations():
    answers = rated()
    people = populations_of(answers, np.ones((1, len(answers))))
    drawn = drawn_answers(people, NOBODY_MISSING, np.random.default_rng(1))
    for own, new in zip(answers.T, drawn.T, strict=True):
        shares = [np.bincount(column.astype(int), minlength=6) / len(column) for column in (own, new)]
        np.testing.assert_allclose(*shares, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(drawn.T), np.corrcoef(answers.T), atol=0.03)


def test_the_correlations_are_the_polychoric_ones():
    answers = rated()
    people = populations_of(answers, np.ones((1, len(answers))))
    expected = gk.polychoric(pd.DataFrame(answers, columns=list("abc"))).correlation
    np.testing.assert_allclose(people.roots[0] @ people.roots[0].T, expected, atol=1e-10)
    assert people.kind == "polychoric"


def test_populations_keep_apart_what_weights_keep_apart():
    low, high = np.ones((300, 3)), np.full((100, 3), 5.0)
    low[::2], high[::2] = 2, 4
    weights = np.repeat(np.eye(2), [300, 100], axis=1)
    people = populations_of(np.vstack([low, high]), weights)
    drawn = drawn_answers(people, NOBODY_MISSING, np.random.default_rng(2))
    assert people.shares.tolist() == [0.75, 0.25]
    assert ((drawn <= 2).all(axis=1) | (drawn >= 4).all(axis=1)).all()
    assert (drawn[:, 0] <= 2).mean() == pytest.approx(0.75, abs=0.01)


def test_what_was_missing_is_missing_again():
    answers = rated(200)
    answers[:50, 1] = np.nan
    people = populations_of(answers, np.ones((1, 200)))
    drawn = drawn_answers(people, ~np.isfinite(answers), np.random.default_rng(3))
    assert (np.isnan(drawn) == np.isnan(answers)).all()


def test_survey_weights_reach_the_shares():
    answers = np.repeat([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0]], [40, 40, 20], axis=0)
    weights = np.repeat([3.0, 1.0, 1.0], [40, 40, 20])
    people = populations_of(answers, weights[None])
    drawn = drawn_answers(people, np.zeros((40_000, 2), bool), np.random.default_rng(4))
    # 40 x 3 of 180 tick 1 in the second item, and 20 more in the first
    np.testing.assert_allclose((drawn == 1).mean(axis=0), [140 / 180, 120 / 180], atol=0.01)


def test_items_with_many_points_are_correlated_through_normal_scores():
    rng = np.random.default_rng(5)
    z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 3000)
    people = populations_of(np.exp(z), np.ones((1, 3000)))  # any rising function of a normal leaves them alone
    assert people.kind == "normal-score"
    assert (people.roots[0] @ people.roots[0].T)[0, 1] == pytest.approx(0.5, abs=0.03)


def test_an_item_that_does_not_vary_in_one_population_stays_as_it_is():
    answers = np.column_stack([np.tile([1.0, 2.0], 50), np.repeat([3.0, 4.0], 50), np.tile([1.0, 2.0, 3.0, 4.0], 25)])
    people = populations_of(answers, np.repeat(np.eye(2), 50, axis=1))
    drawn = drawn_answers(people, np.zeros((500, 3), bool), np.random.default_rng(6))
    assert set(drawn[:, 1]) == {3, 4}


def test_comparing_with_every_cut_and_searching_among_them_draw_the_same_answers(monkeypatch):
    answers = rated(300)
    people = populations_of(answers, np.random.default_rng(7).dirichlet([1, 1], 300).T)
    compared = drawn_answers(people, NOBODY_MISSING, np.random.default_rng(8))
    monkeypatch.setattr(one_population, "FEW_CUTS", 0)
    assert (drawn_answers(people, NOBODY_MISSING, np.random.default_rng(8)) == compared).all()
