"""Which actions the gaps call for, in which order, and why."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.decide.actions import CatalogueError, found_gaps, load_actions

SERVQUAL = gk.load_instrument("servqual")
DIMENSIONS = SERVQUAL.dimension_ids

OWN = """
[[actions]]
id = "ask"
gaps = [1]
dimensions = ["all"]
en = "Ask them"
cost = "low"
months = 1
evidence = "observational"
source = "made for this test"
[[actions]]
id = "listen"
gaps = [1, 5]
dimensions = ["empathy"]
en = "Listen to them"
zh-Hans = "倾听"
cost = "low"
months = 1
evidence = "experimental"
source = "made for this test"
[[actions]]
id = "tell"
gaps = [4]
dimensions = ["all"]
en = "Tell them"
cost = "high"
months = 1
evidence = "experimental"
source = "made for this test"
"""


def survey(battery, levels, n=8, **more):
    """n respondents near one level per dimension: half a point above, half a point below."""

    def table(levels, every):
        row = np.array([levels[SERVQUAL.item(id).dimension] for id in SERVQUAL.item_ids])
        return pd.DataFrame([row + (0.5 if i // every % 2 else -0.5) for i in range(n)], columns=SERVQUAL.item_ids)

    batteries = {battery: levels, **more}
    return gk.Survey(SERVQUAL, **{name: table(own, every) for every, (name, own) in enumerate(batteries.items(), 1)})


def level(value, **others):
    return dict.fromkeys(DIMENSIONS, value) | others


def chain(points=None, **roles):
    customers = survey("expectations", level(6), perceptions=level(6))
    if points:
        shares = pd.DataFrame([points] * customers.n, index=customers.respondents.index)
        customers = replace(customers, allocations=shares[list(DIMENSIONS)].astype(float))
    return gk.five_gaps(customers, **roles)


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_only_actions_for_gaps_whose_interval_excludes_zero_are_listed(own):
    five = chain(managers=survey("expectations", level(6, empathy=4)))
    assert found_gaps(five)[["gap", "dimension", "value"]].values.tolist() == [["gap_1", "empathy", -2.0]]
    listed = gk.actions_for(five, catalogue=own)
    assert listed["action"].to_list() == ["ask", "listen"]  # the one for fewer gaps first
    assert listed.index.to_list() == [1, 2]


def test_nothing_found_nothing_listed(own):
    assert gk.actions_for(chain(managers=survey("expectations", level(6))), catalogue=own).empty


def test_actions_are_ordered_by_size_times_importance(own):
    points = dict(zip(DIMENSIONS, (10, 50, 10, 10, 20), strict=True))
    five = chain(points, managers=survey("expectations", level(6, empathy=4, reliability=5)))
    found = found_gaps(five).set_index("dimension")["priority"]
    assert found.to_dict() == pytest.approx({"reliability": 1 * 0.5, "empathy": 2 * 0.2})
    listed = gk.actions_for(five, catalogue=own).set_index("action")
    assert listed.loc["ask", ["dimension", "found"]].to_list() == ["reliability", 2]
    assert listed.loc["listen", ["dimension", "found"]].to_list() == ["empathy", 1]
    assert listed.index.to_list() == ["ask", "listen"]


def test_every_action_says_why_in_each_language(own):
    points = dict.fromkeys(DIMENSIONS, 20)
    five = chain(points, managers=survey("expectations", level(6, empathy=4)))
    # both means have the standard error sqrt(2/7)/2 = .267, so the interval is -2 -+ t(14) * .378 = 2.145 * .378
    why = gk.actions_for(five, catalogue=own)["why"].iloc[0]
    assert why == (
        "Gap 1 in Empathy: managers believe customers expect 2.00 less than they do "
        "(95 % interval −2.57 to −1.43). Importance 20 %."
    )
    chinese = gk.actions_for(five, catalogue=own, language="zh-Hans").set_index("action")
    assert chinese.loc["listen", "text"] == "倾听"
    assert chinese.loc["ask", "text"] == "Ask them"
    assert chinese["why"].iloc[0].startswith("差距1（移情性）：管理者估计的顾客期望偏低 2.00 分")
    traditional = gk.actions_for(five, catalogue=own, language="zh-Hant").set_index("action")
    assert traditional.loc["listen", "text"] == "倾听"
    assert traditional["why"].iloc[0].startswith("缺口1（關懷性）：管理者估計的顧客期望偏低 2.00 分")


def test_managers_who_expect_too_much_are_wrong_too(own):
    five = chain(managers=survey("expectations", level(4, empathy=6.5)), staff=None)
    assert set(found_gaps(five)["value"]) == {-2.0}
    above = gk.five_gaps(
        survey("expectations", level(4), perceptions=level(4)), managers=survey("expectations", level(6))
    )
    assert "2.00 more than they do" in gk.actions_for(above, catalogue=own)["why"].iloc[0]


def test_promising_less_than_is_delivered_is_no_harm(own):
    modest = chain(staff=survey("perceptions", level(6)), promises=survey("expectations", level(4)))
    assert gk.actions_for(modest, catalogue=own).empty
    loud = chain(staff=survey("perceptions", level(4)), promises=survey("expectations", level(6)))
    assert gk.actions_for(loud, catalogue=own)["action"].to_list() == ["tell"]
    assert "No importance was asked" in gk.actions_for(loud, catalogue=own)["why"].iloc[0]


def test_the_customers_gap_calls_for_actions_only_where_no_cause_was_found(own):
    customers = survey("expectations", level(6), perceptions=level(6, empathy=4, reliability=4))
    unknown = gk.actions_for(gk.five_gaps(customers), catalogue=own)
    assert unknown[["action", "gap", "dimension"]].values.tolist() == [["listen", "gap_5", "empathy"]]
    known = gk.five_gaps(customers, managers=survey("expectations", level(6, empathy=4)))
    assert {*found_gaps(known)["gap"]} == {"gap_1", "gap_5"}
    assert {*gk.actions_for(known, catalogue=own)["gap"]} == {"gap_1"}


def test_each_branch_gets_its_own_rows(own):
    def people(made):
        return replace(made, respondents=made.respondents.assign(hotel=["A", "A", "A", "A", "B", "B", "B", "B"]))

    believed = survey("expectations", level(6))
    believed.expectations.iloc[4:] -= 2
    customers = people(survey("expectations", level(6), perceptions=level(6)))
    five = gk.five_gaps(customers, managers=people(believed), by="hotel", minimum_n=4)
    listed = gk.actions_for(five, catalogue=own)
    assert set(listed["hotel"]) == {"B"}


def test_the_shipped_catalogue_is_whole():
    actions = load_actions()
    assert len(actions) >= 30
    assert {gap for action in actions for gap in action.gaps} == {f"gap_{n}" for n in range(1, 6)}
    for action in actions:
        assert set(action.dimensions) <= {*DIMENSIONS, "all"}, action.id
        assert {"en", "zh-Hans", "zh-Hant"} <= set(action.texts), action.id
        assert any(character.isdigit() for character in action.source), f"{action.id}: a source has a year"
    assert {action.evidence for action in actions} == {"experimental", "observational", "asserted in a textbook"}


def test_a_wrong_catalogue_lists_every_fault(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(
        OWN.replace('cost = "high"', 'cost = "dear"')
        .replace('id = "listen"', 'id = "ask"')
        .replace("gaps = [4]", "gaps = [7]"),
        encoding="utf-8",
    )
    with pytest.raises(CatalogueError) as caught:
        load_actions(path)
    message = str(caught.value)
    assert message.startswith("bad.toml: 3 fault(s):")
    assert "actions[3] tell: cost: expected one of low, medium, high, found 'dear'" in message
    assert "actions[3] tell: gaps: expected a list out of 1, 2, 3, 4, 5, found [7]" in message
    assert 'actions: the id "ask" is used 2 times, expected once' in message


def test_a_missing_catalogue_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"none\.toml: there is no such catalogue"):
        load_actions(tmp_path / "none.toml")
