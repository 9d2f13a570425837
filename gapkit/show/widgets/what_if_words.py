"""The what-if board's words and numbers: tiles, ceilings, source and method, in a language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...survey.instrument import Instrument
from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..plots.before_after_words import measures, move_words
from ..text import NOTHING, interval, number, percent, plain, text
from ..translation import spoken
from .caution import caution
from .pieces import Tile
from .survey_words import source_and_method, source_line
from .what_if_view import EVERYBODY, Case, View

SHOWN = 0.005
"""Scale points below which a shift that is missing would be shown as 0.00."""


def whose_words(whose: tuple[str, Any], language: str) -> str:
    """Whose answers move."""
    if whose == EVERYBODY:
        return text("what_if.everybody", language)
    return text("what_if.group", language, column=plain(whose[0]), group=plain(whose[1]))


def part_words(whose: tuple[str, Any], language: str) -> str:
    """The part of the survey that a figure is about; empty where it is the whole."""
    return "" if whose == EVERYBODY else whose_words(whose, language)


def shift_words(case: Case, instrument: Instrument, language: str) -> str:
    """The shifts of a scenario, and whose answers move where not everybody's."""
    steps = [f"{instrument.label(id, language)} {number(amount, signed=True)}" for id, amount in case.amounts.items()]
    said = text("before_after.list", language).join(steps) or text("what_if.nothing", language)
    return said if case.whose == EVERYBODY else f"{said} · {whose_words(case.whose, language)}"


def what_if_tiles(view: View, confidence: float, language: str) -> list[Tile]:
    """The three numbers to know: the gap, the outlook, the end of the scale."""
    level = f"{100 * confidence:g}"
    before, after = view.overall
    expected = bool(np.isfinite(after["gap"]))
    column = "gap" if expected else "P"
    name = text("what_if.gap" if expected else "what_if.perception", language)
    if view.case.whose != EVERYBODY:
        name = text("what_if.of_group", language, name=name, whose=whose_words(view.case.whose, language))
    ends = {"before": number(before[column]), "after": number(after[column])}
    note = text("what_if.gap_note", language, level=level, interval=interval(after["low"], after["high"]))
    shares = {"before": percent(view.top[0]), "after": percent(view.top[1])}
    return [
        Tile(name, text("what_if.from_to", language, **ends), note if expected else "", "gap"),
        _outlook_tile(view, language),
        Tile(
            text("what_if.top", language),
            text("what_if.from_to", language, **shares),
            text("what_if.top_note", language),
            "top",
        ),
    ]


def _outlook_tile(view: View, language: str) -> Tile:
    """What goes with it in the mean of the outcome, under two models, or that no outcome was asked for."""
    if view.outlook is None:
        name = text("what_if.change", language, outcome=text("what_if.no_outcome", language))
        return Tile(name, NOTHING, text("what_if.no_outcome_note", language), "change")
    row = _row(view)
    name = text("what_if.change", language, outcome=plain(view.outlook.outcome))
    level = f"{100 * view.outlook.confidence:g}"
    note = text("what_if.change_note", language, level=level, interval=interval(row["low"], row["high"]))
    said = [element("span", note)]
    if view.second is not None:
        second = number(view.second["mean"], signed=True)
        said.append(element("span", text("what_if.second", language, change=second), class_="gk-second"))
    said += [caution(words) for words in caution_words(view, language)]
    return Tile(name, number(row["change"], signed=True), join(said), "change")


def caution_words(view: View, language: str) -> list[str]:
    """Why the outlook asks for caution: beyond what was observed, beyond the scale, or a matter of the model."""
    outlook = view.outlook
    if outlook is None:
        return []
    said = []
    if outlook.extrapolates:
        said.append(text("what_if.caution_beyond", language, share=percent(outlook.beyond)))
    if outlook.over:
        said.append(text("what_if.caution_over", language))
    rows = []
    for target, way in zip(outlook.change.index, measures(outlook, language), strict=True):
        if view.second is not None and target in view.apart:
            ends = (way.factor * outlook.change["change"][target], way.factor * view.second[target])
            first, second = (number(float(value), way.digits, signed=True) for value in ends)
            rows.append(text("what_if.caution_model", language, name=way.name, first=first, second=second))
    if rows:
        joined = text("report.semicolon", language).join(rows)
        said.append(text("what_if.caution_models", language, rows=joined))
    return said


def ceiling_words(view: View, labels: Sequence[str], language: str) -> str:
    """The dimensions that the end of the scale holds back; empty where none."""
    held = []
    for name, (asked, attained, missing) in zip(labels, view.moves.to_numpy(float), strict=True):
        if abs(missing) >= SHOWN:
            values = {"asked": number(asked, signed=True), "attained": number(attained, signed=True)}
            held.append(text("what_if.no_room_one", language, name=name, **values))
    between = text("before_after.list", language)
    return text("what_if.no_room", language, names=between.join(held)) if held else ""


def lacking_words(data: str, wanted: str, outcomes: Sequence[str], shown: str, language: str) -> str:
    """That a survey did not ask for the outcome that was chosen, or for none; empty where nothing is lacking."""
    if not outcomes:
        return text("what_if.lacking_all", language, data=data)
    if not wanted or wanted in outcomes:
        return ""
    return text("what_if.lacking", language, data=data, outcome=plain(wanted), instead=plain(shown))


def footnotes(survey: Survey, view: View, confidence: float, language: str) -> Markup:
    """Source, method in a sentence, and the whole method as the library states it."""
    source = source_line(survey, view.n, language, part=part_words(view.case.whose, language))
    method = text("what_if.method", language, level=f"{100 * confidence:g}")
    lines = source_and_method(source, method, language)
    more = [spoken("p", view.outlook.method, language)] if view.outlook is not None else []
    more += [element("p", plain(words, 400)) for words in (survey.source.citation, survey.source.licence) if words]
    if more:
        summary = element("summary", text("survey_words.method_in_full", language))
        lines.append(element("details", summary, join(more)))
    return element("footer", *lines)


def status_words(view: View, labels: Sequence[str], language: str) -> str:
    """What is shown now, in two sentences, for screen readers."""
    moves = move_words(view.before, view.after, moves=view.moves, labels=labels, language=language)
    start, end = view.overall
    column = "gap" if np.isfinite(end["gap"]) else "P"
    ends = {"before": number(start[column]), "after": number(end[column])}
    between = text("describe.between", language)
    said = text("what_if.status", language, moves=moves + between, **ends)
    if view.outlook is None:
        return said
    row = _row(view)
    values = {"change": number(row["change"], signed=True), "interval": interval(row["low"], row["high"])}
    more = text("what_if.status_change", language, outcome=plain(view.outlook.outcome), **values)
    return between.join([said, more, *caution_words(view, language)])


def _row(view: View) -> dict[Any, float]:
    """The change of the outcome's mean."""
    if view.outlook is None:
        raise ValueError("a survey without an outcome has no outlook.")
    table = view.outlook.change
    return dict(zip(table.columns, table.to_numpy(float)[0].tolist(), strict=True))
