"""A file of one's own on a board, without a browser: give bytes, read what is shown."""

import base64
import datetime as dt
import re
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.widgets import GapExplorer
from gapkit.show.widgets.own_survey import OWN
from gapkit.show.widgets.own_survey_file import (
    MOST_BYTES,
    MOST_ROWS,
    Upload,
    UploadError,
    check_upload,
    codes_in,
    offered_instruments,
)

IDS = list(gk.load_instrument("servqual").item_ids)
NASTY = "<img src=x onerror=alert(1)>"


def answers(n=9, *, expected=6, perceived=4, codes=("E", "P")):
    """A table of n people who expect and perceive the same throughout."""
    levels = dict(zip(codes, (expected, perceived), strict=True))
    return pd.DataFrame({f"{code}{j}": [level] * n for code, level in levels.items() for j in range(1, 23)})


def as_csv(table):
    return table.to_csv(index=False).encode()


@pytest.fixture
def board(make_survey):
    board = GapExplorer({"guests": make_survey([5, 6, 6, 7] * 5)})
    board.data.value = OWN
    return board


def head(board):
    return re.search(r'data-key="head">([^<]*)<', board.tiles.value)[1]


def test_the_panel_is_open_only_while_it_is_chosen(board):
    assert board.own.layout.display is None
    board.data.value = "guests"
    assert board.own.layout.display == "none"


def test_until_a_file_is_given_the_survey_before_stays(board):
    assert head(board) == "0.00"
    assert board.alert.value == ""
    board.dimension.value = "empathy"
    assert head(board) == "0.00"


def test_a_file_that_explains_itself_is_shown_at_once(board):
    board.own.give("our guests.csv", as_csv(answers(12, perceived=5).assign(hotel=list("AAAAAABBBBBB"))))
    assert head(board) == "−1.00"
    assert "our guests.csv is shown: 12 respondents." in board.own.told.value
    assert "our guests, n = 12" in board.figure.value
    assert [value for _, value in board.by.options] == ["", "hotel"]
    assert board.survey().source.file == "our guests.csv"


def test_an_upload_arrives_as_the_widget_sends_it(board):
    content = memoryview(as_csv(answers(perceived=3)))
    sent = {"name": "a.csv", "type": "text/csv", "size": len(content), "content": content}
    board.own.fields.upload.value = ({**sent, "last_modified": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},)
    assert head(board) == "−3.00"
    assert board.own.fields.upload.value == (), "the widget holds no copy"


@pytest.mark.parametrize("kind", ["xlsx", "sav", "parquet"])
def test_other_formats_are_read_too(board, kind, tmp_path):
    import pyreadstat

    table, path = answers(perceived=4), tmp_path / f"guests.{kind}"
    write = {"xlsx": lambda: table.to_excel(path, index=False), "parquet": lambda: table.to_parquet(path)}
    write.get(kind, lambda: pyreadstat.write_sav(table.astype(float), str(path)))()
    board.own.give(path.name, path.read_bytes())
    assert head(board) == "−2.00", board.own.told.value


def test_a_second_file_takes_the_place_of_the_first(board):
    for perceived, gap in ((4, "−2.00"), (2, "−4.00")):
        board.own.give("a.csv", as_csv(answers(perceived=perceived)))
        assert head(board) == gap


def test_another_survey_and_back_keeps_the_file(board):
    board.own.give("a.csv", as_csv(answers(perceived=4)))
    board.data.value = "guests"
    assert head(board) == "0.00"
    board.data.value = OWN
    assert head(board) == "−2.00"


def test_removing_the_file_shows_what_was_shown_before(board):
    board.own.give("a.csv", as_csv(answers(perceived=4)))
    board.own.fields.cancel.click()
    assert head(board) == "0.00"
    assert board.own.survey is None
    assert board.own.told.value == ""
    assert board.own.fields.cancel.layout.display == "none"


def test_faults_stand_in_a_table_in_place_and_the_board_keeps_its_numbers(board):
    table = answers()
    table.loc[1, "P12"] = 9
    table = table.astype({"E3": object})
    table.loc[0, "E3"] = "often"
    board.own.give("bad.csv", as_csv(table))
    told = board.own.told.value
    assert 'role="alert"' in told
    assert "bad.csv cannot be shown yet. To be put right: 2" in told
    assert "<td>P12</td><td>row 3</td>" in told
    assert "<td>E3</td><td>row 2</td>" in told
    assert head(board) == "0.00"
    assert board.alert.value == ""


def test_a_code_for_no_answer_puts_a_fault_right(board):
    table = answers(perceived=4)
    table.loc[1, "P12"] = 9
    board.own.give("coded.csv", as_csv(table))
    assert "P12" in board.own.told.value
    board.own.fields.codes.value = "9"
    board.own.fields.load.click()
    assert head(board) == "−2.00"
    assert board.survey().perceptions["q12"].isna().sum() == 1


def test_a_file_that_cannot_be_read_says_why(board):
    board.own.give("picture.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    assert "this is a picture (PNG)" in board.own.told.value


def test_an_empty_file_says_so(board):
    board.own.give("empty.csv", b"")
    assert "the file is empty (0 bytes)" in board.own.told.value


def test_an_item_that_was_not_found_can_be_given_a_column(board):
    table = answers(perceived=4).rename(columns={"P7": "was it right the first time"})
    board.own.give("odd.csv", as_csv(table))
    assert "no column for 1 of 22 items" in board.own.told.value
    field = board.own.fields.asked.children[0]
    assert field.description == "Perceptions (P): q07 Right at the first attempt"
    field.value = list(table.columns).index("was it right the first time") + 1
    assert board.own.fields.asked.children == ()
    board.own.fields.load.click()
    assert head(board) == "−2.00"
    assert "chosen by you" in board.own.found.value


def test_a_wrong_guess_can_be_corrected(board):
    table = answers(perceived=4).assign(spare=[1] * 9)
    board.own.give("wrong.csv", as_csv(table))
    fields = board.own.fields
    fields.item.value = ("perceptions", "q01")
    assert fields.column.value == list(table.columns).index("P1") + 1
    fields.column.value = list(table.columns).index("spare") + 1
    fields.load.click()
    assert board.survey().perceptions["q01"].eq(1).all()
    assert "P1" in board.survey().respondents


def test_a_column_holds_one_item_only(board):
    board.own.give("a.csv", as_csv(answers(perceived=4)))
    fields = board.own.fields
    fields.item.value = ("perceptions", "q01")
    fields.column.value = 24  # P2
    fields.load.click()
    assert "no column for 1 of 22 items" in board.own.told.value
    assert "q02" in board.own.told.value


def test_two_blocks_whose_order_alone_tells_them_apart_are_a_question(board):
    board.own.give("blocks.csv", as_csv(answers(perceived=4, codes=("Q1_", "Q2_"))))
    assert "no columns were found for Expectations (E), Perceptions (P)" in board.own.told.value
    assert head(board) == "0.00"
    board.own.fields.sureness.value = 0.5
    assert head(board) == "−2.00"


def test_another_scale_can_be_chosen(board):
    board.own.give("ten.csv", as_csv(answers(expected=10, perceived=8)))
    assert "no columns were found" in board.own.told.value
    board.own.fields.scale.value = (1, 10)
    assert head(board) == "−2.00"
    assert board.survey().instrument.scale.high == 10


def test_the_lowest_number_can_be_the_best_answer(board):
    board.own.give("down.csv", as_csv(answers(expected=1, perceived=3)))
    assert head(board) == "+2.00"
    board.own.fields.direction.value = True
    board.own.fields.load.click()
    assert head(board) == "−2.00"


def test_items_that_run_against_the_others_are_offered_as_turned(board):
    rng = np.random.default_rng(0)
    level = rng.integers(2, 7, size=(60, 1))
    expected, perceived = (np.clip(level + rng.integers(-1, 2, size=(60, 22)), 1, 7) for _ in range(2))
    for half in (expected, perceived):
        half[:, 6] = 8 - half[:, 6]
    table = pd.DataFrame(np.hstack([expected, perceived]), columns=answers().columns)
    board.own.give("turned.csv", as_csv(table))
    offered = dict(board.own.fields.turned.options)
    assert offered["those that run against the others: q07"] == ("q07",)
    board.own.fields.turned.value = ("q07",)
    board.own.fields.load.click()
    assert board.survey().source.reversed == ("q07",)


def test_another_questionnaire_is_looked_for_anew(board):
    board.own.fields.instrument.value = "kservqual"
    assert "kservqual.csv" in board.own.forms.value
    table = pd.DataFrame({f"{half}{j}": [6 - (half == "P")] * 8 for half in "EP" for j in range(1, 25)})
    board.own.give("kiosk.csv", as_csv(table))
    assert board.survey().instrument.id == "kservqual"


# limits


def test_a_file_of_more_than_15_mb_is_refused_before_it_is_read(board, monkeypatch):
    from gapkit.show.widgets import own_survey

    monkeypatch.setattr(own_survey, "suggest_card", None)
    board.own.give("large.csv", b"1" * (MOST_BYTES + 1))
    assert "large.csv has 15.0 MB; at most 15 MB can be taken." in board.own.told.value


def test_a_file_that_the_page_stopped_is_told_with_its_size(board):
    board.own.fields.refused.value = "52428800;<b>huge</b>.csv"
    assert "&lt;b&gt;huge&lt;/b&gt;.csv has 52.4 MB" in board.own.told.value
    assert board.own.fields.refused.value == "", "the same file may be tried again"


@pytest.mark.parametrize("told", ["", ";", "many;a.csv", "-1;a.csv", "100;small.csv"])
def test_nonsense_from_a_page_changes_nothing(board, told):
    board.own.fields.refused.value = told
    assert board.own.told.value == ""
    assert board.alert.value == ""


def test_more_than_50_000_rows_are_refused():
    with pytest.raises(UploadError, match=r"rows\.csv has 100,001 rows; at most 50,000 can be shown here"):
        check_upload(Upload("rows.csv", b"1\n" * (2 * MOST_ROWS + 1)))
    check_upload(Upload("rows.csv", b"1\n" * MOST_ROWS))


def test_rows_are_counted_as_the_reader_counts_them(board, monkeypatch):
    from gapkit.show.widgets import own_survey_file

    monkeypatch.setattr(own_survey_file, "MOST_ROWS", 10)
    board.own.give("rows.csv", as_csv(answers(11)))
    assert "rows.csv has 11 rows; at most 10 can be shown here." in board.own.told.value
    assert board.own.fields.settings.layout.display == "none"


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread():
    from zipfile import ZIP_DEFLATED, ZipFile

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(201):
            part.write(b" " * 1_000_000)
    with pytest.raises(UploadError, match=r"bomb\.xlsx unpacks to more than 200 MB"):
        check_upload(Upload("bomb.xlsx", out.getvalue()))


def test_the_limits_are_stated_beside_the_button(board):
    assert "at most 15 MB and 50,000 rows" in board.own.about.value
    assert board.own.fields.refused.placeholder == str(MOST_BYTES)
    assert ".sav" in board.own.fields.upload.accept.split(",")


@pytest.mark.parametrize(("words", "codes"), [("", []), ("9", ["9"]), ("9;99；NA，-1", ["9", "99", "NA", "-1"])])
def test_codes_are_read_between_commas(words, codes):
    assert codes_in(words) == codes


def test_a_code_that_is_a_novel_is_refused(board):
    board.own.give("a.csv", as_csv(answers()))
    board.own.fields.codes.value = "x" * 10_000
    board.own.fields.load.click()
    assert "give codes for no answer as numbers or words with commas" in board.own.told.value
    assert len(board.own.told.value) < 500


# languages, forms, strings


def test_the_panel_speaks_the_boards_language_and_keeps_the_choices(board):
    board.own.give("a.csv", as_csv(answers(perceived=4)))
    board.own.fields.direction.value = False
    board.language.value = "zh-Hans"
    assert "您自己的调查" in board.own.about.value
    assert board.own.fields.load.description == "显示这个调查"
    assert board.own.fields.direction.value is False
    assert "46 列中" not in board.own.found.value
    assert "a.csv：44 列中有 44 列被认作回答。" in board.own.found.value
    assert head(board) == "−2.00"


def test_every_field_shows_words_in_each_language(board):
    board.own.give("a.csv", as_csv(answers()))
    fields = board.own.fields
    for language in ("zh-Hans", "en"):
        board.language.value = language
        for name in ("instrument", "scale", "sureness", "direction", "turned", "item", "column"):
            assert getattr(fields, name).index is not None, "a dropdown shows nothing for None"
            assert getattr(fields, name).label


def test_a_reader_whose_language_the_page_tells_is_met_in_it(board):
    board.page.value = "width=700;language=zh-Hans"
    assert "您自己的调查" in board.own.about.value
    assert board.report.button.description == "生成报告"


def test_the_forms_are_links_that_hold_them(board):
    links = dict(re.findall(r'base64,([^"]*)" download="([^"]*)"', board.own.forms.value))
    named = {name: base64.b64decode(content) for content, name in links.items()}
    assert list(named) == ["servqual.csv", "servqual.xlsx", "servqual_en.html"]
    assert named["servqual.csv"].decode("utf-8-sig").startswith("id,E1,E2")


def test_only_questionnaires_that_the_board_can_show_are_offered():
    assert [part.id for part in offered_instruments(["perceptions"])] == [
        "servqual", "kservqual", "servaqua", "zone_of_tolerance",
    ]  # fmt: skip
    assert [part.id for part in offered_instruments(["minimum"])] == ["zone_of_tolerance"]


@pytest.mark.parametrize("hostile", [NASTY, "x" * 10_000, "a\u202egnp.exe", "=cmd|' /C calc'!A0", '"><script>'])
def test_no_string_of_a_file_becomes_markup_or_floods_the_panel(board, hostile):
    table = answers(12, perceived=5).assign(**{hostile: [hostile] * 6 + ["B"] * 6})
    board.own.give(f"{hostile}.csv", as_csv(table))
    assert head(board) == "−1.00"
    board.by.value = next(value for _, value in board.by.options if value)
    table.loc[0, "P1"] = 99
    parts = [board.own.found.value, board.own.told.value, board.heading.value, board.figure.value, board.table.value]
    board.own.give(f"{hostile}.csv", as_csv(table.rename(columns={"P2": f"{hostile} 2"})))
    parts += [board.own.told.value, board.own.found.value]
    assert all(len(name) < 80 for name, _ in board.own.fields.column.options)
    for part in parts:
        assert "<img" not in part
        assert "<script" not in part
        assert "x" * 500 not in part
        assert "\u202e" not in part


def test_nothing_is_written_anywhere(board, monkeypatch, tmp_path):
    import builtins
    import tempfile

    opened = []
    real = builtins.open

    def watched(file, mode="r", *rest, **named):
        if any(letter in mode for letter in "wax+"):
            opened.append(file)
        return real(file, mode, *rest, **named)

    monkeypatch.setattr(builtins, "open", watched)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", None)
    monkeypatch.setattr(tempfile, "mkstemp", None)
    monkeypatch.chdir(tmp_path)
    board.own.give("a.csv", as_csv(answers(perceived=4)))
    assert head(board) == "−2.00"
    assert opened == []
    assert list(tmp_path.iterdir()) == []


def test_the_faults_of_a_file_are_said_in_chinese(board, english_in):
    board.language.value = "zh-Hans"
    table = answers().astype(object)
    table.loc[2, "P3"], table.loc[[3, 5], "E1"] = 12, "NA"
    board.own.give("guests.csv", as_csv(table))
    told = board.own.told.value
    assert "1 个回答超出量表 1-7" in told
    assert "2 个回答不是数字（“NA”）" in told
    assert "第 5, 7 行" in told
    assert "如果“NA”表示“未答”，请设定 missing=[&#x27;NA&#x27;]。" in told
    assert english_in(told) == []
    assert 'lang="en"' not in told


def test_a_file_that_cannot_be_read_says_why_in_chinese(board, english_in):
    board.language.value = "zh-Hans"
    board.own.give("guests.xlsx", b"%PDF-1.7")
    assert "这是 PDF" in board.own.told.value
    assert english_in(board.own.told.value) == []


def test_why_a_column_was_taken_is_said_in_chinese(board, english_in):
    board.language.value = "zh-Hans"
    board.own.give("guests.csv", as_csv(answers().assign(age=[30, 41, 52] * 3)))
    assert "列名中有数字 1" in board.own.found.value
    assert english_in(board.own.found.value) == []


def test_faults_stand_in_the_traditional_script_too(board):
    board.language.value = "zh-Hant"
    board.own.give("guests.csv", b"")
    assert "檔案是空的（0 位元組）" in board.own.told.value
