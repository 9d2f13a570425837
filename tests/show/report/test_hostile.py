"""Strings from files are shown and never obeyed: in a page, a document, a workbook."""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from docx import Document

import gapkit as gk
from gapkit.show.report.sheets import write_text
from gapkit.survey.survey import add_dropped

SCRIPT = '<img src=x onerror="alert(1)"></script><svg onload=alert(2)>'
CORPUS = {
    "script": SCRIPT,
    "formula": "=cmd|' /C calc'!A0",
    "overridden": "guests\u202ecod.exe مسح الضيوف 🙂",
    "long": "x" * 10_000,
    "broken": "{title} {0} %s &lt;b&gt; ]]> null\x00 bell\x07 lone\ud800 last\ufffe\uffff",
}


def hostile_survey(make_survey, words):
    """A survey whose title, file, licence, notes, ids, labels, columns and reasons are all hostile."""
    id = words.replace("\ud800", "")  # pandas itself holds no half of a letter
    plain = make_survey([4, 5, 5, 6, 7, 3], respondents=pd.DataFrame({id: [id] * 6}))
    first, part = plain.instrument.items[0], plain.instrument.dimensions[0]
    item = replace(first, id=id, labels={"en": words, "zh-Hans": words})
    dimension = replace(part, labels={"en": words, "zh-Hans": words}, items=(id, *part.items[1:]))
    asked = replace(
        plain.instrument,
        items=(item, *plain.instrument.items[1:]),
        dimensions=(dimension, *plain.instrument.dimensions[1:]),
        titles={"en": words},
        source=words,
        citation=words,
    )
    told = dict.fromkeys(("title", "file", "licence", "citation", "sha256", "format", "sheet"), words)
    renamed = {name: answers.rename(columns={first.id: id}) for name, answers in plain.batteries.items()}
    return replace(
        plain,
        **renamed,
        instrument=asked,
        source=gk.Source(**told, reversed=(id,), notes=(words,)),
        dropped=add_dropped([(id, id, 3, id)]),
    )


MADE = {}
"""Each hostile string's files, made once: a fixture of the module could not use one of a test."""


@pytest.fixture(params=CORPUS.values(), ids=CORPUS.keys())
def files(request, make_survey):
    if request.param not in MADE:
        report = gk.report(hostile_survey(make_survey, request.param))
        MADE[request.param] = {kind: gk.report_file(report, kind) for kind in ("html", "docx", "xlsx")}
    return MADE[request.param]


def test_no_string_becomes_markup_or_script(files):
    page = files["html"][1].decode()
    tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z]+)", page)}
    assert not tags & {"img", "script", "iframe"}
    assert not re.search(r"<[^>]*\son\w+\s*=", page)


def test_no_string_reorders_or_floods_the_text_around_it(files):
    page = files["html"][1].decode()
    assert "\u202e" not in page
    assert "x" * 500 not in page
    assert "\x00" not in page
    assert "\uffff" not in page


def test_the_word_file_opens_and_no_text_is_cut_into_xml(files):
    document = Document(BytesIO(files["docx"][1]))
    assert len(document.tables) == 7
    assert len(document.inline_shapes) == 2
    with ZipFile(BytesIO(files["docx"][1])) as archive:
        assert b"onload=alert" not in archive.read("word/document.xml").replace(b"&lt;svg onload=alert", b"")


def test_no_cell_of_the_workbook_is_a_formula(files):
    book = openpyxl.load_workbook(BytesIO(files["xlsx"][1]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    suspicious = [
        cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "＝")) and cell.data_type == "s"
    ]
    assert all(cell.quotePrefix for cell in suspicious)


def test_a_files_name_holds_nothing_that_a_system_obeys(files):
    for name, _ in files.values():
        assert re.fullmatch(r"\w+_report\.(html|docx|xlsx)", name)
        assert len(name) < 80


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", "#N/A"])
def test_a_text_stays_a_text_through_a_workbook(words):
    book = openpyxl.Workbook()
    write_text(book.active["A1"], words)
    out = BytesIO()
    book.save(out)
    cell = openpyxl.load_workbook(out)["Sheet"]["A1"]
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", words != "#N/A")
    assert cell.value.strip() == words.strip()
