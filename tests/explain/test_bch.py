"""Adjusting for misplaced respondents: two by two with a pencil, identities, and a known truth found again."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from gapkit.explain.bch import adjusted_means, adjusted_table, interval, placed, plain_means, sizes, wald
from gapkit.measure.means import column_means

FOUR = np.array([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9]])
ANSWERS = np.array([[1.0], [1.0], [2.0], [2.0]])


def two_segments(n, rng, apart):
    """Members of two normal populations, 40 : 60, and their probabilities with the shares by maximum likelihood."""
    belongs = (rng.random(n) < 0.6).astype(int)
    x = rng.normal(belongs * apart)
    density, share = norm.pdf(x[:, None], [0, apart]), np.array([0.5, 0.5])
    for _ in range(60):
        posterior = share * density
        posterior /= posterior.sum(axis=1, keepdims=True)
        share = posterior.mean(axis=0)
    return belongs, posterior


def test_two_by_two_with_a_pencil():
    who = placed(FOUR)
    # of the 2.0 people in the first segment, .9 + .8 are placed in it: D = [[.85, .15], [.15, .85]], det = .7
    assert who.errors == pytest.approx(np.array([[0.85, 0.15], [0.15, 0.85]]))
    assert who.counts[0] == pytest.approx([17 / 14, -3 / 14])
    found = adjusted_means(ANSWERS, who)
    # (2 * 17/14 * 1 - 2 * 3/14 * 2) / 2 = 11/14; the other is its mirror image about 1.5
    assert found.mean.ravel() == pytest.approx([11 / 14, 31 / 14])
    # every e is 51/196, n / (n - 1) = 2 and N = 2: se = sqrt(2 * 4 * (51/196)^2) / 2
    assert found.se.ravel() == pytest.approx([51 / 196 * 2**0.5] * 2)
    assert plain_means(ANSWERS, who).ravel().tolist() == [1, 2]
    assert found.n.ravel().tolist() == [2, 2]


def test_certain_placement_gives_plain_means_with_their_plain_standard_errors():
    rng = np.random.default_rng(1)
    values, weights, where = rng.normal(size=(60, 3)), rng.uniform(0.5, 2, 60), rng.integers(0, 3, 60)
    values[rng.random(values.shape) < 0.2] = np.nan
    for w in (None, weights):
        who = placed(np.eye(3)[where], w)
        found = adjusted_means(values, who)
        for s in range(3):
            usual = column_means(values[where == s], None if w is None else w[where == s])
            assert found.mean[s] == pytest.approx(usual.mean)
            assert found.se[s] == pytest.approx(usual.se)
            assert found.n[s].tolist() == usual.n.tolist()
        assert plain_means(values, who) == pytest.approx(found.mean)


def test_counts_of_everybody_add_up_to_one_and_their_mean_is_the_mean_probability():
    _, posterior = two_segments(200, np.random.default_rng(2), 1.5)
    weights = np.random.default_rng(3).uniform(0.2, 3, 200)
    who = placed(posterior, weights)
    assert who.counts.sum(axis=1) == pytest.approx(np.ones(200))
    assert weights @ who.counts / weights.sum() == pytest.approx(weights @ posterior / weights.sum())
    assert sizes(who, 0.95)["share"].to_numpy() == pytest.approx(who.share)


def test_the_adjusted_mean_of_a_constant_is_that_constant_without_error():
    who = placed(two_segments(100, np.random.default_rng(4), 1.0)[1])
    found = adjusted_means(np.full((100, 1), 5.0), who)
    assert found.mean.ravel() == pytest.approx([5, 5])
    assert found.se.ravel().tolist() == [0, 0]


def test_one_segment_is_everybody():
    who = placed(np.ones((4, 1)))
    found = adjusted_means(ANSWERS, who)
    assert found.mean.tolist() == [[1.5]]
    assert found.se.ravel() == pytest.approx([np.std(ANSWERS, ddof=1) / 2])
    assert sizes(who, 0.95).loc[0, ["share", "low", "high"]].tolist() == [1, 1, 1]
    assert np.isnan(wald(found.mean[:, 0], found.covariance[0])[0])


def test_segments_that_cannot_be_told_apart_are_not_adjusted():
    who = placed(np.tile([0.6, 0.4], (10, 1)))  # nobody is placed in the second one
    assert who.share == pytest.approx([0.6, 0.4])
    assert np.isnan(adjusted_means(np.arange(10.0)[:, None], who).mean).all()
    assert sizes(who, 0.95)["share"].tolist() == pytest.approx([0.6, 0.4])
    assert np.isnan(sizes(who, 0.95)["se"]).all()


def test_walds_test_of_two_certain_segments_is_the_squared_difference_over_its_variance():
    rng = np.random.default_rng(5)
    values, where = rng.normal(size=(40, 1)), np.repeat([0, 1], 20)
    found = adjusted_means(values, placed(np.eye(2)[where]))
    a, b = values[:20, 0], values[20:, 0]
    by_hand = (a.mean() - b.mean()) ** 2 / (a.var(ddof=1) / 20 + b.var(ddof=1) / 20)
    statistic, df, p = wald(found.mean[:, 0], found.covariance[0])
    assert (statistic, df) == (pytest.approx(by_hand), 1)
    assert p == pytest.approx(2 * norm.sf(by_hand**0.5))


def test_a_table_hides_what_rests_on_too_few_and_does_not_test_it():
    who, names = placed(np.eye(2)[[0, 0, 0, 1, 1, 1]]), pd.Index(["S1", "S2"])
    values = pd.DataFrame({"overall": [1.0, 2, 3, 4, np.nan, np.nan], "again": [1.0, 2, 3, 4, 5, 6]})
    table, tests = adjusted_table(values, who, names, shown=names, confidence=0.95, minimum_n=3)
    assert table.loc[("overall", "S2")].isna().all()
    assert table.loc[("overall", "S1"), "mean"] == 2
    assert tests["segments"].tolist() == [1, 2]
    assert np.isnan(tests.loc["overall", "p_holm"])
    assert tests.loc["again", "p_holm"] == tests.loc["again", "p"]  # a family of one


@pytest.mark.simulation
def test_adjusted_intervals_hold_the_truth_where_plain_ones_do_not():
    rng, truth, held, plain, share = np.random.default_rng(6), np.array([4.0, 5.0]), [], [], []
    for _ in range(500):
        belongs, posterior = two_segments(300, rng, 2.0)
        who = placed(posterior)
        outcome = rng.normal(truth[belongs])[:, None]
        low, high = interval(adjusted_means(outcome, who), 0.95)
        held.append((low[:, 0] <= truth) & (truth <= high[:, 0]))
        plain.append(plain_means(outcome, who)[:, 0])
        size = sizes(who, 0.95)
        share.append((size["low"][0] <= 0.4) & (size["high"][0] >= 0.4))
    # two and a half binomial standard errors of 500 repetitions
    assert np.mean(held, axis=0) == pytest.approx([0.95, 0.95], abs=0.025)
    # placements know less than the probabilities whose mean the share is: its interval errs on the wide side
    assert 0.94 < np.mean(share) < 0.995
    # the cut lies at 1 + log(.4 / .6) / 2; of those placed 18 and 14 % are misplaced: 1 - .179 - .138
    assert np.diff(np.mean(plain, axis=0))[0] == pytest.approx(0.68, abs=0.03)
