"""Spreadsheets (XLSX, ODS) as records of text cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from .filetypes import ReaderFault
from .numerals import UNCLEAR_DECIMAL, guess_decimal
from .phrase import phrase

MAX_SHEET_CELLS = 60_000_000
"""Most cells a sheet may span, filled or not: a full Excel sheet of 44 answers a row has 46 million."""

_REFERENCE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"([^>]*)>")
_ODS_TAG = re.compile(rb"<(table:table|table:table-row|table:table-cell|table:covered-table-cell)((?:\s[^>]*)?)>")
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated=\"(\d+)\"")
_DAMAGED = phrase("Open it in a spreadsheet program, save it again and give that file.")


def records(
    name: str, data: bytes, kind: str, *, sheet: str | int | None = None, decimal: str | None = None
) -> tuple[list[list[str]], str, str, list[str]]:
    """The cells of one sheet as text, from A1 on, so that record 0 is row 1.

    Parameters
    ----------
    name, data : str, bytes
        The file, already known to be a workbook of an acceptable unpacked size.
    kind : {"xlsx", "ods"}
    sheet : str or int, optional
        The sheet's name, or its place counted from 0. Left out, it is the first sheet that is not empty.
    decimal : {".", ","}, optional
        The decimal mark of numbers stored as text. Left out, those texts decide. Numbers stored as numbers are
        written with the same mark, so that one mark reads the whole sheet.

    Returns
    -------
    records : list of list of str
        Whole numbers without a point ("7"), other numbers in full ("3.5"), dates as ISO texts, truth as TRUE and FALSE.
    sheet, decimal : str
        The sheet that was read, and its decimal mark.
    notes : list of str
        Other sheets, cells that hold an error, formulas without a stored result.

    Raises
    ------
    ReaderFault
        When the workbook is damaged, has no such sheet, is empty, or spans too many cells.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        _check_sound(name, data)
        _check_extent(name, data, kind)
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        titles = book.sheet_names
        typed, title = _sheet_rows(name, book, titles, sheet)
    except ReaderFault:
        raise
    # PanicException of the parser derives from BaseException alone; it must not end the program.
    except BaseException as error:
        if (
            isinstance(error, (CalamineError, BadZipFile, OSError, ValueError, EOFError))
            or "Panic" in type(error).__name__
        ):
            raise ReaderFault(name, phrase("the workbook cannot be read ({error})", error=error), _DAMAGED) from error
        raise
    notes: list[str] = []
    others = [other for other in titles if other != title]
    if others and sheet is None:
        also = ", ".join(map(repr, others[:5]))
        notes.append(phrase("sheet {sheet!r} was read; the workbook also holds {sheets}", sheet=title, sheets=also))
    if kind == "xlsx":
        notes.extend(_lost_cells(data))
    if decimal is None:
        decimal, clear = guess_decimal([{cell for row in typed for cell in row if isinstance(cell, str)}])
        if not clear:
            notes.append(UNCLEAR_DECIMAL)
    return [[as_text(cell, decimal) for cell in row] for row in typed], title, decimal, notes


def _sheet_rows(name: str, book: Any, titles: list[str], sheet: str | int | None) -> tuple[list[list[object]], str]:
    """The rows of the sheet asked for, or of the first that holds anything."""
    if sheet is not None:
        known = titles[sheet] if isinstance(sheet, int) and -len(titles) <= sheet < len(titles) else sheet
        if known not in titles:
            remedy = phrase("The sheets are {sheets}.", sheets=", ".join(map(repr, titles)))
            raise ReaderFault(name, phrase("there is no sheet {sheet!r}", sheet=sheet), remedy)
        return _rows_of(book, str(known)), str(known)
    for title in titles:
        rows = _rows_of(book, title)
        if any(cell not in ("", None) for row in rows for cell in row):
            return rows, title
    raise ReaderFault(name, phrase("no sheet of the workbook holds anything"), phrase("Export the answers again."))


def _rows_of(book: Any, title: str) -> list[list[object]]:
    """All rows of a sheet, leading empty rows and columns included."""
    return list(book.get_sheet_by_name(title).to_python(skip_empty_area=False))


def as_text(cell: object, decimal: str = ".") -> str:
    """A cell of a typed format as the text that a CSV export of the same sheet would hold."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell != cell:
            return ""
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return repr(cell).replace(".", decimal)
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


def _check_sound(name: str, data: bytes) -> None:
    """Refuse a workbook with a part that is no sound XML: calamine reads what there is of it, or never comes back."""
    with ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                try:
                    expat.ParserCreate().Parse(archive.read(part), True)
                except (expat.ExpatError, LookupError, ValueError) as error:
                    what = phrase("{part} is damaged or cut short ({error})", part=part, error=error)
                    raise ReaderFault(name, what, _DAMAGED) from error


def _check_extent(name: str, data: bytes, kind: str) -> None:
    """Refuse a sheet that spans absurdly many cells: two cells far apart would fill the memory between them."""
    for part, content in _parts(data, kind):
        rows, columns = _xlsx_extent(content) if kind == "xlsx" else _ods_extent(content)
        if rows * columns > MAX_SHEET_CELLS:
            what = phrase(
                "{part} spans {rows:,} x {columns:,} cells; at most {most:,} are read",
                part=part,
                rows=rows,
                columns=columns,
                most=MAX_SHEET_CELLS,
            )
            remedy = phrase("Delete stray cells far outside the table of answers, or save the table as CSV.")
            raise ReaderFault(name, what, remedy)


def _xlsx_extent(content: bytes) -> tuple[int, int]:
    """Last row and column that a sheet of an XLSX file names."""
    rows = columns = 0
    for letters, row, _ in _REFERENCE.findall(content):
        rows, columns = max(rows, int(row)), max(columns, _column(letters))
    return rows, columns


def _ods_extent(content: bytes) -> tuple[int, int]:
    """Last filled row and column over the sheets of an ODS file; padding to the sheet's edge is not filled."""
    rows = columns = row = column = 0
    for kind, rest in _ODS_TAG.findall(content):
        times = int(found.group(1)) if (found := _REPEATED.search(rest)) else 1
        if kind == b"table:table":
            row = 0
        elif kind == b"table:table-row":
            row, column = row + times, 0
        else:
            column += times
            if b"value-type" in rest or not rest.endswith(b"/"):
                rows, columns = max(rows, row), max(columns, column)
    return rows, columns


def _parts(data: bytes, kind: str) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook that hold cells."""
    with ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            if (part.startswith("xl/worksheets/") and part.endswith(".xml")) or (
                kind == "ods" and part == "content.xml"
            ):
                yield part, archive.read(part)


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _lost_cells(data: bytes) -> list[str]:
    """Cells that come out empty though the sheet shows something: errors, and formulas never computed."""
    notes: list[str] = []
    for _, content in _parts(data, "xlsx"):
        errors = [(letters + row).decode() for letters, row, rest in _REFERENCE.findall(content) if b't="e"' in rest]
        if errors:
            notes.append(
                phrase(
                    "cells with an error such as #N/A count as empty: {number} ({cells})",
                    number=len(errors),
                    cells=", ".join(errors[:8]),
                )
            )
        bare = len(re.findall(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>", content))
        if bare:
            notes.append(
                phrase(
                    "formulas without a stored result count as empty: {number}; open and save the workbook once",
                    number=bare,
                )
            )
    return notes
