"""Answers in words: scale points through the instrument's labels, and a direction that is asked for, never guessed."""

import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.instrument import SHIPPED
from gapkit.survey.wording import Wordings, wording_key

SERVQUAL = gk.load_instrument("servqual")


def answers(n=4, **columns):
    table = pd.DataFrame({f"E{k}": [6] * n for k in range(1, 23)} | {f"P{k}": [5] * n for k in range(1, 23)})
    return table.astype(object).assign(**columns)


def loaded(instrument="servqual", card=None, **columns):
    return gk.load_survey(answers(**columns), instrument=instrument, card=card)


def fault(arguments=None, **columns):
    with pytest.raises(gk.SurveyError) as raised:
        gk.load_survey(answers(**columns), instrument="servqual", **arguments or {})
    return raised.value


@pytest.mark.parametrize(
    "text",
    [
        "Strongly agree", "STRONGLY  AGREE.", "非常同意", "매우 그렇다", "매우그렇다", "7 = strongly agree",
        "7 - Strongly agree", "7 – strongly agree", "7: strongly agree", "7. Strongly agree", "7) strongly agree",
        "[7] strongly agree", "7 非常同意", "7非常同意", "７＝非常同意", "非常同意（7）", "strongly agree (7)",
        "strongly agree = 7", "매우 그렇다 (7)", "7\nStrongly agree",
    ],
)  # fmt: skip
def test_every_usual_way_to_write_the_top_of_the_scale_is_seven(text):
    assert loaded(P1=[text] * 4).perceptions["q01"].tolist() == [7] * 4


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "ko"])
def test_each_point_of_the_scale_has_words_in_every_language(language):
    words = SERVQUAL.scale.labels[language]
    answered = gk.load_survey(answers(7, P1=[words[point] for point in range(1, 8)]), instrument="servqual")
    assert answered.perceptions["q01"].tolist() == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("name", sorted(file.stem for file in SHIPPED.glob("*.toml")))
def test_the_words_of_a_shipped_scale_are_never_two_points_at_once(name):
    instrument = gk.load_instrument(name)
    meant = {}
    for texts in instrument.scale.labels.values():
        assert {instrument.scale.low, instrument.scale.high} <= texts.keys()
        for point, text in texts.items():
            assert meant.setdefault(wording_key(text), point) == point, text
    assert Wordings(instrument).points(instrument.scale) == meant


def test_words_digits_and_blanks_may_stand_in_one_column_and_what_was_translated_is_told():
    survey = loaded(P1=["strongly agree", "6", "", "Strongly Agree"], P2=["7 = strongly agree", 3, "disagree", 1])
    assert survey.perceptions["q01"].tolist()[:2] == [7, 6]
    assert survey.perceptions["q01"].isna().sum() == 1
    assert survey.perceptions["q02"].tolist() == [7, 3, 2, 1]
    words, labelled = survey.source.notes
    assert words.startswith("3 answers in words read as scale points: ")
    assert '"disagree" = 2 (1)' in words
    assert labelled == '1 answer with a digit and words read by the digit: "7 = strongly agree" (1)'


def test_a_reversed_item_answered_in_words_is_turned_like_one_answered_in_digits():
    survey = gk.load_survey(answers(P10=["strongly agree", "7", 1, "disagree"]), "servqual", reversed=["q10"])
    assert survey.perceptions["q10"].tolist() == [1, 1, 7, 6]


def test_a_file_where_one_is_strongly_agree_is_refused_with_the_question_to_answer():
    error = fault(P1=["1 = strongly agree", "2", "3", "7 = strongly disagree"])
    assert error.faults["code"].tolist() == ["direction"]
    assert str(error).endswith(
        '- labels that run the other way, such as "1 = strongly agree" (servqual says 7 is "strongly agree") in P1. '
        "Is 1 the best answer or "
        "the worst? If the best, pass descending=True; if the worst, pass what the words mean here: "
        "labels={'strongly agree': ...}."
    )


def test_told_that_one_is_the_best_every_answer_is_turned_digits_and_words_alike():
    columns = {"P1": ["1 = strongly agree", 2, "strongly agree", "7 = strongly disagree"]}
    survey = gk.load_survey(answers(**columns), instrument="servqual", descending=True)
    assert survey.perceptions["q01"].tolist() == [7, 6, 7, 1]
    assert (survey.expectations == 2).all(axis=None)
    assert "1 is the best, as told" in survey.source.notes[-1]
    from_card = loaded(card={"descending": True}, **columns)
    pd.testing.assert_frame_equal(from_card.perceptions, survey.perceptions)


def test_importance_follows_the_direction_of_the_file_but_not_the_wording_of_the_items():
    table = answers(**{f"I{k}": [2] * 4 for k in range(1, 25)}, E23=6, E24=6, P23=5, P24=5)
    survey = gk.load_survey(table, instrument="kservqual", descending=True, reversed=["q01"])
    assert (survey.importance == 6).all(axis=None)
    assert survey.perceptions.iloc[0, :2].tolist() == [5, 3]


def test_what_was_told_does_not_overrule_the_labels_of_the_file():
    error = fault({"descending": True}, P1=["7 = strongly agree"] * 4)
    assert "(descending=True was passed) in P1. Pass descending=False if the words are right" in str(error)


def test_words_that_mean_something_else_can_be_told_and_come_before_the_instruments():
    labels = {"strongly agree": 1, "strongly disagree": 7}
    survey = gk.load_survey(answers(P1=["1 = strongly agree", 2, "strongly agree", 7]), "servqual", labels=labels)
    assert survey.perceptions["q01"].tolist() == [1, 2, 1, 7]


def test_labelled_digits_in_unknown_words_could_run_either_way_and_are_refused_until_told():
    columns = {"P1": ["1 = very satisfied", "2", "3", "7 = very dissatisfied"]}
    error = fault(**columns)
    assert error.faults["code"].tolist() == ["direction"]
    assert 'labels in words that servqual does not know, such as "1 = very satisfied" in P1. Is 1 the best' in str(
        error
    )
    up = gk.load_survey(answers(**columns), "servqual", descending=False)
    down = gk.load_survey(answers(**columns), "servqual", descending=True)
    assert up.perceptions["q01"].tolist() == [1, 2, 3, 7]
    assert down.perceptions["q01"].tolist() == [7, 6, 5, 1]


def test_one_known_label_settles_the_direction_for_the_unknown_ones():
    survey = loaded(P1=["7 = strongly agree", "5 = kind of", "3", "1"])
    assert survey.perceptions["q01"].tolist() == [7, 5, 3, 1]


def test_labels_that_contradict_each_other_are_refused():
    error = fault(P1=["7 = strongly agree"] * 4, P2=["1 = strongly agree"] * 4)
    assert 'contradict each other ("1 = strongly agree" and "7 = strongly agree") in P2' in str(error)


def test_the_label_of_another_scale_asks_for_that_scale():
    error = fault(P1=["5 = strongly agree", 4, 3, 2])
    assert error.faults["code"].tolist() == ["scale_labels"]
    what = 'labels on other points of the scale, such as "5 = strongly agree" (on 1-7 that is 7) in P1.'
    assert f"{what} If another scale was used, pass scale=" in str(error)
    table = answers(P1=["5 = strongly agree", "strongly agree", "strongly disagree", "neither agree nor disagree"])
    table = table.replace(6, 5)
    assert gk.load_survey(table, "servqual", scale=(1, 5)).perceptions["q01"].tolist() == [5, 5, 1, 3]


def test_words_between_the_ends_of_another_scale_are_not_guessed_but_can_be_told():
    table = answers(P1=["agree", "strongly agree", "disagree", 3]).replace(6, 5)
    with pytest.raises(gk.SurveyError, match=r"2 answers that are not numbers .*labels=\{'agree': \.\.\.\}"):
        gk.load_survey(table, "servqual", scale=(1, 5))
    told = gk.load_survey(table, "servqual", scale=(1, 5), labels={"agree": 4, "disagree": 2})
    assert told.perceptions["q01"].tolist() == [4, 5, 2, 3]


def test_unknown_words_alone_are_named_with_the_way_to_say_what_they_mean():
    error = fault(P1=["always", "never", 3, 4])
    assert error.faults["code"].tolist() == ["not_a_number"]
    assert "If they name points of the scale, say which: labels={'always': ...}." in str(error)
    survey = gk.load_survey(answers(P1=["always", "never", 3, 4]), "servqual", labels={"always": 7, "never": 1})
    assert survey.perceptions["q01"].tolist() == [7, 1, 3, 4]


@pytest.mark.parametrize("text", ["7x", "2015-03-18", "09:52 AM", "=1+1", "(7", "7 / 3", "<b>", "seven", "7th"])
def test_a_slip_of_the_pen_is_no_labelled_digit(text):
    assert fault(P1=[text, 5, 5, 5]).faults["code"].tolist() == ["not_a_number"]


def test_a_labelled_code_for_no_answer_is_counted_as_missing_and_says_nothing_of_the_direction():
    survey = gk.load_survey(answers(P1=["7 = strongly agree", "9 = don't know", 9, 1]), "servqual", missing=[9])
    assert survey.perceptions["q01"].isna().tolist() == [False, True, True, False]
    assert survey.dropped.loc[0, ["what", "count"]].tolist() == ["answers", 2]


def test_a_labelled_digit_outside_the_scale_is_outside_the_scale():
    assert fault(P1=["9 = don't know", 5, 5, 5]).faults["code"].tolist() == ["out_of_range"]


def test_labels_that_are_no_points_are_refused_by_name():
    assert "labels.always: expected a scale point such as 7, found 'top'" in str(
        fault({"labels": {"always": "top"}}, P1=["always"] * 4)
    )
    assert "labels.always: expected a scale point" in str(fault({"card": {"labels": {"always": "top"}}}))


def test_no_words_no_note():
    assert loaded().source.notes == ()


def test_another_scale_keeps_the_direction_of_the_instrument(tmp_path):
    own = tmp_path / "own.toml"
    text = (SHIPPED / "servqual.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('"ascending"', '"descending"').replace("labels.en", "labels.xx"), encoding="utf-8")
    survey = gk.load_survey(answers(P1=[10, 9, 1, 2]), instrument=own, scale=(1, 10))
    assert survey.perceptions["q01"].tolist() == [1, 2, 10, 9]


def spss(tmp_path, labels, **columns):
    import pyreadstat

    table = answers(**columns).astype(float)
    path = tmp_path / "hotel.sav"
    value_labels = {name: labels for name in table if name.startswith("P")}
    pyreadstat.write_sav(table, path, variable_value_labels=value_labels, missing_ranges={"P1": [9]})
    return path


def test_labels_stored_by_spss_are_held_against_the_instruments(tmp_path):
    good = spss(tmp_path, {1: "Strongly disagree", 7: "Strongly agree", 9: "No answer"}, P1=[7, 6, 9, 5])
    survey = gk.load_survey(good, "servqual")
    assert survey.perceptions["q01"].tolist()[:2] == [7, 6]
    assert survey.dropped.loc[0, ["what", "count"]].tolist() == ["answers", 1]
    bad = spss(tmp_path, {1: "Strongly agree", 7: "Strongly disagree", 9: "No answer"}, P1=[1, 2, 9, 3])
    with pytest.raises(gk.SurveyError, match='labels that run the other way, such as "1 = Strongly agree"') as raised:
        gk.load_survey(bad, "servqual")
    assert raised.value.faults["code"].tolist() == ["direction"]
    assert gk.load_survey(bad, "servqual", descending=True).perceptions["q01"].tolist()[:2] == [7, 6]
