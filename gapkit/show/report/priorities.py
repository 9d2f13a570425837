"""Importance against performance: the priority map, and what of it depends on where the lines are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...survey.outcomes import outcome_columns
from ...survey.survey import Survey
from ..plots.canvas import new_figure
from ..plots.priority_map import map_height, priority_map
from ..plots.priority_words import describe_map, quadrant_name
from ..text import count, text
from ..translation import message
from .parts import Column, Figure, Heading, Paragraph, Part, Row, Section, Table, reason, safe
from .scores import WIDTH, label

if TYPE_CHECKING:
    from ...explain.quadrants import Quadrants

CONCENTRATE, RULE = "concentrate here", "grand means"
DRAWS = 500
"""Bootstrap samples, as on the board of priorities."""


def priorities_section(survey: Survey, confidence: float, source: str, language: str) -> Section:
    """The map of the dimensions with its table; of the items too, where these were rated one by one."""
    kind, outcome = _importance(survey)
    if not kind or "perceptions" not in survey.batteries:
        return Section()
    from ...explain.quadrants import quadrants

    asked: dict[str, Any] = {"importance": "derived" if kind == "derived" else "stated", "draws": DRAWS}
    if outcome:
        asked["outcome"] = outcome
    heading = Heading(text("report_priorities.head", language))
    try:
        found = quadrants(survey, level="dimensions", **asked)
        items = quadrants(survey, level="items", **asked) if "importance" in survey.batteries else None
    except (ValueError, np.linalg.LinAlgError) as error:
        cannot = text("report_priorities.cannot", language, why=reason(message(error), language))
        return Section((heading, Paragraph(cannot)))
    lead = text(f"report_priorities.lead_{kind}", language, outcome=safe(outcome, 60))
    said = text("describe.between", language).join([lead, *_said(survey, found, "dimensions", language)])
    own = {"names": _axes(kind, outcome, language), "confidence": confidence, "source": source}
    parts: list[Part] = [heading, Paragraph(said), _figure(survey, found, own, language)]
    parts.append(_table(survey, found, "dimensions", language))
    if items is not None:
        said = text("describe.between", language).join(_said(survey, items, "items", language))
        parts += [Paragraph(said), _table(survey, items, "items", language)]
    return Section(
        parts=tuple(parts),
        short=(_said(survey, found, "dimensions", language)[0],),
        methods=(text(f"report_priorities.method_{asked['importance']}", language, draws=count(DRAWS)),),
        limits=(text("report_priorities.limit", language),),
        results=(found,),
    )


def _importance(survey: Survey) -> tuple[Literal["points", "ratings", "derived", ""], str]:
    """What importance there is, and the outcome it is derived for; stated importance comes first."""
    from ...measure.levels import points

    if np.isfinite(points(survey)).any():
        return "points", ""
    if "importance" in survey.batteries:
        return "ratings", ""
    asked = outcome_columns(survey)
    return ("derived", asked[0]) if asked else ("", "")


def _axes(kind: str, outcome: str, language: str) -> tuple[str, str]:
    """What the map's axes mean, as on the board of priorities."""
    importance = text(f"priorities.axis_{kind}", language, outcome=safe(outcome, 60))
    return importance, text("priority_map.performance", language)


def _said(survey: Survey, found: Quadrants, level: str, language: str) -> list[str]:
    """What is to be concentrated on under every rule, and for how many the rule decides."""
    between = text("report.between", language)
    always = found.quadrants.index[(found.quadrants == CONCENTRATE).all(axis=1).to_numpy(bool)]
    names = between.join(label(survey, id, language) for id in always)
    said = [text(f"report_priorities.{'always' if names else 'never'}_{level}", language, names=names)]
    numbers = {"count": count(len(found.changed)), "total": count(len(found.quadrants))}
    return [*said, text(f"report_priorities.depends_{level}", language, **numbers)]


def _table(survey: Survey, found: Quadrants, level: str, language: str) -> Table:
    """Each mark of the map: where it lies, and its quadrant under each rule."""
    rules = [text(f"priority_map.{rule.replace(' ', '_')}", language) for rule in map(str, found.quadrants)]
    columns = (
        Column(text("report.dimension" if level == "dimensions" else "table.name", language), "words"),
        *(Column(rule, "name") for rule in rules),
        Column(text("priority_map.importance", language), "score"),
        Column(text("report_priorities.performance", language), "score"),
        Column(text("report_priorities.certainty", language), "share"),
    )
    rows = []
    for id in found.positions.sort_values("importance", ascending=False, kind="stable").index:
        at = found.positions.loc[id]
        names = tuple(quadrant_name(str(found.quadrants[rule][id]), language) for rule in found.quadrants)
        values = (*names, at["importance"], at["performance"], found.certainty[RULE][id])
        rows.append(Row(label(survey, id, language), values))
    title, note = (text(f"report_priorities.{key}", language) for key in (f"table_{level}", "note"))
    return Table(f"priorities_{level}", title, columns, tuple(rows), note)


def _figure(survey: Survey, found: Quadrants, own: dict[str, Any], language: str) -> Figure:
    """The map."""

    def labels(spoken: str) -> dict[str, str]:
        return {str(id): label(survey, id, spoken) for id in found.positions.index}

    def draw(spoken: str) -> Any:
        drawing, axes = new_figure(WIDTH, map_height(WIDTH))
        priority_map(axes, found, rule=RULE, labels=labels(spoken), language=spoken, **own)
        return drawing

    title = text("report_priorities.figure", language)
    said = describe_map(found, rule=RULE, labels=labels(language), language=language, source=own["source"])
    return Figure("priorities", title, said, draw, language)
