"""Records of text cells as one table: a header, answers below it, and the row numbers a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .filetypes import ReaderFault
from .phrase import Phrase, phrase, plural

MAX_CELLS = 100_000_000
"""Most cells of a table that is read into memory as text."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file of answers as text, with what was found out about it.

    Parameters
    ----------
    cells : DataFrame of str
        The data rows. Columns are numbered from 0; None where a cell is empty.
    headers : tuple of str
        The name of each column as it stands in the file: not made unique, not trimmed.
    questions : tuple of str
        The long question text of each column, or "" where the export has none.
    first_row, rows : int, array of int
        The row number a spreadsheet shows for the first data row, and for each of them (counted from 1, header
        and blank rows included; a cell with line breaks is one row).
    format : str
        "csv", "xlsx", "ods", "sav", "dta" or "parquet".
    encoding, delimiter, decimal, sheet : str or None
        How the file was read; None where the format knows no such thing.
    style : str
        Layout of the export, such as "plain", "google_forms" or "qualtrics".
    guessed : tuple of str
        Which of the above were guessed rather than given or stated by the file.
    sha256 : str
        Of the file's bytes.
    value_labels : dict
        Column number -> {text as in the cells: label}, from SPSS and Stata.
    user_missing : dict
        Column number -> codes declared missing: numbers for a numeric column, else texts. They are kept in the cells.
    notes : tuple of str
        What a reader should be told: rows left out, cells added, doubts.
    """

    cells: pd.DataFrame
    headers: tuple[str, ...]
    questions: tuple[str, ...]
    first_row: int
    rows: np.ndarray
    format: str
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    sheet: str | None
    style: str
    guessed: tuple[str, ...]
    sha256: str
    value_labels: dict[int, dict[str, str]] = field(default_factory=dict)
    user_missing: dict[int, list[float | str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """One line."""
        rows, columns = self.cells.shape
        return f"RawTable({rows} rows x {columns} columns, {self.format}, style {self.style!r})"


def rectangle(
    name: str, records: list[list[str]], notes: list[str], *, header_rows: int = 1
) -> tuple[list[list[str]], pd.DataFrame, np.ndarray]:
    """Header rows, data cells and their row numbers; every row is kept, padded and noted, noted as blank, or refused.

    Parameters
    ----------
    name : str
        The file's name, for errors.
    records : list of list of str
        Every row of the file, blank ones included. The first that is not blank is the header: rows that look like a
        title are not guessed away.
    notes : list of str
        What was left out or padded is appended here.
    header_rows : int
        Rows of the header, all of which are as wide as the table in what is returned.
    """
    blank = np.array([not any(map(str.strip, record)) for record in records], dtype=bool)
    if blank.all():
        what = phrase("the file holds nothing but blank rows")
        raise ReaderFault(name, what, phrase("Export the answers again and give that file."))
    top = int(np.flatnonzero(~blank)[0])
    kept = np.flatnonzero(~blank)
    kept = kept[kept >= top + header_rows]
    if not len(kept):
        remedy = phrase("Give the file with the answers; if it has only one line, check how the lines end.")
        raise ReaderFault(name, phrase("there is a header but no row of answers below it"), remedy)
    header = records[top : top + header_rows]
    named, widest = max(map(filled, header)), max(map(len, header))
    lengths = np.array([len(records[index]) for index in kept])
    # A nameless last column counts if answers stand in it, not if a trailing delimiter made it.
    width = max([named, *(filled(records[index][:widest]) for index in kept[lengths > named])])
    if len(kept) * width > MAX_CELLS:
        raise too_many_cells(name, len(kept) * width, MAX_CELLS)
    _refuse_long_rows(name, records, kept[lengths > width], width)
    short = kept[lengths < width]
    _note_rows(len(records), blank, (top, top + header_rows), kept, short, notes)
    if width < widest:
        left = widest - width
        notes.append(
            plural(
                left,
                "{count:,} nameless empty column at the end left out",
                "{count:,} nameless empty columns at the end left out",
            )
        )
    rows = [records[index] for index in kept]
    if len(short) or (lengths > width).any():
        rows = [_fitted(row, width) for row in rows]
    grid = np.empty((len(rows), width), dtype=object)
    grid[:] = rows
    grid[grid == ""] = None
    cells = pd.DataFrame(grid, columns=pd.RangeIndex(width), dtype=object)
    return [_fitted(row, width) for row in header], cells, kept + 1


def first_rows(records: list[list[str]], count: int = 3) -> list[list[str]]:
    """The first rows from the header on, for telling the layout."""
    top = next((index for index, record in enumerate(records) if any(map(str.strip, record))), 0)
    return records[top : top + count]


def _fitted(row: list[str], width: int) -> list[str]:
    """A row cut or padded to a width."""
    return row[:width] + [""] * (width - len(row))


def filled(record: list[str]) -> int:
    """How many cells a row has up to its last one that is not empty."""
    return next((place + 1 for place in range(len(record) - 1, -1, -1) if record[place].strip()), 0)


def _refuse_long_rows(name: str, records: list[list[str]], longer: np.ndarray, width: int) -> None:
    """More answers than columns means that answers stand in wrong columns: nothing in that row can be trusted."""
    faulty = [int(index) + 1 for index in longer if filled(records[index]) > width]
    if faulty:
        cells = filled(records[faulty[0] - 1])
        what = plural(
            len(faulty),
            "a row has more cells than the header has names ({cells} where there are {names})",
            "{count} rows have more cells than the header has names ({cells} where there are {names})",
            cells=cells,
            names=width,
        )
        remedy = phrase("Quote cells that hold the delimiter, remove title rows above the header, or pass delimiter=.")
        where = phrase("{file}, {rows}", file=name, rows=rows_in_words(faulty))
        raise ReaderFault(where, what, remedy)


def _note_rows(
    length: int, blank: np.ndarray, header: tuple[int, int], kept: np.ndarray, short: np.ndarray, notes: list[str]
) -> None:
    """Say which rows are blank and which were padded."""
    empty = np.flatnonzero(blank)
    top, below = header
    last = int(kept[-1])
    if top:
        notes.append(
            plural(
                top, "{count:,} blank row above the header left out", "{count:,} blank rows above the header left out"
            )
        )
    # A header row may be blank: SurveyMonkey writes a second one even when no question has parts.
    between = empty[(empty >= below) & (empty < last)]
    if len(between):
        notes.append(
            plural(
                len(between),
                "{count:,} blank row between the answers left out: {rows}",
                "{count:,} blank rows between the answers left out: {rows}",
                rows=rows_in_words(between + 1),
            )
        )
    if length - 1 > last:
        below = length - 1 - last
        notes.append(
            plural(below, "{count:,} blank row at the end left out", "{count:,} blank rows at the end left out")
        )
    if len(short):
        notes.append(
            plural(
                len(short),
                "{count:,} row has fewer cells than the header, the rest unanswered: {rows}",
                "{count:,} rows have fewer cells than the header, the rest unanswered: {rows}",
                rows=rows_in_words(short + 1),
            )
        )


def too_many_cells(name: str, cells: int, most: int) -> ReaderFault:
    """The fault of a table that is too large to be read as text."""
    what = phrase("the table has {cells:,} cells; at most {most:,} are read as text", cells=cells, most=most)
    return ReaderFault(name, what, phrase("Leave out columns that are not answers, or split the file."))


def rows_in_words(rows: Iterable[int], limit: int = 8) -> Phrase:
    """Row numbers for a message.

    Examples
    --------
    >>> rows_in_words([4]), rows_in_words(range(2, 14))
    ('row 4', 'rows 2, 3, 4, 5, 6, 7, 8, 9 and 4 more')
    """
    numbers = [int(row) for row in rows]
    shown = ", ".join(map(str, numbers[:limit]))
    if len(numbers) > limit:
        return phrase("rows {rows} and {more} more", rows=shown, more=len(numbers) - limit)
    return plural(len(numbers), "row {rows}", "rows {rows}", rows=shown)
