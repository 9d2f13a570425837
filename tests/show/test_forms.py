"""Forms for a survey of one's own: what is filled in is read without a question."""

import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

import gapkit as gk
from gapkit.show.forms import questionnaire, template_columns, template_csv, template_xlsx

NAMES = ["servqual", "kservqual", "servaqua", "zone_of_tolerance"]


@pytest.mark.parametrize("name", NAMES)
def test_a_filled_template_is_read_without_a_card(name, tmp_path):
    instrument = gk.load_instrument(name)
    head = template_csv(instrument).decode("utf-8-sig").strip()
    answers = head.count(",")
    rows = "\n".join(",".join([f"g{n}", *[str(int(instrument.scale.high) - n % 2)] * answers]) for n in range(4))
    (tmp_path / "guests.csv").write_text(f"{head}\n{rows}\n")
    survey = gk.load_survey(tmp_path / "guests.csv", name)
    assert list(survey.batteries) == [part for part in survey.batteries if part in instrument.batteries]
    assert set(survey.batteries) == set(instrument.batteries)
    assert survey.n == 4
    assert all(part.notna().to_numpy().all() for part in survey.batteries.values())


def test_the_workbook_has_the_same_columns_and_tells_what_they_hold():
    instrument = gk.load_instrument("servqual")
    book = openpyxl.load_workbook(BytesIO(template_xlsx(instrument, language="zh-Hans")))
    answers, told = book.worksheets
    assert [cell.value for cell in answers[1]] == template_columns(instrument)
    assert answers.max_row == 1
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in told.iter_rows(min_row=2)}
    assert rows["E7"] == ["期望 (E)", instrument.label("q07", "zh-Hans"), "可靠性", "1 至 7"]
    assert len(rows) == 44


def test_an_instruments_words_are_no_formulas_in_the_workbook():
    instrument = gk.load_instrument("servqual")
    item = replace(instrument.items[0], labels={"en": "=1+1"})
    book = openpyxl.load_workbook(BytesIO(template_xlsx(replace(instrument, items=(item, *instrument.items[1:])))))
    assert book.worksheets[1]["C2"].data_type == "s"
    assert book.worksheets[1]["C2"].value == "=1+1"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_questionnaire_asks_every_item_of_every_battery(language):
    instrument = gk.load_instrument("servqual")
    page = questionnaire(instrument, language=language).decode()
    assert f'<html lang="{language}">' in page
    for item in instrument.items:
        assert page.count(f">{item.label(language).replace(chr(39), '&#x27;')}<") == 2
    assert page.count("☐") == 2 * 22 * 7
    assert f"7 = {instrument.scale.labels[language][7]}" in page


def test_a_questionnaire_without_words_for_its_points_has_none():
    instrument = gk.load_instrument("servqual")
    page = questionnaire(replace(instrument, scale=replace(instrument.scale, labels={}))).decode()
    assert 'class="ends"' not in page


def test_an_instruments_words_are_no_markup_in_the_questionnaire():
    instrument = gk.load_instrument("servqual")
    hostile = replace(instrument, titles={"en": "<img src=x onerror=alert(1)>"}, source="<script>alert(1)</script>")
    page = questionnaire(hostile).decode()
    assert not re.search(r"<(img|script)", page)


def test_items_without_numbers_are_asked_by_their_ids():
    instrument = gk.load_instrument("servaqua")
    columns = template_columns(instrument)
    assert len(set(columns)) == len(columns) == 1 + len(instrument.items)
    assert pd.Index(columns[1:]).str.startswith("P").all()
