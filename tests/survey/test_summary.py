"""A survey in a few lines: what was turned, and what looks as if it should have been."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk


def guests(n=60, turned=("q12",)):
    """Guests who answer every item of a half alike, but for small differences and items asked the other way round."""
    rng = np.random.default_rng(1)
    columns = {}
    for code, level in (("E", 5.0), ("P", 4.0)):
        mood = rng.normal(level, 1.2, n)
        for j in range(1, 23):
            answer = np.clip(np.round(mood + rng.normal(0, 0.5, n)), 1, 7)
            columns[f"{code}{j}"] = 8 - answer if f"q{j:02}" in turned else answer
    return pd.DataFrame(columns)


def test_an_item_that_runs_against_its_dimension_is_named_and_nothing_is_turned():
    survey = gk.load_survey(guests(), instrument="servqual")
    assert survey.source.against == ("q12",)
    assert survey.source.reversed == ()
    said = (
        "q12 runs against the other items of its dimension. If it is worded the other way round, name it as reversed;"
    )
    assert said in survey.summary()


def test_once_it_is_named_as_reversed_nothing_runs_against_the_others():
    survey = gk.load_survey(guests(), instrument="servqual", reversed=["q12"])
    assert survey.source.against == ()
    assert "run" not in survey.summary().replace("turned in every battery: q12", "")


def test_an_item_turned_without_need_is_told_as_well():
    survey = gk.load_survey(guests(turned=()), instrument="servqual", reversed=["q12"])
    assert survey.source.against == ("q12",)


@pytest.mark.parametrize("n", [6, 19])
def test_few_respondents_say_nothing_about_wording(n):
    assert gk.load_survey(guests(n), instrument="servqual").source.against == ()


def test_the_bundled_study_has_no_such_item(hotel):
    assert hotel.source.against == ()
