"""The factor lab without a browser: set a control's value, read what is shown."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import gapkit as gk
from gapkit.show.text import number, percent
from gapkit.show.widgets import FactorLab

NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def hotel():
    """The hotel's guests who answered everything: 493 of them, quicker than all."""
    survey = gk.datasets.load("hotel")
    answered = survey.perceptions.notna().all(axis=1) & survey.expectations.notna().all(axis=1)
    return survey.only(answered, why="not everything answered")


@pytest.fixture
def board(hotel):
    return FactorLab({"hotel": hotel})


def tile(board, key):
    """The number in one tile."""
    return re.search(rf'data-key="{key}">([^<]*)<', board.tiles.value)[1]


def options(control):
    return [value for _, value in control.options]


def solved(hotel, battery="perceptions", kind="polychoric", **settings):
    answers = hotel.gaps if battery == "gaps" else hotel.battery(battery)
    return gk.efa(answers, kind=kind, weights=hotel.weights, **settings)


def cells(board, id):
    """The texts of one row of the congruence table."""
    row = re.search(rf'<tr data-id="{id}">(.*?)</tr>', board.table.value)[1]
    return [text for text in re.sub(r"<[^>]*>", "\t", row).split("\t") if text]


def test_the_first_view_has_the_theorys_number_of_factors_as_the_library_finds_them(board, hotel):
    factors = solved(hotel, n_factors=5)
    assert board.n_factors.value == 5
    assert tile(board, "explained") == percent(factors.communalities.mean())
    assert tile(board, "placed") == f"{gk.congruence(factors, hotel.instrument).placed} of 22"
    between = factors.phi.to_numpy()[np.triu_indices(5, 1)]
    assert tile(board, "strongest") == number(between[np.abs(between).argmax()])
    assert f"RMSR {number(factors.fit['rmsr'].iloc[0], 3)}" in board.tiles.value


def test_the_advice_is_parallel_analysis_of_pearson_correlations(board, hotel):
    matrix = gk.correlation(hotel.perceptions, weights=hotel.weights)
    assert tile(board, "suggested") == str(gk.retention(matrix, draws=300, seed=0).n_factors)


def test_every_loading_above_the_cutoff_is_in_the_figure(board, hotel):
    board.n_factors.value = 3
    loadings = solved(hotel, n_factors=3).loadings
    for value in loadings.to_numpy().ravel():
        if abs(value) >= 0.1:
            assert f">{number(value)}<" in board.loadings.value
    assert hotel.instrument.label("q18") in board.loadings.value.split("</desc>")[0]


def test_another_number_of_factors_moves_everything(board):
    before = [part.value for part in (board.tiles, board.loadings, board.scree, board.phi, board.table)]
    board.n_factors.value = 4
    after = [part.value for part in (board.tiles, board.loadings, board.scree, board.phi, board.table)]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert "4 chosen" in board.scree.value
    assert "Loadings, 4 factors" in board.loadings_head.value


def test_an_orthogonal_rotation_has_no_factor_correlations(board):
    board.rotation.value = "varimax"
    assert tile(board, "strongest") == "–"
    assert "this rotation forbids correlations" in board.tiles.value


def test_pearson_and_polychoric_are_the_librarys(board, hotel):
    board.kind.value = "pearson"
    assert tile(board, "explained") == percent(solved(hotel, kind="pearson", n_factors=5).communalities.mean())
    assert "(descriptive)" not in board.tiles.value
    board.kind.value = "polychoric"
    assert "(descriptive)" in board.tiles.value


def test_gaps_are_analysed_by_pearson_correlations_only(board, hotel):
    board.battery.value = "gaps"
    assert options(board.kind) == ["pearson"]
    expected = solved(hotel, "gaps", "pearson", n_factors=5).communalities.mean()
    assert tile(board, "explained") == percent(expected)
    board.battery.value = "expectations"
    assert options(board.kind) == ["polychoric", "pearson"]


def test_the_congruence_table_is_the_librarys_and_marks_the_matched_factor(board, hotel):
    found = gk.congruence(solved(hotel, n_factors=5), hotel.instrument)
    row = cells(board, "reliability")
    assert row == ["Reliability", *[number(value) for value in found.coefficients["reliability"]]]
    assert board.table.value.count("<b>") == 5


def test_fewer_factors_than_dimensions_are_pointed_out(board):
    assert board.note.value == "<p></p>"
    board.n_factors.value = 3
    assert "5 dimensions, 3 factors" in board.note.value


def test_a_heywood_case_is_named_by_its_item(hotel):
    # an item that is another one but for every hundredth guest needs a factor of its own
    odd = hotel.perceptions.copy()
    odd["q02"] = (odd["q01"] + (np.arange(len(odd)) % 100 == 0)).clip(upper=7)
    board = FactorLab({"odd": replace(hotel, perceptions=odd)})
    board.kind.value, board.n_factors.value = "pearson", 6
    heywood = gk.efa(odd, n_factors=6, kind="pearson", weights=hotel.weights).heywood
    assert heywood
    assert hotel.instrument.label(heywood[0]) in board.note.value
    assert "Heywood case" in board.note.value


def test_what_was_seen_is_not_computed_again(board):
    first = board.solution()
    board.n_factors.value = 2
    board.n_factors.value = 5
    assert board.solution() is first


def test_a_constant_item_is_an_alert_and_the_page_keeps_its_numbers(hotel):
    still = replace(hotel, perceptions=hotel.perceptions.assign(q07=4.0))
    board = FactorLab({"hotel": hotel, "still": still})
    shown = board.tiles.value
    board.data.value = "still"
    assert 'role="alert"' in board.alert.value
    assert "q07: every answer is 4" in board.alert.value
    assert board.tiles.value == shown
    board.data.value = "hotel"
    assert board.alert.value == ""


def test_every_figure_has_a_title_and_a_description(board):
    for part in (board.loadings, board.scree, board.phi):
        assert re.search(r"<title [^>]*>[^<]+</title><desc [^>]*>[^<]+</desc>", part.value)
        assert 'role="img"' in part.value
    names = re.findall(r'aria-labelledby="(\S+)', board.loadings.value + board.scree.value + board.phi.value)
    assert len(set(names)) == 3


def test_another_language_keeps_every_choice(board):
    board.n_factors.value, board.rotation.value, board.kind.value = 4, "promax", "pearson"
    before, shown = board.question(), tile(board, "explained")
    board.language.value = "zh-Hans"
    assert board.question() == before
    assert tile(board, "explained") == shown
    assert "载荷，4 个因子" in board.loadings_head.value
    assert board.rotation.description == "旋转"


def test_the_figures_are_drawn_for_the_pages_width(board):
    board.page.value = "width=360;language=en"
    widths = [re.search(r'width="([\d.]+)"', part.value)[1] for part in (board.loadings, board.scree, board.phi)]
    assert widths == ["360", "360", "360"]


def test_the_status_line_tells_a_screen_reader_what_happened(board):
    board.rotation.value = "varimax"
    assert re.search(r'role="status">5 factors, Varimax \(orthogonal\): \d+ of 22 items', board.status.value)


def test_texts_from_a_file_cannot_become_markup(hotel):
    board = FactorLab({NASTY: replace(hotel, source=replace(hotel.source, title=NASTY))})
    shown = "".join(
        part.value
        for part in (board.heading, board.tiles, board.loadings, board.scree, board.phi, board.table, board.foot)
    )
    assert "<img" not in shown


def test_nothing_heavy_is_imported_for_the_first_view_and_the_changes_after_it():
    code = (
        "import sys; from gapkit.show.widgets import FactorLab; board = FactorLab(); board.n_factors.value = 3;"
        "board.kind.value = 'pearson'; board.battery.value = 'gaps'; assert not board.alert.value, board.alert.value;"
        "heavy = {'scipy.stats', 'scipy.optimize', 'seaborn', 'sklearn', 'matplotlib.pyplot', 'semopy', 'statsmodels'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_may_be_asked_next_is_computed_before_it_is_asked(board, monkeypatch):
    shown = board.question()
    for piece in board._ahead(shown):
        piece()

    def too_late(*_, **__):
        raise ValueError("computed only now.")

    for name in ("efa", "correlation", "retention", "congruence"):
        monkeypatch.setattr(f"gapkit.show.widgets.factor_lab_study.{name}", too_late)
    for control, value in (("rotation", "varimax"), ("n_factors", 4), ("kind", "pearson"), ("battery", "gaps")):
        with board.quietly():
            board.kind.options, board.kind.value = ["polychoric", "pearson"], shown.kind
            board.battery.value, board.n_factors.value, board.rotation.value = shown[1:4]
        getattr(board, control).value = value
        assert board.alert.value == "", control
    board.rotation.value = "varimax"  # two steps away
    assert "computed only now" in board.alert.value


def test_what_cannot_be_computed_ahead_is_said_when_it_is_asked(board):
    assert board._computed(lambda: 1 / 0)
    assert board.alert.value == ""


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_the_whole_method_and_the_advice_are_said_in_chinese(board, english_in, language):
    board.language.value = language
    assert english_in(board.foot.value) == []
    assert {"zh-Hans": "共同因子平行分析保留", "zh-Hant": "共同因素平行分析保留"}[language] in board.foot.value


def test_artists_that_were_used_again_show_what_new_ones_would(board, hotel):
    for count, rotation in ((3, "varimax"), (6, "oblimin"), (4, "promax"), (3, "geomin")):
        board.n_factors.value, board.rotation.value = count, rotation
    board.battery.value = "expectations"
    board.battery.value = "perceptions"
    fresh = FactorLab({"hotel": hotel})
    fresh.n_factors.value, fresh.rotation.value = 3, "geomin"
    for part in ("loadings", "scree", "phi"):
        assert getattr(board, part).value == getattr(fresh, part).value, part
