"""One survey on the priorities board: positions, ranks under every choice, and the desk of actions."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from ...decide.actions import load_actions
from ...explain.driver_inputs import scores_of
from ...explain.priorities import Priorities, priorities
from ...explain.quadrants import Quadrants, quadrants
from ...explain.stated import stated_answers
from ...measure.gaps import gap_scores
from ...measure.performance import performance_scores
from ...survey.survey import Survey
from ..translation import message
from .plan_desk import PlanDesk
from .what_if_view import Ground

DRAWS = 500
NO_OUTCOME = ""


class Question(NamedTuple):
    """The state of the controls above the map, in no language."""

    data: str
    level: Any
    importance: Any
    outcome: str
    rule: str


class PrioritiesStudy:
    """What the board computes from one survey, each thing once."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self._kept: dict[Any, Any] = {}

    @cached_property
    def outcomes(self) -> list[str]:
        """The outcomes that importance can be derived for."""
        return Ground(self.survey).outcomes

    @cached_property
    def desk(self) -> PlanDesk:
        """Actions and plans."""
        return PlanDesk(self.survey, load_actions())

    def importances(self, level: str) -> list[str]:
        """Which importance there is: stated where it was asked, derived where there is an outcome."""
        asked = stated_answers(self.survey, level=level)[0] is not None
        return ["stated"] * asked + ["derived"] * bool(self.outcomes)

    def in_points(self, level: str) -> bool:
        """Whether stated importance is a part of 100 points, and no rating."""
        return "points" in stated_answers(self.survey, level=level)[1].split(",")[0]

    def map(self, question: Question) -> Quadrants | None:
        """Importance and performance; None where importance was not asked and cannot be derived."""
        own = {"level": question.level, "importance": question.importance, "outcome": question.outcome}
        return self._once(("map", *own.values()), lambda: self._mapped(own))

    def _mapped(self, own: dict[str, Any]) -> Quadrants | None:
        """The map, where there is one."""
        if own["importance"] not in self.importances(own["level"]):
            return None
        try:
            return quadrants(self.survey, draws=DRAWS, **own)
        except ValueError:
            if own["importance"] == "derived":
                return None  # the board says why, from `complete` and `needed`
            raise

    def complete(self, question: Question) -> int:
        """How many respondents have the outcome and every score that importance is derived from."""
        scores = scores_of(self.survey, of="perceptions", level=question.level)
        known = scores.loc[:, scores.notna().any()].notna().all(axis=1)
        return int((known & self.survey.respondents[question.outcome].notna()).sum())

    def needed(self, level: str) -> int:
        """How many it takes at the least: one more than there are scores and the outcome."""
        return len(scores_of(self.survey, of="perceptions", level=level).dropna(axis=1, how="all").columns) + 2

    def scores(self, level: str) -> pd.DataFrame:
        """Mean perceptions, and gaps where expectations were asked, the furthest below first: P (gap), and n."""
        return self._once(("scores", level), lambda: self._scored(level))

    def _scored(self, level: str) -> pd.DataFrame:
        """The scores, sorted."""
        paired = self.survey.expectations is not None
        found = gap_scores(self.survey) if paired else performance_scores(self.survey)
        table = found.dimensions if level == "dimensions" else found.items
        self._kept["method"] = found.method
        return table[["P", "gap"] if paired else ["P"]].sort_values("gap" if paired else "P", kind="stable")

    def scores_method(self) -> str:
        """How the scores were computed."""
        self.scores("dimensions")
        said: str = self._kept["method"]
        return said

    def ranked(self, question: Question) -> bool:
        """Whether dimensions and items can be ranked by some importance."""
        return "stated" in self.importances(question.level) or self.map(question) is not None

    def ranks_known(self, outcome: str) -> bool:
        """Whether the ranks under every choice are known."""
        return ("ranks", outcome) in self._kept

    def ranks(self, outcome: str) -> Priorities | None:
        """Ranks under every defensible choice; None where none could be computed, see `unranked`."""
        return self._once(("ranks", outcome), lambda: self._ranks(outcome))

    def unranked(self, outcome: str) -> str:
        """Why there are no ranks."""
        said: str = self._kept.get(("unranked", outcome), "")
        return said

    def _ranks(self, outcome: str) -> Priorities | None:
        """The ranks, where there are any: few respondents bear a map of dimensions, but no ranks of items."""
        try:
            return priorities(self.survey, outcome=outcome or None)
        except ValueError as error:
            self._kept["unranked", outcome] = message(error)
            return None

    def worth(self, question: Question) -> str | None:
        """What a plan's gain is counted in: the outcome where importance is derived for it."""
        return question.outcome if question.importance == "derived" and self.map(question) is not None else None

    def _once(self, key: Any, make: Any) -> Any:
        """What was computed before is not computed again."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]
