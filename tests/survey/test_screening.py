"""Screening: each index by pencil, each flag by its rule, and nobody left out but through survey.without."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gapkit as gk
from gapkit.survey.responding import FEWEST, copy_of, longest_run, mahalanobis
from gapkit.survey.simulate import simulate
from gapkit.survey.truth import Truth

SERVQUAL = gk.load_instrument("servqual")
ITEMS = list(SERVQUAL.item_ids)


def survey(n=40, seed=0, reversed=(), **rows):
    """Random answers of n respondents, some rows replaced: row number -> (expectations, perceptions)."""
    rng = np.random.default_rng(seed)
    halves = [rng.integers(1, 8, size=(n, 22)).astype(float) for _ in "EP"]
    for row, answers in rows.items():
        for half, own in zip(halves, answers, strict=True):
            half[int(row.removeprefix("row"))] = own
    table = pd.DataFrame(
        np.hstack(halves), columns=[f"{half}{k}" for half in "EP" for k in range(1, 23)]
    ).assign(seconds=np.arange(n) * 10.0, hotel="A")  # fmt: skip
    return gk.load_survey(table, instrument="servqual", reversed=list(reversed))


def test_the_longest_run_is_counted_as_with_a_finger():
    answers = pd.DataFrame([[1, 1, 2, 2, 2, 1], [1, 2, 3, 4, 5, 6], [3, np.nan, 3, np.nan, 3, 4], [np.nan] * 6])
    assert longest_run(answers).tolist() == [3, 1, 3, 0]


def test_a_run_goes_on_from_one_battery_to_the_next_and_each_battery_has_its_own():
    indices = gk.screen(survey(row0=([1, *[7] * 21], [*[7] * 5, *[1, 2] * 8, 3]))).indices.iloc[0]
    assert indices["longest_run_expectations"] == 21
    assert indices["longest_run_perceptions"] == 5
    assert indices["longest_run"] == 26


def test_one_answer_throughout_is_seen_although_reversed_items_were_turned_on_loading():
    straight = survey(row3=([6] * 22, [6] * 22), reversed=["q10", "q18"])
    assert straight.perceptions.iloc[3].nunique() == 2
    screening = gk.screen(straight)
    assert screening.indices["longest_run"].iloc[3] == 44
    assert screening.indices["variability"].iloc[3] == 0
    assert screening.flags.loc[5, ["longest_run", "variability", "identical"]].all()


def test_variability_is_the_standard_deviation_of_ones_own_answers():
    indices = gk.screen(survey(row0=([1, 7] * 11, [1, 7] * 11))).indices
    # 44 answers, each 3 from the mean of 4: sqrt(44 * 9 / 43)
    assert indices["variability"].iloc[0] == pytest.approx(np.sqrt(44 * 9 / 43))


def test_identical_answers_are_counted_over_the_pairs_alone():
    expected = np.arange(22) % 7 + 1.0
    perceived = expected.copy()
    perceived[:2] = np.nan
    perceived[2] = expected[2] % 7 + 1
    screening = gk.screen(survey(row0=(expected, perceived)), identical=0.95)
    assert screening.indices["identical"].iloc[0] == 19 / 20
    assert screening.flags["identical"].iloc[0]
    assert not gk.screen(survey(row0=(expected, perceived)), identical=0.96).flags["identical"].iloc[0]


def test_the_second_of_two_equal_rows_is_flagged_and_names_the_first():
    same = (np.arange(22) % 7 + 1.0, np.arange(22) % 5 + 1.0)
    screening = gk.screen(survey(row4=same, row9=same, row30=same))
    assert screening.indices["copy_of"].dropna().to_dict() == {11: 6, 32: 6}
    assert screening.flags.index[screening.flags["duplicate"]].tolist() == [11, 32]


def test_rows_are_no_copies_when_a_blank_differs_or_hardly_anything_was_answered():
    full = np.arange(20) % 7 + 1.0
    blank = np.where(np.arange(20) == 3, np.nan, full)
    few = np.where(np.arange(20) < FEWEST - 1, full, np.nan)
    assert copy_of(pd.DataFrame([full, blank, few, few])).isna().all()
    assert copy_of(pd.DataFrame([full, blank, blank])).dropna().to_dict() == {2: 1}


def test_squared_distances_of_complete_answers_sum_to_n_minus_1_times_the_items():
    answers = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 12)) @ np.triu(np.ones((12, 12))))
    table, how = mahalanobis(answers)
    assert table["distance"].sum() == pytest.approx(59 * 12)
    assert "60 of 60 respondents complete" in how


def test_with_answers_missing_the_distance_is_taken_over_those_that_are_there():
    rng = np.random.default_rng(2)
    answers = pd.DataFrame(rng.normal(size=(80, 14)) @ np.triu(np.ones((14, 14))))
    answers.iloc[5, [0, 3, 7]] = np.nan
    table, _ = mahalanobis(answers)
    there = answers.iloc[5].dropna()
    S = answers.cov().loc[there.index, there.index]
    apart = there - answers.mean()[there.index]
    by_hand = apart @ np.linalg.inv(S) @ apart
    assert table.loc[5, ["distance", "answered"]].tolist() == [pytest.approx(by_hand), 11]
    assert table.loc[5, "p"] == pytest.approx(stats.chi2.sf(by_hand, 11))


def test_a_constant_item_is_left_out_of_the_distance_and_an_item_that_follows_from_others_is_said():
    answers = pd.DataFrame(np.random.default_rng(3).normal(size=(60, 12)))
    table, how = mahalanobis(answers.assign(same=4.0))
    pd.testing.assert_frame_equal(table, mahalanobis(answers)[0])
    assert "1 of 13 items that do not vary together left out" in how
    table, how = mahalanobis(answers.assign(double=answers[0] + answers[1]))
    assert "smoothed" in how
    assert np.allclose(table["distance"], mahalanobis(answers)[0]["distance"], rtol=1e-4)


def test_blocks_that_nobody_saw_together_do_not_break_the_distance():
    answers = pd.DataFrame(np.random.default_rng(4).normal(size=(80, 24)))
    answers.iloc[:40, 12:] = np.nan
    answers.iloc[40:, :12] = np.nan
    table, how = mahalanobis(answers)
    assert table["distance"].notna().sum() == 40
    assert "12 of 24 items" in how


def test_too_few_respondents_give_no_distance_and_say_so():
    screening = gk.screen(survey(n=20))
    assert screening.indices["mahalanobis"].isna().all()
    assert not screening.flags["mahalanobis"].any()
    assert "20 respondents are too few for 44 items" in screening.method


def test_missing_blocks_are_told_from_scattered_blanks():
    nothing = np.full(22, np.nan)
    tangibles = np.where(np.arange(22) < 4, 5.0, np.nan)
    one_blank = np.where(np.arange(22) == 7, np.nan, np.arange(22) % 7 + 1.0)
    screening = gk.screen(survey(row1=(nothing, nothing), row2=(one_blank, tangibles), row3=(one_blank, one_blank)))
    patterns = screening.patterns.set_index("answered")
    assert patterns["respondents"].to_dict() == {
        "everything": 38,
        "nothing": 1,
        "expectations: all; perceptions: tangibles": 1,
    }
    assert patterns["scattered"].to_dict() == {
        "everything": 2,
        "nothing": 0,
        "expectations: all; perceptions: tangibles": 1,
    }
    assert "65 answers are missing: 62 in blocks that a respondent left out whole, 3 scattered" in screening.method
    assert screening.missing.loc["q08"].tolist() == [3 / 40, 3 / 40]
    assert screening.flags.index[screening.flags["missing"]].tolist() == [3]


def test_completion_time_is_seconds_per_answer_given():
    screening = gk.screen(survey(row9=(np.full(22, np.nan), np.arange(22) % 7 + 1.0)), duration="seconds")
    assert screening.indices["seconds_per_answer"].iloc[[8, 9]].tolist() == [80 / 44, 90 / 22]
    assert screening.flags["too_fast"].sum() == 9  # rows with 0 to 80 seconds for 44 answers


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("minutes", 'no column "minutes" among the respondents for the completion time; there are: seconds, hotel'),
        ("hotel", 'the column "hotel" holds no numbers: give the completion time in seconds'),
    ],
)
def test_a_wrong_duration_column_is_named(column, message):
    with pytest.raises(ValueError, match=message):
        gk.screen(survey(), duration=column)


def test_a_filter_that_is_switched_off_is_not_there():
    screening = gk.screen(survey(), longest_run=None, variability=None, identical=None, missing=None,
                          mahalanobis=None, duplicates=True)  # fmt: skip
    assert list(screening.flags) == ["duplicate"]
    assert screening.filters.index.tolist() == ["duplicate", "any"]
    with pytest.raises(ValueError, match='no filter "longest_run" was applied; there are: duplicate'):
        screening.flagged("longest_run")


def test_screening_leaves_nobody_out_and_filtering_is_recorded():
    answers = survey(row0=([7] * 22, [7] * 22), row1=([4] * 22, [4] * 22))
    screening = gk.screen(answers)
    assert answers.n == 40
    kept = answers.without(screening.flagged("longest_run"), why="one answer throughout")
    assert kept.n == 38
    assert kept.dropped.loc[0].tolist() == ["respondents", "", 2, "one answer throughout"]
    assert screening.flagged(at_least=3).sum() == 2
    assert "2 of 40 respondents flagged" in screening.headline


def test_respondents_without_any_answer_are_flagged_as_missing_and_by_nothing_else():
    blank = np.full(22, np.nan)
    flags = gk.screen(survey(n=80, row5=(blank, blank)), duration="seconds").flags
    assert flags.columns[flags.loc[7]].tolist() == ["missing"]


def test_perceptions_alone_are_screened_without_the_index_that_needs_both():
    answers = survey()
    alone = gk.Survey(answers.instrument, perceptions=answers.perceptions)
    assert "identical" not in gk.screen(alone).flags
    assert gk.screening_effects(alone, gk.screen(alone)).loc["nobody left out", "mean"].iloc[0] == pytest.approx(
        answers.dimension_scores("perceptions")["tangibles"].mean()
    )


def test_effects_are_those_of_leaving_respondents_out_by_hand():
    answers = survey(row0=([7] * 22, [7] * 22), row7=([2] * 22, [2] * 22))
    screening = gk.screen(answers)
    effects = gk.screening_effects(answers, screening)
    assert effects.index.get_level_values("filter").unique().tolist() == [
        "nobody left out", "longest_run", "variability", "identical", "all together",
    ]  # fmt: skip
    by_hand = answers.dimension_scores("gaps").drop(index=[2, 9])["empathy"]
    row = effects.loc[("longest_run", "empathy")]
    ends = stats.t.interval(0.95, 37, by_hand.mean(), by_hand.sem())
    assert row[["left_out", "n", "mean", "low", "high"]].tolist() == pytest.approx([2, 38, by_hand.mean(), *ends])
    # who gave E = P everywhere has gap 0: without those two the mean grows by 40/38
    whole = effects.loc[("nobody left out", "empathy"), "mean"]
    assert row["change"] == pytest.approx(whole * 40 / 38 - whole)
    assert (effects.loc["nobody left out", "change"] == 0).all()


def test_effects_of_another_surveys_screening_are_refused():
    answers = survey()
    with pytest.raises(ValueError, match="this screening is of 40 other respondents than the survey's 10"):
        gk.screening_effects(answers.only(np.arange(40) < 10, why="test"), gk.screen(answers))


def test_who_answered_at_random_or_without_looking_is_found_among_the_attentive():
    truth = Truth(careless={"straightline": 0.02, "random": 0.02, "identical": 0.02}, missing=0.03, reversed=("q12",))
    answers = simulate(n=600, seed=7, truth=truth)
    screening = gk.screen(answers)
    planted = answers.respondents["truth_careless"]
    caught = screening.flags.groupby(planted).sum()
    assert caught.loc["straightline", "longest_run"] == 12
    assert caught.loc["identical", "identical"] == 12
    assert caught.loc["random", "mahalanobis"] >= 11
    assert screening.flagged()[planted == ""].mean() < 0.03
