"""The boards' pieces of HTML."""

import re

import numpy as np
import pandas as pd

from gapkit.show.widgets.pieces import Section, Tile, gap_table, heat_table, tiles

NASTY = "<b onclick=alert(1)>"


def texts(markup):
    return [words for words in re.sub(r"<[^>]*>", "\t", markup).split("\t") if words]


def test_a_tile_says_what_the_number_is():
    assert texts(tiles([Tile("Overall gap", "−1.00", "n 12", "head")])) == ["Overall gap", "−1.00", "n 12"]


def test_a_tile_escapes_what_it_is_given():
    assert NASTY not in tiles([Tile(NASTY, NASTY, NASTY, NASTY)])


def test_bars_are_as_long_as_their_share_of_the_largest_gap():
    table = pd.DataFrame({"E": [6, 6], "P": [4, 7], "gap": [-2.0, 1.0], "low": [-3, 0], "high": [-1, 2], "n": [9, 9]})
    table.index = ["a", "b"]
    labels = {"a": "A", "b": "B"}
    made = gap_table(table, sections=[Section("", ["a", "b"])], labels=labels, caption="c", language="en")
    assert re.findall(r"gk-(short|over)\" style=\"--gk-share:([\d.]+)", made) == [("short", "1.000"), ("over", "0.500")]


def test_an_item_that_is_not_in_the_table_is_a_row_of_dashes():
    table = pd.DataFrame({name: [1.0] for name in ("E", "P", "gap", "low", "high", "n")}, index=["a"])
    labels = {"a": "A", "b": NASTY}
    made = gap_table(table, sections=[Section(NASTY, ["b"])], labels=labels, caption=NASTY, language="en")
    assert texts(made)[-6:] == ["&lt;b onclick=alert(1)&gt;", "–", "–", "–", "–", "–"]
    assert NASTY not in made


def test_hidden_cells_of_a_heat_table_are_dashes():
    table = pd.DataFrame({"A": [-1.0, np.nan], NASTY: [0.5, 0.25]}, index=["a", "b"])
    made = heat_table(
        table, sections=[Section("", ["a", "b", "c"])], labels=dict.fromkeys("abc", "x"), caption="c", language="en"
    )
    assert texts(made)[-9:] == ["x", "−1.00", "+0.50", "x", "–", "+0.25", "x", "–", "–"]
    assert NASTY not in made
