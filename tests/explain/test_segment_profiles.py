"""Profiles of segments: planted ones found in the hotels, small ones hidden, names kept."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.bch import placed
from gapkit.explain.segment_members import with_segments
from gapkit.explain.segment_profiles import segment_profiles
from gapkit.survey import hotel_plan

SEGMENTS = {segment.name: segment for segment in hotel_plan.SEGMENTS}
PLANTED = ["promises", "surroundings", "attention"]


def segments_of(survey, where, sure=1.0, on="gaps"):
    """Segments with a posterior made by hand; -1 is in no segment."""
    where = np.asarray(where)
    k = where.max() + 1
    posterior = np.full((len(where), k), (1 - sure) / max(k - 1, 1))
    posterior[np.arange(len(where)), where] = sure
    posterior[where < 0] = np.nan
    names = [f"S{s + 1}" for s in range(k)]
    return SimpleNamespace(posterior=pd.DataFrame(posterior, index=survey.respondents.index, columns=names), on=on)


@pytest.fixture(scope="module")
def planted():
    truth = pd.read_csv(gk.datasets.path("hotel").with_name("truth_guests.csv"))
    return truth["segment"].map(PLANTED.index).to_numpy()


@pytest.fixture(scope="module")
def profiles(hotel, planted):
    return segment_profiles(segments_of(hotel, planted), hotel)


def test_profiles_of_known_segments_are_the_gap_scores_of_their_members(hotel, planted, profiles):
    people = hotel.respondents.assign(kind=np.array(["S1", "S2", "S3"])[planted])
    by_kind = gk.gap_scores(replace(hotel, respondents=people), by="kind")
    own = profiles.profile.drop("overall", level="score")
    columns = ["n", "E", "P", "gap", "gap_low", "gap_high"]
    expected = by_kind.dimensions[["n", "E", "P", "gap", "low", "high"]]
    assert own[columns].to_numpy() == pytest.approx(expected.to_numpy())
    overall = profiles.profile.xs("overall", level="score")
    assert overall["gap"].to_numpy() == pytest.approx(by_kind.overall["gap"].to_numpy())


def test_planted_segments_are_named_for_what_was_planted(profiles):
    assert profiles.names["worst"].tolist()[:2] == ["reliability", "tangibles"]
    assert profiles.names.loc["S3", "worst"] in ("responsiveness", "assurance", "empathy")


def test_outcomes_of_certain_segments_are_weighted_means(hotel, planted, profiles):
    own = hotel.respondents[planted == 1]
    answered = own["recommend"].notna()
    mean = np.average(own["recommend"][answered], weights=own["weight"][answered])
    row = profiles.outcomes.loc[("recommend", "S2")]
    assert (row["mean"], row["plain"], row["n"]) == (pytest.approx(mean), pytest.approx(mean), answered.sum())
    assert "Membership is certain" in profiles.method


def test_uncertain_placement_pulls_outcomes_apart_and_widens_their_intervals(hotel, planted):
    doubtful = segment_profiles(segments_of(hotel, planted, sure=0.8), hotel)
    row = doubtful.outcomes.loc[("recommend", "S2")]
    others = doubtful.outcomes.loc["recommend"].drop("S2")
    assert row["mean"] > row["plain"] > others["plain"].max() > others["mean"].max() - 0.2
    certain = segment_profiles(segments_of(hotel, planted), hotel).outcomes.loc[("recommend", "S2")]
    assert row["high"] - row["low"] > certain["high"] - certain["low"]
    assert "80.0% of them rightly" in doubtful.method


def test_what_matters_is_found_where_it_was_planted(profiles):
    points = profiles.importance["mean"].unstack()
    meant = pd.DataFrame({f"S{s + 1}": SEGMENTS[name].importance for s, name in enumerate(PLANTED)})
    assert points.loc[meant.index].to_numpy() == pytest.approx(meant.to_numpy(), abs=2.5)  # about three standard errors
    assert points.sum().to_numpy() == pytest.approx([100, 100, 100])


def test_purpose_and_age_go_with_the_segments_and_the_hotel_does_not(profiles):
    tests = profiles.demographic_tests
    assert tests.loc[["purpose", "age"], "p_holm"].max() < 0.001
    assert tests.loc["hotel", "p_holm"] > 0.05
    assert profiles.demographics["share"].unstack().groupby("column").sum().to_numpy() == pytest.approx(1)


def test_certainty_and_placement_are_those_of_the_posterior(hotel, planted):
    segments = segments_of(hotel, planted, sure=0.7)
    doubtful = segment_profiles(segments, hotel)
    assert doubtful.sizes["certainty"].to_numpy() == pytest.approx([0.7] * 3)
    who = placed(segments.posterior.to_numpy(), hotel.weights.to_numpy())
    assert doubtful.placement.to_numpy() == pytest.approx(who.errors)


def test_a_small_segment_is_not_shown_anywhere_nor_by_subtraction(hotel, planted):
    few = planted.copy()
    few[:3] = 3
    profiles = segment_profiles(segments_of(hotel, few), hotel)
    assert profiles.suppressed.to_numpy().tolist() == [["S4", "all", "fewer than 5"]]
    for table in (profiles.sizes, profiles.profile, profiles.outcomes, profiles.demographics, profiles.importance):
        assert "S4" not in table.index.get_level_values("segment")
    assert "S4" not in profiles.names.index
    assert profiles.everyone["n"].max() == profiles.profile["n"].groupby("segment").max().sum()
    assert profiles.headline.endswith("1 not shown; n = 1200")


def test_a_score_that_few_of_a_segment_have_cannot_be_had_from_everyone(hotel, planted):
    # of S3 only three guests answered empathy
    few = np.flatnonzero(planted == 2)[3:]
    items = list(next(d.items for d in hotel.instrument.dimensions if d.id == "empathy"))
    perceptions = hotel.perceptions.copy()
    perceptions.iloc[few, perceptions.columns.get_indexer(items)] = np.nan
    survey = replace(hotel, perceptions=perceptions)
    profiles = segment_profiles(segments_of(survey, planted), survey)
    cells = profiles.profile.xs("empathy", level="score")
    assert cells["n"].isna().tolist() == [False, False, True]
    everyone = profiles.everyone.loc["empathy"]
    assert everyone["n"] - cells["n"].sum() == 0, "three people more would be the hidden ones"
    others = gk.gap_scores(survey.only(planted != 2, why="test")).dimensions.loc["empathy"]
    assert everyone[["n", "E", "P", "gap"]].tolist() == pytest.approx(others[["n", "E", "P", "gap"]].tolist())
    assert profiles.everyone.loc["assurance", "n"] == profiles.profile.xs("assurance", level="score")["n"].sum()
    assert profiles.suppressed.to_numpy().tolist() == [["S3", "empathy", "fewer than 5"]]
    assert "The means of everyone leave out the respondents of cells that are not shown" in profiles.method
    assert "not shown" not in profiles.headline, "every segment is"


def test_values_and_outcomes_that_are_not_shown_are_listed(hotel, planted):
    people = hotel.respondents.assign(stay=np.where(planted == 0, "short", "long"))
    people.loc[people.index[np.flatnonzero(planted == 0)[:2]], "stay"] = "long"
    people.loc[people.index[np.flatnonzero(planted == 1)[:200]], "stay"] = "short"
    people.loc[people.index[np.flatnonzero(planted == 2)[4:]], "recommend"] = np.nan
    survey = replace(hotel, respondents=people)
    profiles = segment_profiles(segments_of(survey, planted), survey, outcomes=["recommend"], demographics=["stay"])
    listed = {(group, what): reason for group, what, reason in profiles.suppressed.itertuples(index=False)}
    assert listed[("S1", "stay: long")] == "fewer than 5"
    assert listed[("S1", "stay: short")] == "would give away a smaller number"
    assert listed[("S3", "outcome: recommend")] == "fewer than 5"
    shown = profiles.demographics["n"].unstack().drop(columns="S1")
    assert shown.isna().any(axis=1).all(), "down the column a second one is hidden too"
    assert "Nor are counts shown from which a smaller one could be worked out" in profiles.method


def test_adjusted_means_that_no_answers_have_are_named(hotel):
    # 190 guests placed in S1 answer 0, 1 or 2, on average 1; ten in S2 answer 10; eight in ten are placed rightly:
    # 152 m1 + 38 m2 = 190 and 2 m1 + 8 m2 = 100, so m1 = -2 and m2 = 13
    where = np.zeros(200, int)
    where[:10] = 1
    survey = hotel.only(np.arange(hotel.n) < 200, why="test")
    likes = np.where(where == 1, 10.0, np.arange(200) % 3)
    survey = replace(survey, respondents=survey.respondents.assign(recommend=likes, weight=1.0))
    asked = {"outcomes": ["recommend"], "demographics": []}
    profiles = segment_profiles(segments_of(survey, where, sure=0.8), survey, **asked)
    assert profiles.outcomes["mean"].tolist() == pytest.approx([-2, 13])
    both = "recommend of S1, recommend of S2"
    assert f"Adjusted means outside the range of the answers: {both}" in profiles.method
    assert f"Intervals of adjusted means that leave it: {both}" in profiles.method
    certain = segment_profiles(segments_of(survey, where), survey, **asked)
    assert "range of the answers" not in certain.method


def test_who_is_in_no_segment_is_left_out_and_said(hotel, planted):
    some = planted.copy()
    some[:10] = -1
    profiles = segment_profiles(segments_of(hotel, some), hotel)
    assert profiles.n == 1190
    assert "Respondents in no segment, left out: 10." in profiles.method
    column = with_segments(segments_of(hotel, some), hotel).respondents["segment"]
    assert column[:10].isna().all()
    assert column[10:].notna().all()


def test_one_segment_is_everybody_and_is_called_nothing_special(hotel):
    profiles = segment_profiles(segments_of(hotel, np.zeros(hotel.n, int)), hotel)
    assert profiles.sizes.loc["S1", ["share", "low", "high"]].tolist() == [1, 1, 1]
    assert profiles.names.loc["S1", ["expectations", "worst", "best", "given"]].tolist() == ["typical", "", "", ""]
    assert profiles.tests["p"].isna().all()


def test_names_of_ones_own_are_kept_beside_the_proposed_parts(profiles):
    named = profiles.renamed({"S1": " On  time, please "})
    assert named.names.loc["S1", ["worst", "given"]].tolist() == ["reliability", "On time, please"]
    assert profiles.names.loc["S1", "given"] == "", "nothing is changed in place"
    assert named.renamed({"S1": ""}).names["given"].eq("").all()


def test_a_name_for_nobody_and_a_name_for_two_are_errors(profiles):
    with pytest.raises(ValueError, match='there is no segment "S9"; there are: S1, S2, S3'):
        profiles.renamed({"S9": "ghosts"})
    with pytest.raises(ValueError, match='two segments would be called "guests"'):
        profiles.renamed({"S1": "guests", "S2": "guests"})


def test_other_respondents_are_an_error_that_names_assign(hotel, planted):
    segments = segments_of(hotel, planted)
    others = hotel.only(np.arange(hotel.n) >= 50, why="test")
    with pytest.raises(ValueError, match="50 of the 1200 respondents that the segments were found in are not in this"):
        segment_profiles(segments, others)


def test_a_scenario_reaches_one_segment_only(hotel, planted):
    survey = with_segments(segments_of(hotel, planted), hotel)
    after = gk.apply(survey, gk.Scenario({"reliability": 0.3}, where={"segment": "S1"}))
    before, now = (gk.gap_scores(one, by="segment").dimensions["P"] for one in (survey, after))
    moved = (now - before).xs("reliability", level=1)
    assert moved["S1"] == pytest.approx(0.3, abs=0.02)
    assert moved[["S2", "S3"]].to_numpy() == pytest.approx([0, 0])


def test_a_segment_column_is_not_written_over(hotel, planted):
    segments = segments_of(hotel, planted)
    with pytest.raises(ValueError, match='there is a column "segment" among the respondents already'):
        with_segments(segments, with_segments(segments, hotel))


def test_a_survey_of_perceptions_alone_has_profiles_too(make_survey):
    rng = np.random.default_rng(1)
    perceived = pd.DataFrame(rng.integers(1, 8, (40, 2)), columns=["prompt", "polite"])
    survey = make_survey(perceived)
    profiles = segment_profiles(segments_of(survey, np.arange(40) % 2, on="perceptions"), survey)
    assert "gap" not in profiles.profile
    assert profiles.profile.loc[("S1", "prompt"), "P"] == pytest.approx(perceived["prompt"][::2].mean())
    assert profiles.importance is None
    assert profiles.outcomes.empty
    assert profiles.demographic_tests.empty
    assert "2 segments" in profiles.summary()


def test_silhouettes_of_members_have_the_mean_that_the_table_gives(hotel):
    quick = {"max_segments": 3, "draws": 19, "resamples": 0, "progress": False}
    found = gk.segment(hotel, on="gaps", centre="person", method="kmeans", n_segments=3, **quick)
    own = gk.member_silhouettes(found)
    weights = hotel.respondents.loc[own.index, "weight"]
    mean = np.average(own, weights=weights)
    assert mean == pytest.approx(found.table.loc[3, "silhouette_sqeuclidean"])
    assert gk.member_silhouettes(found.choose(1)).isna().all()
