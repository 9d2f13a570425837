"""Causes of the gaps: scores, alpha and association; and the real employee survey read with a card."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gapkit as gk
from gapkit.measure.antecedents import correlation_interval, gap_of

CAUSES = gk.load_instrument("antecedents")
SERVQUAL = gk.load_instrument("servqual")


def test_the_instrument_names_causes_of_all_four_gaps_three_items_each():
    gaps = [gap_of(dimension.id) for dimension in CAUSES.dimensions]
    assert {gap: gaps.count(gap) for gap in dict.fromkeys(gaps)} == {"gap_1": 3, "gap_2": 4, "gap_3": 7, "gap_4": 2}
    assert {len(dimension.items) for dimension in CAUSES.dimensions} == {3}
    assert not any(item.reversed for item in CAUSES.items)


def branches(levels, people=5):
    """A cause survey in which everyone in a branch answers near one level, the same for every cause."""
    rows = [[level + (i % 2)] * len(CAUSES.items) for level in levels.values() for i in range(people)]
    answers = pd.DataFrame(rows, columns=CAUSES.item_ids)
    return gk.Survey(CAUSES, perceptions=answers, respondents=pd.DataFrame({"branch": np.repeat(list(levels), people)}))


def chains(gap_1):
    """Customers who expect 6 everywhere, and managers whose belief falls short by a branch's own amount."""

    def table(values):
        return pd.DataFrame([[value] * 22 for value in values], columns=SERVQUAL.item_ids)

    names = np.repeat(list(gap_1), 5)
    people = pd.DataFrame({"branch": names})
    believed = [6 + short for short in gap_1.values() for _ in range(5)]
    customers = gk.Survey(
        SERVQUAL, expectations=table([6] * len(names)), perceptions=table([5] * len(names)), respondents=people
    )
    return gk.five_gaps(
        customers, managers=gk.Survey(SERVQUAL, expectations=table(believed), respondents=people), by="branch"
    )


def test_association_is_the_correlation_of_branch_means_by_hand():
    survey = branches({"A": 2, "B": 3, "C": 5, "D": 4})
    five = chains({"A": -2, "B": -1, "C": 0, "D": -1})
    table = gk.antecedents(survey, five=five).association
    row = table.loc["gap1_research"]
    # x = 2, 3, 5, 4 and y = -2, -1, 0, -1: r = 3 / sqrt(5 * 2) after centring at 3.5 and -1
    assert row["r"] == pytest.approx(3 / np.sqrt(10))
    assert (row["gap"], row["branches"], row["if_cause"]) == ("gap_1", 4, "+")
    half = 1.959963984540 / np.sqrt(1)
    assert row["high"] == pytest.approx(np.tanh(np.arctanh(3 / np.sqrt(10)) + half))
    assert row["p"] == pytest.approx(stats.pearsonr([2, 3, 5, 4], [-2, -1, 0, -1]).pvalue)


def test_causes_of_gaps_that_are_not_measured_have_no_association():
    table = gk.antecedents(branches({"A": 2, "B": 3, "C": 5, "D": 4}), five=chains({"A": -2, "B": -1, "C": 0, "D": -1}))
    row = table.association.loc["gap3_teamwork"]
    assert row["branches"] == 0
    assert np.isnan(row["r"])
    assert table.association.loc["gap4_restraint", "if_cause"] == "-"


def test_three_branches_give_a_correlation_but_no_interval():
    row = gk.antecedents(branches({"A": 2, "B": 3, "C": 5}), five=chains({"A": -2, "B": -1, "C": -1}))
    row = row.association.loc["gap1_research"]
    assert row["branches"] == 3
    assert np.isfinite(row["r"])
    assert np.isnan(row["low"])


def test_fishers_interval_is_the_published_one():
    # Prevos, involvement items 1 and 2: r .6581375, n 439, 95 % interval .6016030 to .7081116
    assert correlation_interval(0.6581375, 439, 0.95) == pytest.approx((0.6016030, 0.7081116), abs=5e-8)


def test_small_branches_are_not_shown_and_do_not_count():
    survey = branches({"A": 2, "B": 3, "C": 5, "D": 4}, people=4)
    result = gk.antecedents(survey, five=chains({"A": -2, "B": -1, "C": 0, "D": -1}))
    assert result.scores.empty
    assert set(result.suppressed["group"]) == {"A", "B", "C", "D"}
    assert result.association.empty


def test_causes_and_gaps_must_be_grouped_alike():
    with pytest.raises(ValueError, match=r'five was made by "branch", the causes are to be grouped by "hotel"'):
        gk.antecedents(branches({"A": 2, "B": 3}), five=chains({"A": -2, "B": -1}), by="hotel")


def test_the_method_calls_it_an_association():
    result = gk.antecedents(branches({"A": 2, "B": 3}), five=chains({"A": -2, "B": -1}))
    assert "an association, not an effect" in result.method
    assert result.scores.loc[("A", "gap1_research"), ["gap", "n", "mean"]].to_list() == ["gap_1", 5, 2.4]


# the real employee survey ---------------------------------------------------------------------------------------------

LONG = {"interface": ("e", 8), "production_orientation": ("p", 12), "market_orientation": ("m", 10)}


def employee_instrument():
    lines = [
        'id = "orientation"', 'title = { en = "Orientation of a water utility" }', 'batteries = ["perceptions"]',
        'source = "Item numbers of the raw file"', 'citation = "Prevos, P. employee_survey.csv"',
        "[scale]", "low = 1", "high = 7",
    ]  # fmt: skip
    for name, (letter, count) in LONG.items():
        items = ", ".join(f'{{ id = "{letter}{n}", en = "{name} {n}" }}' for n in range(1, count + 1))
        lines += ["[[dimensions]]", f'id = "{name}"', f'en = "{name}"', f"items = [ {items} ]"]
    return "\n".join(lines)


CARD = """
title = "Water utility employees"
instrument = "orientation.toml"
missing = ["NA"]
[file]
style = "qualtrics_legacy"
[columns.perceptions]
regex = "^([epm][0-9]+)$"
[respondents]
marketing = "marketing"
engineer = "engineer"
"""


@pytest.fixture
def employees(tmp_path):
    folder = os.environ.get("GAPKIT_DATA")
    file = Path(folder or ".") / "servaqua" / "employee_survey.csv"
    if not folder or not file.is_file():
        pytest.skip("GAPKIT_DATA names no folder with servaqua/employee_survey.csv")
    (tmp_path / "orientation.toml").write_text(employee_instrument(), encoding="utf-8")
    (tmp_path / "employees.toml").write_text(CARD, encoding="utf-8")
    return file, gk.load_survey(file, card=tmp_path / "employees.toml")


def test_185_employees_are_read_of_whom_164_answered_anything(employees):
    _, survey = employees
    assert survey.n == 185
    assert int(survey.perceptions.notna().any(axis=1).sum()) == 164
    assert list(survey.respondents) == ["marketing", "engineer"]


def test_their_scales_have_the_alpha_that_plain_covariances_give(employees):
    file, survey = employees
    raw = pd.read_csv(file, skiprows=[1], na_values=["NA"])
    result = gk.antecedents(survey)
    for name, (letter, count) in LONG.items():
        answers = raw[[f"{letter}{n}" for n in range(1, count + 1)]].astype(float)
        covariances = answers.cov().to_numpy()  # pairwise
        alpha = count / (count - 1) * (1 - np.trace(covariances) / covariances.sum())
        assert result.alpha.loc[name, "alpha"] == pytest.approx(alpha, rel=1e-9)
        assert result.scores.loc[name, "mean"] == pytest.approx(answers.mean(axis=1).mean())
        assert result.scores.loc[name, "gap"] == ""
    assert result.association.empty
