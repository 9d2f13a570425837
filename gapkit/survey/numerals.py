"""Answers written as text, as numbers: decimal commas, full-width digits, and nothing silently missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from .phrase import phrase

MISSING_WORDS = (
    "NA", "N/A", "#N/A", "n/a", "NaN", "NULL", "null", "None", "-", "--", ".", "?", "missing", "no answer",
    "not applicable",
    "(空)", "(跳过)", "无", "缺失", "不适用", "無", "해당없음", "무응답", "該当なし", "無回答",
)  # fmt: skip
"""Words that often stand for "no answer". Never taken as such by themselves: an error may suggest `missing=[...]`."""

UNCLEAR_DECIMAL = phrase("numbers with a comma may be decimals or thousands; pass decimal= to say which")
"""The note for a file whose decimal mark cannot be told."""

# Digits, signs and points of the full-width block, and the typographic minus, as plain ones.
_PLAIN = str.maketrans("０１２３４５６７８９．，－＋−", "0123456789.,-+-")
_COMMA_NUMBER = re.compile(r"\s*[-+−－＋]?\d+[,，]\d+\s*")
_POINT_NUMBER = re.compile(r"\s*[-+−－＋]?\d+[.．]\d+\s*")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"\s*[-+−－＋]?[1-9]\d{0,2}([.,．，])\d{3}\s*")


def to_number(cells: pd.Series, *, decimal: str = ".") -> tuple[pd.Series, pd.Series]:
    """Answers as numbers, and which of them are text.

    Parameters
    ----------
    cells : Series of str
        One column as read. Missing, empty and whitespace-only cells are unanswered, not text.
    decimal : {".", ","}
        The decimal mark of the file.

    Returns
    -------
    numbers : Series of float
        NaN where unanswered and where the cell is text.
    text : Series of bool
        True where there is something that is no number. "NA" and "-" are text too: the caller knows the codes for
        missing answers and takes them out first. With a decimal comma, "3.5" is still read as three and a half, but
        "3.500" is text, as it may mean three thousand five hundred.

    Examples
    --------
    >>> numbers, text = to_number(pd.Series(["7", "3,5", "７", " ", "NA"]), decimal=",")
    >>> numbers.tolist(), text.tolist()
    ([7.0, 3.5, 7.0, nan, nan], [False, False, False, False, True])
    """
    if decimal not in (".", ","):
        raise ValueError(f"decimal={decimal!r}: the decimal mark is '.' or ','. Pass one of the two.")
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.astype(float), pd.Series(False, index=cells.index)
    codes, texts = pd.factorize(cells.to_numpy(dtype=object))
    values = np.array(pd.to_numeric(texts, errors="coerce"), dtype=float)
    # The fast parser takes plain numbers; points under a decimal comma, "inf" and all it refuses are looked at singly.
    doubtful = [
        i for i, text in enumerate(texts) if not np.isfinite(values[i]) or (decimal == "," and "." in str(text))
    ]
    values[doubtful] = [_number(texts[i], decimal) for i in doubtful]
    blank = np.array([not str(text).strip() for text in texts], dtype=bool)
    # factorize gives -1 to missing cells; the entry appended last answers for them.
    numbers = np.append(values, np.nan)[codes]
    text = np.append(np.isnan(values) & ~blank, False)[codes]
    return pd.Series(numbers, index=cells.index, name=cells.name), pd.Series(text, index=cells.index, name=cells.name)


def _number(text: object, decimal: str) -> float:
    """One answer as a number; NaN when it is none."""
    plain = str(text).translate(_PLAIN).strip()
    if decimal == ",":
        if _THOUSANDS.fullmatch(plain) and "." in plain:
            return np.nan
        plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    return float(plain) if _NUMBER.fullmatch(plain) and abs(float(plain)) < np.inf else np.nan


def guess_decimal(columns: Iterable[Iterable[object]]) -> tuple[str, bool]:
    """The decimal mark that the distinct texts of each column speak for, and whether they speak clearly.

    Parameters
    ----------
    columns : iterable of iterables of str
        The distinct cells of each column.

    Returns
    -------
    decimal : {".", ","}
        "," when numbers such as 3,5 occur and none such as 3.5 does; otherwise ".".
    clear : bool
        False when both occur, or when every comma could as well set off thousands (1,200).

    Examples
    --------
    >>> guess_decimal([["3,5", "4"], ["7"]]), guess_decimal([["1,200", "3,400"]]), guess_decimal([["3.5"]])
    ((',', True), ('.', False), ('.', True))
    """
    commas = points = thousands = 0
    for column in columns:
        for cell in column:
            if not isinstance(cell, str):
                continue
            if _COMMA_NUMBER.fullmatch(cell):
                commas += 1
                thousands += bool(_THOUSANDS.fullmatch(cell))
            elif _POINT_NUMBER.fullmatch(cell) and not _THOUSANDS.fullmatch(cell):
                points += 1
    if commas == 0 or commas == thousands:
        return ".", commas == 0
    return ("," if points == 0 else "."), points == 0
