"""What can be taken along from a board, without a browser."""

import base64
import re
from io import BytesIO

import pytest
from docx import Document

from gapkit.show.widgets import GapExplorer
from gapkit.show.widgets.downloads import download_links


@pytest.fixture
def board(make_survey):
    return GapExplorer({"guests": make_survey([4, 5, 5, 6] * 5)})


def files(board):
    """File name -> content, out of the links."""
    found = re.findall(
        r'href="data:application/octet-stream;base64,([^"]*)" download="([^"]*)"', board.report.links.value
    )
    return {name: base64.b64decode(content) for content, name in found}


def test_nothing_is_made_before_it_is_asked_for(board):
    assert files(board) == {}
    board.dimension.value = "reliability"
    assert files(board) == {}


def test_the_button_makes_a_page_a_document_and_a_workbook(board):
    board.report.button.click()
    made = files(board)
    assert list(made) == [f"Twelve_guests_report.{kind}" for kind in ("html", "docx", "xlsx")]
    assert made["Twelve_guests_report.html"].startswith(b"<!DOCTYPE html>")
    assert "Twelve guests" in Document(BytesIO(made["Twelve_guests_report.docx"])).paragraphs[0].text
    assert "The report is ready: Twelve guests, n = 20." in board.report.links.value
    assert not board.report.button.disabled


def test_the_report_speaks_the_boards_language_and_another_one_takes_it_away(board):
    board.language.value = "zh-Hans"
    assert board.report.button.description == "生成报告"
    board.report.button.click()
    assert "服务质量报告" in files(board)["Twelve_guests_report.html"].decode()
    board.language.value = "en"
    assert files(board) == {}
    assert board.report.button.description == "Make a report"


def test_the_report_is_weighted_as_the_board_is(three_hotels):
    # hotel A: -1.2 at weight 1, B: 0 at weight 3, C: -5 at weight 1; six, six and three guests
    board = GapExplorer({"three": three_hotels})
    for weighting, gap in (("survey", (6 * -1.2 + 3 * -5) / 27), ("none", (6 * -1.2 + 3 * -5) / 15)):
        board.weighting.value = weighting
        board.report.button.click()
        page = next(iter(files(board).values())).decode().replace("\N{NO-BREAK SPACE}", " ")
        assert f"<i>M</i> = −{abs(gap):.2f}, " in page


def test_a_report_that_fails_is_an_alert_and_leaves_the_button_ready(board, monkeypatch):
    def fail(*_, **__):
        raise ValueError("no room")

    monkeypatch.setattr("gapkit.show.report.report", fail)
    board.report.button.click()
    assert "no room" in board.alert.value
    assert not board.report.button.disabled
    assert "being made" not in board.report.links.value


def test_a_name_from_a_file_is_no_markup_in_a_link(make_survey):
    board = GapExplorer({"x": make_survey([4, 5, 5, 6], title='"><img src=x onerror=alert(1)>')})
    board.report.button.click()
    assert "<img" not in board.report.links.value
    assert next(iter(files(board))) == "img_src_x_onerror_alert_1_report.html"
    assert 'download="x&quot;.csv"' in download_links([("a", ('x".csv', b""))])
