from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.segment_stability import reading
from gapkit.explain.segment_tests import LEVEL, NONE_AS_LARGE, OneMore, as_large, far_beyond, settled
from gapkit.survey.truth import Truth

QUICK = {"max_segments": 4, "starts": 6, "draws": 39, "resamples": 10, "progress": False}


def heaps(n=240, seed=0):
    """Three dimensions, in quarter points: two thirds lie high on a and low on b, one third the other way round."""
    rng = np.random.default_rng(seed)
    second = np.arange(n) % 3 == 0
    x = 4 + rng.normal(0, 0.7, (n, 3)) + 1.5 * np.where(second[:, None], [-1, 1, 0], [1, -1, 0])
    return pd.DataFrame(np.rint(4 * x) / 4, columns=list("abc")), second


@pytest.fixture(params=["profiles", "kmeans"])
def method(request):
    return request.param


def test_two_heaps_are_two_segments_and_everybody_is_in_the_own_one(make_survey, method):
    answers, second = heaps()
    found = gk.segment(make_survey(answers), method=method, **QUICK)
    assert (found.recommended, found.n_segments) == (2, 2)
    assert found.stability["n"].tolist() == [160, 80]
    assert ((found.membership == "S2").to_numpy() == second).all()
    np.testing.assert_allclose(found.centres, answers.groupby(second).mean(), atol=0.01)
    assert found.stability["reading"].tolist() == ["highly stable"] * 2
    assert "2 segments (67%, 33%)" in found.headline
    assert found.reason.startswith("One segment more than 1 improves the fit by ")
    assert f"{found.level_share:.0%} of the difference between them is level." in found.reason
    assert "population with the same answers and correlations" in found.reason


def test_one_population_is_one_segment_and_the_reason_says_no_segments(method):
    survey = gk.simulate(n=300, seed=5, truth=Truth(missing=0.02))
    found = gk.segment(survey, method=method, **QUICK)
    assert found.recommended == 1
    assert found.headline.startswith("no segments: one population explains the answers; n = ")
    assert "No segments." in found.reason
    assert found.posterior.to_numpy().tolist() == [[1.0]] * found.n
    assert found.table["p"].notna().tolist() == [False, True, False, False]
    assert found.table.index.tolist() == [1, 2, 3, 4]


def test_the_table_by_pencil(make_survey):
    # four places, ten each: (1, 1), (2, 1) and (5, 4), (6, 4)
    answers = pd.DataFrame({"a": np.repeat([1, 2, 5, 6], 10), "b": np.repeat([1, 1, 4, 4], 10)})
    found = gk.segment(make_survey(answers), method="kmeans", n_segments=2, max_segments=2, draws=0, resamples=5)
    # around (1.5, 1) and (5.5, 4) everybody is half a point off: 40 x 0.25; around (3.5, 2.5): 40 x (2 x 2 + 1.5 x 1.5)
    assert found.table["within"].tolist() == pytest.approx([10 + 40 * (4 + 2.25), 10])
    assert found.table.loc[2, "explained"] == pytest.approx(250 / 260)
    assert found.centres.to_numpy().tolist() == [[1.5, 1.0], [5.5, 4.0]]
    # the centres lie (4, 3) apart; of 25, the level's part is (7 / sqrt 2)^2
    assert found.level_share == pytest.approx(49 / 2 / 25)
    assert found.table.loc[2, "smallest"] == 0.5
    assert found.within.loc["S1"].to_numpy().tolist() == [[0.125, 0], [0, 0.125]]


def test_criteria_follow_from_the_likelihood(make_survey):
    answers, _ = heaps()
    found = gk.segment(make_survey(answers), **QUICK | {"n_segments": 3})
    table, z = found.table, found.posterior.to_numpy()
    assert table["parameters"].tolist() == [9, 13, 17, 21]
    np.testing.assert_allclose(table["bic"], -2 * table["log_likelihood"] + table["parameters"] * np.log(240))
    assert table.loc[3, "icl"] == pytest.approx(table.loc[3, "bic"] - 2 * np.log(z.max(axis=1)).sum())
    doubt = -(z * np.log(np.maximum(z, 1e-300))).sum()
    assert table.loc[3, "entropy"] == pytest.approx(1 - doubt / (240 * np.log(3)))
    assert (table["log_likelihood"].diff().dropna() > 0).all()
    np.testing.assert_allclose(z.mean(axis=0), found.stability["share"], atol=1e-4)


def test_the_silhouette_of_the_table_is_scikit_learns(make_survey):
    from sklearn.metrics import silhouette_score

    answers, _ = heaps()
    found = gk.segment(make_survey(answers), method="kmeans", **QUICK | {"n_segments": 3})
    expected = silhouette_score(answers, found.membership.astype(str), metric="sqeuclidean")
    assert found.table.loc[3, "silhouette_sqeuclidean"] == pytest.approx(expected, abs=1e-12)


def test_another_number_is_shown_without_another_search(make_survey, method):
    answers, _ = heaps()
    survey = make_survey(answers)
    found = gk.segment(survey, method=method, **QUICK)
    three = found.choose(3)
    assert (three.n_segments, three.recommended, three.posterior.shape) == (3, 2, (240, 3))
    assert three.table is found.table
    assert "; shown: 3 (" in three.headline
    every = found.every_segment
    assert every.index.tolist() == [(k, f"S{s + 1}") for k in range(1, 5) for s in range(k)]
    pd.testing.assert_frame_equal(every.loc[3], three.stability)
    assert every["jaccard"].groupby("segments").min().tolist() == found.table["stability"].tolist()
    asked = gk.segment(survey, method=method, n_segments=3, **QUICK)
    np.testing.assert_allclose(asked.posterior, three.posterior)
    with pytest.raises(ValueError, match="n_segments=9 was not fitted; there are 1, 2, 3, 4"):
        found.choose(9)


def test_the_same_seed_gives_the_same_segments_and_rows_in_another_order_the_same_groups(make_survey, method):
    answers, _ = heaps()
    once, again = (gk.segment(make_survey(answers), method=method, seed=4, **QUICK) for _ in range(2))
    pd.testing.assert_frame_equal(once.table, again.table)
    turned = gk.segment(make_survey(answers[::-1]), method=method, seed=4, **QUICK)
    assert turned.recommended == once.recommended
    assert (turned.membership[answers.index] == once.membership).all()


def test_a_survey_weight_of_three_is_a_respondent_three_times(make_survey, method):
    answers, second = heaps()
    weight = pd.DataFrame({"weight": np.where(second, 3.0, 1.0)})
    weighted = gk.segment(make_survey(answers, respondents=weight), method=method, **QUICK)
    thrice = make_survey(pd.concat([answers, answers[second], answers[second]], ignore_index=True))
    copied = gk.segment(thrice, method=method, **QUICK | {"draws": 0}).choose(2)
    np.testing.assert_allclose(weighted.choose(2).centres, copied.centres, atol=1e-4)
    assert weighted.choose(2).stability["share"].tolist() == pytest.approx([0.6, 0.4], abs=1e-3)
    # 160 of weight 1 and 80 of weight 3: 400^2 / (160 + 9 x 80) respondents' worth
    assert "Weighted by survey weights (effective n 181.8" in weighted.method


def test_respondents_without_a_score_or_with_weight_zero_are_left_out_and_counted(make_survey):
    answers, _ = heaps()
    answers.iloc[0, 0] = np.nan
    weight = pd.DataFrame({"weight": np.r_[1.0, 0.0, np.ones(238)]})
    found = gk.segment(make_survey(answers, respondents=weight), **QUICK | {"draws": 0})
    assert found.n == 238
    assert found.posterior.index.tolist() == list(range(2, 240))
    assert "2 respondents without every score, or with weight 0, left out." in found.method


def test_level_alone_is_called_response_style(make_survey):
    rng = np.random.default_rng(1)
    level = rng.permutation(np.repeat([2.0, 4.0, 6.0], 150))[:, None]
    answers = pd.DataFrame(np.clip(np.rint(level + rng.normal(0, 0.6, (450, 5))), 1, 7), columns=list("abcde"))
    survey = make_survey(answers)
    found = gk.segment(survey, **QUICK)
    assert found.recommended > 1
    assert found.level_share > 0.98
    assert "of the difference between them is level" in found.reason
    assert "With each respondent's own level taken out, no segments remain" in found.reason
    assert gk.segment(survey, centre="person", **QUICK).recommended == 1


def test_after_person_centring_no_level_is_left(make_survey):
    answers, second = heaps()
    found = gk.segment(make_survey(answers), centre="person", **QUICK)
    assert found.recommended == 2
    assert found.level_share == pytest.approx(0, abs=1e-12)
    expected = answers.sub(answers.mean(axis=1), axis=0).groupby(second).mean()
    np.testing.assert_allclose(found.centres, expected, atol=0.01)
    assert "each respondent's own mean taken out" in found.method


@pytest.mark.parametrize("how", [{}, {"centre": "person"}, {"method": "kmeans"}, {"covariance": "VVV"}])
def test_the_first_survey_is_assigned_to_its_own_segments(make_survey, how):
    answers, _ = heaps()
    answers.iloc[3, 1] = np.nan
    survey = make_survey(answers)
    found = gk.segment(survey, **QUICK | {"draws": 0, "n_segments": 3} | how)
    chances = gk.assign(found, survey)
    assert chances.shape == (240, 3)
    assert chances.iloc[3].isna().all()
    np.testing.assert_allclose(chances.drop(index=3), found.posterior, atol=1e-12)


def test_new_respondents_are_assigned_by_where_they_stand(make_survey):
    answers, _ = heaps()
    found = gk.segment(make_survey(answers), **QUICK | {"draws": 0, "n_segments": 2})
    new = gk.assign(found, make_survey(pd.DataFrame({"a": [6, 2, 4], "b": [2, 6, 4], "c": [4, 4, 4]}, index=[7, 8, 9])))
    assert new.loc[7, "S1"] > 0.99
    assert new.loc[8, "S2"] > 0.99
    np.testing.assert_allclose(new.sum(axis=1), 1)


def test_a_survey_of_another_instrument_is_not_assigned(make_survey):
    found = gk.segment(make_survey(heaps()[0]), **QUICK | {"draws": 0, "n_segments": 2})
    with pytest.raises(ValueError, match=r"found in answers to other dimensions \(a, b, c\) than this survey has"):
        gk.assign(found, gk.simulate(n=30, seed=0))


def test_points_of_importance_can_be_grouped_and_centres_add_up_to_a_hundred(method):
    found = gk.segment(
        gk.datasets.load("hotel"), on="importance", method=method, n_segments=3, **QUICK | {"draws": 0, "resamples": 0}
    )
    np.testing.assert_allclose(found.centres.sum(axis=1), 100)
    assert found.stability["jaccard"].isna().all()
    with pytest.raises(ValueError, match='covariance="VVI" belongs to features that vary on their own'):
        gk.segment(gk.datasets.load("hotel"), on="importance", covariance="VVI", **QUICK)


def test_items_can_be_grouped_with_answers_missing(method):
    survey = gk.simulate(n=120, seed=3, truth=Truth(missing=0.05))
    found = gk.segment(survey, level="items", method=method, **QUICK | {"draws": 0, "max_segments": 2})
    assert found.features == list(survey.instrument.item_ids)
    assert found.n > 110
    assert "unanswered ones filled in" in found.method


def test_progress_is_told_and_a_cancelled_search_stops(make_survey):
    told: list[float] = []
    survey = make_survey(heaps()[0])
    gk.segment(survey, **QUICK | {"progress": told.append})
    assert told == sorted(told)
    assert told[-1] == 1
    stop = threading.Event()
    stop.set()
    with pytest.raises(gk.SegmentsCancelled, match="stopped"):
        gk.segment(survey, cancel=stop.is_set, **QUICK)
    calls = iter([False] * 3 + [True] * 99)
    with pytest.raises(gk.SegmentsCancelled):
        gk.segment(survey, cancel=lambda: next(calls), **QUICK)


def test_without_tests_bic_decides_and_that_is_said(make_survey):
    found = gk.segment(make_survey(heaps()[0]), **QUICK | {"draws": 0})
    assert found.recommended == found.table["bic"].idxmin()
    assert found.reason.startswith(f"Not tested: BIC names {found.recommended}.")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"on": "moods"}, 'on="moods" is not known; choose one of "perceptions"'),
        ({"level": "words"}, 'level="words" is not known'),
        ({"method": "dbscan"}, 'method="dbscan" is not known'),
        ({"covariance": "XXX"}, 'covariance="XXX" is not known; choose one of "EII"'),
        ({"centre": "group"}, "centre='group' is not known; choose None or \"person\""),
        ({"n_segments": 0}, "n_segments=0: at least 1 segment is needed"),
    ],
)
def test_what_is_not_known_is_refused(make_survey, asked, said):
    with pytest.raises(ValueError, match=said):
        gk.segment(make_survey(heaps()[0]), **asked)


def test_too_few_respondents_are_refused(make_survey):
    with pytest.raises(ValueError, match="Twelve guests: 12 respondents have every score; segments need at least 20"):
        gk.segment(make_survey(heaps(12)[0]))


def test_hennigs_reading():
    assert [reading(x) for x in (0.9, 0.8, 0.7, 0.5)] == [
        "highly stable", "stable", "a pattern, members doubtful", "not to be trusted",
    ]  # fmt: skip
    assert reading(float("nan")) == ""


def test_the_largest_gain_counts_in_standard_deviations_by_pencil():
    null = np.array([[1.0, 10], [2, 30], [3, 20], [2, 20]])
    # 2.5 is beyond nobody but the third; 26 on the other scale is beyond all but the second
    assert as_large(np.array([2.5, 20.0]), null) == 2
    assert as_large(np.array([9.0, 20.0]), null) == 0
    assert as_large(np.array([2.0, 20.0]), null) == 3
    assert far_beyond(np.array([9.0, 20.0]), null)
    assert not far_beyond(np.array([3.0, 30.0]), null)


def null_with(above, draws):
    """Gains of `draws` surveys by one and by two segments: 1 in those `above`, 0 in the others."""
    return np.repeat(np.r_[np.ones(above), np.zeros(draws - above)][:, None], 2, axis=1)


def test_a_test_ends_when_its_outcome_is_settled_by_pencil():
    gain = np.full(2, 0.5)
    # of 99, five as large are too many: (1 + 5) / (1 + 99) > .05, and four are not
    assert settled(gain, null_with(4, 6), 99) is None
    assert settled(gain, null_with(5, 10), 99) == 0.5
    assert settled(gain, null_with(5, 98), 99) == 0.06  # what it would be if nothing more came
    # of 19, one is too many
    assert settled(gain, null_with(1, 4), 19) == 0.25
    far = np.full(2, 1.5)
    assert settled(far, null_with(30, 48), 99) is None
    assert settled(far, null_with(30, 49), 99) == 1 / 50
    # a long way out, twenty are enough and fewer are not
    further = np.full(2, 9.0)
    assert settled(further, null_with(10, 19), 99) is None
    assert settled(further, null_with(10, 20), 99) == 1 / 21


def test_a_test_knows_whether_it_ended_early():
    asked = {"gain": np.full(2, 9.0), "p": 0.5, "kind": "polychoric"}
    assert OneMore(null=null_with(0, 20), asked=99, **asked).settled_early
    assert not OneMore(null=null_with(0, 99), asked=99, **asked).settled_early


def test_the_reason_gives_a_bound_where_a_test_ended_early_and_its_p_where_it_drew_them_all(make_survey):
    survey = make_survey(heaps()[0])
    early = gk.segment(survey, **QUICK | {"draws": 99})
    won, lost = early.found.tests
    assert won.settled_early
    assert lost.settled_early
    assert f"p < 0.05, settled after {len(won.null)} of 99 draws)" in early.reason
    assert f"p > 0.05, settled after {len(lost.null)} of 99 draws)" in early.reason
    assert "p =" not in early.reason
    full = gk.segment(survey, **QUICK | {"draws": 19})
    assert not full.found.tests[0].settled_early
    assert f"p = {full.table.loc[2, 'p']:.2g}, 19 draws)" in full.reason


def test_ending_early_hardly_raises_the_level():
    # of nothing, the place of the survey among 99 drawn ones is uniform: chance p that a drawn one exceeds it
    p = np.linspace(0, 1, 200_001)
    rest = 99 - NONE_AS_LARGE
    ways = [1, rest, rest * (rest - 1) / 2]
    ways += [ways[2] * (rest - 2) / 3, ways[2] * (rest - 2) / 3 * (rest - 3) / 4]
    few = sum(number * p**j * (1 - p) ** (rest - j) for j, number in enumerate(ways))
    won_early_alone = np.trapezoid((1 - p) ** NONE_AS_LARGE * (1 - few), p)
    assert LEVEL + won_early_alone == pytest.approx(0.05056, abs=1e-5)


def test_the_method_says_how_many_surveys_each_test_drew(make_survey):
    found = gk.segment(make_survey(heaps()[0]), **QUICK)
    drawn = found.table["draws"][found.table["p"].notna()].astype(str)
    assert len(drawn) == 2
    assert f"A test ends when its outcome is settled; drawn were {', '.join(drawn)}." in found.method


def test_the_summary_leaves_the_row_of_every_respondent_out(make_survey):
    text = gk.segment(make_survey(heaps()[0]), **QUICK).summary()
    assert "centres" in text
    assert "posterior" not in text
    assert len(text.splitlines()) < 40
