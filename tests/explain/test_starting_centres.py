from __future__ import annotations

import numpy as np
import pytest

from gapkit.explain import starting_centres
from gapkit.explain.starting_centres import k_means, spread_centres, warm_centres


def three_heaps(seed=0, n=300):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2)) + 6 * np.eye(3)[:, :2][rng.integers(0, 3, n)]


def test_k_means_of_four_points_by_pencil():
    # 0, 1 and 9, 11: centres 0.5 and 10, sums of squares 0.5 + 2
    found = k_means(np.array([[0.0], [1.0], [9.0], [11.0]]), np.array([[[0.0], [9.0]]]))
    assert found.means.ravel().tolist() == [0.5, 10]
    assert found.within[0] == pytest.approx(2.5)
    assert found.labels.tolist() == [[0, 0, 1, 1]]


@pytest.mark.parametrize("k", [2, 3, 5])
def test_from_the_same_centres_it_is_scikit_learns(k):
    from sklearn.cluster import KMeans

    x = three_heaps(k)
    centres = spread_centres(x, k, starts=1, rng=np.random.default_rng(0))
    ours = k_means(x, centres)
    theirs = KMeans(k, init=centres[0], n_init=1, tol=0, max_iter=300).fit(x)
    assert ours.within[0] == pytest.approx(theirs.inertia_)
    assert (ours.labels[0] == theirs.labels_).all()


def test_weights_are_copies_of_rows():
    x, weights = three_heaps(1), np.random.default_rng(1).integers(1, 4, 300)
    centres = spread_centres(x, 3, starts=2, rng=np.random.default_rng(0))
    once, copied = k_means(x, centres, weights=weights), k_means(np.repeat(x, weights, axis=0), centres)
    np.testing.assert_allclose(once.within, copied.within)


def test_starting_centres_are_rows_and_never_the_same_one_twice():
    x = np.arange(5.0)[:, None]
    for seed in range(20):
        chosen = spread_centres(x, 5, starts=1, rng=np.random.default_rng(seed))
        assert sorted(chosen.ravel()) == [0, 1, 2, 3, 4]


def test_a_row_of_weight_zero_is_never_a_starting_centre():
    x, w = np.array([[0.0], [1.0], [50.0]]), np.array([1.0, 1.0, 0.0])
    drawn = spread_centres(x, 2, starts=50, rng=np.random.default_rng(0), weights=w)
    assert drawn.max() == 1


def test_followed_starts_are_the_best_of_many():
    x = three_heaps(2, n=4000)
    centres = warm_centres(x, 3, starts=10, followed=2, rng=np.random.default_rng(0), weights=np.ones(4000))
    assert centres.shape == (2, 3, 2)
    assert sorted(np.rint(np.linalg.norm(centres[0], axis=1))) == [0, 6, 6]


def test_a_row_as_near_to_two_centres_belongs_to_the_first_and_counts_once():
    # 1 lies between 0 and 2: with the first it makes centres 0.5 and 2
    found = k_means(np.array([[0.0], [1.0], [2.0]]), np.array([[[0.0], [2.0]], [[2.0], [0.0]]]))
    assert found.labels.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert found.means[..., 0].tolist() == [[0.5, 2], [1.5, 0]]
    assert found.within.tolist() == pytest.approx([0.5, 0.5])


def test_a_centre_that_nobody_is_near_to_stays_where_it_is():
    found = k_means(np.array([[0.0], [1.0]]), np.array([[[0.0], [9.0]]]))
    assert found.means.ravel().tolist() == [0.5, 9]
    assert found.labels.tolist() == [[0, 0]]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("weighted", [False, True])
def test_many_small_tiles_give_what_one_large_tile_gives(monkeypatch, weighted, dtype):
    x, rng = three_heaps(3).astype(dtype), np.random.default_rng(3)
    centres = spread_centres(x, 4, starts=5, rng=rng)
    weights = rng.poisson(1, (5, len(x))).astype(float) if weighted else None
    whole = k_means(x, centres, weights=weights)
    monkeypatch.setattr(starting_centres, "TILE", 60)
    monkeypatch.setattr(starting_centres, "TILE_ROWS", 7)
    tiled = k_means(x, centres, weights=weights)
    assert (tiled.labels == whole.labels).all()
    np.testing.assert_allclose(tiled.within, whole.within, rtol=1e-5)
    np.testing.assert_allclose(tiled.means, whole.means, rtol=1e-4, atol=1e-5)


def test_each_start_may_have_weights_of_its_own():
    x, rng = three_heaps(4), np.random.default_rng(4)
    own = np.repeat(np.eye(2), 150, axis=1)
    centres = warm_centres(x, 3, starts=2, followed=None, rng=rng, weights=own)
    for here, rows in zip(centres, (x[:150], x[150:]), strict=True):
        apart = ((rows[:, None] - here) ** 2).sum(axis=2)
        expected = [rows[apart.argmin(axis=1) == j].mean(axis=0) for j in range(3)]
        np.testing.assert_allclose(here, expected, atol=0.1)
