"""The rule that proposes names, on profiles made for it."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gapkit.explain.member_tables import score_rows
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
    found = proposed_names(pd.concat({"S1": rows(means, half)}, names=["segment"]), EVERYONE).loc["S1"]
    return found[["expectations", "worst", "best", "given"]].tolist()


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
    assert found.tolist() == ["typical", "", "", "", (), ()]


def named(scores, everyone):
    """The parts of the name of people with these scores (n x dimensions)."""
    scores = scores.assign(overall=scores.mean(axis=1))
    own = score_rows({"P": scores}, np.ones(len(scores), dtype=bool), None, 0.95)
    return proposed_names(pd.concat({"S1": own}, names=["segment"]), everyone).loc["S1"]


@pytest.mark.parametrize("apart", [0.05, 0.1, 0.12, 0.125, 0.13, 0.2])
@pytest.mark.parametrize("together", [-0.5, 0.0, 0.9])
def test_of_two_dimensions_the_second_is_named_where_the_paired_interval_holds_zero(apart, together):
    rng = np.random.default_rng(1)
    two = rng.multivariate_normal([3.0, 3.0 + apart], [[1, together], [together, 1]], size=250)
    scores = pd.DataFrame(two, columns=["reliability", "empathy"])
    found = named(scores, rows({"P": [5, 5, 5]}, 0.05))
    lowest, other = scores.mean().sort_values().index
    paired = stats.ttest_1samp(scores[other] - scores[lowest], 0).confidence_interval(0.95)
    assert found["worst"] == lowest
    assert found["worst_too"] == ((other,) if paired.low <= 0 else ())


def test_alike_dimensions_are_named_together_and_a_clearly_smaller_one_is_not():
    rng = np.random.default_rng(2)
    person, own = rng.normal(size=(400, 1)), rng.normal(size=(400, 4))
    names = ["reliability", "responsiveness", "assurance", "empathy"]
    scores = pd.DataFrame(person + own + [-1.5, -1.5, -0.8, 0.0], columns=names)
    labels = pd.Index([*names, "overall"], name="score")
    everyone = pd.DataFrame({"P": 0.0, "P_sd": 1.0}, index=labels)
    found = named(scores, everyone)
    assert {found["worst"], *found["worst_too"]} == {"reliability", "responsiveness"}
    assert (found["best"], found["best_too"]) == ("", ())


@pytest.mark.parametrize(("battery", "level"), [("E", "high"), ("P", "")])
def test_one_battery_alone_is_enough(battery, level):
    alone, own = rows({battery: [5, 5, 5]}, 0.05), rows({battery: [6, 5, 5.5]}, 0.1)
    found = proposed_names(pd.concat({"S1": own}, names=["segment"]), alone).loc["S1"]
    assert (found["expectations"], found["best"]) == (level, "reliability")
