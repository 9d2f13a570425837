"""How far a scenario moves each dimension."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk


@pytest.fixture(scope="module")
def servqual():
    return gk.load_instrument("servqual")


def answers(servqual, *rows):
    return pd.DataFrame([[value] * 22 for value in rows], columns=servqual.item_ids, dtype=float)


def test_the_empty_scenario_asks_nothing_of_any_dimension():
    moves = gk.dimension_moves(gk.datasets.load("hotel"), gk.Scenario())
    assert moves.to_numpy().tolist() == [[0, 0, 0]] * 5


def test_one_item_of_four_moves_its_dimension_by_a_quarter(servqual):
    survey = gk.Survey(servqual, perceptions=answers(servqual, 3, 4))
    moves = gk.dimension_moves(survey, gk.Scenario({"q01": 1.0}))
    assert moves.loc["tangibles"].tolist() == [0.25, 0.25, 0.0]
    assert moves.drop("tangibles").to_numpy().sum() == 0


def test_a_shift_of_half_the_respondents_counts_half(servqual):
    people = pd.DataFrame({"hotel": ["A", "B"]})
    survey = gk.Survey(servqual, perceptions=answers(servqual, 7, 6), respondents=people)
    moves = gk.dimension_moves(survey, gk.Scenario({"empathy": 2.0}, where={"hotel": "B"}))
    assert moves.loc["empathy"].tolist() == [1.0, 0.5, 0.5]


def test_survey_weights_count(servqual):
    people = pd.DataFrame({"hotel": ["A", "B"], "weight": [3.0, 1.0]})
    survey = gk.Survey(servqual, perceptions=answers(servqual, 7, 6), respondents=people)
    moves = gk.dimension_moves(survey, gk.Scenario({"empathy": 2.0}, where={"hotel": "B"}))
    assert moves.loc["empathy"].tolist() == [0.5, 0.25, 0.25]


def test_steps_add_up_and_stay_in_their_battery(servqual):
    survey = gk.Survey(servqual, expectations=answers(servqual, 5, 5), perceptions=answers(servqual, 3, 4))
    two = gk.Scenario({"empathy": 0.5}) + gk.Scenario({"empathy": 0.25}) + gk.Scenario({"all": -1}, of="expectations")
    assert gk.dimension_moves(survey, two).loc["empathy", "asked"] == 0.75
    assert gk.dimension_moves(survey, two, of="expectations")["asked"].tolist() == [-1] * 5


def test_it_is_what_the_dimension_means_do_where_everybody_answered():
    survey = gk.datasets.load("hotel")
    whole = survey.only(survey.perceptions.notna().all(axis=1).to_numpy(), why="complete")
    scenario = gk.Scenario({"reliability": 1.2, "empathy": 2.0})
    before, after = (gk.performance_scores(s).dimensions["P"] for s in (whole, gk.apply(whole, scenario)))
    np.testing.assert_allclose(gk.dimension_moves(whole, scenario)["attained"], after - before, atol=1e-9)
