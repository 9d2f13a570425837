"""The gap explorer's words and numbers: tiles, source and method, in a language, from what is shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..text import NOTHING, count, interval, number, percent, plain, text
from ..translation import left_out, spoken
from .gap_view import EVERY, MINIMUM_N, Choice, GapView, lowest
from .pieces import Tile
from .survey_words import source_and_method, source_line

KINDS = {
    "dimensions": "gap_explorer.by_dimension",
    "items": "gap_explorer.by_item",
    "groups": "gap_explorer.by_group",
}
WEIGHTINGS = {
    "none": "gap_explorer.unweighted",
    "survey": "gap_explorer.survey_weights",
    "allocations": "gap_explorer.allocations",
}
SMALLEST_P = 0.001


def row_names(survey: Survey, view: GapView, language: str) -> list[str]:
    """Names of the rows that are drawn."""
    if view.kind == "groups":
        return [plain(group) for group in view.rows.index]
    return [survey.instrument.label(str(id), language) for id in view.rows.index]


def gap_source(survey: Survey, view: GapView, choice: Choice, language: str) -> str:
    """The figure's source line; a chosen group is named with its own number of respondents."""
    n = view.scores.n if view.head is None or not choice.by else int(view.head["n"])
    part = f"{plain(choice.by)} = {plain(choice.group)}" if choice.by and choice.group != EVERY else ""
    return source_line(survey, n, language, part=part)


def figure_title(survey: Survey, view: GapView, choice: Choice, language: str) -> str:
    """What the figure shows: its rows, and the part of the survey."""
    parts = [text(KINDS[view.kind], language, by=plain(choice.by))]
    if choice.dimension:
        parts.append(survey.instrument.label(choice.dimension, language))
    if choice.by and choice.group != EVERY:
        parts.append(f"{plain(choice.by)} = {plain(choice.group)}")
    return " · ".join(parts)


def summary_tiles(survey: Survey, view: GapView, choice: Choice, language: str) -> list[Tile]:
    """The four numbers to know."""
    if view.kind == "groups":
        return _group_tiles(view, choice, language)
    names = dict(zip(view.rows.index, row_names(survey, view, language), strict=True))
    by_importance = choice.weighting == "allocations"
    first = "gap_explorer.weighted_gap" if by_importance else "gap_explorer.overall_gap"
    other = "gap_explorer.overall_gap" if by_importance else "gap_explorer.weighted_gap"
    if choice.dimension:
        name = text("gap_explorer.gap_in", language, name=names_of(survey, choice.dimension, language))
        other = first
    else:
        name = text(first, language)
    parts = [_gap_tile(name, view.head, "head", language)]
    worst = lowest(view.rows)
    if worst is not None:
        parts.append(
            _gap_tile(
                text("gap_explorer.largest", language, name=names[worst]), view.rows.loc[worst], "largest", language
            )
        )
    if view.other is None and not choice.dimension:
        parts.append(Tile(text(other, language), NOTHING, text("gap_explorer.no_points", language), "other"))
    else:
        parts.append(_gap_tile(text(other, language), view.other, "other", language))
    if view.head is not None:
        share = percent(float(view.head["ceiling_E"]))
        parts.append(
            Tile(text("gap_explorer.ceiling", language), share, text("gap_explorer.ceiling_means", language), "ceiling")
        )
    return parts


def names_of(survey: Survey, id: str, language: str) -> str:
    """The name of a dimension or item, or of the overall score."""
    return text("gap_explorer.overall", language) if id in ("", "overall") else survey.instrument.label(id, language)


def _gap_tile(name: str, row: pd.Series | None, key: str, language: str) -> Tile:
    """A gap with what belongs to it."""
    if row is None:
        return Tile(name, NOTHING, "", key)
    values = {"e": number(row["E"]), "p": number(row["P"]), "n": count(row["n"])}
    note = text("gap_explorer.gap_note", language, interval=interval(row["low"], row["high"]), **values)
    return Tile(name, number(row["gap"], signed=True), note, key)


def _group_tiles(view: GapView, choice: Choice, language: str) -> list[Tile]:
    """Lowest and highest group, the test between them, and how many groups are shown."""
    worst = lowest(view.rows)
    best = lowest(view.rows.assign(gap=-view.rows["gap"]))
    parts = []
    for key, group, words in (
        ("lowest", worst, "gap_explorer.lowest_group"),
        ("highest", best, "gap_explorer.highest_group"),
    ):
        if group is not None:
            parts.append(_gap_tile(text(words, language, name=plain(group)), view.rows.loc[group], key, language))
    id = choice.dimension or ("weighted" if choice.weighting == "allocations" else "overall")
    if view.scores.tests is not None and id in view.scores.tests.index:
        test: dict[Any, Any] = dict(view.scores.tests.loc[id])
        values = {"f": number(test["F"]), "df1": number(test["df1"], 0), "df2": number(test["df2"], 1)}
        words = text("gap_explorer.welch", language, **values)
        parts.append(Tile(text("gap_explorer.difference", language), _p_value(float(test["p"])), words, "test"))
    parts.append(
        Tile(text("gap_explorer.groups", language), count(len(view.rows)), hidden_note(view, language), "groups")
    )
    return parts


def hidden_note(view: GapView, language: str) -> str:
    """Which groups are too small to be shown; empty where none is."""
    if not view.hidden:
        return ""
    names = ", ".join(plain(group, 24) for group in view.hidden)
    return text("gap_explorer.hidden", language, names=names, minimum=MINIMUM_N)


def footnotes(survey: Survey, view: GapView, choice: Choice, language: str) -> Markup:
    """Source, method in a sentence, what was left out, and the whole method as the library states it."""
    scores = view.scores
    level = f"{100 * scores.confidence:g}"
    sentences = [text("gap_explorer.method", language, level=level), weighting_words(survey, choice, language)]
    method = text("describe.between", language).join(sentences)
    lines = source_and_method(gap_source(survey, view, choice, language), method, language)
    if view.hidden:
        lines.append(element("p", hidden_note(view, language)))
    more = [spoken("p", scores.method, language)]
    more += [element("p", plain(words, 400)) for words in (survey.source.citation, survey.source.licence) if words]
    if len(survey.dropped):
        left = text("report.semicolon", language).join(
            text(
                "gap_explorer.dropped_row", language, what=f"{plain(what, 60)} {where}".strip(), number=number, why=why
            )
            for what, where, number, why in left_out(survey, language)
        )
        more.append(element("p", text("gap_explorer.dropped", language), " ", plain(left, 600)))
    details = element("details", element("summary", text("gap_explorer.method_in_full", language)), join(more))
    return element("footer", *lines, details)


def weighting_words(survey: Survey, choice: Choice, language: str) -> str:
    """What the chosen weighting means."""
    weighted = survey.weights is not None and choice.weighting != "none"
    sentences = [text("gap_explorer.survey_weights_mean" if weighted else "gap_explorer.unweighted_means", language)]
    if choice.weighting == "allocations":
        sentences.insert(0, text("gap_explorer.allocations_mean", language))
    return text("describe.between", language).join(sentences)


def _p_value(p: float) -> str:
    """A p value as it is shown."""
    if not p >= 0:
        return NOTHING
    return f"p < {SMALLEST_P:g}" if p < SMALLEST_P else f"p = {number(p, 3)}"
