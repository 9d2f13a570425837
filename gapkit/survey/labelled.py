"""Files of statistical programs (SPSS, Stata) and Parquet as columns of text, with the labels they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from .filetypes import MAX_UNPACKED_BYTES, NAMES, ReaderFault, in_words
from .phrase import phrase
from .rawtable import MAX_CELLS, too_many_cells
from .workbooks import as_text

_DAMAGED = phrase("Open it in the program that wrote it, save it again and give that file, or export it as CSV.")


@dataclass(frozen=True)
class Labelled:
    """Columns of text and what the file says about them; fields as in `RawTable`."""

    cells: pd.DataFrame
    headers: list[str]
    questions: list[str]
    value_labels: dict[int, dict[str, str]] = field(default_factory=dict)
    user_missing: dict[int, list[float | str]] = field(default_factory=dict)


def columns(name: str, data: bytes, kind: str, *, encoding: str | None = None, decimal: str = ".") -> Labelled:
    """The columns of an SPSS, Stata or Parquet file as text.

    Parameters
    ----------
    name, data : str, bytes
        The file, already known to be of this kind and of an acceptable size.
    kind : {"sav", "dta", "parquet"}
    encoding : str, optional
        Of the texts in an SPSS or Stata file that does not say it, or says it wrongly.
    decimal : {".", ","}
        The mark that numbers are written with.

    Raises
    ------
    ReaderFault
        When the file is damaged or holds more cells than are read.
    """
    read = {"sav": _from_spss, "dta": _from_stata, "parquet": _from_parquet}[kind]
    try:
        return read(name, data, encoding, decimal)
    except ReaderFault:
        raise
    # The parsers raise errors of every kind on damaged files, from ArrowInvalid to OverflowError.
    except Exception as error:
        reason = str(error) or type(error).__name__
        what = phrase("this is {kind} that cannot be read ({error})", kind=NAMES[kind], error=reason)
        raise ReaderFault(name, what, _DAMAGED) from error


def _from_spss(name: str, data: bytes, encoding: str | None, decimal: str) -> Labelled:
    """An SPSS file with value labels, question texts and declared missing codes."""
    import pyreadstat

    _, about = pyreadstat.read_sav(BytesIO(data), metadataonly=True, encoding=encoding)
    _check_cells(name, about.number_rows, about.number_columns)
    declared = about.number_rows
    frame, about = pyreadstat.read_sav(BytesIO(data), user_missing=True, encoding=encoding)
    _check_complete(name, declared, len(frame))
    missing = {
        place: _codes_in_ranges(frame[column], about.missing_ranges[column])
        for place, column in enumerate(frame.columns)
        if column in about.missing_ranges
    }
    return _labelled(frame, about, missing, decimal)


def _from_stata(name: str, data: bytes, encoding: str | None, decimal: str) -> Labelled:
    """A Stata file with value labels and question texts; the extended missing values read .a to .z."""
    import pyreadstat

    if data.startswith(b"<stata_dta>") and not data.rstrip(b"\x00\r\n ").endswith(b"</stata_dta>"):
        raise ReaderFault(name, phrase("the file is cut short: its end is missing"), _DAMAGED)
    _, about = pyreadstat.read_dta(BytesIO(data), metadataonly=True, encoding=encoding)
    _check_cells(name, about.number_rows, about.number_columns)
    # Each value takes a byte or more: a damaged count of rows would keep the parser busy for nothing.
    _check_complete(name, about.number_rows, len(data) // max(about.number_columns or 0, 1))
    declared = about.number_rows
    frame, about = pyreadstat.read_dta(BytesIO(data), user_missing=True, encoding=encoding)
    _check_complete(name, declared, len(frame))
    missing: dict[int, list[float | str]] = {}
    for place, column in enumerate(frame.columns):
        letters = list(about.missing_user_values.get(column, ()))
        if letters:
            frame[column] = frame[column].astype(object).replace({letter: f".{letter}" for letter in letters})
            missing[place] = [f".{letter}" for letter in letters]
    return _labelled(frame, about, missing, decimal)


def _labelled(frame: pd.DataFrame, about: Any, missing: dict[int, list[float | str]], decimal: str) -> Labelled:
    """A frame read by pyreadstat as text, with labels under the texts of their values."""
    labels = {
        place: {
            f".{value}" if f".{value}" in missing.get(place, ()) else as_text(value, decimal): str(label)
            for value, label in about.variable_value_labels[column].items()
        }
        for place, column in enumerate(frame.columns)
        if about.variable_value_labels.get(column)
    }
    texts = [_as_texts(frame.iloc[:, place], decimal) for place in range(frame.shape[1])]
    questions = [label or "" for label in about.column_labels]
    return Labelled(_table(texts, len(frame)), list(map(str, frame.columns)), questions, labels, missing)


def _codes_in_ranges(column: pd.Series, ranges: Sequence[Any]) -> list[float | str]:
    """The codes declared missing: single ones as declared, of a range those that occur."""
    codes: list[float | str] = []
    for span in ranges:
        low, high = (span["lo"], span["hi"]) if isinstance(span, dict) else (span, span)
        if low == high:
            codes.append(low)
        else:
            values = pd.to_numeric(column, errors="coerce").dropna()
            codes.extend(sorted(set(values[values.between(low, high)])))
    return list(dict.fromkeys(codes))


def _from_parquet(name: str, data: bytes, _encoding: str | None, decimal: str) -> Labelled:
    """A Parquet file; its size is judged by what its footer declares before anything is unpacked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(BytesIO(data))
    _check_cells(name, file.metadata.num_rows, file.metadata.num_columns)
    size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
    if size > MAX_UNPACKED_BYTES:
        most = in_words(MAX_UNPACKED_BYTES)
        what = phrase("the file unpacks to {size}; at most {most} are read", size=in_words(size), most=most)
        raise ReaderFault(name, what, phrase("Leave out columns that are not answers, or split the file."))
    table = file.read()
    texts = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        # Whole numbers go to text directly: as floats those beyond 2**53 would change.
        whole = pa.types.is_integer(column.type)
        texts.append(
            _as_texts(pd.Series((column.cast(pa.string()) if whole else column).to_pylist(), dtype=object), decimal)
        )
    return Labelled(_table(texts, table.num_rows), list(map(str, table.column_names)), [""] * table.num_columns)


def _check_cells(name: str, rows: int | None, columns: int | None) -> None:
    """Refuse a table of more cells than are read, going by what the file declares."""
    cells = max(rows or 0, 0) * max(columns or 0, 1)
    if cells > MAX_CELLS:
        raise too_many_cells(name, cells, MAX_CELLS)
    if rows == 0 or columns == 0:
        what = phrase("the file holds no rows of answers")
        raise ReaderFault(name, what, phrase("Export the answers again and give that file."))


def _check_complete(name: str, declared: int | None, rows: int) -> None:
    """A file that holds fewer rows than it declares was cut short: nothing is passed on in silence."""
    if declared is not None and 0 <= rows < declared:
        what = phrase(
            "the file is cut short: it declares {declared:,} rows and holds at most {rows:,}",
            declared=declared,
            rows=rows,
        )
        raise ReaderFault(name, what, _DAMAGED)


def _as_texts(column: pd.Series, decimal: str) -> np.ndarray:
    """A typed column as texts, None where nothing is stored; each distinct value is written once."""
    codes, values = pd.factorize(column)
    texts = [as_text(value.item() if isinstance(value, np.generic) else value, decimal) or None for value in values]
    return np.array([*texts, None], dtype=object)[codes]


def _table(texts: list[np.ndarray], rows: int) -> pd.DataFrame:
    """Columns numbered from 0."""
    return pd.DataFrame(dict(enumerate(texts)), index=pd.RangeIndex(rows), dtype=object)
