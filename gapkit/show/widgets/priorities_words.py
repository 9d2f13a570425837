"""The priorities board's words and numbers about what matters: tiles, table, notes, source and method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...explain.priorities import Priorities
from ...explain.quadrants import Quadrants
from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..plots.priority_words import quadrant_name
from ..text import number, percent, plain, text
from ..translation import spoken
from .pieces import Tile, scroll_box
from .priorities_study import Question
from .survey_words import licence_words, source_and_method, source_line

CONCENTRATE = "concentrate here"


def labels_of(survey: Survey, level: str, language: str) -> dict[str, str]:
    """Names of dimensions or items."""
    ids = survey.instrument.dimension_ids if level == "dimensions" else survey.instrument.item_ids
    return {str(id): survey.instrument.label(id, language) for id in ids}


def axis_names(question: Question, in_points: bool, language: str) -> tuple[str, str]:
    """What the map's axes mean."""
    kind = "derived" if question.importance == "derived" else "points" if in_points else "ratings"
    importance = text(f"priorities.axis_{kind}", language, outcome=plain(question.outcome))
    return importance, text("priority_map.performance", language)


def map_tile(found: Quadrants, rule: str, labels: dict[str, str], language: str) -> Tile:
    """How many ask for attention under the chosen rule, and which of them do under every rule."""
    here = found.quadrants[rule] == CONCENTRATE
    always = (found.quadrants == CONCENTRATE).all(axis=1)
    names = text("priorities.list", language).join(labels[str(id)] for id in found.quadrants.index[always])
    note = text("priorities.concentrate_always" if names else "priorities.concentrate_never", language, names=names)
    value = text("priorities.of", language, part=int(here.sum()), whole=len(here))
    return Tile(text("priority_map.concentrate_here", language), value, note, "concentrate")


def robust_tile(
    ranks: Priorities, level: str, labels: dict[str, str], language: str, on_map: pd.Series | None = None
) -> Tile:
    """What is in the top three most often, whatever is chosen; and why the map may say otherwise."""
    table = ranks.dimensions if level == "dimensions" else ranks.items
    id = table.sort_values(["top_three", "first", "median"], ascending=[False, False, True], kind="stable").index[0]
    shares = {"share": percent(float(table["top_three"][id])), "first": percent(float(table["first"][id]))}
    choices = len(ranks.dimension_ranks if level == "dimensions" else ranks.item_ranks)
    note = text("priorities.robust_note", language, choices=choices, **shares)
    if on_map is not None and on_map[id] != CONCENTRATE:
        quadrant = quadrant_name(str(on_map[id]), language)
        note = text("describe.between", language).join(
            (note, text("priorities.robust_map", language, quadrant=quadrant))
        )
    return Tile(text("priorities.robust", language), labels[str(id)], note, "robust")


def choices_table(ranks: Priorities, level: str, language: str) -> Markup:
    """How far each choice alone moves the ranks, the most decisive first."""
    moved = ranks.influence[level].sort_values(ascending=False, kind="stable", na_position="last")
    heads = [element("th", text("priorities.head_choice", language), scope="col", class_="gk-name")]
    heads.append(element("th", text("priorities.head_places", language), scope="col"))
    rows = []
    for choice, places in moved.items():
        name = element("th", text(f"priorities.choice_{choice}", language), scope="row", class_="gk-name")
        known = np.isfinite(places)
        cell = element("td", number(places, 1) if known else text("priorities.no_choice", language))
        rows.append(element("tr", name, cell, data_choice=str(choice)))
    caption = text("priorities.choices_caption", language)
    return scroll_box(element("table", element("thead", element("tr", *heads)), element("tbody", join(rows))), caption)


def position_table(found: Quadrants, rule: str, labels: dict[str, str], with_ids: bool, language: str) -> Markup:
    """Every mark of the map in numbers: importance, performance, quadrant, and how sure the quadrant is."""
    heads = ["name", "importance", "performance", "quadrant", "certainty"]
    head = [
        element(
            "th", text(f"priorities.head_{key}", language), scope="col", class_="gk-name" if key == "name" else None
        )
        for key in heads
    ]
    own: dict[Any, dict[Any, Any]] = found.positions.to_dict("index")
    rows = []
    for id in found.positions.sort_values("importance", ascending=False, kind="stable").index:
        row, quadrant = own[id], str(found.quadrants[rule][id])
        name = f"{id} · {labels[str(id)]}" if with_ids else labels[str(id)]
        where = element("b" if quadrant == CONCENTRATE else "span", quadrant_name(quadrant, language))
        moves = text("priorities.depends", language) if id in found.changed.index else None
        mark = element("span", " ○", role="img", aria_label=moves, title=moves) if moves else None
        cells = [
            element("th", plain(name), scope="row", class_="gk-name"),
            element("td", number(row["importance"])),
            element("td", number(row["performance"])),
            element("td", where, mark),
            element("td", percent(float(found.certainty[rule][id]))),
        ]
        rows.append(element("tr", *cells, data_id=str(id)))
    caption = text("priorities.table_caption", language)
    return scroll_box(element("table", element("thead", element("tr", *head)), element("tbody", join(rows))), caption)


def footnotes(survey: Survey, question: Question | None, methods: list[str], language: str) -> Markup:
    """Source, method in a few words, what is association only, and the methods in full; None: without importance."""
    key = "unweighed" if question is None else "derived" if question.importance == "derived" else "stated"
    kind = text(f"priorities.method_{key}", language, outcome=plain(question.outcome if question else ""))
    source = source_line(survey, survey.n, language) + licence_words(survey)
    lines = [*source_and_method(source, kind, language), element("p", text("priorities.method_plan", language))]
    full = [spoken("p", method, language) for method in methods]
    details = element("details", element("summary", text("survey_words.method_in_full", language)), *full)
    return element("footer", *lines, details)


def status_words(found: Quadrants, rule: str, labels: dict[str, str], language: str) -> str:
    """What the map shows now, for screen readers."""
    here = found.quadrants.index[np.asarray(found.quadrants[rule] == CONCENTRATE)]
    names = text("priorities.list", language).join(labels[str(id)] for id in here)
    key = "priorities.status" if names else "priorities.status_none"
    return text(key, language, names=names, rule=text(f"priority_map.{rule.replace(' ', '_')}", language))
