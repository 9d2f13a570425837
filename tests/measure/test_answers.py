import numpy as np
import pandas as pd
import pytest

from gapkit.measure.answers import AnswersError, checked_answers, kish, named_pairs


def frame(**columns):
    return pd.DataFrame(columns)


def test_respondents_without_an_answer_or_with_weight_zero_are_left_out_and_counted():
    answers = frame(q01=[1, 2, np.nan, 4], q02=[2, 1, np.nan, 5])
    table = checked_answers(answers, weights=[1, 1, 1, 0])
    assert (table.n, table.n_empty) == (2, 2)
    assert table.weights.tolist() == [1, 1]


def test_mean_and_sd_leave_out_missing_answers():
    table = checked_answers(frame(q01=[1, 2, 3, np.nan], q02=[2, 4, 6, 8]))
    assert table.mean.tolist() == [2, 5]
    assert table.sd == pytest.approx([1, np.sqrt(20 / 3)])


def test_weights_that_are_all_one_change_nothing():
    answers = frame(q01=[1, 2, 4], q02=[3, 3, 5])
    plain, weighted = checked_answers(answers), checked_answers(answers, weights=np.ones(3))
    assert weighted.mean == pytest.approx(plain.mean)
    assert weighted.sd == pytest.approx(plain.sd)
    assert weighted.n_effective == 3


def test_pairs_count_those_who_answered_both():
    table = checked_answers(frame(q01=[1, 2, np.nan], q02=[1, np.nan, 3], q03=[1, 2, 3]))
    assert table.pair_n.tolist() == [[2, 1, 2], [1, 2, 2], [2, 2, 3]]


def test_kish_counts_two_equal_weights_as_two_and_a_lopsided_pair_as_fewer():
    assert kish(np.array([3.0, 3.0])) == 2
    assert kish(np.array([3.0, 1.0])) == 1.6


def test_the_source_travels_in_attrs():
    answers = frame(q01=[1, 2], q02=[2, 1])
    assert checked_answers(answers).source == "source not stated"
    answers.attrs["source"] = "Hotel, simulated"
    assert checked_answers(answers).source == "Hotel, simulated"


def test_all_faulty_items_are_named_in_one_error():
    answers = frame(q01=[1, 2, 3], q02=[4, 4, 4], q03=[np.nan] * 3, q04=[1, np.inf, 2])
    with pytest.raises(AnswersError) as error:
        checked_answers(answers)
    assert str(error.value) == (
        "The answers cannot be used:\n"
        "- q02: every answer is 4, and an item that does not vary correlates with nothing. Leave it out.\n"
        "- q03: no answers at all. Leave it out.\n"
        "- q04: holds infinite values. Replace them by scale points or leave them empty."
    )


def test_a_pair_that_nobody_answered_together_is_named():
    answers = frame(q01=[1, 2, np.nan, np.nan], q02=[np.nan, np.nan, 1, 2], q03=[1, 2, 3, 4])
    with pytest.raises(AnswersError, match="no respondent answered both items of q01 with q02"):
        checked_answers(answers)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([[1, 2], [3, 4]], "must be a DataFrame, one row per respondent and one column per item, not list"),
        (frame(q01=[1, 2]), "At least two items are needed; the answers have 1"),
        (frame(q01=["a", "b"], q02=[1, 2]), "q01: not numbers. Code the answers as scale points"),
        (pd.DataFrame([[1, 2]], columns=["q01", "q01"]), "Two columns have the same name: q01"),
        (frame(q01=[], q02=[]).astype(float), "no respondent answered any item"),
    ],
)
def test_what_is_no_table_of_answers_is_refused(answers, message):
    with pytest.raises(AnswersError, match=message):
        checked_answers(answers)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 2], "One weight per respondent is needed: 3 of them"),
        ([1, -1, np.nan], "2 weights are negative, missing or infinite"),
        (pd.Series([1, 1, 1], index=[5, 6, 7]), "another index than the answers"),
        ([0, 0, 0], "no respondent answered any item"),
    ],
)
def test_unusable_weights_are_refused(weights, message):
    with pytest.raises(AnswersError, match=message):
        checked_answers(frame(q01=[1, 2, 3], q02=[1, 3, 2]), weights=weights)


def test_long_lists_of_pairs_are_cut_short():
    assert named_pairs([("a", "b")] * 7).endswith("and 2 more pairs")
