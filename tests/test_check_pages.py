"""What `gapkit check` says of the exports of survey tools: a page that a lecturer can follow."""

import json
import re
import runpy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gapkit.cli import app

MINIATURES = runpy.run_path(str(Path(__file__).parent / "survey" / "conftest.py"))["MINIATURES"]
"""The exports that the readers are tested with: two items, each expected and perceived by five guests."""

ROOMS = """
id = "rooms"
title = { en = "Rooms and staff" }
batteries = ["expectations", "perceptions"]
source = "Two items, made for trying out exports."
citation = "None: made for trying out exports."
[scale]
low = 1
high = 7
direction = "ascending"
[scale.labels.en]
1 = "strongly disagree"
7 = "strongly agree"
[[dimensions]]
id = "stay"
en = "The stay"
items = [{ id = "q01", en = "Rooms are clean" }, { id = "q02", en = "Staff are polite" }]
"""
OWN_CODES = {
    "limesurvey": '"N/A"',
    "wenjuanxing": '"(跳过)"',
    "wenjuanxing, by number": "-3",
}
"""What the tool writes where a question was skipped; the other tools leave the cell empty."""


def checked(folder, name, ending="csv"):
    """The page for one export, its four columns named in a card."""
    made = MINIATURES[name]
    path = folder / f"guests.{ending}"
    path.write_bytes(getattr(made, ending)())
    (folder / "rooms.toml").write_text(ROOMS, encoding="utf-8")
    headers = [json.dumps(header, ensure_ascii=False) for header in made.names]
    path.with_suffix(".toml").write_text(
        f'instrument = "rooms.toml"\n[columns]\nexpectations = [{", ".join(headers[:2])}]\n'
        f"perceptions = [{', '.join(headers[2:])}]\n",
        encoding="utf-8",
    )
    return CliRunner().invoke(app, ["check", str(path)])


@pytest.mark.parametrize("name", MINIATURES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_export_gives_a_page_with_who_what_how_and_the_gap(name, ending, tmp_path):
    done = checked(tmp_path, name, ending)
    assert done.exit_code == 0, done.output
    page = done.output.splitlines()
    assert page[0] == "guests: 5 respondents, Rooms and staff, scale 1-7"
    assert page[1] == "expectations: 2 items, 4 respondents answered all, 10.0% of answers missing"
    assert page[2] == "perceptions: 2 items, 4 respondents answered all, 10.0% of answers missing"
    assert page[3].startswith(f"read as format '{ending}', ")
    # By hand: guests 1 to 5 differ by -2 and -2, -1, -2, 0 and 0, 2 and 2, so the mean is (-2 - 1 - 2 + 0 + 2) / 5.
    row = next(line.split() for line in page if line.startswith("The stay"))
    assert row[2:5] == ["5.10", "4.50", "-0.60"]
    assert row[-1] == "5"


@pytest.mark.parametrize("name", MINIATURES)
def test_the_tool_is_recognised_and_every_guess_is_named(name, tmp_path):
    page = checked(tmp_path, name).output
    style = MINIATURES[name].style
    assert f"style '{style}' (guessed: decimal, encoding, delimiter, style)\n" in page
    book = checked(tmp_path, name, "xlsx").output
    assert f"style '{style}' (guessed: decimal, sheet, style)\n" in book


@pytest.mark.parametrize("name", MINIATURES)
def test_what_was_left_out_is_named_with_its_column_and_its_code(name, tmp_path):
    page = checked(tmp_path, name).output
    left_out = re.findall(r"^left out: (.*)$", page, re.MULTILINE)
    kind = name.rsplit(" (", 1)[0]
    code = OWN_CODES.get(kind) or OWN_CODES.get(kind.split(",")[0])
    if code is None:
        assert left_out == ["nothing"]
        return
    # The second guest skipped the first perception, the third the second expectation.
    headers = MINIATURES[name].names
    shown = [header if len(header) <= 40 else header[:37] + "..." for header in (headers[1], headers[2])]
    assert [line.split(" ", 2)[2] for line in left_out] == [
        f"({header}): coded as no answer ({code})" for header in shown
    ]


@pytest.mark.parametrize("name", [name for name in MINIATURES if "limesurvey" in name and "full" not in name])
def test_answer_codes_that_were_translated_are_told(name, tmp_path):
    assert "note: answer codes such as A3 are read as their numbers in 4 of " in checked(tmp_path, name).output


@pytest.mark.parametrize("name", MINIATURES)
def test_the_other_columns_are_said_to_be_kept(name, tmp_path):
    made = MINIATURES[name]
    page = checked(tmp_path, name).output
    kept = next(line for line in page.splitlines() if line.startswith("kept about respondents: "))
    first = "respondent" if made.style == "surveymonkey" else made.rows[0][0].split(".")[0].casefold()
    assert kept.casefold().startswith(f"kept about respondents: {first}")


def test_without_a_card_the_page_shows_the_headers_and_says_how_a_card_is_made(tmp_path):
    (tmp_path / "rooms.toml").write_text(ROOMS, encoding="utf-8")
    path = tmp_path / "guests.csv"
    path.write_bytes(MINIATURES["limesurvey, codes (en)"].csv())
    done = CliRunner().invoke(app, ["check", str(path), "--instrument", str(tmp_path / "rooms.toml")])
    assert done.exit_code == 1
    assert done.output == (
        "guests.csv: 1 fault; nothing was loaded.\n\n"
        "  1. no columns for the expectations (headers like E1) and no columns for the perceptions (headers like P1)\n"
        "     -> The headers are: id, submitdate, lastpage, startlanguage, seed, startdate, datestamp, G01Q01[SQ001], "
        "G01Q01[SQ002], G01Q02[SQ001], G01Q02[SQ002], G02Q03. "
        'Say which hold them, such as columns={"expectations": "E", "perceptions": "P"}, '
        "or have a card proposed: gk.suggest_card(file, instrument).to_toml().\n\n"
        "What is to be passed is written into a card, a text file guests.toml beside the file, each on a line of its "
        'own, such as\n     columns = { expectations = "E", perceptions = "P" }\n'
    )
