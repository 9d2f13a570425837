"""Delimited text (CSV, TSV and their relatives) as records of cells."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import islice

from .filetypes import ReaderFault, in_row
from .phrase import phrase

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
MAX_COLUMNS = 20_000
"""Most columns that are read: Excel itself stops at 16,384."""

_SEP_LINE = re.compile(r'"?sep=(.)"?\r?(\n|\r|$)', re.IGNORECASE)
_SAMPLE_RECORDS = 60


def records(name: str, text: str, *, delimiter: str | None = None) -> tuple[list[list[str]], str, bool]:
    r"""The records of delimited text, blank ones included, so that record 0 is row 1 of a spreadsheet.

    Parameters
    ----------
    name : str
        The file's name, for errors.
    text : str
        All of the file. Quoted cells may hold delimiters and line breaks; lines may end in CR, LF or both. A first line
        ``sep=;``, as Excel writes it, names the delimiter and is no row.
    delimiter : str, optional
        One character. Guessed from the first records when left out.

    Returns
    -------
    records : list of list of str
    delimiter : str
    guessed : bool
        Whether the delimiter was guessed rather than given or named by the file.

    Raises
    ------
    ReaderFault
        For a quotation mark that is never closed or stands where none belongs, naming the row.

    Examples
    --------
    >>> records("hotel.csv", 'E1;P1\n7;"6;5"\n')
    ([['E1', 'P1'], ['7', '6;5']], ';', True)
    """
    said = _SEP_LINE.match(text)
    if said:
        text = text[said.end() :]
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        what = phrase("{delimiter!r} cannot be a delimiter", delimiter=delimiter)
        raise ReaderFault(name, what, phrase("Pass one character: , ; | or a tab."))
    guessed = delimiter is None and not said
    chosen = delimiter or (said.group(1) if said else guess_delimiter(text))
    if chosen in '"\r\n':
        what = phrase("the first line names {delimiter!r} as delimiter", delimiter=chosen)
        raise ReaderFault(name, what, phrase('Pass the right one, such as delimiter=";".'))
    rows: list[list[str]] = []
    try:
        # strict: a stray quotation mark is an error with a row number, not a cell that swallows half the file.
        for row in csv.reader(StringIO(text, newline=""), delimiter=chosen, strict=True):
            rows.append(row)
            if len(row) > MAX_COLUMNS:
                raise ReaderFault(
                    in_row(name, len(rows)),
                    phrase(
                        "{cells:,} cells in one row; at most {most:,} columns are read",
                        cells=len(row),
                        most=MAX_COLUMNS,
                    ),
                    phrase('If the delimiter was guessed wrongly, pass it, such as delimiter=";".'),
                )
    except csv.Error as error:
        raise _quotation_fault(name, len(rows) + 1, str(error)) from error
    return rows, chosen, guessed


def guess_delimiter(text: str) -> str:
    """The delimiter under which most of the first records have as many cells as the header; comma when none divides."""
    best, best_score = ",", (0.0, 0)
    lines = StringIO(text, newline="")
    for delimiter in DELIMITERS:
        lines.seek(0)
        rows: list[list[str]] = []
        try:
            rows.extend(islice((row for row in csv.reader(lines, delimiter=delimiter) if row), _SAMPLE_RECORDS))
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        score = (sum(len(row) == width for row in rows) / len(rows), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _quotation_fault(name: str, row: int, message: str) -> ReaderFault:
    """The csv module's complaint in words, with the spreadsheet row it is about."""
    where = in_row(name, row)
    if "unexpected end of data" in message or "field larger" in message:
        remedy = phrase('Close it, or write a quotation mark that belongs to the text as "".')
        return ReaderFault(where, phrase("a quotation mark is opened and never closed"), remedy)
    if "expected after" in message:
        remedy = phrase(
            'Write quotation marks inside a quoted cell as "", or pass the delimiter, such as delimiter=";".'
        )
        return ReaderFault(where, phrase("a quoted cell goes on after its closing quotation mark"), remedy)
    what = phrase("the row cannot be divided into cells ({error})", error=message)
    return ReaderFault(where, what, phrase("Export the file again as CSV."))
