from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.ranges import Range, printed

PUBLISHED = Path(__file__).parents[2] / "data" / "published"


def hospital():
    stored = json.loads((PUBLISHED / "pmc6131925_table2.json").read_text(encoding="utf-8"))
    names = ["dimension", "E", "sd_E", "P", "sd_P", "gap", "ci_low", "ci_high", "t"]
    return pd.DataFrame(stored["rows"], columns=names).set_index("dimension"), stored["N"]


def consistent(n=100, **changes):
    """A row that fits: gap -.5, sd of the gap 1, so se .1, t -5, interval -.5 -+ .1984."""
    row = {"E": 6.0, "P": 5.5, "gap": -0.5, "sd_E": 1.0, "sd_P": 1.0, "sd_gap": 1.0, "n": n}
    row |= {"ci_low": -0.70, "ci_high": -0.30, "t": -5.0}
    return pd.DataFrame({**row, **changes}, index=["staff"])


def test_the_assurance_row_contradicts_its_own_interval_and_the_others_agree():
    table, n = hospital()
    check = gk.published_check(table, n=n)
    assert check.rows["consistent"].to_dict() == {
        "Tangible": True, "Reliable": True, "Responsiveness": True, "Assurance": False, "Empathy": True,
    }  # fmt: skip
    assert check.headline == "1 of 5 rows contradict themselves: Assurance"
    assert check.contradictions["sentence"].tolist() == [
        "Assurance: t is printed as -4.87, but gap and interval give 6.256 to 8.083 in size. "
        "The same t stands in: Responsiveness."
    ]


def test_the_correlation_of_expectation_and_perception_is_recovered_and_shows_the_odd_one_out():
    table, n = hospital()
    rows = gk.published_check(table, n=n).rows
    by_hand = (0.44**2 + 0.53**2 - (0.055 / 1.96617 * np.sqrt(386)) ** 2) / (2 * 0.44 * 0.53)
    assert rows.loc["Tangible", "r_from_ci"] == pytest.approx(by_hand, abs=1e-4)
    assert rows["r_from_ci"].between(0.3, 0.5).all()
    assert rows["r_from_t"].drop("Assurance").between(0.3, 0.5).all()
    assert rows.loc["Assurance", "r_from_t"] < 0


def test_gaps_taken_before_rounding_are_accepted():
    stored = json.loads((PUBLISHED / "bmc_hsr_12_31_table2.json").read_text(encoding="utf-8"))
    table = pd.DataFrame(stored["rows"], columns=["item", "loading", "P", "E", "gap"]).set_index("item")
    assert (table["gap"] - (table["P"] - table["E"])).abs().max() > 0.0099  # 4.04 - 4.94 is printed as -0.89
    check = gk.published_check(table)
    assert check.rows["consistent"].all()
    assert check.headline == "all 24 rows agree with themselves within rounding"
    assert "Columns not used: loading." in check.method


def test_a_consistent_row_passes_and_its_correlation_is_the_one_a_pencil_gives():
    check = gk.published_check(consistent())
    assert check.contradictions.empty
    assert check.rows.loc["staff", "r_from_sd"] == pytest.approx(0.5)  # (1 + 1 - 1) / 2
    assert check.n == 100


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"gap": -0.6, "t": -6.0, "ci_low": -0.8, "ci_high": -0.4}, "staff: gap is printed as -0.6, but P - E gives"),
        ({"ci_low": -0.9}, "staff: gap is printed as -0.5, but the middle of its interval is"),
        ({"t": -3.2}, "staff: t is printed as -3.2, but gap and its sd and n give"),
        ({"t": 5.0}, "staff: t is printed as 5, but its sign is not that of the gap"),
        ({"sd_gap": 3.1}, "staff: sd_gap is printed as 3.1, but the interval's width gives"),
        ({"sd_gap": 3.1}, "staff: sd_gap, n imply an sd of the gap of"),
        ({"ci_low": -0.3, "ci_high": -0.7}, "staff: ci_high is printed as -0.7, but the lower end is"),
    ],
)
def test_each_kind_of_contradiction_is_put_into_a_sentence(changes, sentence):
    found = gk.published_check(consistent(**changes), decimals=2).contradictions["sentence"]
    assert any(text.startswith(sentence) for text in found), found.tolist()


def test_decimals_are_inferred_from_the_column_and_can_be_given():
    table = pd.DataFrame({"E": [5.25, 5.0], "P": [5.0, 4.5], "gap": [-0.25, -0.52]})
    assert gk.published_check(table).rows["consistent"].tolist() == [True, False]
    assert gk.published_check(table, decimals={"E": 1, "P": 1, "gap": 1}).rows["consistent"].all()


def test_empty_cells_are_left_out_of_the_checks():
    table = pd.DataFrame({"E": [5.0, np.nan], "P": [4.0, 4.0], "gap": [-1.0, np.nan]})
    assert gk.published_check(table).rows["consistent"].tolist() == [True, True]


def test_rows_of_one_name_are_kept_apart():
    table = pd.DataFrame({"E": [5.0, 5.0], "P": [4.0, 4.0], "gap": [-1.0, -2.0]}, index=["a", "a"])
    assert gk.published_check(table, decimals=1).rows["consistent"].tolist() == [True, False]


def test_a_table_without_known_columns_is_told_the_names():
    with pytest.raises(
        ValueError, match=r"nothing to check: the table has the columns mean, and the names looked for are E, P"
    ):
        gk.published_check(pd.DataFrame({"mean": [1.0]}))


def test_ranges_hold_every_number_that_rounds_to_the_printed_one():
    assert printed(-0.18, 2) == pytest.approx((-0.185, -0.175))
    assert Range(-2, 1).size() == (0, 2)
    assert Range(1, 2).over(Range(0, 4)) == (0.25, np.inf)
    assert Range(1, 2).minus(Range(0, 4)) == (-3, 2)
    assert Range(0, 1).meets(Range(1, 2))
    assert not Range(0, 1).meets(Range(1.1, 2))


@pytest.mark.parametrize("seed", range(20))
def test_a_table_rounded_from_real_answers_is_never_accused(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 400))
    e = np.clip(np.rint(rng.normal(6, 1, n)), 1, 7)
    p = np.clip(np.rint(rng.normal(5, 1.2, n) + 0.4 * (e - 6)), 1, 7)
    g = p - e
    se = g.std(ddof=1) / np.sqrt(n)
    from scipy import stats

    half = stats.t.ppf(0.975, n - 1) * se
    row = {"E": e.mean(), "P": p.mean(), "sd_E": e.std(ddof=1), "sd_P": p.std(ddof=1), "sd_gap": g.std(ddof=1)}
    row |= {"gap": g.mean(), "ci_low": g.mean() - half, "ci_high": g.mean() + half, "t": g.mean() / se}
    table = pd.DataFrame(row, index=["item"]).round(2)
    assert gk.published_check(table, n=n, decimals=2).contradictions.empty
