"""The columns of a file while it is looked for what they hold: what fits, what speaks for it, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .clues import NOTHING, Clue
from .instrument import Instrument
from .numerals import MISSING_WORDS, to_number
from .phrase import joined, phrase
from .rawtable import RawTable
from .wording import Wordings

SCALE_SHARE = 0.8  # of a column's filled cells that must be points of the scale


@dataclass
class Column:
    """One column of a file while its place is looked for; `number` counts from 1.

    `answers` holds a number for each row, NaN where the cell is no point of the scale.
    """

    number: int
    header: str
    question: str
    fits: Clue
    battery: Clue = NOTHING
    item: Clue = NOTHING
    placed: bool = False
    refusal: str = ""
    answers: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @property
    def confidence(self) -> float:
        """The lower of what speaks for battery and item."""
        return min(self.battery.confidence, self.item.confidence) if self.battery.value and self.item.value else 0.0

    @property
    def text(self) -> str:
        """Header and question."""
        return f"{self.header} {self.question}".strip()

    @property
    def row(self) -> dict[str, Any]:
        """The column as a row of the table of suggestions."""
        why = [self.refusal] if self.refusal else []
        if not self.fits.value:
            why = [self.fits.why]
        elif not (self.battery.value or self.item.value):
            why += [self.battery.why or phrase("nothing in its name or text points to an item")]
        else:
            why += [self.battery.why or phrase("no sign of a battery"), self.item.why or phrase("no sign of an item")]
        return {
            "column": self.number,
            "header": self.header,
            "battery": self.battery.value or None,
            "item": self.item.value or None,
            "confidence": round(self.confidence, 2),
            "placed": self.placed,
            "why": joined(why, between="; "),
        }


def column_of(table: RawTable, j: int, instrument: Instrument) -> Column:
    """A column with the share of its filled cells that are points of the scale, in digits or in words."""
    cells = table.cells[j]
    held = is_filled(cells)
    filled = cells[held]
    numbers, texts = to_number(filled, decimal=table.decimal or ".")
    values = np.array(numbers, dtype=float)
    if texts.any():
        values[texts] = Wordings(instrument).read(filled[texts], instrument.scale, "")
    on_scale = (values >= instrument.scale.low) & (values <= instrument.scale.high) & (values % 1 == 0)
    share = float(on_scale.mean()) if len(values) else 0.0
    why = (
        phrase("{share:.0%} of its cells lie on {scale}", share=share, scale=instrument.scale)
        if len(values)
        else phrase("no answers in it")
    )
    fits = Clue("answers", share, why) if share >= SCALE_SHARE else NOTHING._replace(why=why)
    answers = np.full(len(cells), np.nan)
    answers[held.to_numpy()] = np.where(on_scale, values, np.nan)
    return Column(j + 1, table.headers[j].strip(), table.questions[j].strip(), fits, answers=answers)


def is_filled(cells: pd.Series) -> pd.Series:
    """Which cells hold anything but a word for no answer."""
    return cells.notna() & (cells.astype(str).str.strip() != "") & ~cells.isin(MISSING_WORDS)


def as_table(columns: Sequence[Column]) -> pd.DataFrame:
    """The columns as a table of suggestions."""
    rows = [column.row for column in columns]
    # pandas' own type for texts would forget how a phrase was made
    return pd.DataFrame(rows).assign(why=pd.Series([row["why"] for row in rows], dtype=object))
