"""A file of answers as a raw table of text cells, whatever program wrote it.

This is the first half of the door: it settles encoding, delimiter, decimal mark, sheet and the layout of the
header, and says what it guessed. What the answers mean is settled by `load_survey`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import delimited, exports, labelled, workbooks
from .encodings import decode
from .filetypes import MAX_FILE_BYTES, ReaderFault, check_size, file_format
from .numerals import MISSING_WORDS, UNCLEAR_DECIMAL, guess_decimal, to_number
from .phrase import phrase
from .rawtable import RawTable, first_rows, rectangle

__all__ = ["MAX_FILE_BYTES", "MISSING_WORDS", "RawTable", "ReaderFault", "read_table", "to_number"]


def read_table(
    path: Any,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    sheet: str | int | None = None,
    style: str | None = None,
    max_bytes: int = MAX_FILE_BYTES,
) -> RawTable:
    r"""Read a file of answers; nothing is converted and nothing is left out without a note.

    Parameters
    ----------
    path : str, Path, (name, bytes), or an uploaded file
        An upload is a mapping with "name" and "content", or an object with `name` and `read()`.
    encoding, delimiter, decimal, sheet, style : optional
        Given instead of guessed.
    max_bytes : int
        Larger files are refused before they are read.

    Returns
    -------
    RawTable

    Raises
    ------
    ReaderFault
        When the file cannot be read as a table: what, where, and what to do.

    Examples
    --------
    >>> table = read_table(("hotel.csv", b"E1;P1\n7;6\n\n5;5\n"))
    >>> table.headers, table.delimiter, table.rows.tolist()
    (('E1', 'P1'), ';', [2, 4])
    """
    name, data = _contents(path, max_bytes)
    kind = file_format(name, data)
    given = {"encoding": encoding, "delimiter": delimiter, "decimal": decimal, "sheet": sheet, "style": style}
    if kind in ("sav", "dta", "parquet"):
        return _labelled_table(name, data, kind, given)
    notes: list[str] = []
    found_encoding = found_sheet = mark = None
    guessed: list[str] = [] if decimal else ["decimal"]
    if kind == "csv":
        text, read_as = decode(name, data, encoding=encoding)
        found_encoding = read_as.name
        if not read_as.sure:
            notes.append(
                phrase(
                    "the encoding {encoding} is a close guess; pass encoding= if letters look wrong",
                    encoding=read_as.name,
                )
            )
        records, mark, guessed_mark = delimited.records(name, text, delimiter=delimiter)
        guessed += ["encoding"] * read_as.guessed + ["delimiter"] * guessed_mark
    else:
        records, found_sheet, decimal, said = workbooks.records(name, data, kind, sheet=sheet, decimal=decimal)
        notes += said
        guessed += ["sheet"] * (sheet is None)
    top = first_rows(records)
    found_style = style or exports.recognise(top)
    guessed += ["style"] * (style is None)
    header, cells, rows = rectangle(name, records, notes, header_rows=exports.header_rows(name, found_style, top))
    headers, questions = exports.name_columns(found_style, header)
    cells, said = exports.read_codes(found_style, cells)
    notes += said
    if decimal is None:
        decimal, clear = guess_decimal(pd.unique(cells[column]) for column in cells)
        notes += [] if clear else [UNCLEAR_DECIMAL]
    return RawTable(
        cells=cells,
        headers=tuple(headers),
        questions=tuple(questions),
        first_row=int(rows[0]),
        rows=rows,
        format=kind,
        encoding=found_encoding,
        delimiter=mark,
        decimal=decimal,
        sheet=found_sheet,
        style=found_style,
        guessed=tuple(guessed),
        sha256=hashlib.sha256(data).hexdigest(),
        user_missing=exports.declared_missing(found_style, cells),
        notes=tuple(notes),
    )


def _labelled_table(name: str, data: bytes, kind: str, given: Mapping[str, Any]) -> RawTable:
    """An SPSS, Stata or Parquet file: names, types and labels are stated by the file, so that nothing is guessed."""
    style = given["style"] or "plain"
    if style != "plain":
        exports.header_rows(name, style, [[]])
    found = labelled.columns(name, data, kind, encoding=given["encoding"], decimal=given["decimal"] or ".")
    # There is no header row in such a file: its own program shows the first respondent as row 1.
    return RawTable(
        cells=found.cells,
        headers=tuple(found.headers),
        questions=tuple(found.questions),
        first_row=1,
        rows=np.arange(1, len(found.cells) + 1),
        format=kind,
        encoding=given["encoding"],
        delimiter=None,
        decimal=given["decimal"] or ".",
        sheet=None,
        style="plain",
        guessed=(),
        sha256=hashlib.sha256(data).hexdigest(),
        value_labels=found.value_labels,
        user_missing=found.user_missing,
    )


def _contents(path: Any, max_bytes: int) -> tuple[str, bytes]:
    """Name and bytes of a file or an upload; a large file is refused by its size on disk, unread."""
    if isinstance(path, (str, Path)):
        file = Path(path)
        try:
            check_size(file.name, file.stat().st_size, max_bytes=max_bytes) if file.is_file() else None
            return file.name, file.read_bytes()
        except FileNotFoundError as error:
            remedy = phrase("Check the spelling; a relative path starts from the working directory.")
            raise ReaderFault(str(path), phrase("there is no such file"), remedy) from error
        except (OSError, ValueError) as error:
            if isinstance(error, ReaderFault):
                raise
            what = phrase("the file cannot be opened ({error})", error=error)
            raise ReaderFault(str(path), what, phrase("Check that it is a readable file.")) from error
    if isinstance(path, tuple) and len(path) == 2:
        name, data = path
    elif isinstance(path, Mapping):
        name, data = path["name"], path["content"]
    elif hasattr(path, "read"):
        name, data = Path(getattr(path, "name", "upload")).name, path.read()
    elif hasattr(path, "content"):
        name, data = path.name, path.content
    else:
        raise TypeError(f"{type(path).__name__} is no file: pass a path, or a pair of a name and bytes.")
    content = data.encode() if isinstance(data, str) else bytes(data)
    check_size(str(name), len(content), max_bytes=max_bytes)
    return str(name), content
