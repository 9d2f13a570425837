"""Waterfall, table of branches and the model's diagram: what they draw, and what they say to a screen reader."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.plots import (
    BRANCHES_HEIGHT,
    branch_gaps,
    describe_chain,
    gap_branches,
    gap_model,
    gap_waterfall,
    new_figure,
    to_svg,
    waterfall_height,
)
from gapkit.show.plots.chain_words import link_name, state_of

SERVQUAL = gk.load_instrument("servqual")


def survey(battery, levels, hotels="AAAAAAAABBBBBBBB", **more):
    """Everyone near the level of their hotel, by turns a little above and below."""

    def table(levels, every):
        rows = [[levels[hotel] + (0.25 if i // every % 2 else -0.25)] * 22 for i, hotel in enumerate(hotels)]
        return pd.DataFrame(rows, columns=SERVQUAL.item_ids)

    batteries = {battery: levels, **more}
    tables = {name: table(own, every) for every, (name, own) in enumerate(batteries.items(), 1)}
    return gk.Survey(SERVQUAL, **tables, respondents=pd.DataFrame({"hotel": list(hotels)}))


@pytest.fixture(scope="module")
def five():
    """Hotel A: managers believe 1 too little. Hotel B: 2 more is promised than delivered; too few managers to show."""
    return gk.five_gaps(
        survey("expectations", {"A": 6, "B": 6}, perceptions={"A": 5, "B": 4}),
        managers=survey("expectations", {"A": 5, "B": 6}, hotels="AAAAAAAABB"),
        staff=survey("perceptions", {"A": 5, "B": 4}),
        promises=survey("expectations", {"A": 5, "B": 6}),
        by="hotel",
    )


def texts(svg):
    return [node.text for node in ET.fromstring(svg).iter() if node.tag.endswith(("}text", "}tspan")) and node.text]


def waterfall(five, width=700, **words):
    figure, axes = new_figure(width, waterfall_height(five, width))
    return gap_waterfall(axes, five, **words), to_svg(figure, title="t", description="d", name="n")


def test_a_waterfall_steps_from_expectation_to_perception_and_shows_two_gaps_beside(five):
    steps, _ = waterfall(five.branch("A"))
    assert [step.name for step in steps] == [
        "Customers expect", "Gap 1: knowledge", "From belief to delivery", "Delivery to perception",
        "Customers perceive", "Gap 5: customers", "Gap 4: overpromise",
    ]  # fmt: skip
    assert [round(step.start, 9) for step in steps] == [6, 6, 5, 5, 5, 6, 5]
    assert [round(step.value, 9) for step in steps] == [0, -1, 0, 0, 0, -1, 0]
    # each step begins where the one before it ended
    for before, after in pairwise(steps[:5]):
        assert before.start + before.value == pytest.approx(after.start)


def test_the_bars_of_a_waterfall_reach_from_position_to_position(five):
    _, axes = new_figure(700, waterfall_height(five.branch("A"), 700))
    gap_waterfall(axes, five.branch("A"))
    ends = [tuple(np.round(line.get_xdata(), 9)) for line in axes.child_axes[0].lines if line.get_linewidth() == 11]
    assert (6.0, 5.0) in ends


def test_where_too_few_managers_answered_the_chain_closes_and_says_so(five):
    steps, svg = waterfall(five.branch("B"))
    assert [step.name for step in steps][1] == "From expectation to delivery"
    assert five.branch("B").gaps.loc[("overall", "gap_1"), "status"] == "suppressed"
    assert "+2.00" in texts(svg)


def test_colour_says_harm_and_only_where_the_interval_leaves_zero(five):
    found = {step.name: step.state for step in waterfall(five.branch("A"))[0]}
    assert found["Gap 1: knowledge"] == "found"
    assert found["Delivery to perception"] == "open"
    promised = {step.name: step.state for step in waterfall(five.branch("B"))[0]}
    assert promised["Gap 4: overpromise"] == "found"


@pytest.mark.parametrize(
    ("gap", "low", "high", "state"),
    [
        ("gap_1", 0.2, 0.4, "found"),
        ("gap_1", -0.4, -0.2, "found"),
        ("gap_2", 0.2, 0.4, "other"),
        ("gap_4", -0.4, -0.2, "other"),
        ("gap_5", -0.2, 0.1, "open"),
        ("gap_5", np.nan, np.nan, "open"),
    ],
)
def test_harm_is_below_zero_but_above_it_for_promises_and_on_both_sides_for_beliefs(gap, low, high, state):
    assert state_of({"status": "measured", "low": low, "high": high}, gap) == state


def test_a_result_with_groups_is_not_one_waterfall(five):
    _, axes = new_figure(600, 300)
    with pytest.raises(ValueError, match=r'holds every hotel; draw one: five\.branch\("A"\)'):
        gap_waterfall(axes, five)
    with pytest.raises(ValueError, match='there is no score "speed"; there are: tangibles'):
        gap_waterfall(axes, five.branch("A"), score="speed")


def test_on_a_telephone_the_same_words_are_drawn_and_chinese_ones_in_chinese(five):
    _, wide = waterfall(five.branch("A"))
    _, narrow = waterfall(five.branch("A"), width=340)
    assert {"Gap 1: knowledge", "−1.00", "5.00"} <= set(texts(wide)) & set(texts(narrow))
    _, chinese = waterfall(five.branch("A"), language="zh-Hans")
    assert "差距1：认识" in texts(chinese)


def test_the_table_of_branches_turns_overpromise_into_harm(five):
    table = branch_gaps(five)
    assert table.loc["gap_4", ("B", "value")] == pytest.approx(2)
    assert table.loc["gap_4", ("B", "harm")] == pytest.approx(-2)
    assert table.loc["gap_1", ("A", "harm")] == pytest.approx(-1)
    assert table.loc["gap_1", ("B", "state")] == "suppressed"
    assert np.isnan(table.loc["gap_1", ("B", "value")])


def test_every_branch_is_a_column_and_what_is_not_shown_is_a_dash(five):
    figure, axes = new_figure(500, BRANCHES_HEIGHT)
    gap_branches(axes, five, source="Sixteen guests")
    words = texts(to_svg(figure, title="t", description="d", name="n"))
    assert {"A", "B", "Gap 4", "+2.00", "Sixteen guests"} <= {word.removesuffix(": overpromise") for word in words}
    assert words.count("–") == 5  # Gap 1 of B, and Gaps 2 and 3 of both, whose standards nobody asked about


def test_without_groups_there_are_no_branches_to_compare(five):
    with pytest.raises(ValueError, match=r'make it with five_gaps\(\.\.\., by="hotel"\)'):
        branch_gaps(five.branch("A"))


@pytest.mark.parametrize("width", [340, 640, 1100])
def test_the_models_diagram_holds_every_number_as_text(five, width):
    svg = gap_model(five.branch("A"), width=width, source="Sixteen guests")
    words = texts(svg)
    gaps = five.branch("A").gaps.loc["overall"]
    assert {"−1.00", "6.00", "5.00", "Gap 1: knowledge", "Promised"} <= set(words)
    assert words.count("not measured") == 3  # the standards themselves, Gap 2 and Gap 3
    assert gaps.loc["gap_2", "status"] == "not measured"
    root = ET.fromstring(svg)
    assert float(root.get("width")) == width
    assert root.find("{*}desc").text == describe_chain(five.branch("A"), source="Sixteen guests")


def test_nothing_in_the_diagram_stands_outside_of_it(five):
    for width in (330, 640, 1100):
        root = ET.fromstring(gap_model(five.branch("A"), width=width))
        for node in root.iter():
            if node.tag.endswith("}text") or node.tag.endswith("}rect"):
                assert 0 <= float(node.get("x")) <= width
                assert 0 <= float(node.get("y")) <= float(root.get("height"))


def test_on_a_page_the_diagram_takes_the_pages_colours(five):
    assert "var(--gk-ink" in gap_model(five.branch("A"), themed=True)
    assert "var(" not in gap_model(five.branch("A"))


def test_a_source_that_looks_like_markup_is_only_text(five):
    svg = gap_model(five.branch("A"), source="<script>alert(1)</script>", width=640)
    assert "<script>" not in svg


def test_the_text_alternative_says_what_is_not_measured(five):
    said = describe_chain(five.branch("A"))
    assert said.startswith("Overall. Customers expect: 6.00. Gap 1: knowledge: −1.00, 95% interval")
    assert describe_chain(five.branch("B"), language="zh-Hans").startswith("总体。顾客期望：6.00。")
    only_customers = gk.five_gaps(survey("expectations", {"A": 6, "B": 6}, perceptions={"A": 5, "B": 4}))
    assert describe_chain(only_customers).endswith("Gap 4: overpromise: not measured.")


def test_links_are_named_by_their_gap_or_by_their_ends():
    assert [link_name(link, "en") for link in ("M - E", "P - D", "D - E")] == [
        "Gap 1: knowledge", "Delivery to perception", "From expectation to delivery",
    ]  # fmt: skip
    assert link_name("P - S", "zh-Hans") == "从标准到感知"
