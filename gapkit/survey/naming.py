"""How a message names rows, columns, words and counts: briefly, and never cut without saying so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SHOWN = 10  # rows and columns named in a message; the tables of faults and of what was left out count them all


def name_rows(rows: Iterable[Any]) -> str:
    """Row numbers as a message shows them: "rows 4, 19, 88", at most ten."""
    listed = list(rows)
    shown = ", ".join(str(row) for row in listed[:SHOWN])
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return f"row{'s' if len(listed) > 1 else ''} {shown}{more}"


def name_columns(columns: Iterable[str]) -> str:
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
    named = [cut(run[0]) + (f" to {cut(run[-1])}" if len(run) > 1 else "") for run in runs]
    more = sum(map(len, runs[SHOWN:]))
    return ", ".join(named[:SHOWN]) + (f" and {more} more" if more else "")


def _next(column: str) -> str | None:
    """E2 for E1, e_02 for e_01; None for a name without a number at its end."""
    name = column.rstrip("0123456789")
    digits = column[len(name) :]
    return f"{name}{int(digits) + 1:0{len(digits)}d}" if 0 < len(digits) < 10 else None


def cut(text: str) -> str:
    """A long text cut to what a message bears."""
    return text if len(text) <= 40 else text[:37] + "..."


def counted(count: int, one: str, many: str) -> str:
    """1 answer, 3 answers."""
    return f"{count} {one if count == 1 else many}"


def quoted(words: Iterable[str]) -> str:
    """Words as a message quotes them, long ones cut."""
    return ", ".join(f'"{cut(word)}"' for word in words)
