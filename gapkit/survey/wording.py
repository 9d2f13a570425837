"""Answers given in words, as scale points: through the labels of the scale, and never by guessing its direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .instrument import Instrument, Scale
from .naming import name_columns
from .phrase import Phrase, joined, phrase, plural, sentences

SHOWN = 8  # wordings named in a note; the counts cover them all

# "7 = strongly agree", "[7] strongly agree", "7非常同意"; "strongly agree (7)", "非常同意=7", after NFKC.
_DIGIT_FIRST = re.compile(r"[\[(]?\s*(-?\d+(?:[.,]\d+)?)\s*[\])]?(\s*[=:.)|、\-–—~]*\s*)([^\d\s].*)", re.DOTALL)
_DIGIT_LAST = re.compile(r"(.*[^\d\s\[(=:\-–—])(\s*[\[(=:\-–—]?\s*)(-?\d+)\s*[\])]?", re.DOTALL)


def wording_key(text: object) -> str:
    """A wording as it is compared: case, width, punctuation and spacing do not count.

    Examples
    --------
    >>> wording_key("  Strongly Agree. ") == wording_key("strongly-agree"), wording_key("매우 그렇다")
    (True, '매우그렇다')
    """
    plain = unicodedata.normalize("NFKC", str(text)).casefold()
    words = re.sub(r"[\W_]+", " ", plain).strip()
    return words if words.isascii() else words.replace(" ", "")


@dataclass
class Wordings:
    """The words of one survey's scale, and what was read through them on one run through the door.

    Parameters
    ----------
    instrument : Instrument
        Its ``scale.labels`` say what the points are called, in every language it has.
    labels : dict
        Wording -> the digit that stands for it in this file; comes before the instrument's labels.
    descending : bool or None
        Whether the lowest digit is the best answer in this file; None leaves it to the instrument.
    missing : set of float
        Codes for "no answer": a label on one of them says nothing about the direction.
    """

    instrument: Instrument
    labels: Mapping[str, float] = field(default_factory=dict)
    descending: bool | None = None
    missing: frozenset[float] = frozenset()
    words: dict[str, tuple[float, int]] = field(default_factory=dict)
    labelled: dict[str, tuple[float, int]] = field(default_factory=dict)
    evidence: list[tuple[str, str, str, int]] = field(default_factory=list)
    ends: tuple[float, float] = (0, 0)
    known: dict[tuple[float, float], dict[str, float]] = field(default_factory=dict)

    @property
    def turned(self) -> bool:
        """Whether this file's digits run against the instrument's."""
        return self.descending is not None and self.descending == self.instrument.scale.ascending

    def points(self, scale: Scale) -> dict[str, float]:
        """Wording -> digit of this file, on one scale.

        On a scale of another length than the instrument's only the ends and the middle keep their names.
        """
        if (ends := (scale.low, scale.high)) in self.known:
            return self.known[ends]
        found: dict[str, set[float]] = {}
        for texts in self.instrument.scale.on(scale.low, scale.high).labels.values():
            for point, text in texts.items():
                found.setdefault(wording_key(text), set()).add(scale.turn(point) if self.turned else point)
        known = {key: at.pop() for key, at in found.items() if len(at) == 1}
        self.known[ends] = known | {wording_key(text): float(point) for text, point in self.labels.items()}
        return self.known[ends]

    def read(self, cells: pd.Series, scale: Scale, where: str) -> np.ndarray:
        """The digits of one column's texts; NaN for a text that is neither a wording nor a labelled digit."""
        points = self.points(scale)
        codes, texts = pd.factorize(cells.astype(str))
        counts = np.bincount(codes, minlength=len(texts))
        digits = [
            self._digit(str(text), points, scale, where, int(count)) for text, count in zip(texts, counts, strict=True)
        ]
        return np.array(digits, dtype=float)[codes]

    def note_codes(self, labels: Mapping[str, str], scale: Scale, where: str, *, missing: Iterable[object]) -> None:
        """Hold the labels that SPSS or Stata store beside the digits against the instrument's."""
        if not labels:
            return
        points, out = self.points(scale), {str(code) for code in missing}
        for code, label in labels.items():
            digit = _as_number(code)
            parts = _split(label, points)
            name = parts[1] if parts else label
            if digit is not None and str(code) not in out and any(map(str.isalpha, wording_key(name))):
                self._weigh(digit, name, points, scale, where, 0)

    def _digit(self, text: str, points: Mapping[str, float], scale: Scale, where: str, count: int) -> float:
        """The digit that one text stands for."""
        if (key := wording_key(text)) in points:
            _count(self.words, text, points[key], count)
            return points[key]
        if (parts := _split(text, points)) is None:
            return np.nan
        digit, label = parts
        _count(self.labelled, text, digit, count)
        self._weigh(digit, label, points, scale, where, count)
        return digit

    def _weigh(
        self, digit: float, label: str, points: Mapping[str, float], scale: Scale, where: str, count: int
    ) -> None:
        """What a labelled digit says about the direction of the scale."""
        if not scale.low <= digit <= scale.high or digit in self.missing:
            return
        self.ends = self.ends if any(self.ends) else (scale.low, scale.high)
        expected = points.get(wording_key(label))
        if expected is None:
            kind = "unknown"
        elif digit == expected:
            kind = "same" if digit != scale.turn(expected) else "middle"
        else:
            kind = "against" if digit == scale.turn(expected) else "elsewhere"
        self.evidence.append((kind, f"{digit:g} = {' '.join(label.split())}", where, count))

    def faults(self) -> list[dict[str, Any]]:
        """What the labels contradict, as arguments for `Faults.add`; each asks the question that settles it."""
        kinds = {kind for kind, *_ in self.evidence}
        low, high = self.ends
        question = phrase("Is {low:g} the best answer or the worst?", low=low)
        found = []
        if {"against", "same"} <= kinds:
            what = phrase(
                'labels that contradict each other ("{one}" and "{other}")',
                one=self._example("against"),
                other=self._example("same"),
            )
            remedy: str = phrase("Export the answers as plain digits that run one way, or as words without digits.")
            found.append(self._fault("direction", what, "against", remedy))
        elif "against" in kinds:
            # told or not, the file's own labels stand against it: only they can be meant otherwise
            example, words = self._example("against"), self._label("against")
            what = phrase(
                'labels that run the other way, such as "{example}" ({reason})', example=example, reason=self._reason()
            )
            if self.descending is None:
                told = phrase(
                    "If the best, pass descending=True; if the worst, pass what the words mean here: "
                    "labels={{{words!r}: ...}}.",
                    words=words,
                )
                remedy = sentences(question, told)
            else:
                remedy = phrase(
                    "Pass descending={descending} if the words are right; else pass what they mean here: "
                    "labels={{{words!r}: ...}}.",
                    descending=not self.descending,
                    words=words,
                )
            found.append(self._fault("direction", what, "against", remedy))
        if "elsewhere" in kinds:
            what = phrase(
                'labels on other points of the scale, such as "{example}" (on {scale} that is {point:g})',
                example=self._example("elsewhere"),
                scale=Scale(low, high),
                point=self.points(Scale(low, high))[wording_key(self._label("elsewhere"))],
            )
            remedy = phrase(
                "If another scale was used, pass scale=(lowest, highest); if the words mean other points here, "
                "pass labels={{{words!r}: ...}}.",
                words=self._label("elsewhere"),
            )
            found.append(self._fault("scale_labels", what, "elsewhere", remedy))
        if "unknown" in kinds and self.descending is None and not kinds & {"same", "against", "elsewhere"}:
            what = phrase(
                'labels in words that {instrument} does not know, such as "{example}"',
                instrument=self.instrument.id,
                example=self._example("unknown"),
            )
            remedy = sentences(
                question, phrase("Pass descending=True if it is the best, descending=False if it is the worst.")
            )
            found.append(self._fault("direction", what, "unknown", remedy))
        return found

    def _fault(self, code: str, what: str, kind: str, remedy: str) -> dict[str, Any]:
        """One fault over all columns of a kind."""
        shown = name_columns(dict.fromkeys(where for k, _, where, _ in self.evidence if k == kind))
        count = sum(n for k, _, _, n in self.evidence if k == kind)
        return {"code": code, "what": what, "where": shown, "count": max(count, 1), "remedy": remedy}

    def _example(self, kind: str) -> str:
        """The plainest labelled digit of a kind: nearest to an end of the scale, the lower one first."""
        middle = sum(self.ends) / 2
        said = {said: float(said.split(" = ", 1)[0]) for k, said, *_ in self.evidence if k == kind}
        return min(said, key=lambda text: (-abs(said[text] - middle), said[text]))

    def _label(self, kind: str) -> str:
        """The words of that example."""
        return self._example(kind).split(" = ", 1)[1]

    def _reason(self) -> Phrase:
        """Whose word the labels contradict."""
        own = self.instrument.scale
        if self.descending is not None:
            return phrase("descending={descending} was passed", descending=self.descending)
        named = (texts[int(own.high)] for texts in own.labels.values() if own.high in texts)
        top = next(named, None) or phrase("the best answer")
        return phrase('{instrument} says {high:g} is "{top}"', instrument=self.instrument.id, high=own.high, top=top)

    @property
    def notes(self) -> list[str]:
        """What was translated: how many answers, which words."""
        found: list[str] = []
        if self.words:
            meant = _listed({f'"{text}" = {digit:g}': n for text, (digit, n) in self.words.items()})
            found.append(
                plural(
                    _answers(self.words),
                    "{count} answer in words read as scale points: {words}",
                    "{count} answers in words read as scale points: {words}",
                    words=meant,
                )
            )
        if self.labelled:
            meant = _listed({f'"{text}"': n for text, (_, n) in self.labelled.items()})
            found.append(
                plural(
                    _answers(self.labelled),
                    "{count} answer with a digit and words read by the digit: {words}",
                    "{count} answers with a digit and words read by the digit: {words}",
                    words=meant,
                )
            )
        if self.turned:
            found.append(
                phrase(
                    "the digits run against the instrument's ({best:g} is the best, as told) and were turned",
                    best=self.instrument.scale.low if self.descending else self.instrument.scale.high,
                )
            )
        return found


def _split(text: str, points: Mapping[str, float]) -> tuple[float, str] | None:
    """Digit and words of "7 = strongly agree" or "strongly agree (7)"; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _DIGIT_FIRST.fullmatch(plain):
        digit, between, label = found.groups()
        key = wording_key(label)
        if any(map(str.isalpha, key)) and (between or not key.isascii() or key in points):
            return float(digit.replace(",", ".")), label
    if found := _DIGIT_LAST.fullmatch(plain):
        label, between, digit = found.groups()
        key = wording_key(label)
        if any(map(str.isalpha, key)) and (between.strip() or key in points):
            return float(digit), label
    return None


def _as_number(text: object) -> float | None:
    """A code as a number, or None."""
    try:
        return float(str(text))
    except ValueError:
        return None


def _count(table: dict[str, tuple[float, int]], text: str, digit: float, count: int) -> None:
    """Add to what was read; the same words in other capitals or spacing are counted together."""
    name = " ".join(text.split())
    table[name] = (digit, table.get(name, (digit, 0))[1] + count)


def _answers(table: Mapping[str, tuple[float, int]]) -> int:
    """How many answers were read so."""
    return sum(n for _, n in table.values())


def _listed(counts: Mapping[str, int]) -> str:
    """Wordings with their counts, most frequent first."""
    order = sorted(counts, key=lambda name: -counts[name])
    named = joined(f"{name} ({counts[name]})" for name in order[:SHOWN])
    more = len(order) - SHOWN
    return phrase("{words} and {more} other wordings", words=named, more=more) if more > 0 else named
