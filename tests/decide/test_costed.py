"""From catalogue to candidates: nothing is invented unless placeholders were asked for, and then it is named."""

import pytest

import gapkit as gk
from gapkit.decide.actions import CatalogueError

SERVQUAL = gk.load_instrument("servqual")
ACTIONS = {action.id: action for action in gk.load_actions()}
THREE = [ACTIONS[id] for id in ("train_and_check", "quality_system", "surroundings")]
COSTS = {"train_and_check": 40_000, "quality_system": 90_000, "surroundings": 70_000}
EFFECTS = {"train_and_check": (0.1, 0.04), "quality_system": (0.3, 0.1), "surroundings": {"tangibles": (0.5, 0.2)}}


def by_id(made):
    return {candidate.id: candidate for candidate in made.candidates}


def test_given_numbers_reach_every_dimension_that_the_action_addresses():
    made = by_id(gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS))
    assert set(made["train_and_check"].effects) == set(SERVQUAL.dimension_ids)  # meant for all
    assert set(made["quality_system"].effects) == {"reliability"}
    assert made["surroundings"].effects["tangibles"][0] == 0.5
    assert [made[id].cost for id in COSTS] == list(COSTS.values())
    assert made["train_and_check"].months == ACTIONS["train_and_check"].months


def test_weak_evidence_widens_the_sd_by_the_stated_rule_and_leaves_the_mean():
    made = by_id(gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS))
    assert made["train_and_check"].effects["empathy"] == (0.1, 0.04)  # experimental: as given
    assert made["quality_system"].effects["reliability"] == pytest.approx((0.3, 0.15))  # observational: 1.5 times
    assert made["surroundings"].effects["tangibles"] == pytest.approx((0.5, 0.4))  # asserted: twice


def test_the_widening_can_be_switched_off():
    made = by_id(gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS, widening={}))
    assert made["surroundings"].effects["tangibles"] == (0.5, 0.2)


def test_what_nobody_gave_is_an_error_that_names_every_action():
    with pytest.raises(CatalogueError) as error:
        gk.candidates_from(THREE, SERVQUAL, costs={"train_and_check": 1})
    assert str(error.value).startswith("5 fault(s):")
    assert "surroundings: no cost; give costs={...}, or assumed=Assumed() for placeholders" in str(error.value)
    assert "train_and_check: no effect; give effects={...}" in str(error.value)


def test_placeholders_are_named_wherever_they_are_used():
    own = {"quality_system": 80_000}
    made = gk.candidates_from(THREE, SERVQUAL, costs=own, assumed=gk.Assumed())
    assert made.table["cost_from"].to_dict() == {
        "train_and_check": "assumed", "quality_system": "given", "surroundings": "assumed",
    }  # fmt: skip
    assert made.assumed == ["train_and_check", "quality_system", "surroundings"]  # no effect was given
    assert "Costs: 1 given, 2 assumed. Effects: 0 given, 3 assumed." in made.method
    assert "Assumed by cost class, not found in any study: low 10,000 and 0.1 points" in made.method


def test_an_assumed_effect_is_split_over_the_dimensions_addressed():
    assumed = gk.Assumed(points={"low": 0.1, "medium": 0.5, "high": 0.3}, spread=0.4)
    made = by_id(gk.candidates_from(THREE, SERVQUAL, assumed=assumed))
    assert made["train_and_check"].effects["empathy"] == pytest.approx((0.1, 0.04))  # 0.5 over five dimensions
    assert made["surroundings"].effects["tangibles"] == pytest.approx((0.3, 0.24))  # one dimension, sd widened twice


def test_a_mean_alone_takes_the_assumed_spread_and_says_so():
    effects = dict.fromkeys(COSTS, 0.2)
    made = gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=effects, assumed=gk.Assumed(spread=0.25))
    assert made.table["sd"].to_list() == pytest.approx([0.05, 0.075, 0.1])
    assert set(made.table["effect_from"]) == {"given"}
    assert set(made.table["sd_from"]) == {"assumed"}
    with pytest.raises(CatalogueError, match=r"train_and_check, tangibles: expected \(mean, sd\)"):
        gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=effects)


def test_given_throughout_nothing_is_called_assumed():
    made = gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS, assumed=gk.Assumed())
    assert made.assumed == []
    assert "Assumed by cost class" not in made.method


def test_actions_for_other_dimensions_are_left_out_by_name():
    kiosk = gk.load_instrument("kservqual")
    made = gk.candidates_from(THREE, kiosk, assumed=gk.Assumed())
    assert made.left_out == ["quality_system", "surroundings"]
    assert "meant for dimensions that are not asked here: quality_system, surroundings" in made.method
    assert [candidate.id for candidate in made.candidates] == ["train_and_check"]
    with pytest.raises(CatalogueError, match="no action addresses a dimension of kservqual"):
        gk.candidates_from(THREE[1:], kiosk, assumed=gk.Assumed())


def test_an_action_for_other_dimensions_is_in_once_its_effects_are_given():
    kiosk = gk.load_instrument("kservqual")
    effects = {"surroundings": {"tangible": (0.2, 0.1)}}
    made = by_id(gk.candidates_from(THREE, kiosk, effects=effects, assumed=gk.Assumed()))
    assert set(made["surroundings"].effects) == {"tangible"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"costs": {"nothing": 1}}, 'costs: no action "nothing" in the list'),
        ({"effects": {"nothing": (1, 1)}}, 'effects: no action "nothing" in the list'),
        ({"costs": {"surroundings": -1}}, "surroundings: cost: expected a number of at least 0, found -1"),
        ({"costs": {"surroundings": float("nan")}}, "surroundings: cost: expected a number"),
        ({"effects": {"surroundings": (0.1, -1)}}, "expected (mean, sd) with sd at least 0, found (0.1, -1)"),
        ({"effects": {"surroundings": "much"}}, "surroundings, tangibles: expected (mean, sd)"),
        ({"effects": {"surroundings": {"speed": (1, 1)}}}, 'surroundings: no dimension "speed"; there are tangibles'),
    ],
)
def test_numbers_that_are_none_say_where_they_stand(given, said):
    with pytest.raises(CatalogueError) as error:
        gk.candidates_from(THREE, SERVQUAL, assumed=gk.Assumed(), **given)
    assert said in str(error.value)


def test_the_candidates_can_be_planned_with():
    made = gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS)
    best = gk.plan(gk.datasets.load("hotel"), made.candidates, budget=130_000, draws=20, budgets=[])
    # per point: reliability .32, tangibles .14, the five together 1: training .1, system .3 x .32, rooms .5 x .14;
    # of the pairs that fit, training and system gain most although they overlap in reliability
    assert best.chosen == ["train_and_check", "quality_system"]


def test_a_frontier_holds_numbers():
    made = gk.candidates_from(THREE, SERVQUAL, costs=COSTS, effects=EFFECTS)
    best = gk.plan(gk.datasets.load("hotel"), made.candidates, budget=130_000, draws=5, budgets=[0, 130_000])
    assert best.frontier.drop(columns="actions").dtypes.astype(str).unique().tolist() == ["float64"]
