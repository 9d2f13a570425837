"""Causes in the six hotels: each hotel's planted weakness comes out."""

import pytest

from gapkit.survey.hotel_causes import USUAL, WEAK, causes


def test_the_same_seed_gives_the_same_answers():
    assert causes(3).perceptions.equals(causes(3).perceptions)
    assert not causes(3).perceptions.equals(causes(4).perceptions)


def test_it_says_that_it_is_simulated_and_names_every_hotel():
    survey = causes()
    assert survey.source.simulated
    assert set(survey.respondents["hotel"]) == set(WEAK) == set("ABCDEF")


@pytest.mark.parametrize("hotel", [name for name in WEAK if WEAK[name]])
def test_planted_weaknesses_lie_within_four_standard_errors(hotel):
    survey = causes()
    own = survey.dimension_scores("perceptions")[(survey.respondents["hotel"] == hotel).to_numpy()]
    for cause, shift in WEAK[hotel].items():
        assert abs(own[cause].mean() - USUAL - shift) < 4 * own[cause].sem()
