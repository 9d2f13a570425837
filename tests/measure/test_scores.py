from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gapkit import load_instrument
from gapkit.measure import scores as module
from gapkit.measure.gaps import gap_scores
from gapkit.measure.scores import score
from gapkit.survey.instrument import Dimension, Scale
from gapkit.survey.survey import Survey

SERVQUAL = load_instrument("servqual")


def answers(n, seed=0, missing=0.0, low=1, high=7, order="F"):
    rng = np.random.default_rng(seed)
    halves = rng.integers(low, high + 1, (2, n, 22)).astype(np.int8)
    halves[rng.random(halves.shape) < missing] = low - 1
    return [np.asarray(half, order=order) for half in halves]


def as_survey(E, P, instrument=SERVQUAL):
    unanswered = instrument.scale.low - 1
    tables = [pd.DataFrame(x.astype(float), columns=instrument.item_ids) for x in (E, P)]
    E, P = (table.where(table != unanswered) for table in tables)
    return Survey(instrument, expectations=E, perceptions=P)


@pytest.mark.parametrize("order", ["F", "C"])
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("missing", [0.0, 0.03])
def test_array_scores_are_the_means_of_gap_scores(monkeypatch, missing, threads, order):
    monkeypatch.setattr(module, "BLOCK", 97)  # many blocks, the last ones incomplete
    E, P = answers(1000, missing=missing, order=order)
    found, expected = score(E, P, SERVQUAL, threads=threads), gap_scores(as_survey(E, P))
    for level in ("items", "dimensions"):
        table, reference = getattr(found, level), getattr(expected, level)
        assert table["n"].tolist() == reference["n"].tolist()
        np.testing.assert_allclose(table["gap"], reference["gap"], atol=3e-8)


def test_respondents_have_the_mean_of_their_pairs():
    E, P = answers(300, missing=0.4)
    survey = as_survey(E, P)
    expected = pd.DataFrame({d.id: survey.gaps[list(d.items)].mean(axis=1) for d in SERVQUAL.dimensions})
    found = score(E, P, SERVQUAL).respondents
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-7)
    assert np.isnan(found).sum() == expected.isna().to_numpy().sum() > 0


def test_two_people_by_pencil():
    E, P = np.full((2, 22), 7, np.int8), np.full((2, 22), 5, np.int8)
    P[0, 0], P[1, :4] = 1, 0  # tangibles are items 1 to 4: -6 -2 -2 -2, and nothing
    found = score(E, P, SERVQUAL)
    np.testing.assert_array_equal(found.respondents[:, 0], np.array([-3, np.nan], np.float32))
    assert found.dimensions.loc["tangibles"].tolist() == [1, -3]
    assert found.dimensions.loc["empathy"].tolist() == [2, -2]
    assert found.items.loc["q01"].tolist() == [1, -6]


def test_the_largest_gaps_of_a_wide_scale_do_not_overflow():
    wide = SERVQUAL.asked(scale=Scale(0, 10))
    one = replace(wide, dimensions=(Dimension("all", {}, wide.item_ids),))  # 22 items x 10 points exceed an int8
    E, P = np.full((5000, 22), 10, np.int8, order="F"), np.zeros((5000, 22), np.int8, order="F")
    found = score(E, P, one)
    assert found.items["gap"].eq(-10).all()
    assert found.dimensions.loc["all"].tolist() == [5000, -10]
    assert np.all(found.respondents == -10)


def test_on_a_scale_from_0_unanswered_is_minus_1():
    wide = SERVQUAL.asked(scale=Scale(0, 10))
    E, P = answers(500, missing=0.1, low=0, high=10)
    found, expected = score(E, P, wide), gap_scores(as_survey(E, P, wide))
    np.testing.assert_allclose(found.items["gap"], expected.items["gap"], atol=1e-12)
    assert found.items["n"].tolist() == expected.items["n"].tolist()


def test_dimensions_whose_items_are_not_neighbours():
    mixed = replace(SERVQUAL, dimensions=(Dimension("odd", {}, SERVQUAL.item_ids[::2]),))
    E, P = answers(200, missing=0.1)
    found, expected = score(E, P, mixed), gap_scores(as_survey(E, P, mixed))
    np.testing.assert_allclose(found.dimensions["gap"], expected.dimensions["gap"], atol=3e-8)


def test_an_item_nobody_answered_is_nan():
    E, P = answers(50)
    E[:, 3] = 0
    assert score(E, P, SERVQUAL).items.loc["q04", "n"] == 0
    assert np.isnan(score(E, P, SERVQUAL).items.loc["q04", "gap"])


def test_fewer_rows_than_threads():
    E, P = answers(1)
    assert score(E, P, SERVQUAL, threads=4).n == 1


@pytest.mark.parametrize("code", [8, 99, -1, -128, 127])
def test_an_answer_off_the_scale_is_an_error_that_names_it(code):
    E, P = answers(50)
    P[7, 5] = code
    with pytest.raises(ValueError, match=rf"answers {code} lie off the scale 1-7, where 0 means unanswered"):
        score(E, P, SERVQUAL)


def test_other_shapes_and_kinds_are_errors_that_say_what_is_expected():
    E, P = answers(10)
    with pytest.raises(ValueError, match=r"perceptions: expected a two-dimensional int8 array, found 2-dimensional f"):
        score(E, P.astype(float), SERVQUAL)
    with pytest.raises(ValueError, match=r"expectations: expected 22 columns, one for each item of servqual, not 21"):
        score(E[:, 1:], P, SERVQUAL)
    with pytest.raises(ValueError, match=r"expectations have 10 rows and perceptions 9"):
        score(E, P[1:], SERVQUAL)
    with pytest.raises(ValueError, match=r"a scale of at most 63 whole points, not 0-100"):
        score(E, P, SERVQUAL.asked(scale=Scale(0, 100)))


def test_the_arrays_are_left_as_they_were():
    E, P = answers(100, missing=0.1)
    before = E.copy(), P.copy()
    score(E, P, SERVQUAL)
    np.testing.assert_array_equal(E, before[0])
    np.testing.assert_array_equal(P, before[1])


def test_the_headline_and_method_say_what_was_computed():
    E, P = np.full((3, 22), 7, np.int8), np.full((3, 22), 6, np.int8)
    found = score(E, P, SERVQUAL)
    assert found.headline == "mean of the dimension gaps -1.00, n = 3"
    assert "on pairs" in found.method
