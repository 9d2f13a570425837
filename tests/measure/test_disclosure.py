"""What could be worked out by subtraction is withheld, and nothing more than that."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.measure.disclosure import withheld_entries, withheld_groups

ITEMS = gk.load_instrument("servqual").item_ids


def people(**columns):
    return pd.DataFrame({name: [label for label, n in groups for _ in range(n)] for name, groups in columns.items()})


def survey_of(respondents, missing=()):
    rng = np.random.default_rng(5)
    E, P = (pd.DataFrame(rng.integers(1, 8, (len(respondents), 22)).astype(float), columns=ITEMS) for _ in "EP")
    for row, item in missing:
        P.loc[row, item] = np.nan
    return gk.Survey(gk.load_instrument("servqual"), expectations=E, perceptions=P, respondents=respondents)


def test_the_smallest_other_group_hides_a_single_small_one():
    assert withheld_groups(people(branch=[("A", 9), ("B", 6), ("C", 2)]), ["branch"]) == {"branch": ["B", "C"]}


def test_two_small_groups_hide_each_other_where_together_they_are_enough():
    assert withheld_groups(people(branch=[("A", 9), ("C", 3), ("D", 3)]), ["branch"]) == {"branch": ["C", "D"]}


def test_two_small_groups_that_are_too_few_together_need_a_third():
    withheld = withheld_groups(people(branch=[("A", 9), ("B", 6), ("C", 2), ("D", 2)]), ["branch"])
    assert withheld == {"branch": ["B", "C", "D"]}


def test_a_few_respondents_without_a_group_are_a_small_group():
    assert withheld_groups(people(branch=[("A", 9), ("B", 6), (None, 3)]), ["branch"]) == {"branch": ["B"]}


def test_nothing_is_withheld_where_nothing_is_small():
    assert withheld_groups(people(branch=[("A", 9), ("B", 6), (None, 5)]), ["branch"]) == {"branch": []}


def test_what_a_region_has_more_than_a_branch_is_a_group_too():
    overlapping = people(branch=[("A", 9), ("B", 11)], region=[("North", 12), ("South", 8)])
    assert withheld_groups(overlapping, ["branch"]) == {"branch": []}
    withheld = withheld_groups(overlapping, ["branch", "region"])
    assert not {"A", "North"} <= {"A", "B", "North", "South"} - set(withheld["branch"]) - set(withheld["region"])
    assert not {"B", "South"} <= {"A", "B", "North", "South"} - set(withheld["branch"]) - set(withheld["region"])


def test_only_respondents_who_are_counted_make_a_group_large():
    respondents = people(branch=[("A", 9), ("B", 9), ("C", 9)])
    counted = np.array([True] * 18 + [True] * 3 + [False] * 6)
    assert withheld_groups(respondents, ["branch"], counted=counted) == {"branch": ["A", "C"]}


def test_nobody_and_no_column_withhold_nothing():
    assert withheld_groups(people(branch=[("A", 9)]), []) == {}
    assert withheld_groups(people(branch=[("A", 9)]), ["branch"], counted=np.zeros(9, bool)) == {"branch": []}


def test_who_is_alike_in_three_columns_is_a_small_group_too():
    # with only a of the first column withheld, the two people who are a, c and u follow from the rest
    alike = {"ab-": 3, "abu": 1, "acu": 2, "ba-": 4, "bc-": 4, "bcu": 2, "cau": 3, "cc-": 3, "ccu": 2}
    rows = [[None if label == "-" else label for label in code] for code, n in alike.items() for _ in range(n)]
    respondents = pd.DataFrame(rows, columns=["first", "second", "third"])
    withheld = withheld_groups(respondents, list(respondents), minimum_n=4)
    shown = [
        np.array([code[place] == label for code in alike], float)
        for place, name in enumerate(respondents)
        for label in sorted(set(respondents[name].dropna()) - set(withheld[name]))
    ]
    published = np.array([np.ones(len(alike)), *shown])
    assert len(published) > 1
    for own in np.eye(len(alike))[np.array(list(alike.values())) < 4]:
        assert np.linalg.matrix_rank(np.vstack([published, own])) == np.linalg.matrix_rank(published) + 1


groups = st.lists(st.sampled_from("abc"), min_size=24, max_size=24)


@settings(max_examples=80, deadline=None)
@given(groups, groups, st.lists(st.sampled_from(["x", None]), min_size=24, max_size=24))
def test_no_small_set_of_the_kinds_named_follows_from_what_is_shown(first, second, third):
    respondents = pd.DataFrame({"first": first, "second": second, "third": third})
    withheld = withheld_groups(respondents, list(respondents.columns), minimum_n=4)
    shown, other = {}, []
    for name in respondents:
        for label in respondents[name].dropna().unique():
            rows = (respondents[name] == label).to_numpy()
            if label in withheld[name]:
                other.append(rows)
            else:
                shown[name, label] = rows
        other.append(respondents[name].isna().to_numpy())
        other.append(respondents[name].isna().to_numpy() | respondents[name].isin(withheld[name]).to_numpy())
    sets = list(shown.values())
    other += [a & ~b for a in sets for b in sets] + [a & b for a in sets for b in sets]
    assert all(rows.sum() >= 4 for rows in sets)
    published = np.array([np.ones(24), *sets], float)
    rank = np.linalg.matrix_rank(published)
    for rows in other:
        if 0 < rows.sum() < 4:
            assert np.linalg.matrix_rank(np.vstack([published, rows])) == rank + 1


@settings(max_examples=40, deadline=None)
@given(groups, groups, st.lists(st.booleans(), min_size=24, max_size=24))
def test_no_small_set_of_those_who_answered_follows_from_the_entries_shown(first, second, some):
    respondents = pd.DataFrame({"first": first, "second": second})
    answered = np.column_stack([np.ones(24, bool), some, np.roll(some, 5) | np.array([True] * 8 + [False] * 16)])
    hidden = {
        name: withheld_entries(respondents, ["first", "second"], answered, of=name, minimum_n=4) for name in respondents
    }
    for entry, there in enumerate(answered.T):
        shown, other = [], []
        for name in respondents:
            own = {label: there & (respondents[name] == label).to_numpy() for label in hidden[name]}
            shown += [rows for label, rows in own.items() if not hidden[name][label][entry]]
            kept_back = [rows for label, rows in own.items() if hidden[name][label][entry]]
            other += [*kept_back, np.logical_or.reduce([np.zeros(24, bool), *kept_back])]
        assert all(rows.sum() >= 4 for rows in shown)
        other += [a & ~b for a in shown for b in shown] + [a & b for a in shown for b in shown]
        published = np.array([there, *shown], float)
        rank = np.linalg.matrix_rank(published)
        for rows in other:
            if 0 < rows.sum() < 4:
                assert np.linalg.matrix_rank(np.vstack([published, rows])) == rank + 1


@settings(max_examples=40, deadline=None)
@given(groups, groups)
def test_what_is_withheld_does_not_depend_on_which_column_is_asked_for_first(first, second):
    respondents = pd.DataFrame({"first": first, "second": second})
    one, other = (withheld_groups(respondents, columns) for columns in (["first", "second"], ["second", "first"]))
    assert one == other


def test_what_turned_out_not_to_be_needed_is_given_back():
    # A less F is two men; F is the smallest, but the whole less M is F: one column has to go, not both
    overlapping = people(hotel=[("A", 22), ("B", 34)], sex=[("F", 20), ("M", 36)])
    withheld = withheld_groups(overlapping, ["hotel", "sex"])
    assert sorted(map(len, withheld.values())) == [0, 2]


def test_two_men_of_a_hotel_who_answered_an_item_cannot_be_had_from_the_hotel_and_the_women():
    # hotel A: 20 women and 6 men, of whom 2 answered q03; hotel B: 34 men
    silent = [(row, "q03") for row in range(22, 26)]
    survey = survey_of(people(hotel=[("A", 26), ("B", 34)], sex=[("F", 20), ("M", 40)]), silent)
    hotels = gk.gap_scores(survey, by="hotel", alongside=["sex"])
    sexes = gk.gap_scores(survey, by="sex", alongside=["hotel"])
    own = {
        label: np.isin(np.arange(60), rows) & survey.gaps["q03"].notna().to_numpy()
        for label, rows in {"A": range(26), "B": range(26, 60), "F": range(20), "M": range(20, 60)}.items()
    }
    published = {label for scores in (hotels, sexes) for label, item in scores.items.index if item == "q03"}
    known = np.array([own["A"] | own["B"], *(own[label] for label in sorted(published))])
    two_men = own["A"] & own["M"]
    assert two_men.sum() == 2
    assert np.linalg.matrix_rank(np.vstack([known, two_men])) == np.linalg.matrix_rank(known) + 1
    assert {"A", "F"} - published, "22 people's mean less 20 people's mean is the two men's"
    # the other items, which all 60 answered, are shown in full: 6 men are enough
    assert {label for label, item in hotels.items.index if item == "q04"} == {"A", "B"}
    assert {label for label, item in sexes.items.index if item == "q04"} == {"F", "M"}
    kept_back = pd.concat([hotels.suppressed, sexes.suppressed])
    assert set(kept_back["what"]) == {"q03"}
    assert set(kept_back["reason"]) == {"would give away a smaller group"}


def test_scores_beside_the_whole_survey_withhold_the_partner_and_say_so():
    survey = survey_of(people(branch=[("A", 9), ("B", 6), ("C", 2)]))
    alone = gk.gap_scores(survey, by="branch")
    beside = gk.gap_scores(survey, by="branch", alongside=[])
    assert set(alone.overall.index.get_level_values(0)) == {"A", "B"}
    assert set(beside.overall.index.get_level_values(0)) == {"A"}
    assert beside.suppressed.to_dict("records") == [
        {"group": "B", "what": "all", "reason": "would give away a smaller group"},
        {"group": "C", "what": "all", "reason": "fewer than 5"},
    ]
    assert "Nor is what would give away fewer by subtraction, the whole survey being known." in beside.method


@pytest.mark.parametrize("scores", [gk.gap_scores, gk.performance_scores])
def test_an_item_that_few_of_a_group_answered_is_not_given_away_by_the_other_groups(scores):
    missing = [(row, "q07") for row in range(6)]  # three of A's nine answered
    survey = survey_of(people(branch=[("A", 9), ("B", 8), ("C", 7)]), missing)
    beside = scores(survey, by="branch", alongside=[])
    shown = {group for group, item in beside.items.index if item == "q07"}
    assert shown == {"B"}
    assert {("C", "q07", "would give away a smaller group")} <= set(
        beside.suppressed.itertuples(index=False, name=None)
    )
    assert {group for group, item in beside.items.index if item == "q08"} == {"A", "B", "C"}
