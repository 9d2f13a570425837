from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.population import population
from gapkit.survey.simulate import draw, simulate
from gapkit.survey.truth import Outcome, Segment, Truth, TruthError

# A scale so fine that cutting changes nothing: here correlations of answers are those of the latent answers.
FINE = Instrument(
    id="fine",
    titles={"en": "Fine"},
    items=tuple(Item(f"q0{j}", {"en": f"Item {j}"}, "ab"[j > 2]) for j in range(1, 5)),
    dimensions=(Dimension("a", {"en": "A"}, ("q01", "q02")), Dimension("b", {"en": "B"}, ("q03", "q04"))),
    scale=Scale(0, 200),
    batteries=("expectations", "perceptions"),
    source="",
    citation="",
)
FINE_TRUTH = Truth(
    expectations=100, gaps=0, spread=18, ceiling=None, factor_correlations=0.6, battery_correlation=0.4,
    loadings={"q01": 0.9, "q02": 0.7, "b": 0.8}, outcomes=(),
)  # fmt: skip
MANY = 30_000


def latent_correlation(truth, seed=4):
    survey = simulate(FINE, n=MANY, seed=seed, truth=truth)
    return np.corrcoef(np.hstack([survey.expectations, survey.perceptions]), rowvar=False)


def z_bound(r=0.0):
    """Four and a half standard errors of a correlation."""
    return 4.5 * (1 - r**2) / np.sqrt(MANY)


def same(one, other):
    for name, answers in one.batteries.items():
        pd.testing.assert_frame_equal(answers, other.batteries[name])
    pd.testing.assert_frame_equal(one.respondents, other.respondents)
    pd.testing.assert_frame_equal(one.allocations, other.allocations)


RICH = Truth(groups={"N": 0.6, "S": 0.4}, rates={"S": 2}, missing=0.1, careless=0.05, reversed=("q12",))


def test_the_same_seed_gives_the_same_survey_and_another_seed_another():
    same(simulate(n=80, seed=3, truth=RICH), simulate(n=80, seed=3, truth=RICH))
    assert not simulate(n=80, seed=3).perceptions.equals(simulate(n=80, seed=4).perceptions)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), n=st.integers(1, 60))
def test_answers_are_whole_points_of_the_scale_and_points_add_up_to_100(seed, n):
    survey = simulate(n=n, seed=seed, truth=RICH)
    for answers in survey.batteries.values():
        assert set(np.unique(answers.to_numpy()[answers.notna().to_numpy()])) <= set(range(1, 8))
    assert set(survey.allocations.sum(axis=1, skipna=False).dropna()) <= {100.0}
    assert survey.respondents["recommend"].dropna().isin(range(11)).all()


def test_a_simulated_survey_says_so():
    survey = simulate(n=5, seed=1)
    assert survey.source.simulated
    assert str(survey.source) == "SERVQUAL, simulated"


def test_items_load_on_their_factor_as_planted():
    r = latent_correlation(FINE_TRUTH)
    assert r[0, 1] == pytest.approx(0.9 * 0.7, abs=z_bound(0.63))
    assert r[2, 3] == pytest.approx(0.8 * 0.8, abs=z_bound(0.64))
    assert r[4, 5] == pytest.approx(0.9 * 0.7, abs=z_bound(0.63))


def test_factors_correlate_as_planted_within_and_between_the_halves():
    r = latent_correlation(FINE_TRUTH)
    assert r[0, 2] == pytest.approx(0.9 * 0.6 * 0.8, abs=z_bound(0.43))
    assert r[0, 5] == pytest.approx(0.9 * 0.4 * 0.7, abs=z_bound(0.25))
    assert r[1, 6] == pytest.approx(0.7 * 0.4 * 0.6 * 0.8, abs=z_bound(0.13))


def test_segments_leave_the_total_correlations_as_planted():
    segments = (Segment("x", 0.3, {"a": 0.4, "b": 0.0}, {"a": -0.8, "b": 0.3}), Segment("y", 0.7))
    r = latent_correlation(FINE_TRUTH, seed=5)
    with_segments = latent_correlation(replace(FINE_TRUTH, segments=segments), seed=6)
    assert np.abs(with_segments - r).max() < 2 * z_bound()


def test_every_item_mean_lies_within_sampling_error_of_the_planted_population():
    truth = Truth(gaps={"reliability": -1.5, "other": -0.3}, ceiling=0.6, expectations=6.4)
    drawn = draw(population(truth), n=400, seed=8, surveys=60)
    for battery, answers in drawn.answers.items():
        rows = answers.reshape(-1, 22).astype(float)
        planted = drawn.population.means(battery, level="items").loc["all"].to_numpy()
        z = (rows.mean(axis=0) - planted) / (rows.std(axis=0) / np.sqrt(len(rows)))
        assert np.abs(z).max() < 4.5, battery


def test_the_planted_share_of_expectations_is_at_the_ceiling():
    survey = simulate(n=20_000, seed=2, truth=Truth(ceiling=0.5, expectations=6.2))
    share = (survey.expectations == 7).mean()
    assert np.abs(share - 0.5).max() < 4.5 * 0.5 / np.sqrt(20_000)


def test_outcomes_covary_with_answers_by_their_effects():
    outcome = Outcome("score", -10_000, 10_000, 100, {"a": 2.0, "b": -1.0}, noise=10)
    survey = simulate(FINE, n=MANY, seed=9, truth=replace(FINE_TRUTH, outcomes=(outcome,)))
    # Levels are 18 * .8 * factor, so the outcome is 28.8 * fa - 14.4 * fb + noise; fa and fb correlate .6.
    score = survey.respondents["score"]
    assert score.mean() == pytest.approx(100, abs=4.5 * score.std() / np.sqrt(MANY))
    assert np.cov(score, survey.perceptions["q01"])[0, 1] == pytest.approx(18 * 0.9 * (28.8 - 14.4 * 0.6), rel=0.04)
    assert score.var() == pytest.approx(28.8**2 + 14.4**2 - 2 * 28.8 * 14.4 * 0.6 + 10**2, rel=0.04)


def test_a_group_that_is_served_worse_rates_the_outcome_lower_by_its_effect():
    outcome = Outcome("score", -10_000, 10_000, 0, {"a": 1.0, "b": 0.0}, noise=1)
    truth = replace(FINE_TRUTH, groups={"N": 1, "S": 1}, gaps={"N": 0, "S": -12}, outcomes=(outcome,))
    means = simulate(FINE, n=MANY, seed=1, truth=truth).respondents.groupby("group")["score"].mean()
    assert means["N"] - means["S"] == pytest.approx(12, abs=4.5 * 14.4 * 2 / np.sqrt(MANY))


def test_numbers_by_group_are_met_exactly():
    survey = simulate(n={"N": 30, "S": 12}, seed=1, truth=Truth(groups={"N": 0.5, "S": 0.5}, group="branch"))
    assert survey.respondents["branch"].value_counts().to_dict() == {"N": 30, "S": 12}
    weights = survey.respondents.groupby("branch")["weight"].unique()
    assert weights["N"] == pytest.approx([0.5 * 42 / 30])
    assert weights["S"] == pytest.approx([0.5 * 42 / 12])


def test_numbers_for_other_groups_are_refused():
    with pytest.raises(TruthError, match=r"^n: expected a number for each of the groups N, S, found \{'N': 3\}\.$"):
        simulate(n={"N": 3}, seed=1, truth=Truth(groups={"N": 1, "S": 1}))


def test_equal_rates_give_no_weights():
    assert simulate(n=30, seed=1, truth=Truth(groups={"N": 1, "S": 2})).weights is None


def test_weighted_means_aim_at_the_population_where_plain_ones_miss_it():
    segments = (Segment("hard", 0.3, perceptions=-0.9, rate=3.0), Segment("easy", 0.7))
    truth = Truth(groups={"N": 0.8, "S": 0.2}, gaps={"N": -0.2, "S": -1.6}, rates={"S": 4}, segments=segments)
    drawn = draw(population(truth), n=2_000, seed=5, surveys=30)
    gaps = (drawn.answers["perceptions"] - drawn.answers["expectations"]).mean(axis=2).ravel()
    weight, aim = drawn.weight.ravel(), drawn.population.means("gaps").loc["all", "overall"]
    weighted = np.average(gaps, weights=weight)
    error = np.sqrt(np.sum(weight**2 * (gaps - weighted) ** 2)) / weight.sum()
    assert weight.mean() == pytest.approx(1, abs=0.02)
    assert abs(weighted - aim) < 4.5 * error
    assert gaps.mean() < aim - 0.4


@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_of_the_overall_gap_cover_the_exact_population_mean_in_93_to_97_percent(weighted):
    truth = Truth(groups={"N": 0.8, "S": 0.2}, gaps={"N": -0.2, "S": -1.6}, rates={"S": 4} if weighted else {})
    drawn = draw(population(truth), n=100, seed=11, surveys=2_000)
    gaps = (drawn.answers["perceptions"] - drawn.answers["expectations"]).mean(axis=2).astype(float)
    weight = drawn.weight if weighted else np.ones_like(gaps)
    mean = (weight * gaps).sum(axis=1) / weight.sum(axis=1)
    error = np.sqrt((weight**2 * (gaps - mean[:, None]) ** 2).sum(axis=1) * 100 / 99) / weight.sum(axis=1)
    aim = drawn.population.means("gaps", level="items").loc["all"].mean()
    covered = np.abs(mean - aim) <= stdtrit(99, 0.975) * error
    assert 0.93 <= covered.mean() <= 0.97


def test_many_surveys_at_once_differ_from_each_other_and_each_makes_a_survey():
    drawn = draw(population(RICH), n=40, seed=1, surveys=3, title="One of many")
    assert drawn.answers["perceptions"].shape == (3, 40, 22)
    first, last = drawn.survey(0), drawn.survey(2)
    assert not first.perceptions.equals(last.perceptions)
    assert str(last.source) == "One of many, simulated"
    assert last.n == 40


def test_a_zone_of_tolerance_has_its_three_batteries_with_minimum_below_desired():
    truth = Truth(expectations=7.8, tolerance=1.5, gaps=-0.5, ceiling=0.3)
    survey = simulate("zone_of_tolerance", n=2_000, seed=1, truth=truth)
    assert list(survey.batteries) == ["perceptions", "minimum", "desired"]
    assert survey.minimum.mean().mean() == pytest.approx(6.3, abs=0.05)
    assert survey.desired.mean().mean() == pytest.approx(7.8, abs=0.05)
    assert survey.perceptions.mean().mean() == pytest.approx(7.3, abs=0.05)


def test_a_single_battery_can_be_drawn_without_outcomes_or_points():
    survey = simulate(n=20, seed=1, truth=Truth(batteries=("expectations",), importance=None))
    assert list(survey.batteries) == ["expectations"]
    assert survey.allocations is None
    assert "overall" not in survey.respondents
