import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.population import population
from gapkit.survey.truth import Segment, Truth, TruthError

ONE_ITEM = Instrument(
    id="one",
    titles={"en": "One item"},
    items=(Item("q01", {"en": "Good"}, "good"),),
    dimensions=(Dimension("good", {"en": "Good"}, ("q01",)),),
    scale=Scale(1, 7),
    batteries=("expectations", "perceptions"),
    source="",
    citation="",
)
TWO_KINDS = (
    Segment("easy", 0.5, perceptions={"reliability": 0.5, "other": 0}),
    Segment("hard", 0.5, perceptions={"reliability": -0.5, "other": 0}),
)


@settings(max_examples=40, deadline=None)
@given(mean=st.floats(1.3, 6.7), spread=st.floats(0.4, 3))
def test_answers_have_the_planted_mean(mean, spread):
    people = population(Truth(expectations=mean, gaps=0, spread=spread, ceiling=None), ONE_ITEM)
    assert people.means("expectations", level="items").loc["all", "q01"] == pytest.approx(mean, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(ceiling=st.floats(0.05, 0.8), below=st.floats(0.1, 0.8))
def test_expectations_have_the_planted_mean_and_ceiling_together(ceiling, below):
    people = population(Truth(expectations=6 + ceiling - below, gaps=-1, ceiling=ceiling), ONE_ITEM)
    assert people.means("expectations").loc["all", "good"] == pytest.approx(6 + ceiling - below, abs=1e-5)
    assert people.ceiling().iloc[0] == pytest.approx(ceiling, abs=1e-4)


def test_gaps_by_group_are_as_planted_and_all_is_their_mean_by_population_shares():
    truth = Truth(groups={"North": 3, "South": 1}, gaps={"North": -0.4, "South": {"tangibles": 0.0, "other": -1.2}})
    gaps = population(truth).means("gaps")
    assert gaps.loc["North"].to_numpy() == pytest.approx([-0.4] * 6, abs=1e-5)
    assert gaps.loc["South"].to_numpy() == pytest.approx([0, -1.2, -1.2, -1.2, -1.2, -0.96], abs=1e-5)
    assert gaps.loc["all", "empathy"] == pytest.approx(0.75 * -0.4 + 0.25 * -1.2, abs=1e-5)


def test_without_groups_only_the_whole_population_is_shown():
    assert population(Truth()).means("gaps").index.tolist() == ["all"]


def test_segments_differ_and_leave_the_mean_as_planted():
    people = population(Truth(gaps=-0.8, segments=TWO_KINDS, spread=1.0, expectations=4.0, ceiling=None))
    gaps = people.means("gaps", by="segment")
    assert gaps.loc["all"].to_numpy() == pytest.approx([-0.8] * 6, abs=1e-5)
    assert gaps.loc["easy", "reliability"] - gaps.loc["hard", "reliability"] == pytest.approx(0.8, abs=0.01)
    assert gaps.loc["easy", "empathy"] == pytest.approx(-0.8, abs=1e-5)


def test_the_separation_of_two_segments_by_hand():
    segments = (Segment("low", 1, expectations=0.0), Segment("high", 1, expectations=1.0))
    people = population(Truth(segments=segments, loadings=0.8, batteries=("expectations",)), ONE_ITEM)
    # One sd apart, a quarter of the factor's variance lies between; a loading of .8 leaves .36 of noise.
    assert people.separation().loc["low", "high"] == pytest.approx(0.8 / math.sqrt(0.64 * 0.75 + 0.36))


def test_the_separation_in_gaps_counts_both_halves_by_hand():
    segments = (Segment("a", 1, expectations=0.5, perceptions=-0.5), Segment("b", 1))
    truth = Truth(
        segments=segments, loadings=0.6, spread=2.0, ceiling=None, expectations=4, gaps=0, battery_correlation=0
    )
    # Gaps are 2 * (.6 (fP - fE) + noise): the difference of means is 2 * .6 * 1; inside, fP - fE has variance
    # 15/16 + 15/16 - 2 * 1/16: the total covariance of 0 less the -1/16 between the segments leaves 1/16 inside.
    inside = 0.36 * (15 / 16 + 15 / 16 - 2 / 16) + 2 * 0.64
    assert population(truth, ONE_ITEM).separation().loc["a", "b"] == pytest.approx(0.6 / math.sqrt(inside))


def test_the_weighted_gap_is_points_times_gaps():
    points = {"tangibles": 10, "reliability": 40, "responsiveness": 20, "assurance": 20, "empathy": 10}
    gaps = {"tangibles": 0.0, "reliability": -1.0, "responsiveness": -0.5, "assurance": -0.5, "empathy": -2.0}
    assert population(Truth(gaps=gaps, importance=points)).weighted_gap() == pytest.approx(-0.8, abs=1e-5)


def test_points_that_follow_the_gap_make_the_weighted_gap_worse_than_the_product_of_means():
    segments = (
        Segment(
            "let down", 1, perceptions={"reliability": -0.7, "other": 0}, importance={"reliability": 60, "other": 10}
        ),
        Segment("content", 1, importance=20),
    )
    people = population(Truth(gaps=-1, segments=segments))
    assert people.importance().mean(axis=0) == pytest.approx([15, 40, 15, 15, 15])
    let_down = people.means("gaps", by="segment").loc["let down", "reliability"]
    assert people.weighted_gap() == pytest.approx(-1 + (0.5 * 0.6 - 0.5 * 0.2) * (let_down + 1), abs=1e-5)
    assert people.weighted_gap() < -1.05


def test_an_item_without_a_dimension_loads_on_nothing():
    people = population(Truth(), "kservqual")
    assert people.loadings[people.instrument.item_ids.index("q09")] == 0
    assert people.batteries == ("expectations", "perceptions")


@pytest.mark.parametrize(
    ("truth", "message"),
    [
        (Truth(gaps=-5.5), r"^perceptions, q01, group all: a mean of 0\.7 with a spread of 1\.2 is not "
         r"possible\. Plant a mean inside 1-7 and a spread above 0\.$"),
        (Truth(spread=0), r"spread of 0 is not possible"),
        (Truth(expectations=6.8, ceiling=0.5), r"^ceiling: 50% of answers at the top and a mean of 6\.8 do not go "
         r"together \(expectations, q01, group all\)\. With this ceiling the mean lies between 4 and 6\.5\.$"),
        (Truth(loadings=1.0), r"^loadings: expected numbers between -1 and 1, found 1\.0\.$"),
        (Truth(cuts=(1.5, 2.5)), r"^cuts: expected 6 rising borders for 1-7\.$"),
        (Truth(factor_correlations=-0.5), r"^factor_correlations: no such correlations exist .* Lower the largest"),
        (Truth(segments=(Segment("a", 1, 0, 2.5), Segment("b", 1))), r"^segments: no such .* bring them closer\.$"),
        (Truth(groups={"a": 1, "b": -1}), r"^groups: expected numbers above 0"),
        (Truth(gaps={"reliability": -1}), r'^gaps: nothing for tangibles\. Add it, or "other"'),
    ],
)  # fmt: skip
def test_values_that_cannot_be_are_refused_with_what_is_possible(truth, message):
    with pytest.raises(TruthError, match=message):
        population(truth)


def test_uneven_cuts_make_answers_skewed_and_keep_the_mean():
    people = population(
        Truth(expectations=5.0, ceiling=None, cuts=(1.5, 2.5, 3.5, 4.0, 4.6, 5.3), spread=1.0), ONE_ITEM
    )
    even = population(Truth(expectations=5.0, ceiling=None, spread=1.0), ONE_ITEM)
    assert people.means("expectations").loc["all", "good"] == pytest.approx(5, abs=1e-5)
    assert people.ceiling().iloc[0] > even.ceiling().iloc[0] + 0.05
