"""A delimited file as a raw table: nothing lost, all guesses said, every fault with what, where and what to do."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.survey.readers import ReaderFault, read_table

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def read(text: str | bytes, name: str = "hotel.csv", **options):
    return read_table((name, text.encode() if isinstance(text, str) else text), **options)


def filled(table) -> list[list[str | None]]:
    return table.cells.to_numpy(dtype=object).tolist()


@pytest.mark.parametrize("delimiter", DELIMITERS.values(), ids=DELIMITERS)
def test_each_delimiter_is_told_from_the_others(delimiter):
    rows = ["id E1 P1 comment", "1 7 6 good,though;loud", "2 5 5 fine|really"]
    text = "\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row.split(" ")) for row in rows)
    table = read(text)
    assert table.delimiter == delimiter
    assert "delimiter" in table.guessed
    assert filled(table) == [["1", "7", "6", "good,though;loud"], ["2", "5", "5", "fine|really"]]


def test_decimal_commas_are_told_in_semicolon_files_and_do_not_divide_cells():
    table = read("id;E1;P1\n1;3,5;6\n2;4,25;5\n3;5;1,5\n")
    assert (table.delimiter, table.decimal) == (";", ",")
    assert filled(table)[1] == ["2", "4,25", "5"]


def test_quoted_decimal_commas_in_a_comma_file_are_told():
    assert read('id,E1\n1,"3,5"\n2,"4,0"\n').decimal == ","


def test_thousands_are_not_taken_for_decimals_but_noted():
    table = read("id;income\n1;1,200\n2;3,400\n")
    assert table.decimal == "."
    assert table.notes == ("numbers with a comma may be decimals or thousands; pass decimal= to say which",)


def test_what_is_given_is_not_guessed():
    table = read("id;E1\n1;7\n", encoding="utf-8", delimiter=";", decimal=".", style="plain")
    assert table.guessed == ()
    assert (table.encoding, table.delimiter, table.decimal, table.style) == ("utf-8", ";", ".", "plain")


def test_excel_s_first_line_names_the_delimiter_and_is_no_row():
    table = read("sep=|\nE1|P1\n7|6\n")
    assert (table.delimiter, table.headers, table.rows.tolist()) == ("|", ("E1", "P1"), [2])
    assert "delimiter" not in table.guessed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("last", [True, False], ids=["newline at the end", "no newline at the end"])
def test_lines_may_end_in_any_way(end, last):
    table = read(end.join(["E1,P1", "7,6", "5,4"]) + end * last)
    assert filled(table) == [["7", "6"], ["5", "4"]]
    assert table.rows.tolist() == [2, 3]


def test_a_cell_with_line_breaks_is_one_row_and_kept_exactly():
    table = read('id,comment,E1\r\n1,"loud,\nlate\r\nand ""cold""",7\r\n2,,6\r\n')
    assert filled(table) == [["1", 'loud,\nlate\r\nand "cold"', "7"], ["2", None, "6"]]
    assert table.rows.tolist() == [2, 3]


def test_blank_rows_are_left_out_with_a_note_and_the_numbering_of_a_spreadsheet():
    table = read("\nE1,P1\n\n7,6\n,\n \n5,4\n\n\n")
    assert table.rows.tolist() == [4, 7]
    assert table.notes == (
        "1 blank row above the header left out",
        "3 blank rows between the answers left out: rows 3, 5, 6",
        "2 blank rows at the end left out",
    )


def test_short_rows_are_padded_and_named():
    table = read("id,E1,P1\n1,7,6\n2,5\n3\n4,3,2\n")
    assert filled(table)[1:3] == [["2", "5", None], ["3", None, None]]
    assert table.notes == ("2 rows have fewer cells than the header, the rest unanswered: rows 3, 4",)


def test_rows_with_more_cells_than_names_are_refused_by_number():
    with pytest.raises(ReaderFault) as fault:
        read("id,E1,comment\n1,7,fine\n2,6,loud, late, cold\n3,5,ok, well\n")
    assert str(fault.value) == (
        "hotel.csv, rows 3, 4: 2 rows have more cells than the header has names (5 where there are 3). "
        "Quote cells that hold the delimiter, remove title rows above the header, or pass delimiter=."
    )


def test_a_title_above_the_header_is_not_guessed_away():
    with pytest.raises(ReaderFault, match="remove title rows above the header"):
        read("Hotel survey 2026\nid,E1,P1\n1,7,6\n")


def test_trailing_delimiters_make_no_column_but_answers_below_them_do():
    table = read("E1,P1,\n7,6,\n5,4,\n")
    assert (table.headers, table.notes) == (("E1", "P1"), ("1 nameless empty column at the end left out",))
    assert read("E1,P1,\n7,6,\n5,4,late\n").headers == ("E1", "P1", "")
    assert filled(read("E1,P1\n7,6,,\n")) == [["7", "6"]]


def test_headers_stay_as_they_are_even_twice():
    assert read(" E1 ,E1,,E1\n1,2,3,4\n").headers == (" E1 ", "E1", "", "E1")


def test_columns_are_numbered_and_cells_are_text_or_none():
    table = read("E1,P1\n07, 6 \n,NA\n")
    assert list(table.cells.columns) == [0, 1]
    assert filled(table) == [["07", " 6 "], [None, "NA"]]


def test_one_column_is_a_table_too():
    table = read("E1\n7\n6\n")
    assert (table.cells.shape, table.delimiter) == ((2, 1), ",")


def test_thousands_of_columns_are_read_in_order():
    names = [f"q{i}" for i in range(5000)]
    table = read(",".join(names) + "\n" + ",".join(map(str, range(5000))) + "\n")
    assert table.headers == tuple(names)
    assert filled(table)[0][4999] == "4999"


def test_more_columns_than_any_spreadsheet_has_are_refused():
    with pytest.raises(ReaderFault, match=r"row 1: 20,001 cells in one row; at most 20,000 columns are read"):
        read("," * 20_000 + "\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id,comment\n1,"loud\n2,fine\n', "row 2: a quotation mark is opened and never closed. Close it"),
        ('id,comment\n1,ok\n2,"no" way,x\n', "row 3: a quoted cell goes on after its closing quotation mark. Write"),
        ("E1,P1\n", "there is a header but no row of answers below it. Give the file with the answers"),
        ("\n\n , \n", "the file holds nothing but blank rows. Export the answers again"),
        ("", "the file is empty (0 bytes). Export the answers again and give that file."),
    ],
)
def test_faults_say_what_where_and_what_to_do(text, message):
    with pytest.raises(ReaderFault) as fault:
        read(text)
    assert message in str(fault.value)
    assert str(fault.value) == f"{fault.value.where}: {fault.value.what}. {fault.value.remedy}"


def test_a_quotation_mark_inside_an_unquoted_cell_is_a_character():
    assert filled(read('id,size\n1,5" pipe\n')) == [["1", '5" pipe']]


def test_a_missing_file_and_a_folder_are_faults(tmp_path):
    with pytest.raises(ReaderFault, match=r"there is no such file\. Check the spelling"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(ReaderFault, match="the file cannot be opened"):
        read_table(tmp_path)


def test_a_file_above_the_limit_is_refused_by_its_size_on_disk(tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as handle:
        handle.truncate(5_000_000_000)  # a hole: it takes no room on the disk, and reading it would take 5 GB
    with pytest.raises(
        ReaderFault, match=r"huge\.csv: the file has 5\.0 GB; at most 537 MB are read\. Leave out columns"
    ):
        read_table(file)
    with pytest.raises(ReaderFault, match="the file has 9 bytes; at most 4 bytes are read"):
        read("E1\n7\n6\n5\n"[:9], max_bytes=4)


def test_paths_pairs_uploads_and_open_files_give_the_same_table(tmp_path):
    data = b"E1,P1\n7,6\n"
    file = tmp_path / "hotel.csv"
    file.write_bytes(data)
    opened = io.BytesIO(data)
    opened.name = "/elsewhere/hotel.csv"
    uploads = [file, str(file), ("hotel.csv", data), {"name": "hotel.csv", "content": memoryview(data)}, opened]
    tables = [read_table(upload) for upload in uploads]
    assert {table.sha256 for table in tables} == {hashlib.sha256(data).hexdigest()}
    assert all(table.cells.equals(tables[0].cells) for table in tables)
    with pytest.raises(TypeError, match="int is no file: pass a path, or a pair of a name and bytes"):
        read_table(3)


def test_a_fault_crosses_a_process_border():
    fault = pickle.loads(pickle.dumps(ReaderFault("a.csv", "it is empty", "Fill it.")))
    assert (fault.where, fault.what, fault.remedy, str(fault)) == (
        "a.csv",
        "it is empty",
        "Fill it.",
        "a.csv: it is empty. Fill it.",
    )


def test_what_pandas_writes_comes_back(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(1, 8, (200, 30)), columns=[f"q{i:02d}" for i in range(30)])
    frame.to_csv(tmp_path / "a.csv", index=False)
    table = read_table(tmp_path / "a.csv")
    assert (table.cells.to_numpy(dtype=int) == frame.to_numpy()).all()


def test_the_authors_raw_export_is_read_as_it_stands():
    folder = os.environ.get("GAPKIT_DATA")
    if not folder or not (file := Path(folder, "kservqual", "kiosk.csv")).exists():
        pytest.skip("GAPKIT_DATA does not hold kservqual/kiosk.csv")
    table = read_table(file)
    assert (table.cells.shape, table.encoding, table.delimiter, table.first_row) == ((211, 163), "cp949", ",", 2)
    assert table.sha256 == "5361f5eae026ff68397257b9d31541acf0c9c0eb09ecfa7d2e42ed38dd7af9cb"
    assert sum("(기대 설문)" in header.replace("( ", "(") for header in table.headers) >= 24


def test_the_water_utility_exports_have_two_header_rows():
    folder = os.environ.get("GAPKIT_DATA")
    if not folder or not (file := Path(folder, "servaqua", "customer_survey.csv")).exists():
        pytest.skip("GAPKIT_DATA does not hold servaqua/customer_survey.csv")
    table = read_table(file)
    assert (table.style, len(table.cells), table.first_row) == ("qualtrics_legacy", 690, 3)
    assert table.questions[table.headers.index("p01")] == "PII-Important:Unimportant"
    staff = read_table(file.with_name("employee_survey.csv"))
    assert (staff.style, len(staff.cells)) == ("qualtrics_legacy", 185)
