"""SPSS, Stata and Parquet: the same answers as in a CSV file, with labels and declared missing codes kept."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from gapkit.survey import labelled
from gapkit.survey.readers import ReaderFault, read_table, to_number

LABELS = {"E1": {1.0: "strongly disagree", 7.0: "strongly agree"}, "E2": {1.0: "非常不同意", 7.0: "非常同意"}}
QUESTIONS = ["Rooms are clean", "员工有礼貌", "", "How clean were the rooms?", "Anything else?"]


@pytest.fixture
def frame(answers) -> pd.DataFrame:
    numbers = pd.DataFrame([[float(cell) if cell else np.nan for cell in row] for row in answers])
    numbers.columns = ["E1", "E2", "P1", "P2"]
    return numbers.assign(comment=["fine", "太吵", "", "a,b", "x"])


@pytest.fixture
def files(frame, tmp_path):
    """The same answers in three files."""
    labels = {"column_labels": QUESTIONS, "variable_value_labels": LABELS}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", **labels)
    pyreadstat.write_sav(frame, tmp_path / "a.zsav", compress=True, **labels)
    pyreadstat.write_dta(frame, tmp_path / "a.dta", **labels)
    frame.to_parquet(tmp_path / "a.parquet")
    return tmp_path


@pytest.mark.parametrize("name", ["a.sav", "a.zsav", "a.dta", "a.parquet"])
def test_each_format_gives_the_cells_that_a_csv_file_would(files, frame, answers, name):
    table = read_table(files / name)
    assert table.headers == ("E1", "E2", "P1", "P2", "comment")
    assert table.cells.iloc[:, :4].fillna("").to_numpy().tolist() == [list(row) for row in answers]
    assert table.cells[4].fillna("").tolist() == frame["comment"].tolist()
    numbers = np.column_stack([to_number(table.cells[place])[0] for place in range(4)])
    np.testing.assert_array_equal(numbers, frame.iloc[:, :4].to_numpy())


@pytest.mark.parametrize("name", ["a.sav", "a.dta"])
def test_labels_and_question_texts_are_kept(files, name):
    table = read_table(files / name)
    assert table.questions == tuple(QUESTIONS)
    assert table.value_labels == {
        0: {"1": "strongly disagree", "7": "strongly agree"},
        1: {"1": "非常不同意", "7": "非常同意"},
    }


def test_rows_are_numbered_as_the_program_shows_them_and_nothing_is_guessed(files):
    table = read_table(files / "a.sav")
    assert (table.first_row, table.rows.tolist(), table.guessed) == (1, [1, 2, 3, 4, 5], ())
    assert (table.format, table.style, table.encoding, table.delimiter) == ("sav", "plain", None, None)


def test_spss_codes_declared_missing_are_listed_and_stay_in_the_cells(tmp_path):
    frame = pd.DataFrame(
        {"E1": [7.0, 9.0, 98.0, 3.5, 97.0], "P1": [1.0, 2.0, 3.0, 4.0, 5.0], "sex": ["f", "m", "-", "f", "m"]}
    )
    missing = {"E1": [9, {"lo": 90, "hi": 99}], "sex": ["-"]}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", missing_ranges=missing)
    table = read_table(tmp_path / "a.sav")
    assert sorted(table.user_missing[0]) == [9.0, 97.0, 98.0]
    assert table.user_missing[2] == ["-"]
    assert set(table.user_missing) == {0, 2}
    assert table.cells[0].tolist() == ["7", "9", "98", "3.5", "97"]


def test_stata_s_extended_missing_values_read_with_their_letter(tmp_path):
    frame = pd.DataFrame({"E1": [7, "a", 5], "P1": [1, 2, 3]})
    pyreadstat.write_dta(frame, tmp_path / "a.dta", missing_user_values={"E1": ["a"]})
    table = read_table(tmp_path / "a.dta")
    assert table.cells[0].tolist() == ["7", ".a", "5"]
    assert table.user_missing == {0: [".a"]}


def test_dates_truth_and_large_numbers_become_plain_texts(tmp_path):
    table = pa.table(
        {
            "day": pa.array([dt.date(2026, 3, 1), None]),
            "time": pa.array([dt.datetime(2026, 3, 1, 9, 15), None]),
            "ok": pa.array([True, None]),
            "id": pa.array([2**62 + 1, None], pa.int64()),
            "group": pa.array(["north", None]).dictionary_encode(),
            "score": pa.array([0.1, None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    read = read_table(tmp_path / "a.parquet")
    assert read.cells.loc[0].tolist() == ["2026-03-01", "2026-03-01 09:15:00", "TRUE", str(2**62 + 1), "north", "0.1"]
    assert read.cells.loc[1].isna().all()


def test_a_comma_given_as_the_decimal_mark_writes_numbers_with_it(files, tmp_path):
    pd.DataFrame({"a": [3.125], "b": ["2,5"]}).to_parquet(tmp_path / "b.parquet")
    table = read_table(tmp_path / "b.parquet", decimal=",")
    assert [to_number(table.cells[place], decimal=table.decimal)[0][0] for place in (0, 1)] == [3.125, 2.5]


@pytest.mark.parametrize("name", ["a.sav", "a.zsav", "a.dta", "a.parquet"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_a_fault_and_never_a_smaller_table(files, name, share):
    data = (files / name).read_bytes()
    with pytest.raises(ReaderFault, match=rf"^{name}: .*(cannot be read|cut short)"):
        read_table((name, data[: int(len(data) * share)]))


@pytest.mark.parametrize("name", ["a.sav", "a.dta", "a.parquet"])
def test_a_table_of_more_cells_than_are_read_is_refused_by_what_it_declares(files, name, monkeypatch):
    monkeypatch.setattr(labelled, "MAX_CELLS", 20)
    with pytest.raises(ReaderFault, match="the table has 25 cells; at most 20 are read as text"):
        read_table(files / name)


def test_a_file_without_respondents_is_a_fault(tmp_path):
    pd.DataFrame({"E1": pd.Series([], dtype=float)}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(ReaderFault, match="the file holds no rows of answers"):
        read_table(tmp_path / "a.parquet")


def test_a_style_of_csv_exports_does_not_fit_such_a_file(files):
    with pytest.raises(ReaderFault, match="the file is not laid out as Qualtrics exports are"):
        read_table(files / "a.sav", style="qualtrics")
    assert read_table(files / "a.sav", style="plain").style == "plain"
