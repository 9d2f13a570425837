"""The door: what comes in is checked once, every fault is told, and nothing is lost in silence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk

SERVQUAL = gk.load_instrument("servqual")


def answers(n=6, **columns):
    """A clean table of n respondents: expectations 6, perceptions 5, and whatever columns are given."""
    table = pd.DataFrame({f"E{k}": [6] * n for k in range(1, 23)} | {f"P{k}": [5] * n for k in range(1, 23)})
    return table.assign(**columns)


def written(tmp_path, table, name="hotel.csv", **options):
    path = tmp_path / name
    table.to_csv(path, index=False, **options)
    return path


def faults_of(path, **arguments):
    with pytest.raises(gk.SurveyError) as raised:
        gk.load_survey(path, **{"instrument": "servqual"} | arguments)
    return raised.value


def test_a_clean_file_becomes_a_survey_with_one_gap_formula(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers()), instrument="servqual")
    assert survey.n == 6
    assert list(survey.expectations.columns) == list(SERVQUAL.item_ids)
    assert (survey.perceptions - survey.expectations == -1).all(axis=None)
    assert survey.dropped.empty
    assert survey.source.file == "hotel.csv"
    assert {"encoding", "delimiter"} <= set(survey.source.guessed)
    told = gk.load_survey(tmp_path / "hotel.csv", instrument="servqual", encoding="utf-8", delimiter=",")
    assert not {"encoding", "delimiter"} & set(told.source.guessed)


def test_respondents_are_indexed_by_the_rows_a_spreadsheet_shows(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers(3)), instrument="servqual")
    assert survey.expectations.index.tolist() == [2, 3, 4]
    assert survey.expectations.index.name == "row"


def test_an_answer_outside_the_scale_is_named_with_its_rows_and_the_way_out(tmp_path):
    table = answers(90)
    table.loc[[2, 17, 86], "P12"] = 9
    error = faults_of(written(tmp_path, table))
    assert str(error) == (
        "hotel.csv: 1 fault found; nothing was loaded.\n"
        "- 3 answers outside 1-7 in P12 (rows 4, 19, 88). "
        'If 9 means "no answer", pass missing=[9]. If another scale was used, pass scale=(lowest, highest).'
    )
    assert error.faults.loc[0, "code"] == "out_of_range"
    assert error.faults.loc[0, "count"] == 3


def test_a_code_for_no_answer_is_taken_as_such_only_when_told_and_is_recorded(tmp_path):
    table = answers(90)
    table.loc[[2, 17, 86], "P12"] = 9
    survey = gk.load_survey(written(tmp_path, table), instrument="servqual", missing=[9])
    assert survey.perceptions["q12"].isna().sum() == 3
    assert survey.dropped.loc[0, ["what", "count"]].tolist() == ["answers", 3]
    assert "coded as no answer (9)" in survey.dropped.loc[0, "why"]


def test_text_where_a_number_belongs_is_quoted_and_missing_words_are_suggested(tmp_path):
    table = answers().astype(object)
    table.loc[1, "E5"], table.loc[3, "E5"], table.loc[4, "P1"] = "NA", "NA", "often"
    error = faults_of(written(tmp_path, table))
    message = str(error)
    assert '- 2 answers that are no numbers ("NA") in E5 (rows 3, 5). If "NA" means "no answer"' in message
    assert "pass missing=['NA']" in message
    assert '- 1 answer that is no number ("often") in P1 (row 6). Correct them in the file' in message


def test_every_fault_is_told_at_once(tmp_path):
    table = answers(4, guest=["a", "b", "b", "c"]).drop(columns="E7").astype(object)
    table.loc[0, "P1"], table.loc[1, "P2"] = 77, "six"
    error = faults_of(written(tmp_path, table), id="guest")
    assert list(error.faults["code"]) == ["missing_column", "out_of_range", "not_a_number", "duplicated_id"]
    assert "no column for 1 of 22 items in the expectations: q07" in str(error)
    assert "1 id stands in several rows (b) in guest (rows 3, 4). Keep one row for each respondent." in str(error)


def test_the_same_fault_in_many_columns_is_told_once_with_the_total(tmp_path):
    table = answers(3)
    table.loc[0, [f"P{k}" for k in range(1, 23)]] = 99
    error = faults_of(written(tmp_path, table))
    assert len(error.faults) == 1
    assert error.faults.loc[0, "count"] == 22
    assert "22 answers outside 1-7 in 22 columns: P1, P2" in str(error)


def test_two_columns_for_one_item_are_named(tmp_path):
    error = faults_of(written(tmp_path, answers().assign(e07=4)))
    assert '2 columns for q07 in the expectations: "E7" (column 7) and "e07" (column 45).' in str(error)


def test_a_file_without_a_known_column_shows_its_headers_and_how_to_name_them(tmp_path):
    error = faults_of(written(tmp_path, pd.DataFrame({"first": [1], "second": [2]})))
    assert "no columns for the expectations (headers like E1)" in str(error)
    assert "The headers are: first, second. Say which hold them, by code" in str(error)


def test_perceptions_alone_are_a_survey_and_the_absent_battery_is_recorded(tmp_path):
    table = answers().loc[:, lambda t: t.columns.str.startswith("P")]
    survey = gk.load_survey(written(tmp_path, table), instrument="servqual")
    assert survey.expectations is None
    assert survey.dropped.loc[0, ["what", "where"]].tolist() == ["battery", "expectations"]


def test_without_an_instrument_the_error_says_how_to_name_one(tmp_path):
    error = faults_of(written(tmp_path, answers()), instrument=None)
    assert 'Pass instrument="servqual", or put instrument = "servqual" in a card hotel.toml beside the file.' in str(
        error
    )


def test_an_empty_file_and_a_header_alone_are_said_to_be_empty(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in str(faults_of(empty))
    assert faults_of(written(tmp_path, answers(0))).faults.loc[0, "code"] in ("unreadable", "empty")


def test_answers_that_are_all_blank_are_said_to_be_none(tmp_path):
    table = answers(3, hotel=["A", "B", "A"]).astype(object)
    table.loc[:, [c for c in table if c != "hotel"]] = None
    assert "no answers at all" in str(faults_of(written(tmp_path, table)))


def test_a_missing_file_is_a_survey_error_too(tmp_path):
    assert "nothere.csv" in str(faults_of(tmp_path / "nothere.csv"))


@pytest.mark.parametrize(("half", "first"), [("E", "expectations"), ("P", "perceptions")])
def test_reversed_items_are_turned_in_both_halves_once(tmp_path, half, first):
    survey = gk.load_survey(
        written(tmp_path, answers(**{f"{half}10": [1, 2, 3, 4, 5, 7]})), instrument="servqual", reversed=["q10"]
    )
    assert getattr(survey, first)["q10"].tolist() == [7, 6, 5, 4, 3, 1]
    other = survey.perceptions if half == "E" else survey.expectations
    assert other["q10"].tolist() == [3] * 6 if half == "E" else [2] * 6
    assert survey.expectations["q11"].tolist() == [6] * 6
    assert survey.source.reversed == ("q10",)


def test_turning_one_half_only_would_change_the_gap_and_turning_both_negates_it(tmp_path):
    path = written(tmp_path, answers())
    plain = gk.load_survey(path, instrument="servqual").gaps["q10"]
    turned = gk.load_survey(path, instrument="servqual", reversed=["q10"]).gaps["q10"]
    assert (turned == -plain).all()


def test_a_descending_scale_turns_every_item_but_the_reversed_ones(tmp_path):
    own = tmp_path / "own.toml"
    text = (gk.survey.instrument.SHIPPED / "servqual.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('"ascending"', '"descending"'), encoding="utf-8")
    survey = gk.load_survey(written(tmp_path, answers()), instrument=own, reversed=["q10"])
    assert survey.expectations["q01"].tolist() == [2] * 6
    assert survey.expectations["q10"].tolist() == [6] * 6


POINTS = {f"points_{d}": [20.0] * 6 for d in SERVQUAL.dimension_ids}


def test_allocations_are_read_per_dimension(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers(**POINTS)), instrument="servqual")
    assert list(survey.allocations.columns) == list(SERVQUAL.dimension_ids)
    assert (survey.allocations.sum(axis=1) == 100).all()


def test_allocations_that_do_not_sum_to_100_are_named_with_an_example(tmp_path):
    points = POINTS | {"points_empathy": [20, 20, 30, 20, 20, 20]}
    error = faults_of(written(tmp_path, answers(**points)))
    assert "1 allocation does not sum to 100" in str(error)
    assert "row 4 sums to 110" in str(error)


def test_a_blank_beside_a_full_hundred_is_a_zero_and_is_recorded(tmp_path):
    points = POINTS | {"points_empathy": [20, 20, None, 20, 20, 20], "points_tangibles": [20, 20, 40, 20, 20, 20]}
    survey = gk.load_survey(written(tmp_path, answers(**points)), instrument="servqual")
    assert survey.allocations.loc[4, "empathy"] == 0
    assert survey.dropped["where"].tolist() == ["allocations"]


def test_expectations_and_perceptions_on_different_scales_are_refused(tmp_path):
    card = {"columns": {"expectations": {"code": "E", "scale": [1, 10]}, "perceptions": {"code": "P"}}}
    error = faults_of(written(tmp_path, answers()), card=card)
    assert "expectations on 1-10 but perceptions on 1-7" in str(error)
    assert "a gap between two scales means nothing" in str(error)


def test_expectations_that_never_pass_five_beside_perceptions_that_reach_seven_are_questioned(tmp_path):
    table = answers(20)
    table.loc[:, [f"E{k}" for k in range(1, 23)]] = 5
    table.loc[:9, [f"P{k}" for k in range(1, 23)]] = 7
    path = written(tmp_path, table)
    error = faults_of(path)
    assert "the expectations never exceed 5 while the perceptions reach 7" in str(error)
    assert "say so: scale=(1, 7)" in str(error)


def test_another_scale_can_be_given(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers(P1=[10] * 6)), instrument="servqual", scale=(1, 10))
    assert survey.perceptions["q01"].tolist() == [10] * 6
    assert str(survey.instrument.scale) == "1-10"


def test_survey_weights_must_be_above_zero(tmp_path):
    error = faults_of(written(tmp_path, answers(weight=[1, 1, 0, 1, None, 1])))
    assert "2 survey weights that are missing or not above zero in weight (rows 4, 6)" in str(error)


def test_a_card_beside_the_file_is_found_and_arguments_come_before_it(tmp_path):
    path = written(tmp_path, answers(guest=list("abcdef"), hotel=list("AABBCC"), extra=1))
    path.with_suffix(".toml").write_text(
        'title = "Six guests"\ninstrument = "servqual"\nsimulated = true\nid = "guest"\n'
        '[respondents]\nhotel = "hotel"\n',
        encoding="utf-8",
    )
    survey = gk.load_survey(path)
    assert str(survey.source) == "Six guests, simulated"
    assert list(survey.respondents.columns) == ["hotel", "id"]
    assert survey.dropped.loc[0, ["what", "where", "count"]].tolist() == ["columns", "extra", 1]
    assert str(gk.load_survey(path, title="renamed").source) == "renamed, simulated"


def test_rows_that_the_card_does_not_keep_are_recorded(tmp_path):
    path = written(tmp_path, answers(term=["", "screened", "", "", "quota", ""]))
    survey = gk.load_survey(path, instrument="servqual", card={"keep": {"term": ""}})
    assert survey.expectations.index.tolist() == [2, 4, 5, 7]
    assert survey.dropped.loc[0, ["what", "where", "count", "why"]].tolist() == [
        "respondents",
        "term",
        2,
        "term is not ''",
    ]


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ({"titel": "x"}, "titel: not a key of a card; expected one of title, instrument"),
        ({"missing": 9}, "missing: expected a list of codes, found 9"),
        ({"columns": {"hopes": "E"}}, "columns.hopes: expected one of expectations, perceptions"),
        ({"columns": {"expectations": {"regex": "^E"}}}, "columns.expectations.regex: expected a group in brackets"),
        ({"columns": {"expectations": {"names": {"q99": "E1"}}}}, "columns.expectations: q99 is no item of servqual"),
        ({"scale": [7, 1]}, "scale: expected [lowest, highest] such as [1, 5], found [7, 1]"),
        ({"reversed": ["q99"]}, 'reversed: "q99" is no item of servqual'),
        ({"respondents": {"hotel": "Hotel?"}}, 'no column "Hotel?" in the card\'s respondents.hotel'),
        ({"file": {"encodng": "utf-8"}}, "encodng"),
    ],
)
def test_an_error_in_a_card_names_the_key_and_what_is_expected(tmp_path, card, message):
    assert message in str(faults_of(written(tmp_path, answers()), card=card))


def test_columns_are_found_by_name_by_code_and_by_expression(tmp_path):
    texts = {f"E{k}": f"{k}. What an excellent hotel does (expected)" for k in range(1, 23)}
    path = written(tmp_path, answers().rename(columns=texts | {f"P{k}": f"p_{k:02d}" for k in range(1, 23)}))
    by_expression = {"expectations": r"^(\d+)\. .*\(expected\)$", "perceptions": "P"}
    by_name = {"expectations": list(texts.values()), "perceptions": {f"q{k:02d}": f"p_{k:02d}" for k in range(1, 23)}}
    for columns in (by_expression, by_name):
        survey = gk.load_survey(path, instrument="servqual", columns=columns)
        assert (survey.gaps == -1).all(axis=None)


def test_a_data_frame_and_an_upload_go_through_the_same_door(tmp_path):
    path = written(tmp_path, answers())
    from_file = gk.load_survey(path, instrument="servqual")
    from_frame = gk.load_survey(answers(), instrument="servqual")
    from_upload = gk.load_survey(("hotel.csv", path.read_bytes()), instrument="servqual")
    for survey in (from_frame, from_upload):
        pd.testing.assert_frame_equal(survey.perceptions, from_file.perceptions)
    assert from_upload.source.sha256 == from_file.source.sha256


def test_filtering_is_recorded_and_changes_nothing_in_place():
    survey = gk.load_survey(answers(hotel=list("AABBCC")), instrument="servqual")
    kept = survey.where(hotel="B").without([True, False])
    assert (survey.n, kept.n) == (6, 1)
    assert kept.dropped["count"].tolist() == [4, 1]
    assert kept.dropped["why"].tolist() == ["outside hotel = B", "flagged by screening"]


def test_a_dimension_score_is_the_mean_of_the_answered_items():
    table = answers(2, E1=[7, 6], E2=[5, 6], E3=[3, 6]).astype(float)
    table.loc[0, "E4"] = np.nan
    survey = gk.load_survey(table, instrument="servqual")
    assert survey.dimension_scores("expectations")["tangibles"].tolist() == [5.0, 6.0]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_answers_in_are_answers_kept_or_reported(data):
    """Whatever cells stand in a table, each one is kept, counted as missing, or named in a fault."""
    cells = st.sampled_from(["1", "4", "7", "", "9", "NA", "five", "７", "3.5", "-1", "1e3", "=1+1", "<b>"])
    table = answers(3).astype(object)
    for column in data.draw(st.lists(st.sampled_from([f"{h}{k}" for h in "EP" for k in (1, 9, 22)]), unique=True)):
        table[column] = data.draw(st.lists(cells, min_size=3, max_size=3))
    filled = int((table.astype(str) != "").to_numpy().sum())
    try:
        survey = gk.load_survey(table, instrument="servqual", missing=[9])
    except gk.SurveyError as error:
        faults = error.faults
    else:
        faults = None
        kept = sum(int(part.notna().to_numpy().sum()) for part in survey.batteries.values())
        assert kept + survey.dropped["count"].sum() == filled
    wrong = int(table.isin(["NA", "five", "-1", "1e3", "=1+1", "<b>"]).to_numpy().sum())
    assert wrong == (0 if faults is None else faults["count"].sum())
    assert faults is None or set(faults["code"]) <= {"out_of_range", "not_a_number"}
