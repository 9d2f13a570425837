"""What can be wrong with answers: each fault says what, where and what to do."""

import pandas as pd
import pytest

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")


def answers(n=6, **columns):
    """A clean table of n respondents: expectations 6, perceptions 5, and whatever columns are given."""
    table = pd.DataFrame({f"E{k}": [6] * n for k in range(1, 23)} | {f"P{k}": [5] * n for k in range(1, 23)})
    return table.assign(**columns)


def written(tmp_path, table, name="hotel.csv", **options):
    path = tmp_path / name
    table.to_csv(path, index=False, **options)
    return path


def faults_of(path, **arguments):
    with pytest.raises(gk.SurveyError) as raised:
        gk.load_survey(path, **{"instrument": "servqual"} | arguments)
    return raised.value


def test_an_answer_outside_the_scale_is_named_with_its_rows_and_the_way_out(tmp_path):
    table = answers(90)
    table.loc[[2, 17, 86], "P12"] = 9
    error = faults_of(written(tmp_path, table))
    assert str(error) == (
        "hotel.csv: 1 fault found; nothing was loaded.\n"
        "- 3 answers outside 1-7 in P12 (rows 4, 19, 88). "
        'If 9 means "no answer", pass missing=[9]. If another scale was used, pass scale=(lowest, highest).'
    )
    assert error.faults.loc[0, "code"] == "out_of_range"
    assert error.faults.loc[0, "count"] == 3


def test_a_code_for_no_answer_is_taken_as_such_only_when_told_and_is_recorded(tmp_path):
    table = answers(90)
    table.loc[[2, 17, 86], "P12"] = 9
    survey = gk.load_survey(written(tmp_path, table), instrument="servqual", missing=[9])
    assert survey.perceptions["q12"].isna().sum() == 3
    assert survey.dropped.loc[0, ["what", "count"]].tolist() == ["answers", 3]
    assert survey.dropped.loc[0, "why"] == "coded as no answer (9)"
    assert survey.dropped.loc[0, "where"] == "P12"


def test_text_where_a_number_belongs_is_quoted_and_missing_words_are_suggested(tmp_path):
    table = answers().astype(object)
    table.loc[1, "E5"], table.loc[3, "E5"], table.loc[4, "P1"] = "NA", "NA", "often"
    error = faults_of(written(tmp_path, table))
    message = str(error)
    assert '- 2 answers that are not numbers ("NA") in E5 (rows 3, 5). If "NA" means "no answer"' in message
    assert "pass missing=['NA']" in message
    assert '- 1 answer that is not a number ("often") in P1 (row 6). Correct it in the file' in message


def test_every_fault_is_told_at_once(tmp_path):
    table = answers(4, guest=["a", "b", "b", "c"]).drop(columns="E7").astype(object)
    table.loc[0, "P1"], table.loc[1, "P2"] = 77, "six"
    error = faults_of(written(tmp_path, table), id="guest")
    assert list(error.faults["code"]) == ["missing_column", "out_of_range", "not_a_number", "duplicated_id"]
    assert (
        "- no column for 1 of 22 items in the expectations: q07. Looked for headers like E7. Check the export, "
        "rename the column, or name the columns in the card.\n"
    ) in str(error)
    assert str(error).endswith(
        "- id b stands in 2 rows in the column guest (rows 3, 4). "
        "Keep one row for each respondent, or give each respondent an id of their own."
    )


def test_the_same_fault_in_many_columns_is_told_once_with_the_total(tmp_path):
    table = answers(3)
    table.loc[0, [f"P{k}" for k in range(1, 23)]] = 99
    error = faults_of(written(tmp_path, table))
    assert len(error.faults) == 1
    assert error.faults.loc[0, "count"] == 22
    assert "22 answers outside 1-7 in 22 columns: P1 to P22 (P1: row 2; P2: row 2; and so on). If 99" in str(error)


def test_answers_that_are_all_off_the_scale_are_not_called_absent_too(tmp_path):
    assert faults_of(written(tmp_path, answers() + 80)).faults["code"].tolist() == ["out_of_range"]


POINTS = {f"points_{d}": [20.0] * 6 for d in SERVQUAL.dimension_ids}


def test_allocations_are_read_per_dimension(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers(**POINTS)), instrument="servqual")
    assert list(survey.allocations.columns) == list(SERVQUAL.dimension_ids)
    assert (survey.allocations.sum(axis=1) == 100).all()


def test_allocations_that_do_not_sum_to_100_are_named_with_an_example(tmp_path):
    points = POINTS | {"points_empathy": [20, 20, 30, 20, 20, 20]}
    error = faults_of(written(tmp_path, answers(**points)))
    assert str(error).endswith(
        "- 1 allocation does not sum to 100 (row 4 sums to 110) in the points for tangibles, reliability, "
        "responsiveness, assurance, empathy (row 4). "
        "Correct the points, or leave all of that respondent's points empty."
    )


def test_points_below_zero_are_not_answered_with_the_advice_for_another_scale(tmp_path):
    points = POINTS | {"points_empathy": [20, 20, -9, 20, 20, 20]}
    assert (
        "- 1 answer outside 0-100 in points_empathy (row 4). "
        'If -9 means "no answer", pass missing=[-9]. Otherwise correct the points.\n'
    ) in str(faults_of(written(tmp_path, answers(**points))))


def test_a_blank_beside_a_full_hundred_is_a_zero_and_is_recorded(tmp_path):
    points = POINTS | {"points_empathy": [20, 20, None, 20, 20, 20], "points_tangibles": [20, 20, 40, 20, 20, 20]}
    survey = gk.load_survey(written(tmp_path, answers(**points)), instrument="servqual")
    assert survey.allocations.loc[4, "empathy"] == 0
    assert survey.dropped["where"].tolist() == ["allocations"]


def test_expectations_and_perceptions_on_different_scales_are_refused(tmp_path):
    card = {"columns": {"expectations": {"code": "E", "scale": [1, 10]}, "perceptions": {"code": "P"}}}
    error = faults_of(written(tmp_path, answers()), card=card)
    assert "expectations on 1-10 but perceptions on 1-7" in str(error)
    assert "a gap between two scales means nothing" in str(error)


def test_expectations_that_never_pass_five_beside_perceptions_that_reach_seven_are_questioned(tmp_path):
    table = answers(20)
    table.loc[:, [f"E{k}" for k in range(1, 23)]] = 5
    table.loc[:9, [f"P{k}" for k in range(1, 23)]] = 7
    path = written(tmp_path, table)
    error = faults_of(path)
    assert "the expectations never exceed 5 while the perceptions reach 7" in str(error)
    assert "say so: scale=(1, 7). Otherwise ask both on one scale" in str(error)


def test_survey_weights_must_be_above_zero(tmp_path):
    error = faults_of(written(tmp_path, answers(weight=[1, 1, 0, 1, None, 1])))
    assert "2 survey weights that are missing or not above zero in the column weight (rows 4, 6). Give every" in str(
        error
    )
