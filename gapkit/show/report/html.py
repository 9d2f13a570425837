"""A report as one HTML file that needs nothing else: figures are SVG, styles are inside, scripts are forbidden."""

from __future__ import annotations

from pathlib import Path

from ..markup import Markup, element, join
from ..text import text
from .numerals import runs
from .parts import WORDY, Column, Figure, Heading, Paragraph, Report, Table

STYLE_SHEET = Path(__file__).parent / "report.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Even if a name from a file were taken for markup, a browser would load and run nothing."""


def to_html(report: Report) -> bytes:
    """The report as a self-contained HTML file, UTF-8.

    Examples
    --------
    >>> to_html(Report(title="E < P", subtitle="", language="en", stem="x", parts=())).decode().count("E &lt; P")
    2
    """
    body: list[Markup] = []
    listed: list[Markup] = []
    for part, place in report.numbered():
        if isinstance(part, Paragraph) and part.listed:
            listed.append(
                element("li", _line(part.words), lang=part.language, class_="foreign" if part.language else None)
            )
            continue
        if listed:
            body.append(element("ul", join(listed)))
            listed = []
        body.append(_block(part, place, report.language))
    if listed:
        body.append(element("ul", join(listed)))
    head = element(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><meta name="generator" content="gapkit">'
        ),
        element("title", report.title),
        element("style", Markup(STYLE_SHEET.read_text(encoding="utf-8"))),
    )
    opening = element("header", element("h1", report.title), element("p", report.subtitle, class_="subtitle"))
    page = element("html", head, element("body", element("main", opening, *body)), lang=report.language)
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _block(part: object, place: int, language: str) -> Markup:
    """One part that is no item of a list."""
    match part:
        case Heading():
            return element("h2", part.words)
        case Paragraph():
            return element("p", _line(part.words), lang=part.language)
        case Figure():
            caption = element("figcaption", _numbered("report.figure_number", place, part.title, language))
            return element("figure", _box(part.svg(), part.title), caption)
        case Table():
            return _table(part, place, language)
    raise TypeError(f"{type(part).__name__} is no part of a report.")


def _table(table: Table, place: int, language: str) -> Markup:
    """A table under its number and title, in a box that scrolls by itself."""
    heads = [element("th", _line(column.head), scope="col", class_=_class(column)) for column in table.columns]
    rows = []
    for row in table.rows:
        if not row.values:
            head = element("th", row.name, scope="rowgroup", colspan=len(heads))
            rows.append(element("tr", head, class_="section"))
            continue
        cells = [
            element("td", shown, class_=_class(column))
            for column, shown in zip(table.columns[1:], table.cells(row), strict=True)
        ]
        rows.append(element("tr", element("th", row.name, scope="row"), *cells))
    caption = element("caption", _numbered("report.table_number", place, table.title, language))
    whole = element(
        "table", caption, element("thead", element("tr", *heads)), element("tbody", join(rows)), id=f"table-{table.key}"
    )
    return Markup(_box(whole, table.title) + (element("p", _line(table.note), class_="note") if table.note else ""))


def _box(inside: Markup, name: str) -> Markup:
    """What may be wider than a telephone, in a box that scrolls by itself and is reached by keyboard."""
    return element("div", inside, class_="scroll", role="region", aria_label=name, tabindex=0)


def _numbered(key: str, place: int, title: str, language: str) -> Markup:
    """The number of a table or figure, and what it is called."""
    number = element("span", text(key, language, number=place), class_="number")
    return Markup(number + element("span", title, class_="name"))


def _class(column: Column) -> str | None:
    """Words run on; numbers do not."""
    return column.kind if column.kind in WORDY else None


def _line(words: str) -> Markup:
    """A line with symbols in italics."""
    tags = {"symbol": "i", "below": "sub"}
    return join(element(tags[run.kind], run.words) if run.kind else run.words for run in runs(words))
