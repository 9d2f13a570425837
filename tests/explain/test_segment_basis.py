from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.segment_basis import basis_of


@pytest.fixture(scope="module")
def guests():
    return gk.simulate(n=60, seed=2, truth=gk.Truth(missing=0.1))


def scored(survey, **how):
    basis, still = basis_of(survey, **{"on": "perceptions", "level": "dimensions", "centre": None} | how)
    return basis, basis.features_of(basis.points_of(survey)), still


@pytest.mark.parametrize("on", ["perceptions", "expectations", "gaps"])
def test_dimension_scores_are_the_surveys_own(guests, on):
    basis, features, still = scored(guests, on=on)
    np.testing.assert_allclose(features, guests.dimension_scores(on).to_numpy(), atol=1e-12)
    assert basis.features == list(guests.instrument.dimension_ids)
    assert still == []


def test_person_centring_takes_everybodys_mean_out(guests):
    basis, features, _ = scored(guests, centre="person")
    known = np.isfinite(features).all(axis=1)
    np.testing.assert_allclose(features[known].mean(axis=1), 0, atol=1e-12)
    scores = guests.dimension_scores("perceptions")
    np.testing.assert_allclose(features[known], scores.sub(scores.mean(axis=1), axis=0)[known], atol=1e-12)
    assert basis.axes.shape == (5, 4)


def test_axes_keep_all_distances(guests):
    for centre in (None, "person"):
        basis, features, _ = scored(guests, centre=centre)
        x = features[np.isfinite(features).all(axis=1)]
        np.testing.assert_allclose(basis.axes.T @ basis.axes, np.eye(basis.axes.shape[1]), atol=1e-12)
        on_axes = x @ basis.axes
        np.testing.assert_allclose(((x[0] - x) ** 2).sum(axis=1), ((on_axes[0] - on_axes) ** 2).sum(axis=1), atol=1e-10)


def test_an_unanswered_item_by_pencil(make_survey):
    # b is one point above a in the others; who ticked 3 on a would have ticked 4 on b... in the same dimension only
    from gapkit.survey.instrument import Dimension, Instrument, Item, Scale

    items = tuple(Item(name, {}, "both") for name in "ab")
    both = Instrument(
        "m", {"en": "m"}, items, (Dimension("both", {}, ("a", "b")),), Scale(1, 7), ("perceptions",), "", ""
    )
    answers = pd.DataFrame({"a": [2.0, 4.0, 3.0, 3.0], "b": [3.0, 5.0, 4.0, np.nan]})
    _, features, _ = scored(gk.Survey(both, perceptions=answers), level="items")
    assert features[3].tolist() == [3, 4]
    # alone in its dimension there is nothing to fill it in from
    _, alone, _ = scored(make_survey(answers), level="items")
    assert np.isnan(alone[3, 1])


def test_points_of_importance_are_shares_of_a_hundred():
    hotel = gk.datasets.load("hotel")
    basis, features, _ = scored(hotel, on="importance")
    known = np.isfinite(features).all(axis=1)
    np.testing.assert_allclose(features[known].sum(axis=1), 100)
    assert basis.sums_fixed


def test_a_feature_that_does_not_vary_is_left_out_and_named(make_survey):
    survey = make_survey(pd.DataFrame({"a": [1, 2, 3], "b": [5, 5, 5], "c": [3, 1, 2]}))
    basis, features, still = scored(survey)
    assert (basis.features, still, features.shape) == (["a", "c"], ["b"], (3, 2))


def test_one_feature_is_not_enough(make_survey):
    with pytest.raises(
        ValueError, match="Twelve guests: perceptions vary in 1 of 2 dimensions; segments need at least"
    ):
        scored(make_survey(pd.DataFrame({"a": [1, 2], "b": [5, 5]})))


def test_importance_that_was_not_asked_by_item_says_what_to_do():
    with pytest.raises(ValueError, match=r'asked as 100 points over dimensions, not by item\. Use level="dimensions"'):
        scored(gk.datasets.load("hotel"), on="importance", level="items")
