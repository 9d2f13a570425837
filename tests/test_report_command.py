"""``gapkit report``: what it writes and the status it leaves with."""

from io import BytesIO

import pandas as pd
import pytest
from docx import Document
from typer.testing import CliRunner

from gapkit.cli import app

run = CliRunner().invoke


@pytest.fixture
def guests(tmp_path):
    """Three people in a file: everything expected 7, 6, 5; perceived 6, 5, 4."""
    halves = {f"{half}{n}": [top, top - 1, top - 2] for half, top in (("E", 7), ("P", 6)) for n in range(1, 23)}
    pd.DataFrame(halves).to_csv(tmp_path / "guests.csv", index=False)
    return tmp_path / "guests.csv"


@pytest.mark.parametrize(("name", "begins"), [("a.html", b"<!DOCTYPE"), ("a.docx", b"PK"), ("A.XLSX", b"PK")])
def test_the_ending_says_what_is_written(guests, name, begins):
    out = guests.parent / name
    done = run(app, ["report", str(guests), "-o", str(out), "--instrument", "servqual"])
    assert done.exit_code == 0, done.output
    assert done.output == f"{out}: {out.stat().st_size:,} bytes\n"
    assert out.read_bytes().startswith(begins)


def test_several_files_are_written_at_once(guests):
    outs = [guests.parent / name for name in ("a.html", "a.docx")]
    given = [part for out in outs for part in ("-o", str(out))]
    assert run(app, ["report", str(guests), *given, "--instrument", "servqual"]).exit_code == 0
    assert all(out.is_file() for out in outs)


def test_the_report_is_about_the_file_and_in_the_language(guests):
    (guests.parent / "guests.toml").write_text('title = "Three people"\n', encoding="utf-8")
    out = guests.parent / "out.docx"
    given = ["--lang", "zh-Hans", "--instrument", "servqual", "--card", str(guests.with_suffix(".toml"))]
    assert run(app, ["report", str(guests), "--out", str(out), *given]).exit_code == 0
    document = Document(BytesIO(out.read_bytes()))
    assert document.paragraphs[0].text == "服务质量报告：Three people"
    assert "差距为 −1.00 分" in document.paragraphs[3].text
    said = [paragraph.text.replace("\N{NO-BREAK SPACE}", " ") for paragraph in document.paragraphs]
    assert any(sentence.startswith("总体：期望") and "M = −1.00" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("sections", "there"), [("none", []), (" validity, drivers", ["Do the items form the dimensions?"])]
)
def test_sections_can_be_chosen(guests, sections, there):
    out = guests.parent / "a.html"
    given = ["--instrument", "servqual", "--sections", sections]
    assert run(app, ["report", str(guests), "-o", str(out), *given]).exit_code == 0
    optional = ("Do the items form the dimensions?", "Are there groups of customers?")
    assert [head for head in optional if head in out.read_text(encoding="utf-8")] == there


def test_faults_of_the_file_are_status_1_and_nothing_is_written(guests):
    guests.write_text(guests.read_text().replace("7", "9"))
    out = guests.parent / "out.html"
    done = run(app, ["report", str(guests), "-o", str(out), "--instrument", "servqual"])
    assert done.exit_code == 1
    assert "nothing was loaded" in done.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["absent.csv", "-o", "a.html"], "absent.csv: there is no such file"),
        (["guests.csv"], "Missing option"),
        (
            ["guests.csv", "-o", "a.pdf"],
            "a.pdf: the ending says what is written. Give a name that ends in one",
        ),
        (["guests.csv", "-o", "nowhere/a.html"], "there is no folder nowhere"),
        (["guests.csv", "-o", "a.html", "--lang", "tlh"], 'no texts in the language "tlh". Give one of these: en, '),
        (
            ["guests.csv", "-o", "a.html", "--sections", "drivers,kano"],
            'There is no section "kano". Give some of these',
        ),
        (["guests.csv", "-o", "a.html"], "it is not said which instrument was asked"),
        (["guests.csv", "-o", "a.html", "--instrument", "servquall"], 'there is no instrument "servquall"'),
        (["guests.csv", "-o", "a.html", "--card", "absent.toml"], "absent.toml: there is no such file"),
    ],
)
def test_what_cannot_be_run_is_status_2(guests, monkeypatch, given, said):
    monkeypatch.chdir(guests.parent)
    done = run(app, ["report", *given])
    assert done.exit_code == 2
    assert said in done.output
    assert not list(guests.parent.glob("a.*"))


def test_the_file_itself_is_never_replaced(guests):
    book = guests.with_suffix(".xlsx")
    book.write_bytes(b"answers")
    done = run(app, ["report", str(book), "-o", str(book), "--instrument", "servqual"])
    assert done.exit_code == 2
    assert "this would replace what the report is about" in done.output
    assert book.read_bytes() == b"answers"


def test_a_place_that_cannot_be_written_to_is_status_2(guests, monkeypatch):
    from pathlib import Path

    def refuse(self, data):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    done = run(app, ["report", str(guests), "-o", str(guests.parent / "a.html"), "--instrument", "servqual"])
    assert done.exit_code == 2
    assert "it cannot be written (Permission denied)" in done.output
