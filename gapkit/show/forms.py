"""Forms for a survey of one's own: an empty file to be filled with answers, and the questionnaire to be printed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

from ..survey.card import USUAL_CODES
from ..survey.instrument import Instrument, Item
from .markup import Markup, element, join
from .text import text

STYLE_SHEET = Path(__file__).parent / "forms.css"
RESPONDENT = "id"


def template_columns(instrument: Instrument) -> list[str]:
    """The heads of an empty file, as `load_survey` finds them: the respondent, then each item of each battery.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> columns = template_columns(load_instrument("servqual"))
    >>> columns[:2], columns[-1], len(columns)
    (['id', 'E1'], 'P22', 45)
    """
    return [RESPONDENT, *(code for code, _, _ in _places(instrument))]


def template_csv(instrument: Instrument) -> bytes:
    """An empty file as CSV, with the mark by which spreadsheets know UTF-8.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> template_csv(load_instrument("servqual")).decode("utf-8-sig")[:9]
    'id,E1,E2,'
    """
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(template_columns(instrument))
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(instrument: Instrument, *, language: str = "en") -> bytes:
    """An empty workbook: a sheet for the answers, and one that tells which column holds which item.

    Parameters
    ----------
    instrument : Instrument
    language : str
        Of the second sheet; the heads of the answers are the same in every language.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> template_xlsx(load_instrument("servqual"))[:2]
    b'PK'
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    from .report.sheets import write_text

    book = Workbook()
    answers = book.active
    answers.title = text("forms.answers", language)
    answers.append(template_columns(instrument))
    answers.freeze_panes = "B2"
    told = book.create_sheet(text("forms.columns", language))
    heads = ("forms.column", "forms.asked_for", "forms.item", "forms.dimension", "forms.scale")
    told.append([text(key, language) for key in heads])
    low, high = f"{instrument.scale.low:g}", f"{instrument.scale.high:g}"
    scale = text("forms.from_to", language, low=low, high=high)
    for code, battery, item in _places(instrument):
        dimension = instrument.label(item.dimension, language) if item.dimension else ""
        told.append([code, text(f"report.battery_{battery}", language), item.label(language), dimension, scale])
    for sheet in book:
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (10, 20, 44, 22, 12), strict=True):
        told.column_dimensions[letter].width = width
    for row in told.iter_rows():
        for cell in row:
            write_text(cell, str(cell.value or ""))  # an instrument of one's own may hold what looks like a formula
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def questionnaire(instrument: Instrument, *, language: str = "en") -> bytes:
    """The questionnaire as a page to be printed: every battery in gapkit's own short wording, a box for each answer.

    Parameters
    ----------
    instrument : Instrument
    language : str

    Returns
    -------
    bytes
        Self-contained HTML in UTF-8.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> questionnaire(load_instrument("servqual")).decode().count('class="boxes"')
    44
    """
    title = instrument.title(language)
    parts = [_battery(instrument, battery, language) for battery in instrument.batteries]
    source = element("footer", element("p", instrument.source), element("p", instrument.citation), lang="en")
    opening = element("header", element("h1", title), element("p", text("forms.thanks", language)))
    head = element(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", Markup(STYLE_SHEET.read_text(encoding="utf-8"))),
    )
    page = element("html", head, element("body", element("main", opening, *parts, source)), lang=language)
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _places(instrument: Instrument) -> Iterator[tuple[str, str, Item]]:
    """Column, battery and item of each answer; by number where numbers tell the items apart, else by id."""
    numbers = [item.number for item in instrument.items]
    by_number = None not in numbers and len({*numbers}) == len(numbers)
    for battery in instrument.batteries:
        for item in instrument.items:
            own = str(item.number) if by_number else f"_{item.id}"
            yield f"{USUAL_CODES[battery]}{own}", battery, item


def _battery(instrument: Instrument, battery: str, language: str) -> Markup:
    """One battery: what is asked, what the points mean, the items with their boxes."""
    scale = instrument.scale
    points = range(int(scale.low), int(scale.high) + 1)
    words = scale.labels.get(language) or scale.labels.get("en") or {}
    ends = [f"{point:g} = {words[int(point)]}" for point in (scale.low, scale.high) if int(point) in words]
    heads = [element("th", point, scope="col") for point in points]
    rows = [element("tr", element("th", scope="col", class_="item"), *heads)]
    for item in instrument.items:
        boxes = [element("td", "☐") for _ in points]
        rows.append(element("tr", element("th", item.label(language), scope="row"), *boxes, class_="boxes"))
    return element(
        "section",
        element("h2", text(f"forms.ask_{battery}", language)),
        element("p", text("report.between", language).join(ends), class_="ends") if ends else None,
        element("table", join(rows), aria_label=text(f"report.battery_{battery}", language)),
    )
