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


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"missing": 9}, "missing: expected a list of codes such as [9], found 9 in the arguments"),
        ({"missing": "NA"}, "missing: expected a list of codes such as ['NA'], found 'NA' in the arguments"),
        ({"scale": 7}, "scale: expected [lowest, highest] such as [1, 5], found 7 in the arguments"),
        ({"scale": (7, 1)}, "scale: expected [lowest, highest] such as [1, 5], found (7, 1) in the arguments"),
        (
            {"respondents": ["branch"]},
            "respondents: expected a dict, name: column, such as "
            """{"branch": "Q3"}, found ['branch'] in the arguments""",
        ),
        ({"card": 5}, "card: expected the path of a TOML file or a dict of the same form, found 5 in the card"),
        ({"instrument": 3}, "instrument: expected a name, a path or an Instrument, found 3"),
    ],
)
def test_an_argument_that_makes_no_sense_is_refused_by_name(tmp_path, argument, message):
    assert message in str(faults_of(written(tmp_path, answers()), **argument))


def test_two_columns_for_one_item_are_named(tmp_path):
    error = faults_of(written(tmp_path, answers().assign(e07=4)))
    assert '2 columns for q07 in the expectations: "E7" (column 7) and "e07" (column 45). Delete or rename' in str(
        error
    )


def test_a_file_without_a_known_column_shows_its_headers_and_how_to_name_them(tmp_path):
    error = faults_of(written(tmp_path, pd.DataFrame({"first": [1], "second": [2]})))
    assert str(error) == (
        "hotel.csv: 1 fault found; nothing was loaded.\n"
        "- no columns for the expectations (headers like E1) and no columns for the perceptions (headers like P1). "
        "The headers are: first, second. "
        'Say which hold them, such as columns={"expectations": "E", "perceptions": "P"}, '
        "or have a card proposed: gk.suggest_card(file, instrument).to_toml()."
    )


def test_a_file_without_a_header_is_told_to_put_one_above(tmp_path):
    path = tmp_path / "hotel.csv"
    answers().to_csv(path, index=False, header=False)
    message = str(faults_of(path))
    assert "If the first row holds answers already, put a row of headers above it. The headers are: 6, 6, 6" in message
    assert ", ..., 5, 5, 5, 5. Say which" in message


def test_perceptions_alone_are_a_survey_and_the_absent_battery_is_recorded(tmp_path):
    table = answers().loc[:, lambda t: t.columns.str.startswith("P")]
    survey = gk.load_survey(written(tmp_path, table), instrument="servqual")
    assert survey.expectations is None
    assert survey.dropped.loc[0, ["what", "where"]].tolist() == ["battery", "expectations"]


def test_without_an_instrument_the_error_says_how_to_name_one(tmp_path):
    error = faults_of(written(tmp_path, answers()), instrument=None)
    assert str(error).endswith(
        'Pass instrument="servqual" (on the command line: --instrument servqual), '
        'or put instrument = "servqual" in a card hotel.toml beside the file.'
    )


def test_an_instrument_that_there_is_not_is_answered_with_those_there_are(tmp_path):
    error = faults_of(written(tmp_path, answers()), instrument="servqul")
    assert '- there is no instrument "servqul". Name one of these: antecedents, kservqual, servaqua, ' in str(error)


def test_an_empty_file_and_a_header_alone_are_said_to_be_empty(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in str(faults_of(empty))
    assert faults_of(written(tmp_path, answers(0))).faults.loc[0, "code"] in ("unreadable", "empty")


def test_answers_that_are_all_blank_are_said_to_be_none(tmp_path):
    table = answers(3, hotel=["A", "B", "A"]).astype(object)
    table.loc[:, [c for c in table if c != "hotel"]] = None
    assert str(faults_of(written(tmp_path, table))).endswith(
        "- no answers at all in the expectations and the perceptions. "
        "The columns are there, but no cell holds an answer: check the export."
    )


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


def test_another_scale_can_be_given(tmp_path):
    survey = gk.load_survey(written(tmp_path, answers(P1=[10] * 6)), instrument="servqual", scale=(1, 10))
    assert survey.perceptions["q01"].tolist() == [10] * 6
    assert str(survey.instrument.scale) == "1-10"


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
        ({"titel": "x"}, "titel: not a key of a card; did you mean title? in the card. Correct this entry"),
        ({"hotels": "x"}, "hotels: not a key of a card; expected one of title, instrument"),
        ({"encoding": "utf-8"}, "encoding: not a key of a card; it belongs under [file] in the card"),
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


def test_an_id_column_that_is_not_there_is_a_fault_and_not_silently_no_check(tmp_path):
    assert 'no column "nr"' in str(faults_of(written(tmp_path, answers()), id="nr"))
