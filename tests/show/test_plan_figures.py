"""Shares as bars, and the frontier of budgets: what they draw, and what they say to a screen reader."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.plots import (
    describe_frontier,
    describe_probabilities,
    describe_robustness,
    frontier_height,
    new_figure,
    plan_frontier,
    plan_probabilities,
    priority_robustness,
    shares_height,
    to_svg,
)

SERVQUAL = gk.load_instrument("servqual")
RANKS = pd.DataFrame(
    {"first": [0.0, 0.75, 0.25], "top_three": [0.5, 1.0, 0.9], "best": [2, 1, 1], "worst": [4.5, 2, 5]},
    index=["tangibles", "reliability", "empathy"],
)


@pytest.fixture(scope="module")
def plan():
    """A point is worth 1/5 in each dimension: training gains .1 for 40, painting .04 for 30, both .14 for 70."""
    items = SERVQUAL.item_ids
    survey = gk.Survey(SERVQUAL, perceptions=pd.DataFrame([[3.0] * 22, [4.0] * 22], columns=items))
    train, paint = gk.Candidate("train", 40, {"reliability": 0.5}), gk.Candidate("paint", 30, {"tangibles": 0.2})
    return gk.plan(survey, [train, paint], budget=50, budgets=[0, 30, 40, 70], draws=20)


def texts(figure):
    svg = to_svg(figure, title="t", description="d", name="n")
    return [node.text for node in ET.fromstring(svg).iter() if node.tag.endswith(("}text", "}tspan")) and node.text]


def test_the_frontier_steps_up_where_more_can_be_bought(plan):
    figure, axes = new_figure(640, frontier_height(640))
    drawn = plan_frontier(axes, plan)
    assert drawn["gain"].to_dict() == pytest.approx({0: 0, 30: 0.04, 40: 0.1, 50: 0.1, 70: 0.14})
    steps = next(line for line in axes.child_axes[0].lines if line.get_linewidth() == 2.2)
    assert steps.get_drawstyle() == "steps-post"
    assert steps.get_xydata()[:, 0].tolist() == [0, 30, 40, 50, 70]
    assert "budget 50: 0.100" in texts(figure)


def test_the_chosen_budget_is_marked_where_its_plan_is(plan):
    _, axes = new_figure(640, frontier_height(640))
    plan_frontier(axes, plan)
    mark = next(line for line in axes.child_axes[0].lines if line.get_marker() == "o")
    assert mark.get_xydata()[0] == pytest.approx([50, 0.1])


@pytest.mark.parametrize("width", [340, 700])
@pytest.mark.parametrize(("language", "words"), [("en", "Budget"), ("zh-Hans", "预算")])
def test_a_frontier_names_its_axes_in_the_readers_language(plan, width, language, words):
    figure, axes = new_figure(width, frontier_height(width))
    plan_frontier(axes, plan, language=language, source="Two guests")
    assert {words, "Two guests"} <= set(texts(figure))


def test_the_frontier_in_words_begins_with_the_chosen_budget(plan):
    said = describe_frontier(plan, source="Two guests")
    assert said.startswith("At the budget of 50 the recommended plan gains 0.100 (0.100 to 0.100). Budget 0: expected")
    assert said.count("Budget") == 4
    assert describe_frontier(plan, language="zh-Hans").startswith("预算为 50 时，推荐方案的收益为 0.100")


def test_actions_stand_by_probability_and_the_recommended_ones_are_solid(plan):
    _, axes = new_figure(640, shares_height(2, 640, lines=2))
    rows = plan_probabilities(axes, plan.actions, labels={"train": "Train and check"})
    assert [(row.name, row.share, row.solid) for row in rows] == [("Train and check", 1.0, 1.0), ("paint", 0.0, 0.0)]
    said = describe_probabilities(plan.actions)
    assert said.startswith("train: recommended, in the best plan in 100% of the draws. paint: not recommended")


def test_robustness_stands_in_order_with_ranks_beside():
    figure, axes = new_figure(500, shares_height(3, 500))
    rows = priority_robustness(axes, RANKS, choices=16, source="Two guests")
    assert [(row.name, row.beside, row.bold) for row in rows] == [
        ("reliability", "1–2", True), ("empathy", "1–5", False), ("tangibles", "2–4.5", False),
    ]  # fmt: skip
    assert {"100%", "90%", "50%", "share of 16 defensible choices, not a probability"} <= set(texts(figure))


def test_a_bar_is_as_long_as_its_share():
    _, axes = new_figure(800, shares_height(3, 800))
    priority_robustness(axes, RANKS, choices=16)
    ends = [line.get_xdata()[1] for line in axes.child_axes[0].lines if line.get_linewidth() == 11]
    assert ends == [1.0, 0.75, 0.9, 0.25, 0.5, 0.0]  # top three and, solid, first


def test_robustness_in_words():
    said = describe_robustness(RANKS, labels={"reliability": "Reliability"})
    assert said.startswith("Reliability: in the top three in 100% of the choices, first in 75%, ranks 1 to 2. empathy")


def test_a_telephone_writes_each_name_above_its_bar():
    sides = {}
    for width in (340, 700):
        _, axes = new_figure(width, shares_height(3, width))
        priority_robustness(axes, RANKS, choices=16)
        name = next(text for text in axes.texts if text.get_text() == "empathy")
        share = next(text for text in axes.texts if text.get_text() == "90%")
        sides[width] = name.get_ha(), name.get_position()[1] - share.get_position()[1] > 12
    assert sides == {340: ("left", True), 700: ("right", False)}
