"""Spreadsheets: values as a CSV export would write them, and nothing that could fill the memory."""

from __future__ import annotations

import datetime as dt
import io
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from gapkit.survey import workbooks
from gapkit.survey.readers import ReaderFault, read_table
from gapkit.survey.workbooks import as_text


def xlsx(*rows, title: str = "Answers", **others) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, content in others.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *((7.0, "7"), (3.5, "3.5"), (-0.1, "-0.1"), (True, "TRUE"), (False, "FALSE"), ("x", "x"), ("", ""), (None, "")),
        *((dt.date(2026, 3, 1), "2026-03-01"), (dt.datetime(2026, 3, 1, 9, 15), "2026-03-01 09:15:00")),
        *((dt.time(9, 15), "09:15:00"), (1e300, "1e+300"), (float("nan"), ""), (12345678901.0, "12345678901")),
    ],
)
def test_typed_cells_become_the_text_of_a_csv_export(cell, text):
    assert as_text(cell) == text


def test_rows_keep_the_numbers_of_the_spreadsheet():
    table = read_table(("a.xlsx", xlsx([], [], ["E1", "P1"], [7, 6], [], [5, None])))
    assert (table.first_row, table.rows.tolist()) == (4, [4, 6])
    assert table.cells.to_numpy().tolist() == [["7", "6"], ["5", None]]


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named():
    data = xlsx(Data=[["E1"], [7]], Notes=[["x"]])
    table = read_table(("a.xlsx", data))
    assert (table.sheet, table.headers) == ("Data", ("E1",))
    assert "sheet" in table.guessed
    assert table.notes == ("sheet 'Data' was read; the workbook also holds 'Answers', 'Notes'",)


@pytest.mark.parametrize("sheet", ["Notes", 2])
def test_a_sheet_can_be_given_by_name_or_place(sheet):
    table = read_table(("a.xlsx", xlsx(["E1"], [7], Data=[["a"], [1]], Notes=[["P1"], [6]])), sheet=sheet)
    assert (table.sheet, table.headers, table.notes) == ("Notes", ("P1",), ())
    assert "sheet" not in table.guessed


@pytest.mark.parametrize("sheet", ["Nope", 7, -3])
def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(sheet):
    with pytest.raises(ReaderFault, match=rf"there is no sheet {sheet!r}\. The sheets are 'Answers', 'Data'\."):
        read_table(("a.xlsx", xlsx(["E1"], [7], Data=[["a"], [1]])), sheet=sheet)


def test_an_empty_workbook_is_a_fault():
    with pytest.raises(ReaderFault, match="no sheet of the workbook holds anything"):
        read_table(("a.xlsx", xlsx()))


def test_cells_that_would_come_out_empty_though_they_show_something_are_named():
    table = read_table(("a.xlsx", xlsx(["E1", "P1"], [7, "#N/A"], [6, "#DIV/0!"], ["=1+1", 5])))
    assert table.notes == (
        "cells with an error such as #N/A count as empty: 2 (B2, B3)",
        "formulas without a stored result count as empty: 1; open and save the workbook once",
    )


def test_numbers_are_written_with_the_mark_of_the_texts_beside_them():
    table = read_table(("a.xlsx", xlsx(["E1", "P1"], [3.125, "3,5"], [4, "2,5"])))
    assert table.decimal == ","
    assert table.cells.to_numpy().tolist() == [["3,125", "3,5"], ["4", "2,5"]]
    assert read_table(("a.xlsx", xlsx(["E1", "P1"], [3.125, 3.5]))).decimal == "."


def test_two_cells_far_apart_do_not_fill_the_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "E1", 7
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(ReaderFault, match=r"sheet1\.xml spans 1,048,576 x 16,384 cells; at most 60,000,000 are read"):
        read_table(("a.xlsx", file.getvalue()))


def test_a_repeated_cell_of_an_ods_sheet_does_not_fill_the_memory(ods_file):
    cell = '<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="7"/>'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(ReaderFault, match=r"content\.xml spans 1,000,002 x 16,000 cells; at most"):
        read_table(("a.ods", ods_file([["E1"], ["7"]], rows)))


def test_padding_to_the_edge_of_an_ods_sheet_is_no_extent(miniatures):
    assert read_table(("a.ods", miniatures["plain (zh)"].ods())).cells.shape == (5, 6)


@pytest.mark.parametrize("end", [b"</row>", b"<row ", b"</sheetData>"])
def test_a_sheet_cut_short_inside_a_sound_zip_file_is_a_fault_and_no_smaller_table(end):
    whole, broken = ZipFile(io.BytesIO(xlsx(["E1"], [7], [6], [5]))), io.BytesIO()
    with ZipFile(broken, "w", ZIP_DEFLATED) as archive:
        for part in whole.namelist():
            content = whole.read(part)
            archive.writestr(part, content[: content.rindex(end) + len(end)] if "sheet1" in part else content)
    with pytest.raises(
        ReaderFault,
        match=r"xl/worksheets/sheet1\.xml is damaged or cut short \(.*\)\. Open it in a spreadsheet program",
    ):
        read_table(("a.xlsx", broken.getvalue()))


def test_the_limit_is_that_of_the_module(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_SHEET_CELLS", 3)
    with pytest.raises(ReaderFault, match="spans 2 x 2 cells; at most 3 are read"):
        read_table(("a.xlsx", xlsx(["E1", "P1"], [7, 6])))
