"""What must hold for any answers, tried on many by Hypothesis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.measure.gaps import gap_scores
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.survey import Survey

ITEMS = ["q01", "q02", "q03", "q04"]
INSTRUMENT = Instrument(
    "test",
    {},
    tuple(Item(item, {}) for item in ITEMS),
    (Dimension("front", {}, ("q01", "q03", "q04")), Dimension("back", {}, ("q02",))),
    Scale(1, 7),
    ("expectations", "perceptions"),
    "",
    "",
)
LEVELS = ("items", "dimensions", "overall", "weighted")
EITHER = st.booleans()
tried = settings(deadline=None, max_examples=40)  # no deadline: the machine may be busy


@st.composite
def surveys(draw, missing=0.2, weighted=EITHER):
    n = draw(st.integers(2, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    halves = rng.integers(1, 8, (2, n, 4)).astype(float)
    halves[rng.random(halves.shape) < missing] = np.nan
    E, P = (pd.DataFrame(half, columns=ITEMS) for half in halves)
    points = pd.DataFrame(rng.multinomial(100, [0.6, 0.4], n).astype(float), columns=["front", "back"])
    weight = {"weight": rng.choice([0.25, 1.0, 1.75, 3.0], n)} if draw(weighted) else {}
    respondents = pd.DataFrame({"id": range(n), **weight})
    return Survey(INSTRUMENT, expectations=E, perceptions=P, allocations=points, respondents=respondents)


def everything(survey):
    gaps = gap_scores(survey)
    return pd.concat([getattr(gaps, level) for level in LEVELS])


def same(found, expected, columns=None, rtol=1e-9):
    columns = list(expected.columns) if columns is None else columns
    np.testing.assert_allclose(found[columns].astype(float), expected[columns].astype(float), rtol=rtol, atol=1e-9)


def rows(survey, order):
    tables = {name: getattr(survey, name).iloc[order].reset_index(drop=True) for name in
              ("expectations", "perceptions", "allocations", "respondents")}  # fmt: skip
    return replace(survey, **tables)


@tried
@given(surveys())
def test_the_gap_is_the_perception_less_the_expectation(survey):
    table = everything(survey)
    assert ((table["P"] - table["E"] == table["gap"]) | table["gap"].isna()).all()


@tried
@given(surveys(), st.sampled_from([-2.0, 0.5, 3.0]))
def test_a_constant_added_to_perceptions_moves_the_gap_by_it(survey, constant):
    before, after = everything(survey), everything(replace(survey, perceptions=survey.perceptions + constant))
    same(after.assign(gap=after["gap"] - constant), before, ["n", "E", "gap", "sd", "se", "ceiling_E", "r_EP"])


@tried
@given(surveys())
def test_swapped_batteries_turn_the_sign_of_the_gap(survey):
    turned = everything(replace(survey, expectations=survey.perceptions, perceptions=survey.expectations))
    before = everything(survey)
    same(
        -turned[["gap", "t", "d_z", "d_av", "low"]].rename(columns={"low": "high"}), before, ["gap", "t", "d_z", "high"]
    )
    same(turned, before, ["n", "sd", "se", "p", "r_EP"])


@tried
@given(surveys())
def test_every_respondent_twice_shrinks_the_variance_of_the_mean_by_n_less_1_over_2n_less_1(survey):
    once, twice = everything(survey), everything(rows(survey, list(range(survey.n)) * 2))
    once, twice = once[once["n"] > 1], twice[once["n"] > 1]
    expected = once["se"] * np.sqrt((once["n"] - 1) / (2 * once["n"] - 1))
    same(twice, once.assign(n=2 * once["n"], se=expected), ["n", "E", "P", "gap", "se", "ceiling_E", "r_EP"])


@tried
@given(surveys(weighted=st.just(False)), st.sampled_from([0.5, 1.0, 37.0]))
def test_equal_weights_are_no_weights(survey, weight):
    plain = everything(survey)
    weighted = everything(replace(survey, respondents=survey.respondents.assign(weight=weight)))
    np.testing.assert_allclose(weighted[plain.columns].astype(float), plain.astype(float), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(weighted["n_eff"], weighted["n"], rtol=1e-12)


@tried
@given(surveys(weighted=st.just(True)), st.sampled_from([0.001, 12.5]))
def test_weights_count_only_relative_to_each_other(survey, factor):
    scaled = survey.respondents.assign(weight=survey.respondents["weight"] * factor)
    same(everything(replace(survey, respondents=scaled)), everything(survey))


@tried
@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_respondents_does_not_matter(survey, random):
    order = list(range(survey.n))
    random.shuffle(order)
    same(everything(rows(survey, order)), everything(survey))


@tried
@given(surveys(missing=0.0))
def test_on_complete_answers_overall_is_the_mean_of_the_dimension_table(survey):
    gaps = gap_scores(survey)
    np.testing.assert_allclose(gaps.overall["gap"], gaps.dimensions["gap"].mean(), rtol=1e-12, atol=1e-12)
    of_items = gaps.items.loc[["q01", "q03", "q04"], "gap"].mean()
    np.testing.assert_allclose(gaps.dimensions.loc["front", "gap"], of_items, rtol=1e-12, atol=1e-12)


@tried
@given(surveys())
def test_equal_points_give_the_overall_score(survey):
    equal = replace(survey, allocations=survey.allocations * 0 + 50)
    gaps = gap_scores(equal)
    same(gaps.weighted.set_axis(["overall"]), gaps.overall)


@tried
@given(surveys())
def test_intervals_widen_with_the_confidence(survey):
    narrow, wide = gap_scores(survey, confidence=0.8).overall, gap_scores(survey, confidence=0.99).overall
    if narrow["se"].iloc[0] > 0:
        assert wide["low"].iloc[0] < narrow["low"].iloc[0] < narrow["high"].iloc[0] < wide["high"].iloc[0]
