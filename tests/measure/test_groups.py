from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.gaps import gap_scores
from gapkit.measure.performance import performance_scores
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale
from gapkit.survey.survey import Source, Survey

REFERENCE = Path(__file__).parents[1] / "reference" / "gaps"
ITEMS = ["q01", "q02", "q03"]


def survey_of(groups, weights=None, missing=(), seed=3):
    """Three items in two dimensions for each person in `groups`; `missing` names (row, item) without a perception."""
    instrument = Instrument(
        "test",
        {"en": "test"},
        tuple(Item(item, {}) for item in ITEMS),
        (Dimension("front", {}, ("q01", "q02")), Dimension("back", {}, ("q03",))),
        Scale(1, 7),
        ("expectations", "perceptions"),
        "",
        "",
    )
    rng = np.random.default_rng(seed)
    E, P = (pd.DataFrame(rng.integers(low, 8, (len(groups), 3)).astype(float), columns=ITEMS) for low in (4, 1))
    for row, item in missing:
        P.loc[row, item] = np.nan
    respondents = pd.DataFrame({"hotel": groups} | ({} if weights is None else {"weight": weights}))
    return Survey(instrument, expectations=E, perceptions=P, respondents=respondents, source=Source(title="test"))


def test_a_groups_rows_are_those_of_the_group_alone():
    survey = survey_of(["A"] * 7 + ["B"] * 9)
    gaps = gap_scores(survey, by="hotel")
    alone = gap_scores(survey.where(hotel="B"))
    for level in ("items", "dimensions", "overall"):
        found = getattr(gaps, level).loc["B"]
        pd.testing.assert_frame_equal(found, getattr(alone, level), check_names=False)
    assert gaps.dimensions.index.names == ["hotel", "dimension"]
    assert gaps.items.index.names == ["hotel", "item"]


def test_groups_stand_in_the_order_of_their_categories():
    labels = pd.Categorical(["low"] * 5 + ["high"] * 5, categories=["low", "high"], ordered=True)
    found = gap_scores(survey_of(labels), by="hotel").overall.index.get_level_values("hotel")
    assert list(found) == ["low", "high"]


def test_a_group_under_the_minimum_is_listed_by_name_and_reason_only():
    gaps = gap_scores(survey_of(["A"] * 8 + ["B"] * 4 + ["C"] * 5), by="hotel")
    assert set(gaps.overall.index.get_level_values("hotel")) == {"A", "C"}
    assert gaps.suppressed.to_dict("records") == [{"group": "B", "what": "all", "reason": "fewer than 5"}]
    assert gaps.tests.loc["overall", "groups"] == 2


def test_a_suppressed_group_cannot_be_had_by_subtraction_within_the_result():
    silent = [(0, item) for item in ITEMS]
    gaps = gap_scores(survey_of(["A"] * 9 + ["B"] * 4 + ["C"] * 5, missing=silent), by="hotel")
    assert gaps.n == 13
    assert gaps.source == "test, n = 13"
    numbers = re.findall(r"\d+", gaps.method + gaps.source + gaps.headline)
    assert not {"4", "17", "18"} & set(numbers)


def test_a_group_is_as_large_as_the_people_who_answered():
    silent = [(row, item) for row in (0, 1) for item in ITEMS]
    gaps = gap_scores(survey_of(["A"] * 6 + ["B"] * 6, missing=silent), by="hotel")
    assert gaps.suppressed["group"].tolist() == ["A"]


def test_a_cell_under_the_minimum_is_hidden_where_its_group_is_not():
    gaps = gap_scores(survey_of(["A"] * 6 + ["B"] * 6, missing=[(0, "q01"), (1, "q01")]), by="hotel")
    assert ("A", "q01") not in gaps.items.index
    assert ("A", "q02") in gaps.items.index
    assert gaps.suppressed.to_dict("records") == [{"group": "A", "what": "q01", "reason": "fewer than 5"}]
    # the Holm family of group A is then the two items that are shown
    shown = gaps.items.loc["A"]
    assert shown["p_holm"].min() == pytest.approx(min(1, 2 * shown["p"].min()))


def test_the_minimum_can_be_chosen_and_is_in_the_method():
    survey = survey_of(["A"] * 8 + ["B"] * 4)
    assert len(gap_scores(survey, by="hotel", minimum_n=4).overall) == 2
    nobody = gap_scores(survey, by="hotel", minimum_n=9)
    assert nobody.overall.empty
    assert list(nobody.overall.columns) == list(gap_scores(survey).overall.columns)
    assert "fewer than 9 respondents is not shown" in gap_scores(survey, by="hotel", minimum_n=9).method
    assert "no group is large enough" in gap_scores(survey, by="hotel", minimum_n=9).headline


def test_a_minimum_of_0_is_an_error():
    with pytest.raises(ValueError, match="minimum_n must be at least 1, not 0"):
        gap_scores(survey_of(["A"] * 6), by="hotel", minimum_n=0)


def test_people_without_a_group_are_counted_in_the_method():
    gaps = gap_scores(survey_of(["A"] * 6 + ["B"] * 6 + [None] * 3), by="hotel")
    assert "Respondents without a hotel, in no group: 3." in gaps.method
    assert gaps.n == 12


def test_an_unknown_column_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r'no column "ward" among the respondents to group by; there are: hotel'):
        gap_scores(survey_of(["A"] * 6), by="ward")


def test_without_groups_there_are_no_tests_and_nothing_is_suppressed():
    gaps = gap_scores(survey_of(["A"] * 3))
    assert gaps.tests is None
    assert gaps.suppressed is None
    assert len(gaps.overall) == 1  # three people: the survey as a whole is the user's own


def test_the_test_between_groups_agrees_with_oneway_test_of_r():
    answers = pd.read_csv(REFERENCE / "answers.csv")
    items = [f"q{j:02}" for j in range(1, 6)]
    parts = (Dimension("front", {}, tuple(items[:3])), Dimension("back", {}, tuple(items[3:])))
    instrument = Instrument("r", {}, tuple(Item(i, {}) for i in items), parts, Scale(1, 7), ("perceptions",), "", "")
    E, P = (answers[[f"{letter}_{item}" for item in items]].set_axis(items, axis=1) for letter in "EP")
    survey = Survey(instrument, expectations=E, perceptions=P, respondents=answers[["group"]])
    expected = pd.read_csv(REFERENCE / "groups.csv", index_col="id")
    found = gap_scores(survey, by="group").tests
    np.testing.assert_allclose(found.loc[expected.index, expected.columns], expected, rtol=1e-9)
    smaller, larger = sorted(expected.loc[["front", "back"], "p"])  # Holm over the two dimensions
    assert found.loc[["front", "back"], "p_holm"].tolist() == pytest.approx([larger, 2 * smaller])
    assert found.loc["overall", "p_holm"] == found.loc["overall", "p"]


def test_two_weighted_groups_are_compared_by_their_linearised_variances():
    weights = np.linspace(0.5, 3, 15)
    gaps = gap_scores(survey_of(["A"] * 7 + ["B"] * 8, weights), by="hotel")
    a, b = gaps.overall.xs("overall", level=1)[["gap", "se"]].to_numpy()
    assert gaps.tests.loc["overall", "F"] == pytest.approx((a[0] - b[0]) ** 2 / (a[1] ** 2 + b[1] ** 2), rel=1e-12)
    # Welch and Satterthwaite's degrees of freedom
    df = (a[1] ** 2 + b[1] ** 2) ** 2 / (a[1] ** 4 / 6 + b[1] ** 4 / 7)
    assert gaps.tests.loc["overall", ["df1", "df2"]].tolist() == pytest.approx([1, df], rel=1e-12)
    assert "linearised variances (a Wald test)" in gaps.method


def test_one_group_alone_is_not_tested():
    tests = gap_scores(survey_of(["A"] * 8 + ["B"] * 2), by="hotel").tests
    assert tests[["F", "p", "p_holm"]].isna().all(axis=None)


def test_the_headline_gives_the_range_over_the_groups():
    gaps = gap_scores(survey_of(["A"] * 8 + ["B"] * 8), by="hotel")
    a, b = gaps.overall["gap"]
    low, high = sorted([(a, "A"), (b, "B")])
    expected = f"from {low[0]:.2f} ({low[1]}) to {high[0]:.2f} ({high[1]}), 2 groups, n = 16"
    assert gaps.headline == f"overall gap by hotel {expected}"


def test_performance_scores_follow_the_same_rules_for_groups():
    perf = performance_scores(survey_of(["A"] * 8 + ["B"] * 8 + ["C"] * 2), by="hotel")
    assert perf.suppressed["group"].tolist() == ["C"]
    assert perf.tests.loc["front", "groups"] == 2
    assert perf.headline.startswith("overall perception by hotel from ")
