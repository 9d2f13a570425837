"""The priorities board's figures as SVG, each drawn once for the same numbers, words and width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...decide.plan import Plan
from ...explain.priorities import Priorities
from ...explain.quadrants import Quadrants
from ..plots.canvas import new_figure, to_svg
from ..plots.plan_figures import frontier_height, plan_frontier, plan_probabilities
from ..plots.priority_map import map_height, priority_map
from ..plots.priority_words import describe_frontier, describe_map, describe_probabilities, describe_robustness
from ..plots.share_bars import priority_robustness, shares_height
from ..text import text
from .plan_desk import PlanDesk
from .priorities_study import PrioritiesStudy, Question
from .priorities_words import axis_names

MOST_ITEMS, MOST_ACTIONS = 12, 17
MOST_KEPT = 60
"""Figures kept; the oldest goes first."""


class PrioritiesView:
    """Figures by what they are drawn from."""

    def __init__(self) -> None:
        self._kept: dict[Any, str] = {}

    def forget(self, name: str) -> None:
        """Keep no figure of a survey that is gone."""
        self._kept = {
            key: kept for key, kept in self._kept.items() if name not in (key[1], getattr(key[1], "data", ""))
        }

    def map(
        self,
        study: PrioritiesStudy,
        found: Quadrants,
        asked: Question,
        labels: dict[str, str],
        *,
        width: int,
        language: str,
        source: str,
    ) -> str:
        """Importance against performance; items are marked by their ids, which the table beside spells out."""

        def draw() -> str:
            """The figure for this key."""
            short = labels if asked.level == "dimensions" else None
            figure, axes = new_figure(width, map_height(width))
            names = axis_names(asked, study.in_points(asked.level), language)
            own: dict[str, Any] = {"rule": asked.rule, "language": language, "source": source}
            priority_map(axes, found, labels=short, names=names, **own)
            said = describe_map(found, labels=labels, **own)
            return self._svg(figure, "map", said, language)

        return self._once(("map", asked, width, language), draw)

    def robustness(
        self, ranks: Priorities, asked: Question, labels: dict[str, str], *, width: int, language: str, source: str
    ) -> str:
        """How robust the priorities are; of many items the first."""

        def draw() -> str:
            """The figure for this key."""
            table, all_ranks = ranks.dimensions, ranks.dimension_ranks
            if asked.level == "items":
                order = ["top_three", "first", "median"]
                table = ranks.items.sort_values(order, ascending=[False, False, True], kind="stable").head(MOST_ITEMS)
                all_ranks = ranks.item_ranks
            figure, axes = new_figure(width, shares_height(len(table), width))
            own: dict[str, Any] = {"labels": labels, "language": language, "source": source}
            priority_robustness(axes, table, choices=len(all_ranks), **own)
            return self._svg(figure, "robustness", describe_robustness(table, **own), language)

        return self._once(("robustness", asked.data, asked.level, asked.outcome, width, language), draw)

    def frontier(self, found: Plan, unit: str, *, width: int, language: str, source: str) -> str:
        """What a budget can reach."""
        figure, axes = new_figure(width, frontier_height(width))
        plan_frontier(axes, found, unit=unit, language=language, source=source)
        said = describe_frontier(found, language=language, source=source)
        return self._svg(figure, "frontier", said, language)

    def probabilities(self, found: Plan, desk: PlanDesk, *, width: int, language: str, source: str) -> str:
        """How sure it is that an action is in the best plan; of many actions the first."""
        table = found.actions.sort_values(["best_in", "chosen"], ascending=False, kind="stable").head(MOST_ACTIONS)
        labels = {id: action.text(language) for id, action in desk.actions.items()}
        figure, axes = new_figure(width, shares_height(len(table), width, lines=2))
        own: dict[str, Any] = {"labels": labels, "language": language, "source": source}
        plan_probabilities(axes, table, **own)
        return self._svg(figure, "probabilities", describe_probabilities(table, **own), language)

    def _svg(self, figure: Any, name: str, said: str, language: str) -> str:
        """A figure for the page."""
        title = text(f"priorities.{name}", language)
        return to_svg(figure, title=title, description=said, name=f"gk-{name}", themed=True)

    def _once(self, key: Any, draw: Callable[[], str]) -> str:
        """A figure that was drawn before is not drawn again."""
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = draw()
        return self._kept[key]
