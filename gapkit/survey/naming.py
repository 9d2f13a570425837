"""How a message names rows, columns, words and counts: briefly, and never cut without saying so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .phrase import Joined, Phrase, joined, phrase, plural

SHOWN = 10  # rows and columns named in a message; the tables of faults and of what was left out count them all

BATTERY_NAMES = {
    "expectations": phrase("expectations"),
    "perceptions": phrase("perceptions"),
    "minimum": phrase("minimum"),
    "desired": phrase("desired"),
    "importance": phrase("importance"),
    "gaps": phrase("gaps"),
}


def battery_name(name: str, *, first: bool = False) -> str:
    """A battery, or the gaps, as a word of a sentence; `first` begins it."""
    word = BATTERY_NAMES.get(name, name)
    return Phrase(word.capitalize(), name) if first else word


LEVEL_NAMES = {"dimensions": phrase("dimensions"), "items": phrase("items")}


def level_name(level: str) -> str:
    """Dimensions or items as a word of a sentence."""
    return LEVEL_NAMES.get(level, level)


def name_rows(rows: Iterable[Any]) -> Phrase:
    """Row numbers as a message shows them: "rows 4, 19, 88", at most ten."""
    listed = list(rows)
    shown = ", ".join(str(row) for row in listed[:SHOWN])
    if len(listed) > SHOWN:
        return phrase("rows {rows} and {more} more", rows=shown, more=len(listed) - SHOWN)
    return plural(len(listed), "row {rows}", "rows {rows}", rows=shown)


def name_columns(columns: Iterable[str]) -> Joined | Phrase:
    """Columns as a message shows them: "E1 to E22, P1 to P22", at most ten runs or names, long ones cut.

    Examples
    --------
    >>> name_columns(["E1", "E2", "E3", "P2", "P4"])
    'E1 to E3, P2, P4'
    """
    runs: list[list[str]] = []
    for column in columns:
        if runs and _next(runs[-1][-1]) == column:
            runs[-1].append(column)
        else:
            runs.append([column])
    named = [
        phrase("{first} to {last}", first=cut(run[0]), last=cut(run[-1])) if len(run) > 1 else cut(run[0])
        for run in runs[:SHOWN]
    ]
    more = sum(map(len, runs[SHOWN:]))
    return phrase("{names} and {more} more", names=joined(named), more=more) if more else joined(named)


def _next(column: str) -> str | None:
    """E2 for E1, e_02 for e_01; None for a name without a number at its end."""
    name = column.rstrip("0123456789")
    digits = column[len(name) :]
    return f"{name}{int(digits) + 1:0{len(digits)}d}" if 0 < len(digits) < 10 else None


def cut(text: str) -> str:
    """A long text cut to what a message bears."""
    return text if len(text) <= 40 else text[:37] + "..."


def quoted(words: Iterable[str]) -> Joined:
    """Words as a message quotes them, long ones cut."""
    return joined(phrase('"{word}"', word=cut(word)) for word in words)
