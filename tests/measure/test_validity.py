from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.validity import dimension_values, htmt_of, one_factor
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale

PLACES = [np.array([0, 1, 2]), np.array([3, 4, 5])]


def matrix(loading=0.8, between=0.5):
    same = np.kron(np.eye(2), np.ones((3, 3)))
    return np.where(same, loading**2, loading**2 * between) * (1 - np.eye(6)) + np.eye(6)


def survey_of(answers, dimensions, weight=None):
    items = tuple(Item(item, {}, name) for name, members in dimensions.items() for item in members)
    groups = tuple(Dimension(name, {}, tuple(members)) for name, members in dimensions.items())
    instrument = Instrument("test", {"en": "test"}, items, groups, Scale(1, 7), ("perceptions",), "", "")
    more = {} if weight is None else {"respondents": pd.DataFrame({"weight": weight})}
    return gk.Survey(instrument=instrument, perceptions=answers, **more)


def answers(n=400, seed=0):
    x = np.random.default_rng(seed).multivariate_normal(np.zeros(6), matrix(), n)
    return pd.DataFrame(np.clip(np.rint(4 + 1.3 * x), 1, 7), columns=[f"q{j}" for j in range(1, 7)])


DIMENSIONS = {"staff": ["q1", "q2", "q3"], "place": ["q4", "q5", "q6"]}


def test_reliability_and_ave_of_equal_loadings_are_those_a_pencil_gives():
    # (3 * .8)^2 / ((3 * .8)^2 + 3 * .36) = 5.76 / 6.84; AVE = .64; all four measures agree on equal loadings
    omega, reliability, ave, alpha = dimension_values(matrix(), PLACES)[0]
    assert reliability == pytest.approx(5.76 / 6.84, abs=1e-9)
    assert ave == pytest.approx(0.64, abs=1e-9)
    assert omega == pytest.approx(5.76 / 6.84, abs=1e-9)
    assert alpha == pytest.approx(3 / 2 * (1 - 3 / 6.84), abs=1e-12)


def test_composite_reliability_of_unequal_loadings_is_fornell_and_larckers():
    loadings = np.array([0.9, 0.7, 0.5])
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1)
    found = dimension_values(r, [np.arange(3)])[0]
    assert found[1] == pytest.approx(2.1**2 / (2.1**2 + 0.19 + 0.51 + 0.75), abs=1e-8)
    assert found[2] == pytest.approx((0.81 + 0.49 + 0.25) / 3, abs=1e-8)


def test_htmt_of_a_clean_structure_is_the_correlation_of_the_dimensions():
    ratios = htmt_of(matrix(between=0.5), PLACES)
    np.testing.assert_allclose(ratios, [[1, 0.5], [0.5, 1]], atol=1e-12)


def test_htmt_of_unequal_correlations_is_the_one_a_pencil_gives():
    r = np.eye(4)
    for (a, b), value in {(0, 1): 0.6, (2, 3): 0.4, (0, 2): 0.1, (0, 3): 0.2, (1, 2): 0.3, (1, 3): -0.2}.items():
        r[a, b] = r[b, a] = value
    assert htmt_of(r, [np.array([0, 1]), np.array([2, 3])])[0, 1] == pytest.approx(0.2 / np.sqrt(0.6 * 0.4))


def test_batches_give_what_single_matrices_give():
    many = np.stack([matrix(0.7, 0.3), matrix(0.8, 0.6)])
    np.testing.assert_allclose(dimension_values(many, PLACES)[1], dimension_values(many[1], PLACES), atol=1e-9)
    np.testing.assert_allclose(htmt_of(many, PLACES)[1], htmt_of(many[1], PLACES), atol=1e-12)


def test_two_items_share_their_correlation_and_one_item_has_none():
    np.testing.assert_allclose(one_factor(np.array([[1, 0.49], [0.49, 1]])), 0.7)
    assert np.isnan(one_factor(np.eye(1))).all()
    assert np.isnan(one_factor(np.array([[1, -0.2], [-0.2, 1]]))).all()


def test_a_survey_gives_one_row_per_dimension_and_a_ratio_per_pair():
    found = gk.validity(survey_of(answers(), DIMENSIONS), kind="pearson")
    assert found.dimensions.index.tolist() == ["staff", "place"]
    assert found.dimensions["ave"].between(0.5, 0.75).all()
    assert abs(found.htmt.loc["staff", "place"] - 0.5) < 0.15
    assert found.headline.startswith("AVE: staff 0.")
    assert "largest HTMT" in found.headline


def test_bootstrap_intervals_hold_the_estimates():
    found = gk.validity(survey_of(answers(), DIMENSIONS), draws=60)
    table = found.dimensions
    assert ((table["ave_low"] < table["ave"]) & (table["ave"] < table["ave_high"])).all()
    assert found.htmt_high.loc["staff", "place"] > found.htmt.loc["staff", "place"]


def test_weights_count_respondents_as_often_as_they_say():
    table = answers(100)
    weight = np.random.default_rng(1).integers(1, 4, 100)
    weighted = gk.validity(survey_of(table, DIMENSIONS, weight.astype(float)), kind="pearson")
    repeated = table.loc[table.index.repeat(weight)].reset_index(drop=True)
    np.testing.assert_allclose(
        weighted.dimensions, gk.validity(survey_of(repeated, DIMENSIONS), kind="pearson").dimensions, rtol=1e-9
    )


def test_small_dimensions_are_named_in_the_method():
    found = gk.validity(survey_of(answers(), {"a": ["q1"], "b": ["q2", "q3"], "c": ["q4", "q5", "q6"]}), kind="pearson")
    assert "One item only, so nothing to compute: a." in found.method
    assert "Two items, given equal loadings: b." in found.method
    assert np.isnan(found.dimensions.loc["a", "ave"])
    assert np.isnan(found.htmt.loc["a", "b"])


def test_draws_in_which_two_items_correlate_negatively_are_left_out_of_the_interval_and_counted():
    from gapkit.measure.resampling import resampling_counts

    table = answers(80, seed=2)
    table["q3"] = np.random.default_rng(5).permutation(table["q2"])
    table["q3"] = np.where(np.arange(80) < 20, table["q2"], table["q3"])
    drawn = resampling_counts(80, draws=100, rng=np.random.default_rng(0))
    r = np.array([table.loc[table.index.repeat(c.astype(int)), ["q2", "q3"]].corr().iloc[0, 1] for c in drawn])
    lost = (r < 0).sum()
    assert 0 < lost < 50
    survey = survey_of(table, {"a": ["q1"], "b": ["q2", "q3"], "c": ["q4", "q5", "q6"]})
    found = gk.validity(survey, kind="pearson", draws=100)
    row = found.dimensions.loc["b"]
    # two items of equal loadings have the correlation as their AVE
    assert row["ave_low"] == pytest.approx(np.quantile(r[r >= 0], 0.025), abs=1e-4)
    assert row["ave_high"] == pytest.approx(np.quantile(r[r >= 0], 0.975), abs=1e-4)
    assert f"b: its two items correlate negatively in {lost} of 100 draws" in found.method
    assert "c: its two items" not in found.method
    assert np.isnan(found.dimensions.loc["a", "ave_low"])


def test_the_headline_says_which_dimension_has_no_ave():
    found = gk.validity(survey_of(answers(), {"a": ["q1"], "b": ["q2", "q3"], "c": ["q4", "q5", "q6"]}), kind="pearson")
    assert found.headline.startswith("AVE: a none, b 0.")
    assert "nan" not in found.headline


def test_the_method_names_the_draws_that_were_used():
    table = answers(60)
    table["q6"] = np.where(np.arange(60) == 0, 5.0, 4.0)
    found = gk.validity(survey_of(table, DIMENSIONS), kind="pearson", draws=50)
    from gapkit.measure.resampling import resampling_counts

    used = (resampling_counts(60, draws=50, rng=np.random.default_rng(0))[:, 0] > 0).sum()
    assert used < 50
    assert f"Percentile intervals (95%) of {used} bootstrap draws, seed 0." in found.method
    assert f"{50 - used} draws without all correlations (an item that did not vary) left out." in found.method


def test_a_confidence_in_per_cent_is_refused():
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1, not 95: give"):
        gk.validity(survey_of(answers(), DIMENSIONS), confidence=95)
