"""The rule that proposes names, on profiles made for it."""

import pandas as pd
import pytest

from gapkit.explain.segment_names import proposed_names

SCORES = pd.Index(["reliability", "empathy", "overall"], name="score")


def rows(means, half, **more):
    """Means of each score with intervals of the given half width, standard deviations 1."""
    columns = {}
    for name, values in means.items():
        column = pd.Series(values, index=SCORES, dtype=float)
        columns |= {name: column, f"{name}_low": column - half, f"{name}_high": column + half, f"{name}_sd": 1.0}
    return pd.DataFrame(columns, index=SCORES)


EVERYONE = rows({"E": [6, 6, 6], "P": [5, 5, 5], "gap": [-1, -1, -1]}, 0.05)


def name_of(means, half=0.1):
    return proposed_names(pd.concat({"S1": rows(means, half)}, names=["segment"]), EVERYONE).loc["S1"].tolist()


def test_demanding_and_let_down_on_reliability():
    assert name_of({"E": [6.6, 6.4, 6.5], "P": [4, 5.4, 4.7], "gap": [-2.6, -1, -1.8]}) == [
        "high",
        "reliability",
        "",
        "",
    ]


def test_undemanding_and_content_with_empathy():
    assert name_of({"E": [5.5, 5.5, 5.5], "P": [4.5, 5.2, 4.9], "gap": [-1, -0.3, -0.6]}) == ["low", "", "empathy", ""]


def test_small_or_uncertain_differences_name_nobody():
    assert name_of({"E": [6.2, 6.2, 6.2], "P": [5, 5, 5], "gap": [-1.2, -1.2, -1.2]}) == ["typical", "", "", ""]
    wide = {"E": [6.5, 6.5, 6.5], "P": [4.9, 5.5, 5.2], "gap": [-1.6, -1.0, -1.3]}
    assert name_of(wide, half=0.7) == ["typical", "", "", ""]


def test_nobody_is_let_down_where_expectations_are_met():
    above = rows({"E": [6, 6, 6], "P": [7, 7, 7], "gap": [1, 1, 1]}, 0.05)
    own = rows({"E": [6, 6, 6], "P": [6.4, 7, 6.7], "gap": [0.4, 1, 0.7]}, 0.1)
    assert proposed_names(pd.concat({"S1": own}, names=["segment"]), above).loc["S1", "worst"] == ""


def test_a_score_without_spread_tells_nothing():
    flat = EVERYONE.assign(gap_sd=0.0, E_sd=0.0)
    own = rows({"E": [7, 7, 7], "P": [4, 4, 4], "gap": [-3, -3, -3]}, 0.1)
    found = proposed_names(pd.concat({"S1": own}, names=["segment"]), flat).loc["S1"]
    assert found.tolist() == ["typical", "", "", ""]


@pytest.mark.parametrize(("battery", "level"), [("E", "high"), ("P", "")])
def test_one_battery_alone_is_enough(battery, level):
    alone, own = rows({battery: [5, 5, 5]}, 0.05), rows({battery: [6, 5, 5.5]}, 0.1)
    found = proposed_names(pd.concat({"S1": own}, names=["segment"]), alone).loc["S1"]
    assert (found["expectations"], found["best"]) == (level, "reliability")
