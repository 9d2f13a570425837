from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest

from gapkit.measure.means import column_means, holm, t_interval, t_test, welch_anova


def test_the_linearised_error_of_a_weighted_mean_by_pencil():
    means = column_means(np.array([[1.0], [2.0], [6.0]]), np.array([1.0, 2.0, 1.0]))
    # mean (1 + 4 + 6)/4 = 11/4; deviations -7/4 -3/4 13/4
    # sum of w^2 d^2 = (49 + 36 + 169)/16, of w d^2 = (49 + 18 + 169)/16
    assert means.mean[0] == pytest.approx(11 / 4)
    assert means.se[0] == pytest.approx(sqrt(Fraction(3, 2) * Fraction(254, 16) / 16))
    assert means.sd[0] == pytest.approx(sqrt(Fraction(3, 2) * Fraction(236, 16) / 4))
    assert means.n_eff[0] == pytest.approx(16 / 6)


def test_unweighted_moments_are_the_textbook_ones():
    values = np.array([[2.0, 1.0], [4.0, np.nan], [9.0, 4.0]])
    means = column_means(values)
    assert means.n.tolist() == [3, 2]
    assert means.mean.tolist() == pytest.approx([5, 2.5])
    assert means.sd.tolist() == pytest.approx([sqrt(26 / 2), sqrt(4.5)])
    assert means.se.tolist() == pytest.approx([sqrt(26 / 2 / 3), sqrt(4.5 / 2)])
    assert means.n_eff.tolist() == [3, 2]


def test_one_answer_has_a_mean_and_no_spread():
    means = column_means(np.array([[3.0, np.nan]]))
    assert means.mean[0] == 3
    assert np.isnan([means.sd[0], means.se[0], means.mean[1]]).all()
    assert means.n.tolist() == [1, 0]
    assert means.n_eff.tolist() == [1, 0]


def test_rounding_noise_is_no_spread():
    thirds = np.array([[0.1 + 0.2], [0.3], [0.3]])
    assert np.ptp(thirds) > 0
    assert column_means(thirds).sd[0] == 0


def test_holm_by_pencil():
    # sorted .01 .02 .04 times 3 2 1: .03 .04 .04
    assert holm(np.array([0.04, 0.01, 0.02])).tolist() == pytest.approx([0.04, 0.03, 0.04])


def test_holm_never_passes_1_and_leaves_out_what_was_not_tested():
    assert holm(np.array([0.9, 0.6, np.nan])).tolist() == pytest.approx([1, 1, np.nan], nan_ok=True)
    assert holm(np.array([np.nan, 0.03])).tolist() == pytest.approx([np.nan, 0.03], nan_ok=True)


def test_the_t_interval_and_test_use_the_quantiles_of_r():
    low, high = t_interval(np.array([1.0]), np.array([0.5]), np.array([9]), 0.95)
    assert (low[0], high[0]) == pytest.approx((1 - 0.5 * 2.262157162798205, 1 + 0.5 * 2.262157162798205))  # qt(.975, 9)
    t, p = t_test(np.array([1.0]), np.array([0.5]), np.array([9]))
    assert t[0] == 2
    assert p[0] == pytest.approx(0.07655282, abs=5e-9)  # 2 * pt(-2, 9)


def test_welch_of_two_groups_is_the_square_of_welchs_t():
    F, df1, df2, p = welch_anova(np.array([5.0, 4.0]), np.array([0.3, 0.4]), np.array([10, 20]))
    assert (F, df1) == pytest.approx((4.0, 1))  # (1 / 0.5)^2
    assert df2 == pytest.approx(0.25**2 / (0.09**2 / 9 + 0.16**2 / 19))
    assert p == pytest.approx(t_test(np.array([1.0]), np.array([0.5]), np.array([df2]))[1][0])


def test_welch_needs_two_groups_that_vary():
    assert np.isnan(welch_anova(np.array([5.0]), np.array([0.3]), np.array([10]))).all()
    assert np.isnan(welch_anova(np.array([5.0, 4.0]), np.array([0.3, 0.0]), np.array([10, 10]))).all()
