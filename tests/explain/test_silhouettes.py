from __future__ import annotations

import numpy as np
import pytest

from gapkit.explain.silhouettes import silhouettes


def test_the_silhouette_by_pencil():
    # 0 and 1 against 4: squared distances 1 inside; 16 and 9 to the other segment, whose only member counts 0
    np.testing.assert_allclose(silhouettes([[0.0], [1.0], [4.0]], [0, 0, 1]), [1 - 1 / 16, 1 - 1 / 9, 0])


@pytest.mark.parametrize("k", [2, 3, 8])
def test_it_is_scikit_learns_squared_euclidean_one_to_twelve_digits(k):
    from sklearn.metrics import silhouette_samples

    rng = np.random.default_rng(k)
    x = rng.integers(4, 29, (600, 5)) / 4
    labels = rng.integers(0, k, 600)
    np.testing.assert_allclose(
        silhouettes(x, labels), silhouette_samples(x, labels, metric="sqeuclidean"), rtol=0, atol=1e-12
    )


def test_far_from_the_origin_no_digit_is_lost():
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(200, 3)), rng.integers(0, 3, 200)
    np.testing.assert_allclose(silhouettes(x + 1e6, labels), silhouettes(x, labels), atol=1e-8)


def test_a_row_that_stands_for_three_respondents_is_three_rows():
    rng = np.random.default_rng(1)
    x, labels, many = rng.normal(size=(40, 2)), rng.integers(0, 3, 40), rng.integers(1, 4, 40)
    copied = silhouettes(np.repeat(x, many, axis=0), np.repeat(labels, many))
    np.testing.assert_allclose(np.repeat(silhouettes(x, labels, weights=many), many), copied, atol=1e-12)


def test_labels_may_be_words():
    assert silhouettes([[0.0], [1.0], [9.0]], ["b", "b", "a"]).shape == (3,)


def test_one_segment_has_no_silhouette():
    with pytest.raises(ValueError, match="compares segments: 1 is not enough"):
        silhouettes([[0.0], [1.0]], [0, 0])
