"""Which columns about respondents are outcomes."""

import pandas as pd

import gapkit as gk
from gapkit.survey.outcomes import outcome_columns


def survey_with(**columns):
    answers = {f"{code}{j}": [5, 6, 7, 6] for code in "EP" for j in range(1, 23)}
    table = pd.DataFrame(answers | columns)
    return gk.load_survey(table, instrument="servqual", respondents={name: name for name in columns})


def test_usual_names_come_first_and_words_of_an_outcome_count_in_any_language():
    scale = [1, 2, 3, 4]
    survey = survey_with(
        **{"Would recommend (0-10)": scale, "总体满意度": scale, "satisfaction": scale, "nights": scale}
    )
    assert outcome_columns(survey) == ["satisfaction", "Would recommend (0-10)", "总体满意度"]


def test_what_holds_no_answers_on_a_scale_is_no_outcome():
    survey = survey_with(overall=[3, 3, 3, 3], satisfaction=[1.5, 2, 3, 4], recommend=["a", "b", "a", "b"])
    assert outcome_columns(survey) == []


def test_a_column_of_more_values_than_a_scale_has_is_no_outcome():
    table = pd.DataFrame({f"{code}{j}": [5, 6, 7] * 4 for code in "EP" for j in range(1, 23)})
    survey = gk.load_survey(table.assign(overall=range(12)), instrument="servqual", respondents={"overall": "overall"})
    assert outcome_columns(survey) == []
