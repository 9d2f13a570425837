"""The five gaps in words: names of gaps and links, and the text alternative of their figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...decide.actions import SHORTFALL
from ..text import NOTHING, interval, number, plain, text

if TYPE_CHECKING:
    from ...measure.chain import FiveGaps

LETTERS = {"E": "e", "M": "m", "S": "s", "D": "d", "P": "p", "C": "c"}
LINKS = {"M - E": "gap_1", "S - M": "gap_2", "D - S": "gap_3", "P - D": "delivery_to_perception"}


class Step(NamedTuple):
    """One row of a waterfall: what it is called, from where to where, and its interval.

    kind : "level" (a position alone), "link" or "gap".
    state : "found" (interval excludes zero on the side that does harm), "other" (on the other side), "open", or the
        status of what is not there.
    """

    name: str
    kind: str
    start: float
    value: float
    low: float
    high: float
    end: str
    state: str


def state_of(row: Mapping[Any, Any], gap: str) -> str:
    """Whether an interval excludes zero, and on which side.

    Examples
    --------
    >>> state_of({"status": "measured", "low": -1.2, "high": -0.4}, "gap_3")
    'found'
    >>> state_of({"status": "measured", "low": 0.1, "high": 0.4}, "gap_3")
    'other'
    """
    if row.get("status", "measured") != "measured":
        return str(row["status"])
    if not (row["high"] < 0 or row["low"] > 0):
        return "open"
    side, harm = (-1 if row["high"] < 0 else 1), SHORTFALL.get(gap, -1)
    return "found" if harm in (0, side) else "other"


def score_name(five: FiveGaps, score: str, language: str) -> str:
    """A dimension's name, or that of the overall score."""
    return text("five_gaps.overall", language) if score == "overall" else five.instrument.label(score, language)


def position_name(letter: str, language: str) -> str:
    """What a position is, in words."""
    return text(f"five_gaps.{LETTERS[letter]}", language)


def link_name(between: str, language: str) -> str:
    """A link's name by its ends: that of its gap, or "From standard to perception".

    Examples
    --------
    >>> link_name("S - M", "en"), link_name("P - S", "en")
    ('Gap 2: standards', 'From standard to perception')
    """
    if between in LINKS:
        return text(f"five_gaps.{LINKS[between]}", language)
    end, start = between.split(" - ")
    ends = {
        side: text(f"five_gaps.place_{LETTERS[place]}", language) for side, place in (("start", start), ("end", end))
    }
    return text("five_gaps.link", language, **ends)


def steps(five: FiveGaps, score: str, language: str) -> list[Step]:
    """The rows of a waterfall: E, the links, P; then Gap 5 and Gap 4 beside the chain."""
    means = five.means.loc[score]["mean"]
    rows = [Step(position_name("E", language), "level", float(means["E"]), 0.0, np.nan, np.nan, "E", "open")]
    there = score in five.chain.index.get_level_values("score")
    for link in five.chain.loc[[score]].to_dict("records") if there else []:
        end, start = link["between"].split(" - ")
        state = state_of(link, LINKS.get(link["between"], ""))
        ends = (float(means[start]), link["value"], link["low"], link["high"])
        rows.append(Step(link_name(link["between"], language), "link", *ends, end, state))
    rows.append(Step(position_name("P", language), "level", float(means["P"]), 0.0, np.nan, np.nan, "P", "open"))
    for gap, start in (("gap_5", "E"), ("gap_4", "D")):
        row: dict[Any, Any] = five.gaps.xs((score, gap)).to_dict()
        ends = (float(means[start]), float(row["value"]), float(row["low"]), float(row["high"]))
        rows.append(Step(text(f"five_gaps.{gap}", language), "gap", *ends, row["between"][0], state_of(row, gap)))
    return rows


def number_or_status(value: float, state: str, language: str) -> str:
    """A gap as it is shown, or why it is not."""
    if state in ("not measured", "suppressed"):
        return text(f"five_gaps.{state.replace(' ', '_')}", language)
    return number(value, signed=True)


def interval_or_nothing(low: float, high: float) -> str:
    """An interval as it is shown; a dash where there is none."""
    return interval(low, high) if np.isfinite(low) else NOTHING


def describe_chain(five: FiveGaps, *, score: str = "overall", language: str = "en", source: str = "") -> str:
    """The text alternative of `gap_waterfall` and `gap_model`: the levels, the links, the gaps beside them.

    Parameters
    ----------
    five : FiveGaps
        Of one branch.
    score, language, source
        As the figure was drawn with.

    Examples
    --------
    >>> import pandas as pd, gapkit as gk
    >>> servqual = gk.load_instrument("servqual")
    >>> E, P = (pd.DataFrame([[x] * 22, [y] * 22], columns=servqual.item_ids) for x, y in ((7, 6), (4, 5)))
    >>> print(describe_chain(gk.five_gaps(gk.Survey(servqual, expectations=E, perceptions=P))))
    Overall. Customers expect: 6.50. From expectation to perception: −2.00, 95% interval −14.71 to 10.71.
    Customers perceive: 4.50. Gap 5: customers: −2.00, 95% interval −14.71 to 10.71.
    Gap 4: overpromise: not measured.
    """
    level = f"{100 * five.confidence:g}"
    stop = text("describe.stop", language)
    sentences = [f"{score_name(five, score, language)}{stop}"]
    for step in steps(five, score, language):
        value = number(step.start) if step.kind == "level" else number_or_status(step.value, step.state, language)
        key = "say_level" if step.kind == "level" or not np.isfinite(step.low) else "say_gap"
        ends = {"level": level, "low": number(step.low), "high": number(step.high)}
        sentences.append(text(f"five_gaps.{key}", language, name=step.name, value=value, **ends))
    return text("describe.between", language).join([*sentences, f"{plain(source, 300)}{stop}"] if source else sentences)
