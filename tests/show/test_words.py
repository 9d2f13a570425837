"""Text alternatives hold the numbers of the figure, in both languages."""

import numpy as np
import pandas as pd

from gapkit.show.plots import describe_gaps, describe_heat, describe_likert


def test_every_row_is_read_out_with_its_interval(gap_rows):
    spoken = describe_gaps(gap_rows, labels=["Empathy", "Assurance"], source="Forty guests, n = 40")
    assert "Empathy: expected 6.00, perceived 4.50, gap −1.50, 95% interval −1.70 to −1.30." in spoken
    assert spoken.startswith("Lowest: Empathy, gap −1.50. Highest: Assurance, gap −1.00.")
    assert spoken.endswith("Forty guests, n = 40.")


def test_it_is_read_out_in_chinese(gap_rows):
    spoken = describe_gaps(gap_rows, labels=["移情性", "保证性"], language="zh-Hans", confidence=0.9)
    assert "移情性：期望 6.00，感知 4.50，差距 −1.50，90% 置信区间 −1.70 至 −1.30。" in spoken


def test_one_row_has_no_lowest_and_highest(gap_rows):
    assert "Lowest" not in describe_gaps(gap_rows.head(1))


def test_a_row_that_is_not_measured_is_read_as_a_dash(gap_rows):
    gap_rows.loc["assurance"] = np.nan
    assert "assurance: expected –, perceived –, gap –" in describe_gaps(gap_rows)


def test_a_hidden_group_is_said_not_to_be_shown():
    spoken = describe_heat(pd.DataFrame({"A": [-1.0, -2.0], "B": [np.nan, np.nan]}, index=["x", "y"]))
    assert "A: from −2.00 (y) to −1.00 (x)." in spoken
    assert "B: not shown." in spoken


def test_shares_are_read_out():
    spoken = describe_likert(pd.DataFrame([[0.1, 0.2, 0.4, 0.2, 0.1]], index=["x"]), language="zh-Hans")
    assert spoken == "x：30% 低于量表中点，40% 等于中点，30% 高于中点。"
