from __future__ import annotations

from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.gaps import gap_scores
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.loading import load_survey
from gapkit.survey.survey import Source, Survey

REFERENCE = Path(__file__).parents[1] / "reference" / "gaps"
COLUMNS = ["n", "E", "P", "gap", "sd", "se", "low", "high", "t", "df", "p", "p_holm", "d_z", "d_av"]
COLUMNS += ["ceiling_E", "r_EP"]


def instrument_of(dimensions, scale=(1, 7)):
    items = tuple(Item(item, {}, name) for name, members in dimensions.items() for item in members)
    parts = tuple(Dimension(name, {}, tuple(members)) for name, members in dimensions.items())
    return Instrument("test", {"en": "test"}, items, parts, Scale(*scale), ("expectations", "perceptions"), "", "")


def survey_of(E, P, dimensions, **more):
    instrument = instrument_of(dimensions)
    table = lambda rows: pd.DataFrame(rows, columns=list(instrument.item_ids), dtype=float)  # noqa: E731
    return Survey(instrument, expectations=table(E), perceptions=table(P), source=Source(title="test"), **more)


def six_people(weights=None):
    """One item, six people: gaps -1 -2 -1 0 1 0."""
    E, P = [[7], [7], [6], [7], [5], [6]], [[6], [5], [5], [7], [6], [6]]
    respondents = pd.DataFrame({"id": range(6)} if weights is None else {"weight": weights})
    return survey_of(E, P, {"all": ["q01"]}, respondents=respondents)


def r_survey():
    answers = pd.read_csv(REFERENCE / "answers.csv")
    dimensions = {"front": ["q01", "q02", "q03"], "back": ["q04", "q05"]}
    E, P = (answers.filter(regex=f"^{letter}_").to_numpy() for letter in "EP")
    return survey_of(E, P, dimensions, respondents=answers[["weight", "group"]])


def unweighted(survey):
    from dataclasses import replace

    return replace(survey, respondents=survey.respondents.drop(columns="weight"))


def test_six_people_by_pencil():
    row = gap_scores(six_people()).items.loc["q01"]
    # deviations of the gaps from -1/2: -1/2 -3/2 -1/2 1/2 3/2 1/2, squares sum to 22/4
    variance = Fraction(22, 4) / 5
    assert row["n"] == 6
    assert row["E"] == pytest.approx(float(Fraction(38, 6)), rel=1e-14)
    assert row["P"] == pytest.approx(float(Fraction(35, 6)), rel=1e-14)
    assert row["gap"] == pytest.approx(-0.5, rel=1e-14)
    assert row["sd"] == pytest.approx(sqrt(variance), rel=1e-14)
    assert row["se"] == pytest.approx(sqrt(variance / 6), rel=1e-14)
    assert row["t"] == pytest.approx(-0.5 / sqrt(variance / 6), rel=1e-14)
    assert row["df"] == 5
    assert row["d_z"] == pytest.approx(-0.5 / sqrt(variance), rel=1e-14)
    # squares around the means: E 244 - 38^2/6 = 10/3, P 207 - 35^2/6 = 17/6
    spread = (sqrt(Fraction(10, 3) / 5) + sqrt(Fraction(17, 6) / 5)) / 2
    assert row["d_av"] == pytest.approx(-0.5 / spread, rel=1e-14)
    assert row["ceiling_E"] == pytest.approx(0.5, rel=1e-14)
    half = 2.570581835636314 * sqrt(variance / 6)  # the 0.975 quantile of t with 5 df, from R's qt(0.975, 5)
    assert (row["low"], row["high"]) == pytest.approx((-0.5 - half, -0.5 + half), rel=1e-12)


def test_six_people_with_survey_weights_by_pencil():
    row = gap_scores(six_people([1, 1, 2, 2, 1, 1])).items.loc["q01"]
    # weights sum to 8; sum of w x gap = -1 - 2 - 2 + 0 + 1 + 0 = -4
    assert row["gap"] == pytest.approx(float(Fraction(-4, 8)), rel=1e-14)
    assert row["E"] == pytest.approx(float(Fraction(7 + 7 + 12 + 14 + 5 + 6, 8)), rel=1e-14)
    assert row["P"] == pytest.approx(float(Fraction(6 + 5 + 10 + 14 + 6 + 6, 8)), rel=1e-14)
    # deviations from -1/2; sum of w d^2 = (1 + 9 + 2 + 2 + 9 + 1)/4 = 6, sum of w^2 d^2 = (1 + 9 + 4 + 4 + 9 + 1)/4 = 7
    sd = sqrt(Fraction(6, 5) * Fraction(6, 8))
    se = sqrt(Fraction(6, 5) * Fraction(7, 64))
    assert row["sd"] == pytest.approx(sd, rel=1e-14)
    assert row["se"] == pytest.approx(se, rel=1e-14)
    assert row["t"] == pytest.approx(-0.5 / se, rel=1e-14)
    assert row["df"] == 5
    assert row["n_eff"] == pytest.approx(float(Fraction(64, 12)), rel=1e-14)
    # E has three sevens, of weight 1, 1 and 2
    assert row["ceiling_E"] == pytest.approx(float(Fraction(4, 8)), rel=1e-14)
    # sums of w d^2: E 31/8, P 39/8; of w dE dP: 11/8
    assert row["r_EP"] == pytest.approx(11 / sqrt(31 * 39), rel=1e-13)
    spread = (sqrt(Fraction(6, 5) * Fraction(31, 64)) + sqrt(Fraction(6, 5) * Fraction(39, 64))) / 2
    assert row["d_av"] == pytest.approx(-0.5 / spread, rel=1e-14)
    assert row["d_z"] == pytest.approx(-0.5 / sd, rel=1e-14)


def test_the_gap_over_pairs_is_not_the_difference_of_the_means():
    nan = np.nan
    survey = survey_of([[7], [6], [7], [nan]], [[5], [6], [nan], [1]], {"all": ["q01"]})
    row = gap_scores(survey).items.loc["q01"]
    assert (row["n"], row["E"], row["P"], row["gap"]) == (2, 6.5, 5.5, -1.0)  # pairs (7, 5) and (6, 6)
    of_all_answers = float(survey.perceptions["q01"].mean() - survey.expectations["q01"].mean())
    assert of_all_answers == pytest.approx(12 / 3 - 20 / 3)  # P 5 6 1, E 7 6 7


def test_a_dimension_score_is_a_respondents_mean_over_pairs():
    nan = np.nan
    E = [[7, 7, 7], [6, 6, 6]]
    P = [[6, 4, nan], [6, 3, 3]]
    gaps = gap_scores(survey_of(E, P, {"front": ["q01", "q02", "q03"]}))
    # respondent 1: (-1 - 3)/2 = -2; respondent 2: (0 - 3 - 3)/3 = -2; over answers it would be -10/5
    assert gaps.dimensions.loc["front", "gap"] == pytest.approx(-2.0)
    assert gaps.dimensions.loc["front", "E"] == pytest.approx((7 + 6) / 2)
    assert gaps.dimensions.loc["front", "ceiling_E"] == pytest.approx(2 / 5)  # of five pairs, two sevens


def test_overall_is_the_mean_of_the_dimensions_and_not_of_the_items():
    gaps = gap_scores(survey_of([[7] * 4] * 2, [[5, 5, 5, 6]] * 2, {"large": ["q01", "q02", "q03"], "small": ["q04"]}))
    assert gaps.overall.loc["overall", "gap"] == pytest.approx(-1.5)  # of the items it would be -7/4


def test_the_weighted_score_uses_each_respondents_own_split():
    E, P = [[7, 7], [7, 7]], [[5, 7], [7, 3]]
    points = pd.DataFrame({"first": [75.0, 100.0], "second": [25.0, 0.0]})
    gaps = gap_scores(survey_of(E, P, {"first": ["q01"], "second": ["q02"]}, allocations=points))
    # respondent 1: 0.75 x -2 + 0.25 x 0 = -1.5; respondent 2: 1 x 0 + 0 x -4 = 0
    assert gaps.weighted.loc["weighted", "gap"] == pytest.approx(-0.75)
    mean_w_mean_g = (0.875 * -1) + (0.125 * -2)
    assert gaps.weighted.loc["weighted", "gap"] != pytest.approx(mean_w_mean_g)


def test_points_on_a_dimension_without_a_score_are_shared_by_the_others():
    E, P = [[7, 7], [7, 7]], [[5, np.nan], [6, 6]]
    points = pd.DataFrame({"first": [40.0, 50.0], "second": [60.0, 50.0]})
    gaps = gap_scores(survey_of(E, P, {"first": ["q01"], "second": ["q02"]}, allocations=points))
    assert gaps.weighted.loc["weighted", "gap"] == pytest.approx((-2 - 1) / 2)


def test_a_respondent_who_did_not_split_in_full_is_out_of_the_weighted_row_only():
    E, P = [[7, 7], [7, 7], [7, 7]], [[5, 6], [7, 7], [6, 6]]
    points = pd.DataFrame({"first": [100.0, np.nan, np.nan], "second": [0.0, 100.0, np.nan]})
    gaps = gap_scores(survey_of(E, P, {"first": ["q01"], "second": ["q02"]}, allocations=points))
    assert gaps.weighted.loc["weighted", ["n", "gap"]].tolist() == [1, -2.0]
    assert gaps.overall.loc["overall", "n"] == 3


def test_without_a_split_the_weighted_row_is_empty_and_the_method_says_why():
    gaps = gap_scores(six_people())
    assert gaps.weighted.loc["weighted", "n"] == 0
    assert gaps.weighted.loc["weighted", "df"] == 0
    assert gaps.weighted.drop(columns=["n", "df"]).isna().all(axis=None)
    assert "No respondent split 100 points in this survey, so the weighted row is empty." in gaps.method


def test_columns_stand_in_the_documented_order_with_the_effective_n_last():
    assert list(gap_scores(six_people()).items.columns) == COLUMNS
    assert list(gap_scores(six_people([1, 1, 2, 2, 1, 1])).items.columns) == [*COLUMNS, "n_eff"]


def test_unweighted_scores_agree_with_the_paired_t_test_of_r():
    expected = pd.read_csv(REFERENCE / "plain.csv", index_col="id")
    gaps = gap_scores(unweighted(r_survey()))
    found = pd.concat([gaps.items, gaps.dimensions, gaps.overall])
    np.testing.assert_allclose(found[expected.columns].astype(float), expected.astype(float), rtol=1e-10)


def test_weighted_scores_agree_with_the_survey_package_of_r():
    expected = pd.read_csv(REFERENCE / "weighted.csv", index_col="id")
    gaps = gap_scores(r_survey())
    found = pd.concat([gaps.items, gaps.dimensions, gaps.overall])
    np.testing.assert_allclose(found[expected.columns].astype(float), expected.astype(float), rtol=1e-10)


def test_a_respondent_of_weight_0_does_not_count():
    gaps = gap_scores(six_people([1, 0, 1, 1, 1, 1]))
    assert gaps.items.loc["q01", ["n", "gap"]].tolist() == pytest.approx([5, -1 / 5])
    assert gaps.n == 5


def test_where_nothing_varies_tests_and_effect_sizes_are_not_defined():
    row = gap_scores(survey_of([[7], [7], [7]], [[6], [6], [6]], {"all": ["q01"]})).items.loc["q01"]
    assert row[["gap", "sd", "se", "low", "high"]].tolist() == [-1, 0, 0, -1, -1]
    assert row[["t", "p", "p_holm", "d_z", "d_av", "r_EP"]].isna().all()


def test_an_item_without_a_pair_is_an_empty_row():
    nan = np.nan
    gaps = gap_scores(survey_of([[7, nan], [6, 7]], [[6, 5], [5, nan]], {"all": ["q01", "q02"]}))
    assert gaps.items.loc["q02", "n"] == 0
    assert gaps.items.loc["q02", ["E", "gap", "low", "p_holm"]].isna().all()
    assert gaps.items.loc["q01", "n"] == 2


def test_the_headline_is_the_overall_gap_with_its_interval():
    gaps = gap_scores(six_people(), confidence=0.9)
    assert gaps.headline == "overall gap -0.50 (90 % CI -1.36 to 0.36), n = 6"


def test_the_method_names_pairs_dropped_respondents_and_weights():
    nan = np.nan
    survey = survey_of([[7], [6], [nan], [7]], [[5], [6], [2], [7]], {"all": ["q01"]})
    assert "on pairs" in gap_scores(survey).method
    assert "25.0% of the pairs are incomplete" in gap_scores(survey).method
    assert "Respondents without any pair, left out: 1." in gap_scores(survey).method
    assert "weights" not in gap_scores(survey).method
    assert "linearised (Taylor) standard errors" in gap_scores(six_people([1, 1, 2, 2, 1, 1])).method


def test_a_wrong_weight_is_named():
    with pytest.raises(ValueError, match=r'2 of 6 respondents have no usable survey weight in "weight" \(index 1, 3\)'):
        gap_scores(six_people([1, np.nan, 1, -1, 1, 1]))


def test_weights_that_are_all_0_are_an_error():
    with pytest.raises(ValueError, match=r'all survey weights in "weight" are 0'):
        gap_scores(six_people([0] * 6))


def test_a_confidence_in_percent_is_an_error():
    with pytest.raises(ValueError, match=r"confidence must lie between 0 and 1, not 95: give 0.95 for 95 %"):
        gap_scores(six_people(), confidence=95)


def test_a_survey_without_expectations_says_what_it_has():
    full = six_people()
    with pytest.raises(ValueError, match=r'no "expectations" in this survey; it has perceptions'):
        gap_scores(Survey(full.instrument, perceptions=full.perceptions))


def test_the_survey_is_left_as_it_was():
    survey = r_survey()
    before = survey.expectations.copy(), survey.respondents.copy()
    gap_scores(survey, by="group")
    pd.testing.assert_frame_equal(survey.expectations, before[0])
    pd.testing.assert_frame_equal(survey.respondents, before[1])


def test_one_respondent_has_a_gap_but_no_interval():
    answers = pd.DataFrame({f"{half}{n}": [7 if half == "E" else 5] for half in "EP" for n in range(1, 23)})
    survey = load_survey(answers, instrument="servqual")
    assert gap_scores(survey).headline == "overall gap -2.00 (no interval from one respondent), n = 1"
