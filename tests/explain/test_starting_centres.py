from __future__ import annotations

import numpy as np
import pytest

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
