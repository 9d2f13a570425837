"""A scenario in words computed from its numbers: the text alternatives of its figures. It says "goes with"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..text import number, percent, plain, text

if TYPE_CHECKING:
    from ...decide.outlook import Outlook

SHOWN = 0.005
"""Scale points below which a shift is shown as 0.00."""
PERCENT = 100.0
SHARE_OF_SCALE = 0.05
"""An axis shows at least this much of the outcome's scale, so that it does not change at every small move."""


class Measure(NamedTuple):
    """A target in the units that it is shown in."""

    name: str
    factor: float
    digits: int
    least: float


def measures(outlook: Outlook, language: str) -> list[Measure]:
    """What each row of an outlook is called, and its units: points, percentage points, NPS points."""
    outcome = plain(outlook.outcome, 30)
    least = SHARE_OF_SCALE * (outlook.scale[1] - outlook.scale[0])
    low, high = outlook.scale[1] - 1, outlook.scale[1]
    ways = {
        "mean": Measure(text("outlook.mean", language, outcome=outcome), 1.0, 2, least),
        "top two": Measure(text("outlook.top_two", language, low=f"{low:g}", high=f"{high:g}"), PERCENT, 1, 10.0),
        "NPS": Measure(text("outlook.nps", language), PERCENT, 1, 20.0),
    }
    return [ways[target] for target in outlook.change.index]


def describe_before_after(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    moves: pd.DataFrame | None = None,
    labels: Sequence[str] | None = None,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `before_after`: what moves first, what the scale forbids, then every row.

    Parameters
    ----------
    before, after, moves, labels, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> before = pd.DataFrame({"E": [6.0, 6.0], "P": [4.5, 5.0]}, index=["empathy", "assurance"])
    >>> after = before.assign(P=[5.0, 5.0])
    >>> print(describe_before_after(before, after, labels=["Empathy", "Assurance"], source="Two guests"))
    Moves: Empathy +0.50.
    Empathy: perceived 4.50 before, 5.00 after, expected 6.00. Assurance: perceived 5.00 as before, expected 6.00.
    Two guests.
    """
    names = [plain(name) for name in (before.index if labels is None else labels)]
    start, end = before["P"].to_numpy(float), after["P"].to_numpy(float)
    expected = before["E"].to_numpy(float) if "E" in before else np.full(len(names), np.nan)
    rows = text("describe.between", language).join(_rows(names, start, end, expected, language))
    paragraphs = [move_words(before, after, moves=moves, labels=names, language=language), rows]
    if source:
        paragraphs.append(plain(source, 300) + text("describe.stop", language))
    return "\n".join(paragraphs)


def move_words(
    before: pd.DataFrame, after: pd.DataFrame, *, moves: pd.DataFrame | None, labels: Sequence[str], language: str
) -> str:
    """What moves by how much, and what the scale forbids of it."""
    steps = [
        f"{name} {number(step, signed=True)}"
        for name, step in zip(labels, after["P"].to_numpy(float) - before["P"].to_numpy(float), strict=True)
        if abs(step) >= SHOWN
    ]
    joined = text("before_after.list", language).join(steps)
    said = [
        text("before_after.moves", language, steps=joined) if steps else text("before_after.nothing_moves", language)
    ]
    if moves is not None:
        asked, missing = moves["asked"].to_numpy(float), moves["missing"].to_numpy(float)
        for name, amount, lost in zip(labels, asked, missing, strict=True):
            if abs(lost) >= SHOWN:
                values = {"asked": number(amount, signed=True), "missing": number(lost)}
                said.append(text("before_after.say_ceiling", language, name=name, **values))
    return text("describe.between", language).join(said)


def _rows(names: list[str], start: np.ndarray, end: np.ndarray, expected: np.ndarray, language: str) -> list[str]:
    """One sentence a row."""
    sentences = []
    for name, p, q, e in zip(names, start, end, expected, strict=True):
        stays = abs(q - p) < SHOWN
        key = ("say_stays" if stays else "say_moves") + ("" if np.isfinite(e) else "_alone")
        values = {"before": number(p), "after": number(q), "e": number(e)}
        sentences.append(text(f"before_after.{key}", language, name=name, **values))
    return sentences


def describe_outlook(outlook: Outlook, *, language: str = "en", source: str = "") -> str:
    """The text alternative of `outlook_forest`: every target's change with its interval, and how far it carries.

    Parameters
    ----------
    outlook : Outlook
    language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import gapkit as gk
    >>> result = gk.outlook(gk.datasets.load("hotel"), gk.Scenario(), draws=50)
    >>> print(describe_outlook(result).partition(", from")[0])
    Mean of recommend: change 0.00, 95% interval 0.00 to 0.00
    """
    level = f"{100 * outlook.confidence:g}"
    said = []
    for numbers, way in zip(outlook.change.to_numpy(float), measures(outlook, language), strict=True):
        row = dict(zip(outlook.change.columns, (way.factor * numbers).tolist(), strict=True))
        values = {key: number(row[key], way.digits) for key in ("before", "after", "low", "high")}
        change = number(row["change"], way.digits, signed=True)
        said.append(text("outlook.say", language, name=way.name, change=change, level=level, **values))
    said.append(extrapolation_words(outlook, language)[0])
    if source:
        said.append(plain(source, 300) + text("describe.stop", language))
    return text("describe.between", language).join(said)


def extrapolation_words(outlook: Outlook, language: str) -> tuple[str, bool]:
    """How far the outlook is carried by what was observed, in words, and whether that is a warning."""
    share = percent(outlook.beyond, 0 if outlook.extrapolates else 1)
    warns = outlook.extrapolates or bool(outlook.over)
    said = [text("outlook.beyond" if outlook.extrapolates else "outlook.within", language, share=share)]
    if outlook.over:
        said.append(text("outlook.over", language))
    return text("describe.between", language).join(said), warns
