"""Points out of 100 in a file nobody has described: found by name and sum, used only where both are clear."""

import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")
DIMENSIONS = list(SERVQUAL.dimension_ids)
# what six guests gave, planted: a row a guest, a column a dimension
SPLIT = np.array(
    [
        [20, 30, 20, 15, 15],
        [10, 40, 20, 20, 10],
        [0, 100, 0, 0, 0],
        [5, 35, 25, 25, 10],
        [25, 25, 25, 15, 10],
        [15, 35, 20, 10, 20],
    ]
)


def guests(heads, split=SPLIT):
    """Expectations of 6 and perceptions of 5 throughout, and points under the given heads."""
    halves = {f"{code}{j}": [level] * len(split) for code, level in (("E", 6), ("P", 5)) for j in range(1, 23)}
    return pd.concat([pd.DataFrame(halves), pd.DataFrame(split, columns=list(heads))], axis=1)


def loaded(file, suggestion):
    return gk.load_survey(file, card=suggestion.card)


def heads(pattern, language=None):
    """A head for each dimension, by its id or its label."""
    return [pattern.format(SERVQUAL.label(id, language) if language else id) for id in DIMENSIONS]


@pytest.mark.parametrize(
    "names",
    [
        heads("points_{}"), heads("Importance of {} (0-100)", "en"), heads("{}"), heads("weight.{}"),
        heads("{}的权重", "zh-Hans"), heads("重要性分配—{}", "zh-Hans"), heads("{}（分）", "zh-Hant"),
        ["pts_tan", "pts_rel", "pts_resp", "pts_assur", "pts_emp"],
        ["W1 tangible", "W2 reliab", "W3 respons", "W4 assurance", "W5 empathy"],
        ["有形", "可靠", "响应", "保证", "移情"],
    ],
)  # fmt: skip
def test_points_are_found_by_the_names_of_the_dimensions(names):
    file = guests(names)
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.headline.endswith("perceptions 22 of 22 items, points for 5 dimensions")
    assert suggestion.notes == ()
    np.testing.assert_array_equal(loaded(file, suggestion).allocations.to_numpy(), SPLIT)


def test_names_tell_the_dimensions_apart_whatever_the_order():
    order = [3, 0, 4, 2, 1]
    file = guests([f"points for {DIMENSIONS[j]}" for j in order], SPLIT[:, order])
    survey = loaded(file, gk.suggest_card(file, "servqual"))
    np.testing.assert_array_equal(survey.allocations.to_numpy(), SPLIT)
    assert list(survey.allocations.columns) == DIMENSIONS


def test_the_row_of_a_column_says_what_speaks_for_it():
    row = gk.suggest_card(guests(heads("weight {}")), "servqual").columns.iloc[45]
    assert row[["battery", "item", "confidence", "placed"]].tolist() == ["allocations", "reliability", 0.95, True]
    assert row["why"] == (
        "columns 45 to 49: 100% of the respondents who filled them reach 100; the dimension reliability in its name"
    )


def test_the_found_points_weigh_the_gap():
    # the gap is -1 in every dimension but reliability, where it is -3; guest i weighs it by SPLIT[i, 1] / 100
    file = guests(heads("importance {}"))
    file[["P5", "P6", "P7", "P8", "P9"]] = 3
    scores = gk.gap_scores(loaded(file, gk.suggest_card(file, "servqual")))
    expected = np.mean([-1 - 2 * share / 100 for share in (30, 40, 100, 35, 25, 35)])
    assert scores.weighted["gap"].iloc[0] == pytest.approx(expected)


def test_the_toml_holds_the_points(tmp_path):
    suggestion = gk.suggest_card(guests(heads('"{}" %')), "servqual")
    card = tomllib.loads(suggestion.to_toml())
    assert card["columns"]["allocations"]["names"] == {id: f'"{id}" %' for id in DIMENSIONS}


def test_heads_that_stand_twice_are_found_by_their_place():
    file = guests(heads("{}"))
    file.columns = [*file.columns[:-1], "P1"]
    file = file.rename(columns={"P1": "empathy"})
    file["P1"] = 5
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.columns["header"].tolist().count("empathy") == 2
    np.testing.assert_array_equal(loaded(file, suggestion).allocations.to_numpy(), SPLIT)


# by sum


@pytest.mark.parametrize("names", [["A", "B", "C", "D", "F"], [f"points{j}" for j in range(1, 6)], heads("x")])
def test_columns_that_sum_are_shown_and_left_alone_where_no_name_says_which(names):
    file = guests(names)
    suggestion = gk.suggest_card(file, "servqual")
    rows = suggestion.columns.iloc[44:]
    assert (rows["battery"] == "allocations").all()
    assert rows["item"].isna().all()
    assert not rows["placed"].any()
    assert "do not say which column belongs to which dimension: not used" in suggestion.notes[0]
    survey = loaded(file, suggestion)
    assert survey.allocations is None


def test_the_last_dimension_belongs_to_the_last_column():
    file = guests(["tangibles", "reliability", "responsiveness", "the fourth", "empathy"])
    suggestion = gk.suggest_card(file, "servqual")
    row = suggestion.columns.iloc[47]
    assert row[["item", "confidence", "placed"]].tolist() == ["assurance", 0.8, True]
    assert row["why"].endswith("assurance, which no other of them names")
    np.testing.assert_array_equal(loaded(file, suggestion).allocations.to_numpy(), SPLIT)


def test_elimination_is_not_sure_enough_for_whoever_asks_for_more():
    file = guests(["tangibles", "reliability", "responsiveness", "the fourth", "empathy"])
    suggestion = gk.suggest_card(file, "servqual", at_least=0.9)
    assert suggestion.card.allocations is None
    assert suggestion.columns["placed"].sum() == 44
    assert suggestion.columns.loc[47, "why"].startswith("not sure enough (0.80); columns 45 to 49")


def test_names_of_three_dimensions_are_not_enough():
    file = guests(["tangibles", "reliability", "responsiveness", "the fourth", "the fifth"])
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.columns["item"].iloc[44:].tolist()[:3] == DIMENSIONS[:3]
    assert suggestion.card.allocations is None
    assert "do not say which column belongs to which dimension" in suggestion.notes[0]


@pytest.mark.parametrize(
    "split",
    [
        pytest.param(SPLIT // 5, id="they sum to 20"),
        pytest.param(SPLIT + 1, id="they sum to 105"),
        pytest.param(SPLIT[:2], id="two respondents are too few"),
        pytest.param(np.tile([20, 20, 20, 20, 20], (6, 1)), id="the same throughout"),
    ],
)
def test_without_names_only_a_sum_of_100_that_is_no_accident_speaks_for_points(split):
    suggestion = gk.suggest_card(guests(["A", "B", "C", "D", "F"], split), "servqual")
    assert suggestion.columns["battery"].iloc[44:].isna().all()
    assert suggestion.notes == ()


def test_ratings_of_the_dimensions_are_no_points():
    ratings = np.array([[7, 6, 5, 6, 7], [5, 5, 6, 7, 7], [4, 6, 7, 6, 5], [9, 10, 8, 9, 9]])
    for pattern in ("importance of {}", "{}"):
        suggestion = gk.suggest_card(guests(heads(pattern), ratings), "servqual")
        assert suggestion.columns["battery"].iloc[44:].isna().all()
        assert suggestion.card.allocations == {}


def test_mean_scores_beside_the_points_are_not_mixed_up_with_them():
    file = guests(heads("points {}")).assign(**{f"mean {id}": 5.2 for id in DIMENSIONS})
    suggestion = gk.suggest_card(file, "servqual")
    np.testing.assert_array_equal(loaded(file, suggestion).allocations.to_numpy(), SPLIT)


# missing, and rows that do not sum


def test_blanks_and_respondents_without_points_do_not_stand_in_the_way():
    split = SPLIT.astype(float)
    split[2] = [np.nan, 100, np.nan, np.nan, np.nan]
    split[4] = np.nan
    file = guests(heads("points for {}"), split)
    points = loaded(file, gk.suggest_card(file, "servqual")).allocations
    np.testing.assert_array_equal(points.iloc[2], [0, 100, 0, 0, 0])
    assert points.iloc[4].isna().all()


def test_rows_that_do_not_sum_are_named_and_the_points_not_used():
    split = np.tile(SPLIT, (5, 1))
    split[7, 0] += 10
    file = guests(heads("weight of {}"), split)
    suggestion = gk.suggest_card(file, "servqual")
    rows = suggestion.columns.iloc[44:]
    assert rows["item"].tolist() == DIMENSIONS
    assert not rows["placed"].any()
    assert rows["why"].iloc[0].startswith("not all rows sum to 100; columns 45 to 49: 97% of the respondents")
    assert suggestion.notes == (
        "weight of tangibles, weight of reliability, weight of responsiveness, weight of assurance, weight of empathy "
        "are points for the dimensions, but do not sum to 100 everywhere (row 9): not used. Correct these rows, or "
        "leave all their points empty.",
    )
    assert loaded(file, suggestion).allocations is None
    emptied = file.astype(float)
    emptied.iloc[7, 44:] = np.nan
    assert loaded(emptied, gk.suggest_card(emptied, "servqual")).allocations.notna().all(axis=1).sum() == 29


def test_points_that_are_off_in_most_rows_are_still_known_by_their_names():
    file = guests(heads("points_{}"), SPLIT + np.array([0, 0, 0, 0, 1]))
    suggestion = gk.suggest_card(file, "servqual")
    assert "do not sum to 100 everywhere (rows 2, 3, 4, 5, 6, 7): not used" in suggestion.notes[0]


def test_a_card_can_say_that_there_are_no_points():
    file = guests(heads("points_{}"))
    suggestion = gk.suggest_card(file, "servqual")
    assert gk.load_survey(file, card=replace(suggestion.card, allocations={})).allocations is not None
    assert gk.load_survey(file, card=replace(suggestion.card, allocations=None)).allocations is None


def test_the_hotel_guests_points_are_found():
    known = gk.datasets.load("hotel")
    split = known.allocations.to_numpy(float)
    file = guests(heads("Points for {}", "en"), split)
    points = loaded(file, gk.suggest_card(file, "servqual")).allocations
    np.testing.assert_array_equal(points.to_numpy(), split)
