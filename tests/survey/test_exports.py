"""Export styles: the same answers come out of every tool's layout, in every format, in both languages."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from gapkit.survey import exports
from gapkit.survey.readers import RawTable, ReaderFault, read_table, to_number


def _numbers(table: RawTable, names: tuple[str, ...]) -> np.ndarray:
    """The answers of some columns as numbers, declared missing codes taken out."""
    columns = []
    for name in names:
        place = table.headers.index(name)
        missing = table.user_missing.get(place, [])
        cells = table.cells[place].where(
            ~table.cells[place].isin([code for code in missing if isinstance(code, str)]), None
        )
        numbers, text = to_number(cells, decimal=table.decimal or ".")
        assert not text.any()
        columns.append(numbers.where(~numbers.isin([code for code in missing if not isinstance(code, str)])))
    return np.column_stack(columns)


def _expected(answers) -> np.ndarray:
    return np.array([[float(cell) if cell else np.nan for cell in row] for row in answers])


FILES = {
    "utf-8.csv": lambda made: made.csv(),
    "bom-all-quoted.csv": lambda made: made.csv("utf-8-sig", quoting=csv.QUOTE_ALL),
    "gb18030.csv": lambda made: made.csv("gb18030"),
    "semicolons.csv": lambda made: made.csv(delimiter=";"),
    "utf-16.tsv": lambda made: made.csv("utf-16", delimiter="\t"),
    "book.xlsx": lambda made: made.xlsx(),
    "book.ods": lambda made: made.ods(),
}


@pytest.mark.parametrize("name", FILES)
def test_every_style_in_every_format_gives_the_same_answers(miniature, answers, name):
    table = read_table((name, FILES[name](miniature)))
    assert table.style == miniature.style
    assert "style" in table.guessed
    assert table.cells.shape == (5, len(miniature.rows[-1]))
    np.testing.assert_array_equal(_numbers(table, miniature.names), _expected(answers))


def test_question_texts_are_kept_beside_the_names(miniature):
    table = read_table(("answers.csv", miniature.csv()))
    places = slice(miniature.first, miniature.first + 4)
    assert table.headers[places] == miniature.names
    assert table.questions[places] == miniature.questions


def test_rows_are_numbered_below_all_header_rows(miniature):
    table = read_table(("answers.csv", miniature.csv()))
    assert table.first_row == miniature.header_rows + 1
    assert table.rows.tolist() == [miniature.header_rows + i for i in range(1, 6)]


def test_nothing_but_limesurvey_codes_differs_from_the_cells_of_the_file(miniature):
    table = read_table(("answers.csv", miniature.csv()))
    written = pd.DataFrame(miniature.rows[miniature.header_rows :])
    read = table.cells.fillna("")
    if miniature.style == "limesurvey":
        answers = slice(miniature.first, miniature.first + 4)
        read, written = read.drop(columns=read.columns[answers]), written.drop(columns=written.columns[answers])
    assert (read == written).all().all()


def test_a_given_style_is_used_and_not_called_a_guess(miniature):
    table = read_table(("answers.csv", miniature.csv()), style=miniature.style)
    assert table.style == miniature.style
    assert "style" not in table.guessed


def test_a_style_that_does_not_fit_is_refused_with_the_one_that_does(miniatures):
    data = miniatures["wenjuanxing (zh)"].csv()
    with pytest.raises(ReaderFault) as fault:
        read_table(("answers.csv", data), style="qualtrics")
    assert str(fault.value) == (
        "answers.csv: the file is not laid out as Qualtrics exports are. "
        "Leave style out to have it recognised (this looks 'wenjuanxing')."
    )


def test_an_unknown_style_is_answered_with_the_list_of_styles():
    with pytest.raises(
        ReaderFault, match=r"no export style 'typeform'\. The styles are plain, google_forms, qualtrics"
    ):
        read_table(("answers.csv", b"a,b\n1,2\n"), style="typeform")


def test_given_as_plain_a_second_header_row_stays_among_the_answers(miniatures):
    made = miniatures["qualtrics_legacy (en)"]
    table = read_table(("answers.csv", made.csv()), style="plain")
    assert len(table.cells) == 6
    assert table.cells.iloc[0, 0] == "ResponseID"


def test_answer_codes_are_read_as_numbers_with_a_note(miniatures):
    table = read_table(("answers.csv", miniatures["limesurvey, codes (en)"].csv()))
    assert table.notes == ("answer codes such as A3 are read as their numbers in 4 of 12 columns",)


def test_words_for_not_answered_are_declared_and_stay_in_the_cells(miniatures):
    table = read_table(("answers.csv", miniatures["wenjuanxing (zh)"].csv()))
    assert table.user_missing == {7: ["(跳过)"], 8: ["(跳过)"]}
    assert table.cells.loc[2, 7] == "(跳过)"
    coded = read_table(("answers.csv", miniatures["wenjuanxing, by number (zh)"].csv()))
    assert coded.user_missing == {7: [-3.0], 8: [-3.0]}


def test_minus_three_is_an_answer_where_the_scale_runs_below_zero():
    text = "序号,提交答卷时间,1、满意\n1,2026/3/1,-3\n2,2026/3/1,-1\n3,2026/3/1,3\n"
    assert read_table(("answers.csv", text.encode())).user_missing == {}


def test_a_surveymonkey_question_holds_until_the_next_one():
    above = ["Respondent ID", "Collector ID", "Rate us", "", "", "Sex", "Age"]
    below = ["", "", "Rooms", "Staff", "Food", "Response", "Open-Ended Response"]
    text = "\n".join(",".join(row) for row in (above, below, ["1", "2", "7", "6", "5", "f", "31"]))
    table = read_table(("answers.csv", text.encode()))
    assert table.headers[2:] == ("Rate us [Rooms]", "Rate us [Staff]", "Rate us [Food]", "Sex", "Age")


def test_a_condensed_surveymonkey_file_may_have_a_blank_second_row():
    text = "Respondent ID,Collector ID,How satisfied?\n,,\n1001,C1,4\n1002,C1,3\n"
    table = read_table(("answers.csv", text.encode()))
    assert (table.style, table.first_row, table.notes) == ("surveymonkey", 3, ())
    assert table.headers[2] == "How satisfied?"


def test_two_dates_and_an_id_do_not_make_a_qualtrics_export():
    text = "StartDate,EndDate,ResponseId,E1\n2026-03-01,2026-03-02,R_1,7\n"
    assert read_table(("answers.csv", text.encode())).style == "plain"


def test_every_style_names_its_tool():
    assert all(style.tool for style in exports.STYLES.values())
    assert next(iter(exports.STYLES)) == "plain"
