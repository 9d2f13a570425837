from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapkit.survey.latent import answer_means, bisect, to_points, top_shares

HALVES = np.arange(1, 7) + 0.5


def one(value):
    return np.array([[float(value)]])


def mean(location, spread, cuts=HALVES, shift=0.0, rest=1.0):
    return float(answer_means(one(location), one(spread), one(shift), np.array([rest]), cuts, low=1)[0, 0, 0])


@given(st.floats(0.05, 20))
def test_a_location_in_the_middle_gives_the_middle_of_the_scale_whatever_the_spread(spread):
    assert mean(4, spread) == pytest.approx(4, abs=1e-12)


def test_a_single_cut_is_passed_with_the_chance_of_the_normal_distribution():
    assert mean(0.3, 2.0, cuts=np.array([1.5])) == pytest.approx(2 - NormalDist(0.3, 2).cdf(1.5))


def test_the_mean_is_the_sum_of_points_times_their_chances():
    normal = NormalDist(5.2, 1.4)
    borders = [-np.inf, *HALVES, np.inf]
    chances = [normal.cdf(b) - normal.cdf(a) for a, b in pairwise(borders)]
    assert mean(5.2, 1.4) == pytest.approx(sum(p * point for p, point in zip(chances, range(1, 8), strict=True)))


def test_a_segment_is_shifted_in_spreads_and_narrower_by_rest():
    assert mean(5, 2.0, shift=-0.5, rest=0.6) == pytest.approx(mean(4, 1.2), abs=1e-12)


def test_half_the_answers_are_at_the_top_where_the_location_is_the_last_cut():
    assert top_shares(one(6.5), one(1.3), one(0), np.ones(1), HALVES)[0, 0, 0] == pytest.approx(0.5)


def test_an_answer_is_the_scale_point_between_the_cuts_and_the_ends_take_the_rest():
    assert to_points(np.array([-9, 1.49, 1.51, 4.0, 6.49, 6.51, 99]), HALVES, 1).tolist() == [1, 1, 2, 4, 6, 7, 7]


def test_the_last_bits_of_a_latent_value_do_not_decide_an_answer():
    at = 2.5 + np.array([-4e-16, 0.0, 4e-16, 4e-7])
    assert to_points(at, HALVES, 1).tolist() == [2, 2, 2, 2]


def test_bisect_finds_a_table_of_roots():
    target = np.array([[2.0, 3.0]])
    assert bisect(lambda x: x**2 - target, np.zeros((1, 2)), np.full((1, 2), 9.0)) ** 2 == pytest.approx(target)
