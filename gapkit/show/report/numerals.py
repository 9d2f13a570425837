"""Numbers as journals print them: no zero before the point where 1 is the limit, symbols in italics."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import pandas as pd

from ..text import NOTHING, number, text

SMALLEST_P = 0.001
NO_BREAK = "\N{NO-BREAK SPACE}"

# A letter is a statistic where a sign, brackets or its kind follow ("M = ", "t(206)", "p value"), or where it is alone.
_NAMES = r"(SD|df|[Mdnprtαω])(?:_(z|av|D))?"
_FOLLOWS = r"(?=\s*(?:[=<(（−]|values?\b|intervals?\b|tests?\b|值|检验|置信))"
_SYMBOL = re.compile(rf"(?<![A-Za-z]){_NAMES}{_FOLLOWS}|^{_NAMES}$")
_SIGN = re.compile(" ([=<−]) ")


class Run(NamedTuple):
    """A piece of a line: plain, a symbol in italics, or what stands below a symbol."""

    words: str
    kind: str = ""


def bounded(value: float, digits: int = 2) -> str:
    """A number that cannot exceed 1, such as alpha or a correlation: without the zero before the point.

    Examples
    --------
    >>> bounded(0.8975), bounded(-0.31), bounded(1.0), bounded(float("nan"))
    ('.90', '−.31', '1.00', '–')
    """
    shown = number(value, digits)
    return re.sub(r"^(\D?)0\.", r"\1.", shown)


def p_value(p: float) -> str:
    """A p value as a table prints it.

    Examples
    --------
    >>> p_value(0.00002), p_value(0.0344), p_value(float("nan"))
    ('< .001', '.034', '–')
    """
    if not math.isfinite(p):
        return NOTHING
    return f"< {bounded(SMALLEST_P, 3)}" if p < SMALLEST_P else bounded(p, 3)


def mean_words(row: pd.Series, *, confidence: float, language: str) -> str:
    """A mean gap with its spread, test, effect size and interval, in one line.

    Parameters
    ----------
    row : Series
        A row of a table of ``gap_scores``: gap, sd, t, df, p, d_z, low, high.
    confidence : float
        That the interval was made with.
    language : str

    Examples
    --------
    >>> row = {"gap": -0.58, "sd": 1.1, "t": -8.41, "df": 206, "p": 1e-9, "d_z": -0.53, "low": -0.7, "high": -0.4}
    >>> mean_words(pd.Series(row), confidence=0.95, language="en")
    'M = −0.58, SD = 1.10, t(206) = −8.41, p < .001, d_z = −0.53, 95% CI [−0.70, −0.40]'
    """
    if not math.isfinite(row["t"]):
        return text("report.mean_alone", language, m=number(row["gap"]))
    p = p_value(row["p"])
    values = {"m": number(row["gap"]), "sd": number(row["sd"]), "t": number(row["t"]), "df": number(row["df"], 0)}
    values |= {"p": p if p.startswith("<") else f"= {p}", "d": number(row["d_z"])}
    values |= {"level": f"{100 * confidence:g}", "low": number(row["low"]), "high": number(row["high"])}
    return text("report.mean_test", language, **values)


def runs(line: str) -> list[Run]:
    """A line in pieces, so that statistical symbols can stand in italics and their indices below the line.

    A line does not break at the signs between a symbol and its number: the spaces around them become unbreakable.

    Examples
    --------
    >>> [(run.words.replace(NO_BREAK, "~"), run.kind) for run in runs("gap M = 1, d_z = 2")]
    [('gap ', ''), ('M', 'symbol'), ('~=~1, ', ''), ('d', 'symbol'), ('z', 'below'), ('~=~2', '')]
    """
    line = _SIGN.sub(rf"{NO_BREAK}\1{NO_BREAK}", line)
    pieces: list[Run] = []
    end = 0
    for found in _SYMBOL.finditer(line):
        symbol, below = found[1] or found[3], found[2] or found[4]
        pieces += [Run(line[end : found.start()]), Run(symbol, "symbol")]
        if below:
            pieces.append(Run(below, "below"))
        end = found.end()
    return [piece for piece in (*pieces, Run(line[end:])) if piece.words]
