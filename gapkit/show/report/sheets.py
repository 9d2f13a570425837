"""The tables of a report as an Excel workbook: exact numbers, and text that no program takes for a formula."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any

from ..text import text
from .parts import WORDY, Column, Report, Row, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet program may take for a formula."""
FORMATS = {
    "count": "#,##0",
    "score": "0.00",
    "gap": "+0.00;-0.00;0.00",
    "interval": "0.00",
    "bounded": "0.000",
    "bounded_interval": "0.000",
    "p": "0.000",
    "share": "0.0%",
    "share_interval": "0.0%",
}
WIDEST = 60
WIDE = {"words": WIDEST, "name": 24}
FORBIDDEN = "[]:*?/\\"


def to_xlsx(report: Report) -> bytes:
    """The report's tables as a workbook, a sheet for each; numbers keep all their decimals.

    Examples
    --------
    >>> from .parts import WORDY, Column, Report, Row, Table
    >>> table = Table("x", "=cmd|' /C calc'!A0", (Column("name", "words"),), (Row("=1+1", ()),))
    >>> to_xlsx(Report(title="", subtitle="", language="en", stem="x", parts=(table,)))[:2]
    b'PK'
    """
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    first.title = text("report.sheet_contents", report.language)
    _contents(first, report)
    for part, place in report.numbered():
        if isinstance(part, Table):
            number = text("report.table_number", report.language, number=place)
            _sheet(book.create_sheet(_sheet_name(number)), part, number, report.language)
    book.properties.creator = "gapkit"
    book.properties.title = report.title[:255]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_text(cell: Any, words: str) -> None:
    """A text into a cell as text: a spreadsheet program shows it as it stands and computes nothing."""
    cell.value = words
    cell.data_type = "s"  # openpyxl, too, takes a text that begins with "=" for a formula
    cell.quotePrefix = words.startswith(FORMULA)


def _contents(sheet: Any, report: Report) -> None:
    """The first sheet: which survey, and which table stands where."""
    from openpyxl.styles import Font

    write_text(sheet.cell(1, 1), report.title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    write_text(sheet.cell(2, 1), report.subtitle)
    down = 4
    for part, place in report.numbered():
        if isinstance(part, Table):
            number = text("report.table_number", report.language, number=place)
            write_text(sheet.cell(down, 1), number)
            sheet.cell(down, 1).hyperlink = f"#'{_sheet_name(number)}'!A1"
            write_text(sheet.cell(down, 2), part.title)
            down += 1
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, WIDEST


def _sheet(sheet: Any, table: Table, number: str, language: str) -> None:
    """One table: number and title, heads, rows, note."""
    from openpyxl.styles import Alignment, Border, Font, Side

    write_text(sheet.cell(1, 1), f"{number}  {table.title}")
    sheet.cell(1, 1).font = Font(bold=True)
    heads = [head for column in table.columns for head in _heads(column, language)]
    line = Border(bottom=Side(style="thin"))
    for across, head in enumerate(heads, 1):
        cell = sheet.cell(3, across)
        write_text(cell, head)
        cell.font, cell.border = Font(bold=True), line
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal="left" if across == 1 else "right")
    for down, row in enumerate(table.rows, 4):
        _row(sheet, down, row, table)
    if table.note:
        write_text(sheet.cell(5 + len(table.rows), 1), table.note)
    sheet.freeze_panes = "B4"
    _set_widths(sheet, table)


def _row(sheet: Any, down: int, row: Row, table: Table) -> None:
    """A row's name and exact numbers; an interval takes two cells."""
    from openpyxl.styles import Alignment, Font

    write_text(sheet.cell(down, 1), row.name)
    if not row.values:
        sheet.cell(down, 1).font = Font(bold=True)
        return
    across = 2
    for column, value in zip(table.columns[1:], row.values, strict=True):
        for single in value if isinstance(value, tuple) else (value,):
            cell = sheet.cell(down, across)
            if column.kind in WORDY:
                write_text(cell, str(single))
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            elif math.isfinite(single):  # where there is no number the cell stays empty
                cell.value = float(single) if column.kind != "count" else int(single)
                cell.number_format = FORMATS[column.kind]
            across += 1


def _heads(column: Column, language: str) -> tuple[str, ...]:
    """A column's head; of an interval, that of its ends."""
    if not column.kind.endswith("interval"):
        return (column.head,)
    ends = ("report.lower_end", "report.upper_end")
    return tuple(text(key, language, interval=column.head) for key in ends)


def _set_widths(sheet: Any, table: Table) -> None:
    """Room for names and words; the same for every number."""
    from openpyxl.utils import get_column_letter

    names = max((len(row.name) for row in table.rows), default=10)
    sheet.column_dimensions["A"].width = min(max(14, 1.2 * names), WIDEST)
    place = 2
    for column in table.columns[1:]:
        for _ in range(2 if column.kind.endswith("interval") else 1):
            sheet.column_dimensions[get_column_letter(place)].width = WIDE.get(column.kind, 13)
            place += 1


def _sheet_name(words: str) -> str:
    """A name that a workbook allows."""
    return "".join(letter for letter in words if letter not in FORBIDDEN)[:31]
