"""What was asked: the shipped instruments, and the errors in one's own."""

import pytest

import gapkit as gk
from gapkit.survey.instrument import SHIPPED, Scale

OWN = """
id = "desk"
title = {{ en = "Help desk" }}
batteries = ["perceptions"]
source = "made for this test"
citation = "none"
{scale}
[[dimensions]]
id = "speed"
en = "Speed"
items = [ {{ id = "q01", en = "Quick answer" }}, {{ id = "q02", en = "Quick solution", reversed = true }} ]
"""
SCALE = "[scale]\nlow = 1\nhigh = 5\n"


@pytest.mark.parametrize("name", sorted(file.stem for file in SHIPPED.glob("*.toml")))
def test_every_shipped_instrument_has_every_language_a_source_and_a_citation(name):
    instrument = gk.load_instrument(name)
    for part in (*instrument.items, *instrument.dimensions):
        assert set(part.labels) >= {"en", "zh-Hans", "zh-Hant"}, part.id
        assert len(part.label("en")) <= 48, f"{part.id} is a sentence, not a short label"
    assert instrument.source
    assert instrument.citation
    assert set(instrument.titles) >= {"en", "zh-Hans", "zh-Hant"}


def test_servqual_has_the_five_dimensions_with_4_5_4_4_5_items():
    servqual = gk.load_instrument("servqual")
    sizes = {dimension.id: len(dimension.items) for dimension in servqual.dimensions}
    assert sizes == {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}
    assert servqual.item_ids == tuple(f"q{n:02d}" for n in range(1, 23))


def test_kservqual_has_24_items_of_which_the_authors_dropped_four():
    kiosk = gk.load_instrument("kservqual")
    assert len(kiosk.items) == 24
    assert kiosk.item_ids == tuple(f"q{n:02d}" for n in range(1, 25))
    assert [item.number for item in kiosk.items if item.dimension is None] == [9, 12, 23, 24]
    assert kiosk.dimension("tangible").items == ("q04", "q05", "q06", "q22")


def test_the_zone_of_tolerance_asks_the_same_items_three_times():
    zone = gk.load_instrument("zone_of_tolerance")
    assert zone.batteries == ("minimum", "desired", "perceptions")
    assert zone.item_ids == gk.load_instrument("servqual").item_ids
    assert zone.scale == Scale(1, 9, labels=zone.scale.labels)


def test_a_label_falls_back_to_english_and_an_unknown_id_to_itself():
    servqual = gk.load_instrument("servqual")
    assert servqual.label("reliability", "ko") == "Reliability"
    assert servqual.label("reliability", "zh-Hans") == "可靠性"
    assert servqual.label("overall") == "overall"


def test_a_label_in_the_other_chinese_script_comes_before_english(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(OWN.format(scale=SCALE).replace('en = "Speed"', 'en = "Speed"\nzh-Hans = "速度"'), encoding="utf-8")
    desk = gk.load_instrument(path)
    assert desk.label("speed", "zh-Hant") == "速度"
    assert desk.label("q01", "zh-Hant") == "Quick answer"
    assert desk.title("zh-Hant") == "Help desk"


def test_a_user_adds_an_instrument_with_a_file_and_no_python(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(OWN.format(scale=SCALE), encoding="utf-8")
    desk = gk.load_instrument(path)
    assert repr(desk) == "<Instrument desk: 2 items, 1 dimensions, 1-5>"
    assert desk.item("q02").reversed
    assert desk.scale.turn(2) == 4


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("low = 1", "low = 9", "scale.high: expected more than scale.low (9), found 5"),
        ("low = 1\n", "", "scale.low: expected a number, found nothing"),
        ('id = "speed"', 'name = "speed"', "dimensions[1].id: expected a short name such as"),
        ('["perceptions"]', '["feelings"]', "minimum, desired, importance, found 'feelings'"),
        ('id = "q02"', 'id = "q01"', 'items: the id "q01" is used 2 times, expected once'),
        ("reversed = true", 'reversed = "yes"', "dimensions[1].items[2].reversed: expected true or false, found 'yes'"),
        ('en = "Quick answer"', 'en = ""', "dimensions[1].items[1].en: expected a short wording"),
        ('citation = "none"', "citation = 3", "citation: expected the publication to cite, found 3"),
    ],
)  # fmt: skip
def test_an_error_in_an_instrument_names_the_key_and_what_is_expected(tmp_path, before, after, message):
    path = tmp_path / "desk.toml"
    path.write_text(OWN.format(scale=SCALE).replace(before, after, 1), encoding="utf-8")
    with pytest.raises(gk.InstrumentError) as raised:
        gk.load_instrument(path)
    assert message in str(raised.value)
    assert str(raised.value).startswith("desk.toml: ")


def test_all_faults_of_an_instrument_are_told_at_once(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(OWN.format(scale="").replace('source = "made for this test"', ""), encoding="utf-8")
    with pytest.raises(gk.InstrumentError, match="2 fault") as raised:
        gk.load_instrument(path)
    assert "- scale: expected a [scale] table with low and high, found nothing" in str(raised.value)
    assert "- source: expected a sentence: where the items come from, found nothing" in str(raised.value)


def test_a_name_that_is_not_there_lists_those_that_are():
    with pytest.raises(gk.InstrumentError, match=r'there is no instrument "servqal"\. Shipped: .*servqual'):
        gk.load_instrument("servqal")


def test_a_file_that_is_no_toml_says_where(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text("[scale\nlow = 1", encoding="utf-8")
    with pytest.raises(gk.InstrumentError, match=r"desk\.toml: not readable as TOML in UTF-8: .*line 1"):
        gk.load_instrument(path)


def test_one_survey_may_ask_an_instrument_on_another_scale_or_the_other_way_round():
    asked = gk.load_instrument("servqual").asked(scale=Scale(1, 5), reversed=["q10", "q18"])
    assert str(asked.scale) == "1-5"
    assert [item.id for item in asked.items if item.reversed] == ["q10", "q18"]
    with pytest.raises(KeyError, match="q99"):
        gk.load_instrument("servqual").asked(reversed=["q99"])
