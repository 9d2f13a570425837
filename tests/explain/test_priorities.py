from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

NOBODY = np.zeros(12, bool)


def twelve(make_survey, **extra):
    """Uncorrelated a and b: expectations 6, means of a 3 and b 5; points 70 and 30; the outcome follows b alone."""
    P = pd.DataFrame({"a": [2, 2, 4, 4] * 3, "b": [4, 6, 4, 6] * 3})
    E = pd.DataFrame(6.0, index=P.index, columns=P.columns)
    points = pd.DataFrame({"a": 70.0, "b": 30.0}, index=P.index)
    respondents = pd.DataFrame({"overall": P["b"] * 1.0}) if "respondents" not in extra else extra.pop("respondents")
    return make_survey(P, expected=E, allocations=points, respondents=respondents, **extra)


@pytest.fixture(scope="module")
def of_hotel(hotel):
    return gk.priorities(hotel)


def test_every_priority_by_pencil(make_survey):
    # SERVQUAL: stated a 70 x 3 against b 30 x 1; derived a 0 x 3 against b 1 x 1. SERVPERF (top 7): the same order
    found = gk.priorities(twelve(make_survey), flagged=NOBODY)
    ranks = found.dimension_ranks
    assert len(ranks) == 8  # importance, measure and centre are open
    assert (ranks.loc["stated", ["a", "b"]] == [1, 2]).all(axis=None)
    assert (ranks.loc["derived", ["a", "b"]] == [2, 1]).all(axis=None)
    assert found.dimensions["first"].tolist() == [0.5, 0.5]
    assert found.influence.loc[["importance", "measure", "centre"], "dimensions"].tolist() == [1, 0, 0]
    assert "a ranks first in 4 of 8 choices" in found.headline
    assert "the choice that moves ranks most: importance (1.0 places on average)" in found.headline


def test_choices_that_change_nothing_are_not_counted_and_are_named(make_survey):
    found = gk.priorities(twelve(make_survey), flagged=NOBODY)
    for sentence in (
        "weights is off throughout: the survey has no unequal weights.",
        "screening is all throughout: nobody with an answer is flagged.",
        "missing is complete throughout: whoever answered, answered everything.",
    ):
        assert sentence in found.method
    assert found.influence.loc[["weights", "screening", "missing"], "dimensions"].isna().all()


def test_weights_and_screening_change_ranks_by_pencil(make_survey):
    # six see a at 2 and b at 6, six the other way round: equal on average; weights 3 to 1 favour the first six
    P = pd.DataFrame({"a": [2.0] * 6 + [6.0] * 6, "b": [6.0] * 6 + [2.0] * 6})
    points = pd.DataFrame({"a": 50.0, "b": 50.0}, index=P.index)
    E = P * 0 + 7
    respondents = pd.DataFrame({"weight": [3.0] * 6 + [1.0] * 6})
    survey = make_survey(P, expected=E, allocations=points, respondents=respondents)
    found = gk.priorities(survey, outcome=None, flagged=[True] * 6 + [False] * 6)
    ranks = found.dimension_ranks.xs("mean", level="centre").xs("SERVQUAL", level="measure").droplevel("importance")
    at = {key[:2]: row[["a", "b"]].tolist() for key, row in ranks.iterrows()}
    assert at["off", "all"] == [1.5, 1.5]
    assert at["on", "all"] == [1, 2]
    assert at["on", "screened"] == at["off", "screened"] == [2, 1]


def test_the_median_and_complete_answers_are_choices_by_pencil(make_survey):
    # a: 1, 5, 5, 5 (mean 4, median 5); b: 4.5 throughout. Respondents without b leave a at 5 only.
    P = pd.DataFrame({"a": [1, 5, 5, 5], "b": [np.nan, 4.5, 4.5, 4.5]})
    points = pd.DataFrame({"a": 50.0, "b": 50.0}, index=P.index)
    found = gk.priorities(make_survey(P, allocations=points), outcome=None, flagged=[False] * 4)
    ranks = found.dimension_ranks.droplevel(["importance", "measure", "weights", "screening"])
    assert ranks.loc[("mean", "pairwise"), ["a", "b"]].tolist() == [1, 2]
    assert ranks.loc[("median", "pairwise"), ["a", "b"]].tolist() == [2, 1]
    assert ranks.loc[("mean", "complete"), ["a", "b"]].tolist() == [2, 1]
    assert ranks["n"].tolist() == [4, 3, 4, 3]
    assert "measure is SERVPERF throughout: expectations were not asked." in found.method


def test_the_hotel_has_all_sixty_four_choices(of_hotel):
    found = of_hotel
    assert found.dimension_ranks.shape == (64, 6)
    assert found.item_ranks.shape == (64, 23)
    ranks = found.dimension_ranks.drop(columns="n")
    assert (ranks.sum(axis=1) == 15).all()
    assert found.dimensions["top_three"].equals((ranks <= 3).mean().rename_axis("dimension"))
    assert found.dimensions["first"].equals((ranks == 1).mean().rename_axis("dimension"))
    assert found.influence.notna().all(axis=None)


def test_one_choice_of_the_hotel_is_what_gap_scores_and_drivers_give(hotel, of_hotel):
    gaps = gk.gap_scores(hotel)
    stated = gk.drivers(hotel, draws=10).stated["mean"]
    expected = (stated * -gaps.dimensions["gap"]).rank(ascending=False)
    ranks = of_hotel.dimension_ranks.loc[("stated", "SERVQUAL", "on", "all", "mean", "pairwise")]
    assert ranks.drop("n").tolist() == expected.tolist()


def test_derived_choices_use_the_drivers_shares(hotel, of_hotel):
    gaps = gk.gap_scores(hotel).dimensions["gap"]
    shares = gk.drivers(hotel, of="gaps", missing="pairwise", draws=10).johnson["share"]
    ranks = of_hotel.dimension_ranks.loc[("derived", "SERVQUAL", "on", "all", "mean", "pairwise")]
    assert ranks.drop("n").tolist() == (shares * -gaps).rank(ascending=False).tolist()


def test_robust_names_those_in_the_top_three_often_enough(of_hotel):
    found = of_hotel
    for level, table in (("dimensions", found.dimensions), ("items", found.items)):
        for share in (0.5, 0.9):
            assert set(found.robust(share=share, level=level)) == set(table.index[table["top_three"] >= share])
    with pytest.raises(ValueError, match='level="rooms" is not known'):
        found.robust(level="rooms")


def test_reliability_which_the_hotel_was_made_to_need_is_robust(of_hotel):
    # the simulation plants the largest weight (1/3) on reliability
    assert of_hotel.dimensions["first"].idxmax() == "reliability"


def test_the_kiosk_survey_runs_without_weights(kiosks):
    found = gk.priorities(kiosks, outcome="satisfaction")
    assert "weights is off throughout" in found.method
    assert list(found.dimension_ranks.columns) == ["n", *kiosks.instrument.dimension_ids]
    assert "q09" not in found.items.index  # asked, but of no dimension


def test_combinations_that_cannot_be_computed_are_named(make_survey):
    survey = twelve(make_survey)
    found = gk.priorities(survey, flagged=[False] * 3 + [True] * 9)
    assert "4 combinations could not be computed for dimensions: derived / SERVQUAL / off / screened" in found.method
    assert len(found.dimension_ranks) == 12


def test_without_importance_and_outcome_there_are_no_priorities(make_survey):
    with pytest.raises(ValueError, match="priorities need importance"):
        gk.priorities(make_survey(pd.DataFrame({"a": [1, 2], "b": [2, 1]})), outcome=None, flagged=[False, False])


def test_flags_of_other_respondents_are_refused(make_survey):
    with pytest.raises(ValueError, match="one True or False for each of the 12 respondents"):
        gk.priorities(twelve(make_survey), flagged=[True])
