from __future__ import annotations

import numpy as np
import pytest

import gapkit as gk
from gapkit.explain.grid_counts import counted_on_grid


def test_sizes_weights_and_means_stay_what_they_are():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(5000, 3)), rng.uniform(0.5, 2, 5000)
    cells = counted_on_grid(x, w)
    assert cells.members.sum() == 5000
    assert len(cells.x) < 1500
    np.testing.assert_allclose(cells.weights.sum(), w.sum())
    np.testing.assert_allclose(cells.weights @ cells.x, w @ x)


def test_members_of_a_cell_lie_within_it():
    x = np.random.default_rng(1).normal(size=(400, 2))
    cells = counted_on_grid(x, np.ones(400), step=0.5)
    nearest = np.abs(x[:, None] - cells.x[None]).max(axis=2).min(axis=1)
    assert nearest.max() <= 0.5


def test_a_grid_too_wide_for_one_number_is_counted_all_the_same():
    x = np.random.default_rng(2).uniform(0, 1e5, (300, 9))
    assert len(counted_on_grid(x, np.ones(300)).x) == 300


@pytest.mark.parametrize("method", ["profiles", "kmeans"])
def test_segments_from_the_grid_are_those_of_the_full_fit(method):
    from sklearn.metrics import adjusted_rand_score

    hotel = gk.datasets.load("hotel")
    few = {"on": "gaps", "centre": "person", "max_segments": 3, "n_segments": 3, "draws": 0, "resamples": 5}
    full = gk.segment(hotel, method=method, progress=False, **few)
    grid = gk.segment(hotel, method=method, progress=False, grid_above=500, **few)
    assert grid.found.cells < 900
    assert f"{grid.found.cells} cells of a grid" in grid.method
    assert "grid" not in full.method
    assert len(grid.posterior) == len(full.posterior)
    assert adjusted_rand_score(full.membership.astype(str), grid.membership.astype(str)) > 0.93
    np.testing.assert_allclose(grid.centres, full.centres, atol=0.08)
    np.testing.assert_allclose(grid.stability["share"], full.stability["share"], atol=0.02)


@pytest.fixture(scope="module")
def many(three_planted):
    return gk.simulate(n=20_000, seed=1, truth=three_planted)


@pytest.mark.parametrize("method", ["profiles", "kmeans"])
def test_of_very_many_the_grid_places_nearly_everybody_where_the_full_fit_does(many, method):
    from sklearn.metrics import adjusted_rand_score

    fits = {"max_segments": 3, "n_segments": 3, "draws": 0, "resamples": 0, "progress": False}
    full, grid = (gk.segment(many, method=method, grid_above=above, **fits) for above in (20_000, 10_000))
    assert full.found.cells is None
    assert grid.found.cells < 8000
    assert adjusted_rand_score(full.membership.astype(str), grid.membership.astype(str)) > 0.95
    # the scale's unit is a point, a cell is half of one wide
    np.testing.assert_allclose(grid.centres, full.centres, atol=0.05)
    np.testing.assert_allclose(grid.stability["share"], full.stability["share"], atol=0.01)


def test_a_grid_with_nearly_as_many_cells_as_respondents_is_not_used():
    survey = gk.simulate(n=120, seed=3)
    few = {"max_segments": 2, "draws": 0, "resamples": 0, "progress": False, "grid_above": 100}
    by_item = gk.segment(survey, level="items", method="kmeans", **few)
    assert by_item.found.cells is None
    assert "grid" not in by_item.method
