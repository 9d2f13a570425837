"""Shares of the answers on each scale point."""

import pandas as pd
import pytest

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")


def survey(*answers, weight=None):
    """Respondents who answer every item alike."""
    table = pd.DataFrame([[answer] * 22 for answer in answers], columns=list(SERVQUAL.item_ids), dtype=float)
    people = pd.DataFrame({} if weight is None else {"weight": weight}, index=table.index)
    return gk.Survey(SERVQUAL, perceptions=table, respondents=people)


def test_four_people_make_quarters():
    shares = gk.answer_shares(survey(7, 7, 5, 1))
    assert shares.loc["q01"].tolist() == [0.25, 0, 0, 0, 0.25, 0, 0.5]


def test_survey_weights_reach_the_shares():
    shares = gk.answer_shares(survey(7, 1, weight=[3.0, 1.0]))
    assert shares.loc["q01", [1, 7]].tolist() == [0.25, 0.75]


def test_a_missing_answer_counts_for_nothing_and_nobody_makes_no_share():
    some = survey(7, 5)
    some.perceptions.loc[0, "q01"] = None
    some.perceptions["q02"] = float("nan")
    shares = gk.answer_shares(some)
    assert shares.loc["q01", 5] == 1
    assert shares.loc["q02"].isna().all()


def test_an_answer_between_two_points_counts_half_on_each():
    assert gk.answer_shares(survey(3.5)).loc["q01", [3, 4]].tolist() == [0.5, 0.5]


def test_a_battery_that_was_not_asked_is_named():
    with pytest.raises(ValueError, match='no "expectations" in this survey; it has perceptions'):
        gk.answer_shares(survey(7), of="expectations")
