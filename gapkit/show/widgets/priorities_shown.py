"""What the priorities board shows of importance and performance: with importance the map, without it what is left."""

from __future__ import annotations

from typing import Any

from ..markup import Markup, element
from ..text import plain, text
from .pieces import Tile
from .priorities_study import PrioritiesStudy, Question
from .priorities_unweighed import furthest_tile, score_table, why_unweighed
from .priorities_view import PrioritiesView
from .priorities_words import labels_of, map_tile, position_table, robust_tile, status_words
from .survey_words import source_line


def mapped(board: Any, view: PrioritiesView, study: PrioritiesStudy, asked: Question) -> dict[Any, str]:
    """The map with its table, by widget; without importance what is missing and why, and the scores."""
    language, found = str(board.language.value), study.map(asked)
    labels = labels_of(study.survey, asked.level, language)
    if found is None:
        status = text("priorities.status_unweighed", language)
        return {
            board.hint: Markup(""),
            board.map: why_unweighed(study, asked, language),
            board.heads["table"]: element("h2", text("priorities.table_scores", language)),
            board.table: score_table(study, asked, labels, language),
            board.status: element("p", status, role="status"),
        }
    own = {"width": board.width, "language": language, "source": source_line(study.survey, found.n, language)}
    hint = text(f"priorities.hint_{asked.importance}", language, outcome=plain(asked.outcome))
    return {
        board.hint: element("p", hint),
        board.map: view.map(study, found, asked, labels, **own),
        board.heads["table"]: element("h2", text("priorities.table", language)),
        board.table: position_table(found, asked.rule, labels, asked.level == "items", language),
        board.status: element("p", status_words(found, asked.rule, labels, language), role="status"),
    }


def weighed(
    study: PrioritiesStudy, asked: Question, labels: dict[str, str], language: str
) -> tuple[list[Tile], list[str]]:
    """The tiles about what matters, as far as it is known, and how their numbers were computed."""
    found, methods = study.map(asked), []
    if found is None:
        parts, methods = [furthest_tile(study, asked, labels, language)], [study.scores_method()]
    else:
        parts, methods = [map_tile(found, asked.rule, labels, language)], [found.method]
    if not study.ranked(asked):
        return parts, methods
    if study.ranks_known(asked.outcome):
        ranks = study.ranks(asked.outcome)
        if ranks is None:
            return parts, methods
        on_map = None if found is None else found.quadrants[asked.rule]
        return [*parts, robust_tile(ranks, asked.level, labels, language, on_map)], [*methods, ranks.method]
    waits = text("priorities.ranking_note", language)
    return [*parts, Tile(text("priorities.robust", language), "…", waits, "robust")], methods
