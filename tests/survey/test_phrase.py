"""Sentences that remember their template and values, and are English strings all the same."""

import copy
import json
import pickle

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.phrase import Joined, Phrase, joined, phrase, plural, sentences
from gapkit.survey.survey import add_dropped


def test_a_phrase_is_the_formatted_english():
    said = phrase("{n:,} rows of {file!r} are left out", n=12_000, file="a.csv")
    assert said == "12,000 rows of 'a.csv' are left out"
    assert (said.template, said.values) == ("{n:,} rows of {file!r} are left out", {"n": 12_000, "file": "a.csv"})


def test_braces_in_a_value_stay_as_they_are():
    assert phrase("no column {name}", name="{0.__class__}") == "no column {0.__class__}"


def test_a_missing_value_is_an_error_where_the_sentence_is_made():
    with pytest.raises(KeyError, match="n"):
        phrase("{n} rows")


def test_one_and_many_have_one_template():
    one, many = (plural(n, "{count} row has", "{count} rows have") for n in (1, 2))
    assert (one, many) == ("1 row has", "2 rows have")
    assert one.template == many.template == "{count} rows have"
    assert one.again(count=7) == "7 rows have"


def test_a_value_may_be_a_phrase():
    said = phrase("no {what} at all", what=phrase("answers"))
    assert said == "no answers at all"
    assert said.values["what"].template == "answers"


def test_names_in_a_row_have_a_last_word():
    assert joined(["E"], last=" and ") == "E"
    assert joined(["E", "P"], last=" and ") == "E and P"
    assert joined(["E", "P", "I"], last=" and ") == "E, P and I"
    assert joined([]) == ""


def test_sentences_leave_out_what_is_empty():
    said = sentences(phrase("Mean gaps."), "", phrase("Unweighted."))
    assert said == "Mean gaps. Unweighted."
    assert said.parts == ("Mean gaps.", "Unweighted.")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda said: pickle.loads(pickle.dumps(said))])
@pytest.mark.parametrize("said", [plural(1, "{count} row", "{count} rows"), sentences(phrase("{n} of them.", n=3))])
def test_copies_and_pickles_remember(again, said):
    other = again(said)
    assert other == said
    assert type(other) is type(said)
    assert vars(other) == vars(said)


def test_other_programs_see_a_string():
    said = phrase("{n} rows", n=3)
    assert json.dumps({"note": said}) == '{"note": "3 rows"}'
    assert f"{said}!" == "3 rows!"
    assert {said: 1}["3 rows"] == 1


def test_a_table_of_what_was_left_out_remembers_after_every_step():
    survey = gk.datasets.load("hotel").where(hotel=["B", "C"])
    survey = survey.only([True] * (survey.n - 1) + [False], why=phrase("{who} did not answer", who="the last"))
    survey = survey.without([True] + [False] * (survey.n - 1))
    assert survey.dropped["why"].iloc[-3:].tolist() == [
        "outside hotel = ['B', 'C']",
        "the last did not answer",
        "flagged by screening",
    ]
    assert all(isinstance(why, Phrase) for why in survey.dropped["why"])
    assert survey.dropped["count"].dtype == np.int64


def test_reasons_of_ones_own_may_be_plain_strings():
    table = add_dropped([("respondents", "", 3, "too young")], to=add_dropped([("answers", "E1", 1, phrase("coded"))]))
    assert table["why"].tolist() == ["coded", "too young"]
    assert table["why"].dtype == object


def test_faults_of_a_file_remember():
    answers = pd.DataFrame({f"{half}{n}": [7, 6, 50] for half in "EP" for n in range(1, 23)})
    with pytest.raises(gk.SurveyError) as caught:
        gk.load_survey(answers, instrument="servqual")
    fault = caught.value.faults.iloc[0]
    assert fault["what"] == "44 answers outside 1-7"
    assert isinstance(fault["what"], Phrase)
    assert all(isinstance(fault[key], Phrase | Joined) for key in ("where", "rows", "remedy"))
    assert isinstance(caught.value.args[0], Joined)


def test_the_method_of_a_result_remembers_and_reads_as_before():
    scores = gk.gap_scores(gk.datasets.load("hotel"))
    assert isinstance(scores.method, Joined)
    assert scores.method == " ".join(scores.method.parts)


def test_a_correlation_matrix_remembers_how_it_was_made_through_a_copy():
    answers = gk.datasets.load("hotel").perceptions[["q01", "q02", "q03"]]
    matrix = gk.correlation(answers, kind="pearson").round(2).loc[["q01", "q02"]]
    assert isinstance(matrix.attrs["method"], Phrase)
