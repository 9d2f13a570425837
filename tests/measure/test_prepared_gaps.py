"""Gaps under moved answers: the same numbers as gap_scores, and quick."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

COLUMNS = ["n", "E", "P", "gap", "low", "high"]


def same(ready, survey):
    """Whether the prepared numbers are those of gap_scores."""
    scores = gk.gap_scores(survey)
    wanted = pd.concat([scores.dimensions[COLUMNS], scores.overall[COLUMNS]])
    got = ready.of(survey)
    assert got.index.tolist() == wanted.index.tolist()
    np.testing.assert_allclose(got.to_numpy(), wanted.to_numpy(float), rtol=0, atol=1e-12)


@pytest.mark.parametrize("amounts", [{}, {"reliability": 0.7}, {"empathy": 2.0, "q01": -0.3}])
def test_the_numbers_are_those_of_gap_scores_with_weights_and_missing_answers(hotel, amounts):
    assert hotel.weights is not None
    assert hotel.perceptions.isna().to_numpy().any()
    same(gk.prepare_gaps(hotel), gk.apply(hotel, gk.Scenario(amounts)))


def test_they_are_so_without_weights_and_in_a_part_of_the_survey(hotel):
    plain = replace(hotel, respondents=hotel.respondents.drop(columns="weight")).where(hotel="B")
    same(gk.prepare_gaps(plain), gk.apply(plain, gk.Scenario({"all": 0.4})))


def test_a_survey_without_expectations_has_means_only():
    servqual = gk.load_instrument("servqual")
    P = pd.DataFrame([[3.0] * 22, [4.0] * 22], columns=servqual.item_ids)
    table = gk.prepare_gaps(gk.Survey(servqual, perceptions=P)).of(gk.Survey(servqual, perceptions=P + 1))
    assert table["P"].tolist() == [4.5] * 6
    assert table[["E", "gap", "low", "high"]].isna().to_numpy().all()


def test_other_respondents_are_refused(hotel):
    with pytest.raises(ValueError, match="other respondents than the ones prepared"):
        gk.prepare_gaps(hotel).of(hotel.where(hotel="A"))
