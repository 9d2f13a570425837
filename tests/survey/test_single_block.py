"""One unnamed block of items: a SERVPERF file is guessed, called a guess, and nothing else is taken for one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.clues import RESPONDENT, battery_in_words

SERVQUAL = gk.load_instrument("servqual")


def guests(k=22, n=60, seed=5):
    """Answers 1-7 of guests who like the place more or less, so that all columns go together."""
    rng = np.random.default_rng(seed)
    return np.clip(np.rint(4.5 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k))), 1, 7).astype(int)


def table(pattern, k=22, first=1, **options):
    """Guests' answers under numbered names."""
    return pd.DataFrame(guests(k, **options), columns=[pattern.format(j) for j in range(first, first + k)])


def perceived(file, suggestion):
    """What the proposed card makes of the file."""
    return gk.load_survey(file, card=replace(suggestion.card, id=None)).perceptions.to_numpy()


@pytest.mark.parametrize(
    "pattern",
    [
        "Q{}",
        "V{}",
        "q{:02d}",
        "item_{}",
        "VAR{:05d}",
        "Q1_{}",
        "Q7[SQ{:03d}]",
        "{}",
        "第{}题",
        "{}. A question",
        "{}、问题",
    ],
)
def test_a_single_block_is_guessed_to_be_the_perceptions(pattern):
    items = table(pattern)
    people = pd.DataFrame({"id": range(60), "gender": [1, 2] * 30, "age": [3, 4, 5] * 20})
    file = pd.concat([people, items, pd.DataFrame({"overall": [5, 6] * 30})], axis=1)
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.headline == "22 of 26 columns placed: perceptions 22 of 22 items (a guess)"
    np.testing.assert_array_equal(perceived(file, suggestion), items.to_numpy())


def test_the_guess_says_that_it_is_one_in_every_place():
    suggestion = gk.suggest_card(table("Q{}"), "servqual")
    row = suggestion.columns.iloc[4]
    assert row[["battery", "item", "confidence"]].tolist() == ["perceptions", "q05", 0.7]
    assert row["why"] == (
        "the only block that nothing names: a guess that these are the perceptions; the id q05 in its name"
    )
    note = (
        "Q1 to Q22: a guess that these are the perceptions. They are the only block of items, but nothing in the file "
        "says so; correct it if they are something else."
    )
    assert suggestion.notes == (note,)
    assert f"# {note}" in suggestion.to_toml()


def test_whoever_wants_only_what_is_sure_does_not_get_the_guess():
    suggestion = gk.suggest_card(table("Q{}"), "servqual", at_least=0.75)
    assert suggestion.card.columns == {}
    assert "not sure enough (0.70)" in suggestion.columns.loc[0, "why"]


@pytest.mark.parametrize("codes", [("E", "P"), ("exp", "per")])
def test_a_block_beside_a_real_pair_stays_where_it_is(codes):
    pair = pd.concat([table(f"{code}{{}}", seed=i) for i, code in enumerate(codes)], axis=1)
    suggestion = gk.suggest_card(pd.concat([table("Q{}", seed=9), pair], axis=1), "servqual")
    assert suggestion.columns["placed"].tolist() == [False] * 22 + [True] * 44
    assert suggestion.columns["battery"].iloc[:22].isna().all()
    assert suggestion.notes == ()


def test_beside_named_expectations_a_block_is_shown_and_not_used():
    file = pd.concat([table("E{}", seed=1), table("Q{}", seed=2)], axis=1)
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.columns["placed"].tolist() == [True] * 22 + [False] * 22
    assert suggestion.columns["battery"].tolist() == ["expectations"] * 22 + ["perceptions"] * 22
    assert "taken only where likely columns are wanted too (at_least=0.5)" in suggestion.notes[0]
    likely = gk.suggest_card(file, "servqual", at_least=0.5)
    np.testing.assert_array_equal(perceived(file, likely), file.iloc[:, 22:].to_numpy())


@pytest.mark.parametrize("k", [18, 21, 23])
def test_a_block_of_another_size_is_told_and_not_forced(k):
    suggestion = gk.suggest_card(table("Q{}", k), "servqual")
    assert not suggestion.columns["placed"].any()
    assert suggestion.notes == (
        f"Q1 to Q{k}: one block of {k} columns, but servqual has 22 items, so none of them was used. Choose another "
        "questionnaire, or say which column holds which item.",
    )
    assert f"its block has {k} columns, but servqual has 22 items" in suggestion.columns.loc[0, "why"]


def test_a_few_numbered_columns_are_no_block():
    suggestion = gk.suggest_card(table("Q{}", 6), "servqual")
    assert suggestion.notes == ()


def test_twice_as_many_columns_as_items_are_no_single_block():
    suggestion = gk.suggest_card(table("Q{}", 44), "servqual")
    assert not suggestion.columns["placed"].any()
    assert "Q1 to Q44: twice as many columns as servqual has items" in suggestion.notes[0]
    halves = suggestion.columns.iloc[[0, 21, 22, 43]][["battery", "item", "confidence"]].to_numpy().tolist()
    assert halves == [
        ["expectations", "q01", 0.5], ["expectations", "q22", 0.5],
        ["perceptions", "q01", 0.5], ["perceptions", "q22", 0.5],
    ]  # fmt: skip


def test_a_block_that_begins_with_a_later_number_is_shown_in_its_order_and_not_used():
    file = table("Q{}", first=5).assign(Q1="male", Q2="18-25", Q3="Leeds", Q4="once")
    suggestion = gk.suggest_card(file, "servqual")
    assert not suggestion.columns["placed"].any()
    assert suggestion.columns.loc[0, ["battery", "item", "confidence"]].tolist() == ["perceptions", "q01", 0.5]
    likely = gk.suggest_card(file, "servqual", at_least=0.5)
    np.testing.assert_array_equal(perceived(file, likely), file.iloc[:, :22].to_numpy())


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("first", [None, 1, 5])
def test_questions_worded_like_the_labels_are_a_block_whatever_their_numbers(language, first):
    labels = [SERVQUAL.label(id, language) for id in SERVQUAL.item_ids]
    heads = labels if first is None else [f"{j}. {label}" for j, label in enumerate(labels, first)]
    file = pd.DataFrame(guests(), columns=heads)[heads[::-1]]
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.columns["placed"].all(), suggestion.columns.to_string()
    np.testing.assert_array_equal(perceived(file, suggestion), file.iloc[:, ::-1].to_numpy())


# what belongs to no block


def test_a_group_of_two_codes_within_the_numbers_is_no_item():
    file = table("Q{}").assign(Q1=[1, 2] * 30)
    suggestion = gk.suggest_card(file, "servqual")
    assert not suggestion.columns["placed"].any()
    assert "only two codes occur in it, as in a question about the respondent" in suggestion.columns.loc[0, "why"]
    assert suggestion.notes[0].startswith("Q2 to Q22: one block of 21 columns, but servqual has 22 items")


def test_columns_that_go_with_no_other_are_no_items():
    rng = np.random.default_rng(2)
    file = table("Q{}", n=200).assign(**{f"Q{j}": rng.integers(1, 7, 200) for j in (23, 24, 25)})
    suggestion = gk.suggest_card(file, "servqual")
    assert suggestion.columns["placed"].tolist() == [True] * 22 + [False] * 3
    assert (
        suggestion.columns["why"].iloc[22:].str.startswith("its answers have nothing in common with the others").all()
    )


def test_items_worded_the_other_way_round_still_belong_to_their_block():
    file = table("Q{}", n=200)
    turned = [f"Q{j}" for j in (10, 11, 12, 13, 18, 19, 20, 21, 22)]
    suggestion = gk.suggest_card(file.assign(**{name: 8 - file[name] for name in turned}), "servqual")
    assert suggestion.columns["placed"].all()


def test_everybody_content_is_a_block_too():
    suggestion = gk.suggest_card(pd.DataFrame({f"Q{j}": [6, 7] * 30 for j in range(1, 23)}), "servqual")
    assert suggestion.columns["placed"].all()


@pytest.mark.parametrize("question", ["What is your gender?", "您的性别", "Overall, I am satisfied", "年齡"])
def test_a_question_about_the_respondent_or_an_outcome_is_no_item(question):
    heads = [f"{j}. A question" for j in range(1, 22)] + [f"22. {question}"]
    suggestion = gk.suggest_card(pd.DataFrame(guests(), columns=heads), "servqual")
    assert not suggestion.columns["placed"].any()
    assert suggestion.columns["why"].iloc[-1].startswith(("it asks about the respondent", "it asks for an outcome"))
    assert "one block of 21 columns" in suggestion.notes[0]


def test_words_that_hold_such_a_word_are_something_else():
    assert battery_in_words("Packages and messages are handled").why == ""
    assert battery_in_words("Q3_age").why == "it asks about the respondent"


@pytest.mark.parametrize("name", ["servqual", "kservqual", "servaqua", "zone_of_tolerance", "antecedents"])
def test_no_item_of_an_instrument_seems_to_ask_about_the_respondent(name):
    import re

    labels = [label for item in gk.load_instrument(name).items for label in item.labels.values()]
    assert [label for label in labels if re.search(RESPONDENT, label, re.IGNORECASE)] == []


def test_an_instrument_with_an_own_battery_alone_is_asked_as_before():
    suggestion = gk.suggest_card(table("t{:02d}", 5), "servaqua")
    assert suggestion.notes == ()


# the way in without a proposal


def test_a_file_without_a_card_is_told_how_to_name_its_block(tmp_path):
    path = tmp_path / "guests.csv"
    table("Q{}").to_csv(path, index=False)
    with pytest.raises(gk.SurveyError) as caught:
        gk.load_survey(path, instrument="servqual")
    assert 'If Q1 to Q22 are the perceptions, pass columns={"perceptions": "Q"}. The headers are:' in str(caught.value)
    survey = gk.load_survey(path, instrument="servqual", columns={"perceptions": "Q"})
    np.testing.assert_array_equal(survey.perceptions.to_numpy(), table("Q{}").to_numpy())


@pytest.mark.parametrize(("pattern", "code"), [("Q1_{}", "Q1"), ("item {}", "item"), ("V{:02d}", "V")])
def test_the_code_that_a_fault_names_finds_the_columns(pattern, code):
    with pytest.raises(gk.SurveyError, match=rf'pass columns={{"perceptions": "{code}"}}'):
        gk.load_survey(table(pattern), instrument="servqual")
    survey = gk.load_survey(table(pattern), instrument="servqual", columns={"perceptions": code})
    np.testing.assert_array_equal(survey.perceptions.to_numpy(), table(pattern).to_numpy())
