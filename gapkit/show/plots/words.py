"""What a figure shows, in words computed from its numbers: the text alternative read aloud by a screen reader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..text import number, percent, plain, text


def describe_gaps(
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    language: str = "en",
    confidence: float = 0.95,
    source: str = "",
) -> str:
    """The text alternative of `gap_dumbbell` and `gap_radar`: extremes first, then every row.

    Parameters
    ----------
    table : DataFrame
        Columns E, P, gap, and low and high where the figure shows intervals.
    labels, language, confidence, source
        As the figure was drawn with.

    Examples
    --------
    >>> table = pd.DataFrame({"E": [6.0, 6.0], "P": [4.5, 5.0], "gap": [-1.5, -1.0]})
    >>> print(describe_gaps(table, labels=["Empathy", "Assurance"], source="Two guests"))
    Lowest: Empathy, gap −1.50. Highest: Assurance, gap −1.00.
    Empathy: expected 6.00, perceived 4.50, gap −1.50. Assurance: expected 6.00, perceived 5.00, gap −1.00. Two guests.
    """
    names = _names(table, labels)
    sentences = _extremes(names, table["gap"].to_numpy(float), language)
    level = f"{100 * confidence:g}"
    for name, row in zip(names, table.to_dict("records"), strict=True):
        values = {"e": number(row["E"]), "p": number(row["P"]), "gap": number(row["gap"], signed=True)}
        if "low" in row:
            ends = {"level": level, "low": number(row["low"]), "high": number(row["high"])}
            sentences.append(text("describe.row_with_interval", language, name=name, **values, **ends))
        else:
            sentences.append(text("describe.row", language, name=name, **values))
    return _joined(sentences, source, language)


def describe_heat(
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `gap_heat`: the extremes over all cells, then the extremes of each column.

    Parameters
    ----------
    table : DataFrame
        Rows x groups of gaps.
    labels, columns, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> table = pd.DataFrame({"A": [-1.0, -0.5], "B": [0.5, 0.0]}, index=["Empathy", "Assurance"])
    >>> print(describe_heat(table, source="Ten guests"))
    Lowest: Empathy, A, gap −1.00. Highest: Empathy, B, gap +0.50.
    A: from −1.00 (Empathy) to −0.50 (Assurance). B: from 0.00 (Assurance) to +0.50 (Empathy). Ten guests.
    """
    names = _names(table, labels)
    heads = [plain(name) for name in (table.columns if columns is None else columns)]
    gaps = table.to_numpy(float)
    cells = [f"{name}, {head}" for name in names for head in heads]
    sentences = _extremes(cells, gaps.ravel(), language)
    for head, column in zip(heads, gaps.T, strict=True):
        if not np.isfinite(column).any():
            sentences.append(text("describe.nothing", language, name=head))
            continue
        least, most = int(np.nanargmin(column)), int(np.nanargmax(column))
        ends = {"low": number(column[least], signed=True), "high": number(column[most], signed=True)}
        sentences.append(text("describe.column", language, name=head, lowest=names[least], highest=names[most], **ends))
    return _joined(sentences, source, language)


def describe_likert(
    shares: pd.DataFrame, *, labels: Sequence[str] | None = None, language: str = "en", source: str = ""
) -> str:
    """The text alternative of `likert_bars`: for each row the shares below, on and above the middle of the scale.

    Parameters
    ----------
    shares : DataFrame
        One row an item, one column a scale point.
    labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> describe_likert(pd.DataFrame([[0.25, 0.5, 0.25]], index=["Prompt service"]), source="Ten guests")
    'Prompt service: 25% below the middle of the scale, 50% on it, 25% above. Ten guests.'
    """
    middle = (shares.shape[1] - 1) / 2
    place = np.arange(shares.shape[1])
    sentences = []
    for name, row in zip(_names(shares, labels), shares.to_numpy(float), strict=True):
        below, above = row[place < middle].sum(), row[place > middle].sum()
        parts = {"below": percent(below), "on": percent(row.sum() - below - above), "above": percent(above)}
        sentences.append(text("describe.likert_row", language, name=name, **parts))
    return _joined(sentences, source, language)


def _names(table: pd.DataFrame, labels: Sequence[str] | None) -> list[str]:
    """The rows' names as they are read out."""
    return [plain(name) for name in (table.index if labels is None else labels)]


def _extremes(names: Sequence[str], gaps: np.ndarray, language: str) -> list[str]:
    """The lowest and the highest gap, where there is more than one."""
    if np.isfinite(gaps).sum() < 2:
        return []
    least, most = int(np.nanargmin(gaps)), int(np.nanargmax(gaps))
    worst, best = (number(gaps[at], signed=True) for at in (least, most))
    return [
        text("describe.lowest", language, name=names[least], gap=worst),
        text("describe.highest", language, name=names[most], gap=best),
    ]


def _joined(sentences: Sequence[str], source: str, language: str) -> str:
    """Sentences and the source line as one text."""
    stop = text("describe.stop", language)
    return text("describe.between", language).join([*sentences, f"{plain(source, 300)}{stop}"] if source else sentences)
