"""The gap explorer without a browser: set a control's value, read what is shown."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.text import interval, number
from gapkit.show.widgets import GapExplorer
from gapkit.show.widgets.survey_choice import offered

NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture
def board(hotel):
    return GapExplorer({"hotel": hotel})


def tile(board, key):
    """The number in one tile."""
    return re.search(rf'data-key="{key}">([^<]*)<', board.tiles.value)[1]


def cells(board, id):
    """The texts of one table row."""
    row = re.search(rf'<tr data-id="{id}">(.*?)</tr>', board.table.value)[1]
    return [text for text in re.sub(r"<[^>]*>", "\t", row).split("\t") if text]


def options(control):
    return [value for _, value in control.options]


def test_the_first_view_shows_the_overall_gap_as_the_library_computes_it(board, hotel):
    overall = gk.gap_scores(hotel).overall.loc["overall"]
    assert tile(board, "head") == number(overall["gap"], signed=True)
    assert interval(overall["low"], overall["high"]) in board.tiles.value


def test_items_that_run_against_their_dimension_are_told_above_every_number_in_the_readers_language(hotel):
    odd = replace(hotel, source=replace(hotel.source, against=("q12", NASTY)))
    board = GapExplorer({"hotel": odd})
    assert "q12, &lt;img src=x" in board.heading.value
    assert "run against the other items of their dimensions" in board.heading.value
    board.language.value = "zh-Hant"
    assert "與所在構面的其他題項方向相反" in board.heading.value
    assert "gk-against" not in GapExplorer({"hotel": hotel}).heading.value


def test_the_largest_gap_is_named(board, hotel):
    gaps = gk.gap_scores(hotel).dimensions["gap"]
    assert tile(board, "largest") == number(gaps.min(), signed=True)
    assert f"Largest gap: {hotel.instrument.label(gaps.idxmin())}" in board.tiles.value


def test_the_figure_holds_every_dimension_and_describes_itself(board, hotel):
    svg = board.figure.value
    for id, row in gk.gap_scores(hotel).dimensions.iterrows():
        assert f">{hotel.instrument.label(id)}<" in svg
        assert number(row["gap"], signed=True) in svg.split("</desc>")[0]
    assert "Hotel guests, simulated, n = 1200" in svg


def test_the_item_table_shows_every_item(board, hotel):
    row = gk.gap_scores(hotel).items.loc["q07"]
    numbers = [number(row["E"]), number(row["P"]), number(row["gap"], signed=True), interval(row["low"], row["high"])]
    assert cells(board, "q07") == [hotel.instrument.label("q07"), *numbers, f"{row['n']:.0f}"]
    assert board.table.value.count("data-id=") == 22


def test_a_dimension_shows_its_items_only(board, hotel):
    board.dimension.value = "reliability"
    scores = gk.gap_scores(hotel)
    assert tile(board, "head") == number(scores.dimensions.loc["reliability", "gap"], signed=True)
    assert board.table.value.count("data-id=") == 5
    assert ">Records free of errors<" in board.figure.value
    assert ">Empathy<" not in board.figure.value


def test_a_group_shows_its_own_numbers(board, hotel):
    board.by.value, board.group.value = "hotel", "B"
    row = gk.gap_scores(hotel, by="hotel").overall.loc[("B", "overall")]
    assert tile(board, "head") == number(row["gap"], signed=True)
    assert f"hotel = B, simulated, n = {row['n']:.0f}" in board.figure.value


def test_groups_are_compared_side_by_side(board, hotel):
    board.by.value = "hotel"
    scores = gk.gap_scores(hotel, by="hotel")
    assert board.group.value == ""
    assert tile(board, "lowest") == number(scores.overall["gap"].min(), signed=True)
    assert tile(board, "highest") == number(scores.overall["gap"].max(), signed=True)
    assert cells(board, "q01")[1:] == [number(gap, signed=True) for gap in scores.items["gap"].xs("q01", level=1)]


def test_groups_are_compared_in_the_chosen_dimension(board, hotel):
    board.by.value, board.dimension.value = "hotel", "empathy"
    gaps = gk.gap_scores(hotel, by="hotel").dimensions["gap"].xs("empathy", level=1)
    assert tile(board, "lowest") == number(gaps.min(), signed=True)
    assert board.table.value.count("data-id=") == 5


def test_weights_are_used_where_the_survey_has_them_and_can_be_left_out(board, hotel):
    from dataclasses import replace

    assert board.weighting.value == "survey"
    board.weighting.value = "none"
    plain = replace(hotel, respondents=hotel.respondents.drop(columns="weight"))
    assert tile(board, "head") == number(gk.gap_scores(plain).overall.loc["overall", "gap"], signed=True)
    assert "Every respondent counts once." in board.note.value


def test_importance_points_weight_the_overall_gap(board, hotel):
    board.weighting.value = "allocations"
    scores = gk.gap_scores(hotel)
    assert tile(board, "head") == number(scores.weighted.loc["weighted", "gap"], signed=True)
    assert tile(board, "other") == number(scores.overall.loc["overall", "gap"], signed=True)
    assert "Gap weighted by importance" in board.tiles.value


def test_survey_weights_count_three_times(three_hotels):
    # hotel A: -1 in four dimensions, -2 in one = -1.2, weight 6; B: 0, weight 18; C: -5, weight 3
    board = GapExplorer({"three": three_hotels})
    assert tile(board, "head") == number((6 * -1.2 + 18 * 0 + 3 * -5) / 27, signed=True)
    board.weighting.value = "none"
    assert tile(board, "head") == number((6 * -1.2 + 6 * 0 + 3 * -5) / 15, signed=True)


def test_a_group_that_is_too_small_is_neither_offered_nor_shown_nor_left_over_by_subtraction(three_hotels):
    board = GapExplorer({"three": three_hotels})
    board.by.value = "hotel"
    assert options(board.group) == ["", "B"]  # with A shown too, everyone less A and B would be C
    assert "Not shown: A, C (fewer than 5 respondents, or would give so few away by subtraction)." in board.tiles.value
    shown = board.tiles.value + board.figure.value + board.table.value
    assert "−5.00" not in shown


def test_a_group_none_of_whose_items_may_be_shown_has_an_empty_column(make_survey):
    # each guest of hotel A answered one item of each dimension, no item was answered by more than four
    survey = make_survey([5] * 30, respondents=pd.DataFrame({"hotel": ["A"] * 10 + ["B"] * 20}))
    for guest in range(10):
        kept = [part.items[guest % len(part.items)] for part in survey.instrument.dimensions]
        survey.perceptions.loc[guest, survey.perceptions.columns.difference(kept)] = np.nan
    board = GapExplorer({"sparse": survey})
    board.by.value = "hotel"
    assert board.alert.value == ""
    assert options(board.group) == ["", "A", "B"]
    heat = board.view().heat
    assert heat["A"].isna().all()
    board.group.value = "A"
    assert board.alert.value == ""
    assert board.view().head["n"] == 10


def test_columns_without_two_groups_large_enough_are_not_offered(three_hotels, make_survey):
    assert options(GapExplorer({"three": three_hotels}).by) == ["", "hotel"]
    names = pd.DataFrame({"name": [f"guest {i}" for i in range(12)], "one": "A", "number": range(12)})
    assert options(GapExplorer({"s": make_survey([5] * 12, respondents=names)}).by) == [""]


def test_another_language_keeps_every_choice(board):
    board.dimension.value, board.by.value, board.group.value, board.weighting.value = "empathy", "hotel", "D", "none"
    before = board.choice()
    shown = tile(board, "head")
    board.language.value = "zh-Hans"
    assert board.choice() == before
    assert tile(board, "head") == shown
    assert "移情性的差距" in board.tiles.value
    assert board.dimension.description == "维度"
    assert 'lang="zh-Hans"' in board.heading.value
    board.language.value = "en"
    assert board.choice() == before
    assert "Gap in Empathy" in board.tiles.value


def test_no_english_is_left_on_a_chinese_board(board):
    board.language.value = "zh-Hans"
    spoken = board.tiles.value + board.table.value + board.note.value + board.status.value
    words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]*>", " ", spoken)))
    assert words == set()


def test_the_artists_stay_while_the_rows_are_the_same(board):
    board.by.value, board.group.value = "hotel", "A"
    before = board._dumbbell[2]
    board.group.value = "B"
    assert board._dumbbell[2] is before


def test_the_figure_is_drawn_for_the_width_of_the_page(board):
    assert 'width="640"' in board.figure.value
    board.page.value = "width=345"
    assert 'width="340"' in board.figure.value


def test_a_move_back_is_not_computed_again(board, monkeypatch):
    from gapkit.show.widgets import gap_explorer

    board.dimension.value = "empathy"
    monkeypatch.setattr(gap_explorer, "gap_scores", None)
    board.dimension.value = ""
    assert board.alert.value == ""


def test_a_survey_without_expectations_is_an_alert(make_survey):
    from dataclasses import replace

    lacking = replace(make_survey([5] * 12), expectations=None)
    board = GapExplorer({"whole": make_survey([5] * 12), "lacking": lacking})
    shown = tile(board, "head")
    board.data.value = "lacking"
    assert 'role="alert"' in board.alert.value
    assert "expectations" in board.alert.value
    assert tile(board, "head") == shown


def test_a_data_set_that_cannot_be_loaded_leaves_the_one_that_is_shown(monkeypatch, tmp_path):
    (tmp_path / "kservqual").mkdir()
    (tmp_path / "kservqual" / "kiosk.csv").write_text("not the file that is meant")
    monkeypatch.setenv("GAPKIT_DATA", str(tmp_path))
    board = GapExplorer()
    shown = tile(board, "head")
    board.data.value = "kservqual"
    assert 'role="alert"' in board.alert.value
    assert "sha256" in board.alert.value
    assert board.data.value == "hotel"
    assert tile(board, "head") == shown


def test_an_external_data_set_is_offered_only_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.delenv("GAPKIT_DATA", raising=False)
    assert offered() == ["hotel"]
    monkeypatch.setenv("GAPKIT_DATA", str(tmp_path))
    assert offered() == ["hotel"]


def test_the_kiosk_survey_is_shown_with_the_items_outside_its_dimensions():
    if "kservqual" not in offered():
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    board = GapExplorer()
    board.data.value = "kservqual"
    assert board.alert.value == ""
    scores = gk.gap_scores(gk.datasets.load("kservqual"))
    assert tile(board, "head") == number(scores.overall.loc["overall", "gap"], signed=True)
    assert "In no dimension" in board.table.value
    assert cells(board, "q23")[3] == number(scores.items.loc["q23", "gap"], signed=True)
    assert "real answers" in board.heading.value
    assert "simulated" not in board.heading.value + board.figure.value
    board.data.value = "hotel"
    assert "simulated" in board.figure.value


def test_nothing_from_a_file_becomes_markup(make_survey):
    respondents = pd.DataFrame({NASTY: [NASTY] * 6 + ["$x_1$ & \x07"] * 6})
    board = GapExplorer({NASTY: make_survey([5] * 6 + [4] * 6, respondents=respondents, title=NASTY)})
    board.by.value = NASTY
    pages = [
        board.heading,
        board.tiles,
        board.figure,
        board.figure_head,
        board.table,
        board.foot,
        board.note,
        board.status,
    ]
    for group in options(board.group):
        board.group.value = group
        assert board.alert.value == ""
        assert all("<img" not in page.value for page in pages)
        assert any("&lt;img" in page.value for page in pages)


def test_an_item_that_one_group_left_out_is_a_dash(make_survey):
    survey = make_survey([5] * 12, respondents=pd.DataFrame({"hotel": list("AAAAAABBBBBB")}))
    survey.perceptions.loc[:5, "q01"] = np.nan
    board = GapExplorer({"s": survey})
    board.by.value = "hotel"
    assert cells(board, "q01")[1:] == ["–", "−1.00"]
    board.group.value = "A"
    assert cells(board, "q01")[1:] == ["–"] * 5
    board.dimension.value = "tangibles"
    assert board.alert.value == ""
    assert "[–, –]" in board.figure.value


def test_everything_that_was_left_out_is_told(make_survey):
    survey = make_survey([5] * 12).only([True] * 10 + [False] * 2, why="speeding")
    assert "speeding (n = 2)" in GapExplorer({"s": survey}).foot.value


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_method_and_what_was_left_out_are_said_in_chinese(board, english_in, language):
    board.language.value = language
    board.by.value = "hotel"
    assert english_in(board.foot.value) == []
    assert 'lang="en"' not in board.foot.value
    for word in {"zh-Hans": ("Holm 校正", "Kish 有效 n"), "zh-Hant": ("Holm 校正", "變異量")}[language]:
        assert word in board.foot.value


def test_reasons_for_leaving_out_are_said_in_chinese(make_survey, english_in):
    survey = make_survey([5, 6, 6, 7] * 5).without([True] * 2 + [False] * 18)
    board = GapExplorer({"guests": survey}, language="zh-Hans")
    assert "剔除： 受访者：有敷衍作答的迹象（n = 2）" in board.foot.value
    assert english_in(board.foot.value) == []
