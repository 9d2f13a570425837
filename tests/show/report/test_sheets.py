"""The tables as a workbook: exact numbers, typed; texts that stay texts."""

from io import BytesIO

import openpyxl
import pytest

import gapkit as gk


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(BytesIO(gk.report_file(made, "xlsx")[1]))


def sheet_of(book, made, key):
    return book.worksheets[1 + list(made.tables).index(key)]


def test_there_is_a_sheet_for_each_table_and_one_that_lists_them(book, made):
    assert len(book.worksheets) == 1 + len(made.tables)
    listed = [row[1].value for row in book.worksheets[0].iter_rows(min_row=4)]
    assert listed == [table.title for table in made.tables.values()]


def test_numbers_are_exact_and_typed(book, made, hotel, language):
    rows = {row[0].value: row[1:] for row in sheet_of(book, made, "dimensions").iter_rows(min_row=4)}
    for id, known in gk.gap_scores(hotel).dimensions.iterrows():
        cells = rows[hotel.instrument.label(id, language)]
        names = ["n", "E", "P", "gap", "sd", "low", "high", "t", "p_holm", "d_z", "d_av"]
        assert [cell.value for cell in cells] == pytest.approx(known[names].tolist(), rel=1e-14)
        assert {cell.data_type for cell in cells} == {"n"}
        assert cells[3].number_format == "+0.00;-0.00;0.00"


def test_an_interval_takes_two_columns_with_their_own_heads(book, made, language):
    heads = [cell.value for cell in sheet_of(book, made, "dimensions")[3]]
    low, high = ("95% interval, lower end", "95% interval, upper end")
    if language != "en":
        low, high = ("95% 置信区间下限", "95% 置信区间上限")
    assert heads[6:8] == [low, high]


def test_where_there_is_no_number_the_cell_is_empty(make_survey):
    report = gk.report(make_survey([5]))
    book = openpyxl.load_workbook(BytesIO(gk.report_file(report, "xlsx")[1]))
    row = next(row for row in sheet_of(book, report, "dimensions").iter_rows(min_row=4) if row[0].value == "Empathy")
    assert [cell.value for cell in row[1:5]] == [1, 6, 5, -1]
    assert [cell.value for cell in row[5:]] == [None] * 7


def test_a_share_is_a_number_shown_as_a_percentage(book, made):
    cell = sheet_of(book, made, "screening")["C4"]
    assert cell.number_format == "0.0%"
    assert 0 <= cell.value <= 1
