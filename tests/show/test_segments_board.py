"""The segments board without a browser: set a control, wait for the search, read what is shown."""

import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gapkit as gk
from gapkit.explain.segment_tests import LEVEL
from gapkit.show.text import interval, number, percent
from gapkit.show.widgets import SegmentsBoard
from gapkit.show.widgets.segments_words import reason_words, segments_tiles

QUICK = {"max_segments": 3, "draws": 19, "resamples": 5}
NASTY = '<img src=x onerror="alert(1)">'
PATIENCE = 240


@pytest.fixture(scope="module")
def found(hotel):
    return gk.segment(hotel, on="gaps", centre="person", progress=False, seed=0, **QUICK)


@pytest.fixture
def board(hotel, found, monkeypatch):
    """A board whose first search is done already; `test_what_is_found_...` searches for itself."""
    with monkeypatch.context() as quick:
        quick.setattr("gapkit.explain.segments.segment", lambda *_, **__: found)
        made = SegmentsBoard({"hotel": hotel}, settings=QUICK)
        assert made.wait(PATIENCE)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def one_cloud():
    return gk.simulate(n=300, seed=3, truth=gk.Truth(gaps=-0.6))


class Gate:
    """A search that stands still until it is let on."""

    def __init__(self, monkeypatch):
        self.open, self.begun, self.asked = threading.Event(), threading.Event(), []
        self._segment = gk.segment
        monkeypatch.setattr("gapkit.explain.segments.segment", self.search)

    def search(self, survey, *, progress, cancel, **asked):
        self.asked.append(asked)
        progress(0.25)
        self.begun.set()
        while not self.open.wait(0.01):
            if cancel():
                raise gk.SegmentsCancelled("stopped")
        return self._segment(survey, progress=progress, cancel=cancel, **asked)


@pytest.fixture
def gate(monkeypatch):
    made = Gate(monkeypatch)
    yield made
    made.open.set()


def row_of(board, card, data_id):
    """One row of a card's table."""
    return re.search(rf'<tr data-id="{data_id}">.*?</tr>', board.shown[card].value, re.DOTALL)[0]


def tile(board, key):
    """The number in one tile."""
    return re.search(rf'data-key="{key}">([^<]*)<', board.tiles.value)[1]


def test_what_is_found_is_what_the_library_finds(hotel, found):
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert board.wait(PATIENCE)
    profiles = gk.segment_profiles(found, hotel)
    assert board.alert.value == ""
    assert tile(board, "recommended") == str(found.recommended) == "3"
    assert tile(board, "stability") == number(found.stability["jaccard"].min())
    row = profiles.outcomes.loc[("recommend", "S1")]
    assert interval(row["low"], row["high"]) in board.shown["outcomes"].value
    size = profiles.sizes.loc["S1"]
    assert f"[{percent(size['low'])}, {percent(size['high'])}]" in board.shown["sizes"].value
    assert number(found.table.loc[2, "bic"], 0) in board.shown["choices"].value
    assert number(found.table.loc[2, "entropy"]) in row_of(board, "choices", "2")
    for name in ("profiles", "parallel", "stability", "silhouettes", "people"):
        assert 'role="img"' in board.shown[name].value, name


def test_members_are_drawn_one_by_one_in_the_scores_that_were_clustered(board, hotel, found):
    drawn = board.shown["parallel"].value
    assert "Gaps (P − E), own level taken out, 150 of 1200 people" in drawn
    shape = hotel.dimension_scores("gaps")
    shape = shape.sub(shape.mean(axis=1), axis=0).loc[found.membership.index]
    low, median, high = shape.loc[found.membership == "S1", "reliability"].quantile([0.25, 0.5, 0.75])
    said = f"Reliability {number(median, signed=True)} (half of them between"
    assert f"{said} {number(low, signed=True)} and {number(high, signed=True)})" in drawn
    view = board.view()
    assert len(view.some) == 150
    pd.testing.assert_frame_equal(view.scores, shape, check_names=False)


def test_the_page_has_its_controls_before_anything_is_found(gate, hotel):
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert gate.begun.wait(PATIENCE)
    assert board.busy
    assert "Segments" in board.heading.value
    assert board.body.layout.visibility == "hidden"
    assert 'role="progressbar"' in board.progress.value
    assert board.cancel.layout.display == ""
    gate.open.set()
    assert board.wait(PATIENCE)
    assert (board.busy, board.run.layout.display, board.body.layout.visibility) == (False, "none", None)


def test_scikit_learn_is_not_loaded_before_the_page_has_content():
    code = (
        "import sys\nfrom gapkit.show.widgets import SegmentsBoard\n"
        "board = SegmentsBoard(settings={'max_segments': 2, 'draws': 19, 'resamples': 2})\n"
        "print('sklearn' in sys.modules, board.busy, 'Segments' in board.heading.value)\nboard.stop()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_progress_is_told_while_it_runs(gate, hotel, monkeypatch):
    monkeypatch.setattr("gapkit.show.widgets.segments_search.PATIENCE", 0.0)
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert gate.begun.wait(PATIENCE)
    assert 'aria-valuenow="25"' in board.progress.value
    assert "25% done" in board.progress.value
    board.stop()


def test_a_first_search_that_is_called_off_can_be_begun_again(gate, hotel):
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert gate.begun.wait(PATIENCE)
    board.cancel.click()
    assert not board.busy
    assert "called off" in board.progress.value
    assert (board.cancel.layout.display, board.again.layout.display) == ("none", "")
    gate.begun.clear()
    gate.open.set()
    board.again.click()
    assert board.wait(PATIENCE)
    assert tile(board, "recommended") == "3"


def test_calling_off_a_later_search_goes_back_to_what_is_shown(board, monkeypatch):
    gate = Gate(monkeypatch)
    before = board.shown["profiles"].value
    board.technique.value, board.on.value = "kmeans", "perceptions"
    assert gate.begun.wait(PATIENCE)
    assert board.shown["profiles"].value == before
    board.cancel.click()
    assert (board.technique.value, board.on.value, board.busy) == ("profiles", "gaps", False)
    assert board.shown["profiles"].value == before
    assert "called off" in board.status.value


def test_a_newer_question_calls_the_older_search_off(gate, hotel):
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert gate.begun.wait(PATIENCE)
    older = board._search
    board.technique.value = "kmeans"
    assert older.cancelled
    assert older.wait(PATIENCE)
    gate.open.set()
    assert board.wait(PATIENCE)
    assert [asked["method"] for asked in gate.asked] == ["profiles", "kmeans"]
    assert "Explained" in board.shown["choices"].value


def test_what_was_found_is_not_searched_again(board, monkeypatch):
    gate = Gate(monkeypatch)
    board.count.value = 2
    board.language.value = "zh-Hans"
    board.page.value = "width=400;language=en"
    assert gate.asked == []
    assert not board.busy


def test_another_number_is_shown_as_the_readers_own_choice(board, found):
    board.count.value = 2
    assert "Shown are 2 segments; the tests say 3." in board.note.value
    assert tile(board, "recommended") == "3"
    assert percent(found.choose(2).stability["share"].iloc[0]) in board.shown["sizes"].value
    board.count.value = 1
    assert board.alert.value == ""
    assert "Everybody is in one segment" in board.shown["silhouettes"].value


def test_one_public_has_no_segments(one_cloud):
    board = SegmentsBoard({"cloud": one_cloud}, settings=QUICK)
    assert board.wait(PATIENCE)
    assert tile(board, "recommended") == "none"
    assert "so there are no segments" in board.reason.value
    assert "No segments found" in board.status.value
    assert "no columns of words" in board.shown["people"].value
    assert board.alert.value == ""


def test_cutting_a_cloud_by_level_is_said(one_cloud):
    board = SegmentsBoard({"cloud": one_cloud}, settings=QUICK)
    with board.quietly():
        board.centre.value, board.technique.value, board.on.value = "", "kmeans", "perceptions"
    board.attempt(board._draw)
    assert board.wait(PATIENCE)
    board.count.value = 2
    assert float(tile(board, "level").removesuffix("%")) > 80
    assert "which may be response style" in board.reason.value


def test_a_name_of_ones_own_is_shown_everywhere_and_can_be_taken_back(board):
    proposed = board.whose.options[0][0]
    board.names["S1"].value = "Commuters"
    for name in ("profiles", "sizes", "outcomes", "what_if", "people", "silhouettes"):
        assert "S1: Commuters" in board.shown[name].value, name
    board.language.value = "zh-Hans"
    assert "S1：Commuters" in board.shown["sizes"].value
    board.language.value = "en"
    board.names["S1"].value = ""
    assert proposed in board.shown["sizes"].value


def test_two_segments_of_one_name_are_an_alert_and_nothing_changes(board):
    board.names["S1"].value = "guests"
    board.names["S2"].value = "guests"
    assert "two segments would be called &quot;guests&quot;" in board.alert.value
    assert board.shown["sizes"].value.count("guests") == 1


def test_what_if_moves_one_segment_as_the_library_does(board, hotel, found):
    board.whose.value, board.dimension.value, board.shift.value = "S2", "reliability", 0.4
    placed = gk.with_segments(found, hotel)
    after = gk.apply(placed, gk.Scenario({"reliability": 0.4}, where={"segment": "S2"}))
    before, now = (gk.gap_scores(one, by="segment") for one in (placed, after))
    words = [number(scores.dimensions.loc[("S2", "reliability"), "gap"], signed=True) for scores in (before, now)]
    assert " → ".join(words) in board.shown["what_if"].value
    assert board.shown["what_if"].value.count("<b>") == 2, "only one segment moves"


def test_another_language_keeps_every_choice(board):
    board.count.value, board.shift.value = 2, 0.7
    board.language.value = "zh-Hans"
    assert (board.count.value, board.shift.value) == (2, 0.7)
    assert "顾客细分" in board.heading.value
    assert "群体之间的区别" in board.heads["profiles"].value
    assert board.cancel.description == "取消搜索"
    assert board.alert.value == ""


def test_the_reason_is_made_of_the_librarys_numbers_in_either_language(found):
    row, test = found.table.loc[3], found.found.tests[1]
    for language in ("en", "zh-Hans"):
        said = reason_words(found, language)
        assert not test.settled_early
        assert f"p = {number(row['p'], 2)}" in said
        assert number(row["gain"], 0) in said


def test_the_tile_says_how_large_the_smallest_segment_is(board, found):
    few = found.stability["n"].idxmin()
    n = found.stability["n"].min()
    assert f"the smallest, {few}: n = {n} ({percent(n / found.stability['n'].sum())})" in board.tiles.value
    assert "Caution" not in board.tiles.value


def test_small_segments_and_those_not_found_again_ask_for_caution_under_the_tile(found):
    stability = found.stability.assign(n=[1186, 9, 5], jaccard=[0.9, 0.74, 0.5])
    doubtful = SimpleNamespace(segments=replace(found, stability=stability), certainty=lambda: 0.9)
    half = number(stats.norm.ppf(0.975) / np.sqrt(5))
    said = {
        "en": ("n = 5 (0%)", f"a mean of 5 respondents is known to ±{half}", "below 0.75): S2 0.74, S3 0.50."),
        "zh-Hans": ("n = 5（0%）", f"只能精确到 ±{half}", "低于 0.75）：S2 0.74，S3 0.50。"),
        "zh-Hant": ("n = 5（0%）", f"±{half}", "低於 0.75）：S2 0.74，S3 0.50。"),
    }
    for language, parts in said.items():
        note = segments_tiles(doubtful, language)[0].note
        assert note.count("gk-caution") == 2
        for part in parts:
            assert part in note, language


def test_one_segment_asks_for_no_caution(found):
    alone = SimpleNamespace(segments=found.choose(1), certainty=lambda: 1.0)
    assert segments_tiles(alone, "en")[0].note == "<span>1 shown below</span>"


@pytest.mark.parametrize("p", [0.0476, 0.9])
def test_the_p_of_a_test_that_ended_early_is_a_bound_with_its_draws(found, p):
    first, test = found.found.tests
    early = replace(found, found=replace(found.found, tests=(first, test._replace(p=p, asked=99))))
    sign = "<" if p < LEVEL else ">"
    for language in ("en", "zh-Hans", "zh-Hant"):
        said = reason_words(early, language)
        assert f"p {sign} {LEVEL:g}" in said
        assert f"{len(test.null)}" in said
        assert "99" in said
        assert number(p, 3) not in said


def test_the_table_of_choices_says_how_many_surveys_each_test_drew(board, found):
    for size in (2, 3):
        row = found.table.loc[size]
        assert f"({row['draws']:.0f})" in row_of(board, "choices", str(size))


def test_a_survey_that_is_too_small_is_an_alert(make_survey):
    board = SegmentsBoard({"few": make_survey([4, 5, 6] * 3)}, settings=QUICK)
    assert board.wait(PATIENCE)
    assert 'role="alert"' in board.alert.value
    assert not board.busy


def test_a_search_that_fails_leaves_what_is_shown(board, hotel, monkeypatch):
    def fail(*_, **__):
        raise ValueError("no such thing")

    monkeypatch.setattr("gapkit.explain.segments.segment", fail)
    before = board.shown["profiles"].value
    board.on.value = "importance"
    assert board.wait(PATIENCE)
    assert "no such thing" in board.alert.value
    assert board.on.value == "gaps"
    assert board.shown["profiles"].value == before


def test_only_what_was_asked_can_be_chosen(one_cloud):
    perceptions = replace(one_cloud, expectations=None, allocations=None)
    board = SegmentsBoard({"P": perceptions}, settings=QUICK)
    assert [key for _, key in board.on.options] == ["perceptions"]
    assert board.wait(PATIENCE)
    assert board.alert.value == ""
    assert "Overall perception" in board.shown["what_if"].value


def test_names_from_a_file_are_only_ever_text(hotel):
    people = hotel.respondents.rename(columns={"purpose": NASTY}).replace({"age": {"55+": NASTY}})
    nasty = replace(hotel, respondents=people, source=replace(hotel.source, title=NASTY))
    board = SegmentsBoard({NASTY: nasty}, settings=QUICK)
    assert board.wait(PATIENCE)
    board.names["S1"].value = NASTY
    assert board.alert.value == ""
    for widget in (board.heading, board.foot, board.tiles, *board.shown.values()):
        assert "<img" not in widget.value
    assert "&lt;img" in board.shown["people"].value


def test_figures_follow_the_pages_width(board):
    board.page.value = "width=340;language=en"
    assert all('width="340"' in board.shown[name].value for name in ("profiles", "stability", "silhouettes", "people"))


def test_a_small_segment_is_hidden_and_said(one_cloud):
    people = pd.DataFrame({"truth_segment": "x"}, index=one_cloud.respondents.index)
    E, P = one_cloud.expectations.copy(), one_cloud.perceptions.copy()
    E.iloc[:4], P.iloc[:4] = 7.0, np.where(np.arange(22) < 4, 7.0, 1.0)  # four who are like nobody else
    odd = replace(one_cloud, expectations=E, perceptions=P, respondents=people)
    board = SegmentsBoard({"odd": odd}, settings={**QUICK, "max_segments": 2})
    assert board.wait(PATIENCE)
    board.count.value = 2
    assert "Not shown: S2 (fewer than 5 respondents)." in board.note.value
    assert [key for _, key in board.whose.options] == ["S1"]


def test_a_search_that_was_left_behind_does_not_draw(gate, hotel):
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert gate.begun.wait(PATIENCE)
    left = board._search
    board.stop()
    gate.open.set()
    assert left.wait(PATIENCE)
    time.sleep(0.05)
    assert board.tiles.value == ""


def test_under_voila_the_search_waits_for_the_page(gate, hotel, monkeypatch):
    monkeypatch.setenv("VOILA_BASE_URL", "/")
    board = SegmentsBoard({"hotel": hotel}, settings=QUICK)
    assert not board.busy
    assert 'role="progressbar"' in board.progress.value
    assert board.again.layout.display == "none"
    board.page.value = "width=640;language=en"
    assert board.busy
    gate.open.set()
    assert board.wait(PATIENCE)
    assert tile(board, "recommended") == "3"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_reason_and_methods_are_said_in_chinese(board, english_in, language):
    board.language.value = language
    assert english_in(board.foot.value) == []
    assert {"zh-Hans": "高斯混合", "zh-Hant": "BCH"}[language] in board.foot.value
