"""Scenarios move answers by what is asked, up to the scale's end, only where asked, and compose as promised."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.decide.shifting import push, to_whole

SERVQUAL = gk.load_instrument("servqual")
ITEMS = list(SERVQUAL.item_ids)
RELIABILITY = list(SERVQUAL.dimension("reliability").items)


def survey_of(seed, n=24, weighted=False, missing=0.1):
    rng = np.random.default_rng(seed)
    tables = []
    for low in (4, 1):
        points = rng.integers(low, 8, (n, 22)).astype(float)
        points[rng.random((n, 22)) < missing] = np.nan
        tables.append(pd.DataFrame(points, columns=ITEMS))
    people = {
        "hotel": rng.permutation(np.resize(["A", "B", "C"], n)),
        "recommend": rng.integers(0, 11, n).astype(float),
    }
    if weighted:
        people["weight"] = rng.uniform(0.5, 2, n)
    return gk.Survey(SERVQUAL, expectations=tables[0], perceptions=tables[1], respondents=pd.DataFrame(people))


def means(answers, weights=None):
    w = answers.notna().mul(1.0 if weights is None else weights, axis=0)
    return (answers.fillna(0) * w).sum() / w.sum()


amounts = st.dictionaries(
    st.sampled_from([*SERVQUAL.dimension_ids, "q07", "q22", "all"]),
    st.floats(-3, 3).map(lambda x: round(x, 3)),
    max_size=4,
)
scenarios = st.builds(
    gk.Scenario,
    amounts,
    where=st.sampled_from([{}, {"hotel": "B"}, {"hotel": ["A", "C"]}]),
    of=st.sampled_from(["perceptions", "expectations"]),
)
seeds = st.integers(0, 10_000)


def test_the_step_is_the_one_that_moves_the_mean_by_what_was_asked():
    """7 cannot move; 6 can move by 1. For a mean move of 0.75, the 6 moves by 1 and the 3 by 2: (0 + 0 + 1 + 2) / 4."""
    moved, attained = push(np.array([[7.0], [7.0], [6.0], [3.0]]), np.array([0.75]), low=1, high=7)
    assert moved[:, 0].tolist() == [7.0, 7.0, 7.0, 5.0]
    assert attained.tolist() == [0.75]


def test_downwards_the_floor_holds_answers_in_the_same_way():
    moved, _ = push(np.array([[1.0], [1.0], [2.0], [5.0]]), np.array([-0.75]), low=1, high=7)
    assert moved[:, 0].tolist() == [1.0, 1.0, 1.0, 3.0]


def test_survey_weights_count_in_the_mean_that_moves():
    """The one who can move weighs a third: to move the mean by 0.5 it takes 1.5 points."""
    moved, _ = push(np.array([[7.0], [4.0]]), np.array([0.5]), low=1, high=7, weights=np.array([2.0, 1.0]))
    assert moved[:, 0].tolist() == [7.0, 5.5]


@settings(max_examples=60, deadline=None)
@given(seed=seeds, scenario=scenarios, weighted=st.booleans())
def test_the_mean_moves_by_what_is_asked_unless_everybody_stands_at_the_end(seed, scenario, weighted):
    survey = survey_of(seed, weighted=weighted)
    after, table = gk.apply(survey, scenario), gk.attained(survey, scenario)
    keep = survey.respondents["hotel"].isin(np.ravel(scenario.where.get("hotel", ["A", "B", "C"]))).to_numpy()
    weights = survey.weights if survey.weights is None else survey.weights[keep]
    before, now = survey.battery(scenario.of)[keep], after.battery(scenario.of)[keep]
    difference = means(now, weights) - means(before, weights)
    rows = table.droplevel(["step", "where"])
    np.testing.assert_allclose(difference.reindex(rows.index), rows["attained"], atol=1e-9)
    short = rows.index[rows["missing"].abs() > 1e-9]
    for item in short:  # the scale's end forbids it: everybody stands there
        end = 7 if rows.loc[item, "asked"] > 0 else 1
        assert (now[item].dropna() == end).all()
    assert (difference.drop(rows.index) == 0).all()


@settings(max_examples=60, deadline=None)
@given(seed=seeds, scenario=scenarios, whole=st.booleans())
def test_answers_stay_on_the_scale_in_order_and_missing_stays_missing(seed, scenario, whole):
    survey = survey_of(seed)
    original = {name: answers.copy(deep=True) for name, answers in survey.batteries.items()}
    after = gk.apply(survey, scenario, whole=whole)
    for name, answers in after.batteries.items():
        pd.testing.assert_frame_equal(survey.batteries[name], original[name])  # the survey given is not changed
        pd.testing.assert_frame_equal(answers.isna(), original[name].isna())
        values = answers.to_numpy()[answers.notna()]
        assert values.min() >= 1
        assert values.max() <= 7
        if name != scenario.of:
            pd.testing.assert_frame_equal(answers, original[name])
        if whole:
            assert (values % 1 == 0).all()
        for item in ("q07", "q22") if not scenario.where else ():
            ranked = pd.DataFrame({"before": original[name][item], "after": answers[item]}).dropna()
            lowest_above = ranked.groupby("before")["after"].agg(["min", "max"])
            assert (lowest_above["min"].iloc[1:].to_numpy() >= lowest_above["max"].iloc[:-1].to_numpy() - 1e-12).all()
    pd.testing.assert_frame_equal(after.respondents, survey.respondents)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, scenario=scenarios)
def test_whole_points_keep_the_mean_of_each_item_to_less_than_one_in_n(seed, scenario):
    survey = survey_of(seed)
    between, whole = (gk.apply(survey, scenario, whole=w).battery(scenario.of) for w in (False, True))
    apart = (between.mean() - whole.mean()).abs() * between.notna().sum()
    assert apart.max() < 1 + 1e-6
    assert ((between - whole).abs().max() < 1).all()


def test_with_survey_weights_whole_points_keep_the_weighted_mean_nearly():
    survey = survey_of(3, n=400, weighted=True)
    between, whole = (gk.apply(survey, gk.Scenario({"all": 0.37}), whole=w).perceptions for w in (False, True))
    assert (means(between, survey.weights) - means(whole, survey.weights)).abs().max() < 0.02


@pytest.mark.parametrize(
    "empty", [gk.Scenario(), gk.Scenario({"reliability": 0}), gk.Scenario() + gk.Scenario({"q01": 0.0})]
)
def test_the_empty_scenario_gives_the_survey_itself(empty):
    survey = survey_of(1)
    assert gk.apply(survey, empty) is survey
    assert gk.attained(survey, empty).empty


@settings(max_examples=60, deadline=None)
@given(seed=seeds, a=scenarios, b=scenarios, c=scenarios)
def test_a_sum_of_scenarios_is_one_after_the_other(seed, a, b, c):
    survey = survey_of(seed)
    at_once, in_turn = gk.apply(survey, a + b), gk.apply(gk.apply(survey, a), b)
    for name, answers in at_once.batteries.items():
        pd.testing.assert_frame_equal(answers, in_turn.batteries[name])  # exactly
    assert str(at_once.source) == str(in_turn.source)
    assert (a + b) + c == a + (b + c)
    assert (a + gk.Scenario()).steps == a.steps == (gk.Scenario() + a).steps


@settings(max_examples=60, deadline=None)
@given(seed=seeds, first=st.floats(0, 2), second=st.floats(0, 2), sign=st.sampled_from([-1, 1]), weighted=st.booleans())
def test_shifts_in_one_direction_add_up(seed, first, second, sign, weighted):
    survey = survey_of(seed, weighted=weighted)
    parts = [
        gk.Scenario({"reliability": sign * x}, where={"hotel": ["A", "B"]}) for x in (first, second, first + second)
    ]
    one, other = gk.apply(survey, parts[0] + parts[1]), gk.apply(survey, parts[2])
    pd.testing.assert_frame_equal(one.perceptions, other.perceptions, atol=1e-9, rtol=0)


def test_an_item_named_beside_its_dimension_gets_both():
    table = gk.attained(survey_of(2), gk.Scenario({"reliability": 0.4, "q07": 0.3})).droplevel(["step", "where"])
    assert table["asked"].round(9).to_dict() == {id: 0.7 if id == "q07" else 0.4 for id in RELIABILITY}


def complete(expected, perceived, hotels=None):
    tables = [pd.DataFrame([[row] * 22 for row in rows], columns=ITEMS, dtype=float) for rows in (expected, perceived)]
    people = pd.DataFrame({"hotel": hotels}) if hotels else pd.DataFrame(index=tables[0].index)
    return gk.Survey(SERVQUAL, expectations=tables[0], perceptions=tables[1], respondents=people)


def test_closing_half_of_a_gap_leaves_half_of_it_by_either_battery():
    survey = complete([6, 6, 6, 6], [4, 5, 4, 5])  # gap -1.5
    for of in ("perceptions", "expectations"):
        after = gk.apply(survey, gk.Scenario.closing({"reliability": 0.5}, of=of))
        assert after.gaps[RELIABILITY].mean().round(9).tolist() == [-0.75] * 5
        assert after.gaps["q01"].mean() == -1.5


def test_a_gap_that_is_not_negative_is_left_alone():
    survey = complete([4, 4], [6, 6])
    after = gk.apply(survey, gk.Scenario.closing({"all": 1.0}))
    pd.testing.assert_frame_equal(after.perceptions, survey.perceptions)


def test_a_branch_moves_to_the_level_of_the_best_one_and_the_best_stays():
    survey = complete([7] * 18, [3, 4, 5] * 2 + [4, 5, 6] * 2 + [2, 3, 4] * 2, [h for h in "ABC" for _ in range(6)])
    after = gk.apply(survey, gk.Scenario.to_best("hotel", where={"hotel": "C"}))
    level = after.perceptions["q05"].groupby(survey.respondents["hotel"]).mean()
    assert level.round(9).to_dict() == {"A": 4.0, "B": 5.0, "C": 5.0}
    every = gk.apply(survey, gk.Scenario.to_best("hotel", shares={"reliability": 0.5}))
    level = every.perceptions["q05"].groupby(survey.respondents["hotel"]).mean()
    assert level.round(9).to_dict() == {"A": 4.5, "B": 5.0, "C": 4.0}
    assert every.perceptions["q01"].equals(survey.perceptions["q01"])


def test_a_branch_of_four_respondents_does_not_set_the_level():
    survey = complete([7] * 14, [3] * 5 + [4] * 5 + [7] * 4, ["A"] * 5 + ["B"] * 5 + ["C"] * 4)
    table = gk.attained(survey, gk.Scenario.to_best("hotel", shares={"q01": 1}))
    assert table["asked"].to_dict() == {(1, "hotel = A", "q01"): 1.0}


def test_what_the_end_of_the_scale_forbids_is_written_on_the_survey():
    after = gk.apply(complete([7, 7], [7, 6]), gk.Scenario({"q07": 0.75}))
    assert after.source.notes[-1] == "the scale ends at 1-7 (perceptions, everybody): q07 asked +0.75, attained +0.50"
    assert "what if: q07 +0.75" in str(after.source)
    assert "the scale ends" in after.summary()


def test_rounding_takes_every_second_of_equal_answers_and_no_chance():
    assert to_whole(np.array([4.5, np.nan, 4.5, 4.5, 4.5]), low=1, offset=0.5)[[0, 2, 3, 4]].tolist() == [5, 4, 5, 4]


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        (gk.Scenario({"warmth": 1}), '"warmth" is no dimension and no item of servqual. Dimensions: tangibles, reliab'),
        (gk.Scenario({"q01": 1}, where={"branch": "B"}), 'no column "branch" among the respondents; there are: hotel'),
        (gk.Scenario({"q01": 1}, where={"hotel": "Z"}), 'nobody has hotel = "Z"; there are: '),
        (gk.Scenario({"q01": 1}, where={"hotel": "B", "recommend": -1}), 'nobody has recommend = "-1"'),
        (gk.Scenario.closing({"reliability": 0.7, "q07": 0.7}), "q07: the shares of its gap to close add up to 1.4"),
        (gk.Scenario.to_best("branch"), 'no column "branch"'),
    ],
)
def test_what_the_survey_does_not_have_is_named_with_what_there_is(scenario, message):
    with pytest.raises(gk.ScenarioError) as error:
        gk.apply(survey_of(1), scenario)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"amounts": {"q01": float("nan")}}, "q01: expected a number of scale points or a share, found nan."),
        ({"amounts": {"q01": 1.5}, "kind": "close"}, "q01: a share lies between 0 and 1, found 1.5."),
        ({"amounts": {"q01": 1}, "of": "minimum"}, 'of is one of perceptions, expectations, not "minimum".'),
        ({"amounts": {"q01": 1}, "kind": "best"}, "by= names the column with the branches"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_at_once(arguments, message):
    with pytest.raises(gk.ScenarioError) as error:
        gk.Scenario(**arguments)
    assert message in str(error.value)


def test_an_unasked_battery_is_an_error_that_names_the_batteries():
    survey = replace(survey_of(1), expectations=None)
    with pytest.raises(ValueError, match='no "expectations" in this survey; it has perceptions'):
        gk.apply(survey, gk.Scenario({"q01": -1}, of="expectations"))
