"""The Survey: frozen tables that belong together, and what was left out of them."""

import pandas as pd
import pytest

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")


def battery(*answers):
    """One respondent a number: the same answer to all items."""
    return pd.DataFrame([[answer] * 22 for answer in answers], columns=list(SERVQUAL.item_ids), dtype=float)


def survey(**parts):
    return gk.Survey(SERVQUAL, **{"expectations": battery(7, 6), "perceptions": battery(5, 6)} | parts)


def test_the_gap_is_perception_minus_expectation_and_negative_when_it_falls_short():
    assert survey().gaps["q01"].tolist() == [-2, 0]


def test_a_survey_without_answers_is_refused():
    with pytest.raises(ValueError, match="a Survey needs answers: give at least one of expectations, perceptions"):
        gk.Survey(SERVQUAL)


def test_batteries_with_other_rows_are_refused():
    with pytest.raises(
        ValueError, match="perceptions has other rows than expectations: give every table the same index"
    ):
        survey(perceptions=battery(5, 6, 7))


def test_items_in_another_order_are_refused():
    with pytest.raises(ValueError, match="perceptions must have the columns q01, q02"):
        survey(perceptions=battery(5, 6).iloc[:, ::-1])


def test_a_battery_that_was_not_asked_is_named_with_those_that_were():
    with pytest.raises(ValueError, match='no "minimum" in this survey; it has expectations, perceptions'):
        survey().battery("minimum")


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    people = pd.DataFrame({"hotel": ["A", "B"]})
    with pytest.raises(ValueError, match='no column "branch" among the respondents; there are: hotel'):
        survey(respondents=people).where(branch="A")


def test_a_mask_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="one True or False for each of the 2 respondents"):
        survey().only([True], why="test")


def test_keeping_everyone_leaves_no_trace_and_leaving_someone_out_does():
    whole = survey()
    assert whole.only([True, True], why="all").dropped.empty
    less = whole.only([True, False], why="came twice")
    assert less.dropped.to_dict("records") == [{"what": "respondents", "where": "", "count": 1, "why": "came twice"}]
    assert whole.n == 2


def test_the_tables_given_are_not_changed_and_those_inside_say_whose_they_are():
    given = battery(7, 6)
    made = survey(expectations=given, source=gk.Source(title="Two guests", simulated=True))
    assert given.attrs == {}
    assert made.expectations.attrs["source"] == "Two guests, simulated"
    assert made.gaps.attrs["source"] == "Two guests, simulated"


def test_the_summary_says_what_was_guessed_turned_and_left_out():
    made = survey(
        source=gk.Source(title="Two", format="csv", encoding="cp949", guessed=("encoding",), reversed=("q10",))
    )
    text = made.without([False, True], why="careless").summary()
    assert "read as format 'csv', encoding 'cp949' (guessed: encoding)" in text
    assert "turned in every battery: q10" in text
    assert "left out: 1 respondent: careless" in text


def test_weights_are_the_respondents_column_of_that_name_or_none():
    assert survey().weights is None
    assert survey(respondents=pd.DataFrame({"weight": [1.0, 2.0]})).weights.tolist() == [1, 2]


def test_a_dimension_without_any_answer_has_no_score():
    empty = battery(7, 6)
    empty.loc[0, ["q01", "q02", "q03", "q04"]] = None
    scores = survey(expectations=empty).dimension_scores("expectations")
    assert scores["tangibles"].isna().tolist() == [True, False]
    assert scores["empathy"].tolist() == [7, 6]
