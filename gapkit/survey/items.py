"""The parts of an instrument: items, dimensions, the answer scale."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

BATTERIES = ("expectations", "perceptions", "minimum", "desired", "importance")


def in_language(labels: Mapping[str, str], language: str, fallback: str) -> str:
    """A label in a language, else in its other script (zh-Hans for zh-Hant), in English, in any; else the fallback."""
    kin = [code for code in labels if code.partition("-")[0] == language.partition("-")[0]]
    return next((labels[code] for code in (language, *kin, "en", *labels) if labels.get(code)), fallback)


@dataclass(frozen=True)
class Item:
    """One question: its id ("q01"), dimension (None where it was asked but belongs to none), and short labels."""

    id: str
    labels: Mapping[str, str]
    dimension: str | None = None
    reversed: bool = False

    @property
    def number(self) -> int | None:
        """The number in the id: 1 for "q01"; None for an id without one."""
        digits = re.search(r"(\d+)$", self.id)
        return int(digits.group()) if digits else None

    def label(self, language: str = "en") -> str:
        """The short wording in a language, in its other script or in English where there is none."""
        return in_language(self.labels, language, self.id)


@dataclass(frozen=True)
class Dimension:
    """A group of items that is read as one score."""

    id: str
    labels: Mapping[str, str]
    items: tuple[str, ...]

    def label(self, language: str = "en") -> str:
        """The name in a language, in its other script or in English where there is none."""
        return in_language(self.labels, language, self.id)


@dataclass(frozen=True)
class Scale:
    """The answer scale: lowest and highest point, and what the points are called.

    `ascending` is True where the highest point is the best answer. A descending scale (1 = strongly agree) is turned
    once, on loading.
    """

    low: float
    high: float
    ascending: bool = True
    labels: Mapping[str, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))

    def turn(self, answers: Any) -> Any:
        """Reverse answers: ``low + high - answers``."""
        return self.low + self.high - answers

    def on(self, low: float, high: float) -> Scale:
        """This scale with other ends: the direction stays, and so do the words at the ends and in the middle."""
        if (low, high) == (self.low, self.high):
            return self
        place = {self.low: low, self.high: high, (self.low + self.high) / 2: (low + high) / 2}
        labels = {
            language: {int(place[p]): text for p, text in texts.items() if place.get(p, 0.5) % 1 == 0}
            for language, texts in self.labels.items()
        }
        return Scale(low, high, self.ascending, labels)

    def __str__(self) -> str:
        return f"{self.low:g}-{self.high:g}"
