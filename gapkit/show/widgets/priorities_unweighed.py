"""The priorities board without importance: which column is missing or cannot be used, why, and what is left to see."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...survey.outcomes import MOST_POINTS, is_called_outcome
from ...survey.survey import Survey
from ..markup import Markup, element, join
from ..text import count, number, plain, text
from .pieces import Tile, scroll_box
from .priorities_study import PrioritiesStudy, Question

MOST_NAMED = 6
"""Columns that cannot be used, named one by one."""


def why_unweighed(study: PrioritiesStudy, asked: Question, language: str) -> Markup:
    """Why importance is not known here, column by column, what to do, and what is shown all the same."""
    named = {"survey": plain(study.survey.source.title, 90), "most": MOST_POINTS}
    if asked.outcome and asked.importance == "derived":
        parts = [element("p", _underived(study, asked, language))]
    else:
        parts = [element("p", text("priorities.unweighed", language, **named))]
        reasons = unused_outcomes(study.survey, language)
        if reasons:
            parts.append(element("ul", *(element("li", reason) for reason in reasons)))
        key = "unweighed_instead" if reasons else "unweighed_nothing"
        parts.append(element("p", text(f"priorities.{key}", language, **named)))
    shown = "priorities.unweighed_shown" + ("_points" if study.desk.weighted else "")
    parts.append(element("p", text(shown, language)))
    return element("div", *parts, class_="gk-unweighed")


def unused_outcomes(survey: Survey, language: str) -> list[str]:
    """Each column that is called like an outcome and cannot be used as one: why, and what to do."""
    found = []
    for column in survey.respondents.columns:
        name = str(column)
        if is_called_outcome(name) and name != "weight" and (said := _unusable(survey.respondents[column])):
            key, values = said
            found.append(text(f"priorities.unused_{key}", language, column=plain(name, 40), **values))
    return found[:MOST_NAMED]


def _unusable(column: pd.Series) -> tuple[str, dict[str, str]] | None:
    """Why answers are no outcome, as a key with its values; None where they are one."""
    answers = column.dropna()
    if answers.empty:
        return "empty", {}
    if not pd.api.types.is_numeric_dtype(answers):
        numbers = pd.to_numeric(answers, errors="coerce")
        return "text", {"word": plain(answers[numbers.isna()].iloc[0] if numbers.isna().any() else answers.iloc[0], 30)}
    kinds = np.unique(answers.to_numpy(float))
    if len(kinds) == 1:
        return "same", {"answer": f"{kinds[0]:g}"}
    if (kinds % 1 != 0).any():
        return "decimals", {"number": f"{kinds[kinds % 1 != 0][0]:g}"}
    return ("many", {"count": count(len(kinds)), "most": str(MOST_POINTS)}) if len(kinds) > MOST_POINTS else None


def _underived(study: PrioritiesStudy, asked: Question, language: str) -> str:
    """Why no importance can be derived from an outcome that can be used otherwise."""
    complete, needed = study.complete(asked), study.needed(asked.level)
    values = {"outcome": plain(asked.outcome), "n": count(complete), "needed": count(needed)}
    return text("priorities.underived_few" if complete < needed else "priorities.underived", language, **values)


def score_table(study: PrioritiesStudy, asked: Question, labels: dict[str, str], language: str) -> Markup:
    """Performance, and the gap where expectations were asked; the furthest below first."""
    scores, with_ids = study.scores(asked.level), asked.level == "items"
    heads = ["head_name", "head_performance"] + ["head_gap"] * ("gap" in scores)
    head = [
        element("th", text(f"priorities.{key}", language), scope="col", class_="gk-name" if key == heads[0] else None)
        for key in heads
    ]
    rows = []
    for id, row in zip(scores.index, scores.to_dict("records"), strict=True):
        name = f"{id} · {labels[str(id)]}" if with_ids else labels[str(id)]
        cells = [element("td", number(row["P"]))]
        cells += [element("td", number(row["gap"], signed=True))] if "gap" in row else []
        rows.append(element("tr", element("th", plain(name), scope="row", class_="gk-name"), *cells, data_id=str(id)))
    caption = text("priorities.scores_caption" if "gap" in scores else "priorities.scores_caption_alone", language)
    return scroll_box(element("table", element("thead", element("tr", *head)), element("tbody", join(rows))), caption)


def furthest_tile(study: PrioritiesStudy, asked: Question, labels: dict[str, str], language: str) -> Tile:
    """What is furthest below expectations, or performs worst where these were not asked."""
    scores = study.scores(asked.level)
    id, row = str(scores.index[0]), scores.iloc[0]
    if "gap" in scores:
        note = text("priorities.furthest_note", language, gap=number(float(row["gap"]), signed=True))
        return Tile(text("priorities.furthest", language), labels[id], note, "furthest")
    note = text("priorities.lowest_note", language, mean=number(float(row["P"])))
    return Tile(text("priorities.lowest", language), labels[id], note, "furthest")
