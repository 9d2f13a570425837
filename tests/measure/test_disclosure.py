"""What could be worked out by subtraction is withheld, and nothing more than that."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.measure.disclosure import withheld_groups

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
