from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gapkit.explain.weighted_quantiles import weighted_quantiles

answers = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 4)), min_size=1, max_size=30)


@given(answers)
def test_weights_of_whole_numbers_equal_answers_entered_as_often(given_answers):
    x, w = (np.array(column, dtype=float) for column in zip(*given_answers, strict=True))
    often = np.repeat(x, w.astype(int))
    q = [0.25, 1 / 3, 0.5, 0.9]
    np.testing.assert_allclose(weighted_quantiles(x[:, None], q, w), weighted_quantiles(often[:, None], q))


@given(answers)
def test_the_half_is_the_usual_median(given_answers):
    x = np.array([answer for answer, _ in given_answers], dtype=float)
    assert weighted_quantiles(x[:, None], [0.5])[0, 0] == np.median(x)


def test_unanswered_cells_and_weights_of_zero_do_not_count():
    x = np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, np.nan], [9.0, np.nan]])
    found = weighted_quantiles(x, [0.5], np.array([1.0, 1, 1, 0]))
    assert found[0, 0] == 2
    assert np.isnan(found[0, 1])
