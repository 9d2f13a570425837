"""Faults collected on one run through the door, to be told all at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from .naming import cut, name_columns
from .phrase import Phrase, joined, phrase
from .survey import make_faults

TOGETHER = 4  # columns with the same kind of fault before they are told in one sentence


class Faults:
    """Faults collected on one run through the door."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def add(
        self,
        code: str,
        what: str,
        where: str,
        *,
        remedy: str,
        rows: str = "",
        count: int = 1,
        together: tuple[Phrase, str] | None = None,
    ) -> None:
        """One fault: what, where, what to do; `together` says what and what to do where many columns have it."""
        fault = {"code": code, "what": what, "where": where, "rows": rows, "count": count, "remedy": remedy}
        self.rows.append({**fault, "together": together})

    def add_keys(self, faults: Iterable[str], *, where: str) -> None:
        """Wrong keys of a card."""
        for fault in faults:
            self.add("card", fault, where, remedy=phrase("Correct this entry, or take it out."))

    @property
    def table(self) -> pd.DataFrame:
        """The faults, one a row; the same fault in many columns is told once."""
        merged: list[dict[str, Any]] = []
        for code in dict.fromkeys(row["code"] for row in self.rows):
            same = [row for row in self.rows if row["code"] == code]
            if len(same) <= TOGETHER or same[0]["together"] is None:
                merged += same
                continue
            columns = [row["where"] for row in same]
            places = [phrase("{column}: {rows}", column=cut(row["where"]), rows=row["rows"]) for row in same[:2]]
            count = sum(row["count"] for row in same)
            what, remedy = same[0]["together"]
            named = name_columns(columns)
            merged.append(
                {
                    "code": code,
                    "what": what.again(count=count),
                    "where": phrase("{number} columns: {columns}", number=len(columns), columns=named),
                    "rows": joined([*places, phrase("and so on")], between="; "),
                    "count": count,
                    "remedy": remedy,
                }
            )
        return make_faults(merged)
