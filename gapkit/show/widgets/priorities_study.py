"""One survey on the priorities board: positions, ranks under every choice, and the desk of actions."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from ...decide.actions import load_actions
from ...explain.priorities import Priorities, priorities
from ...explain.quadrants import Quadrants, quadrants
from ...explain.stated import stated_answers
from ...survey.survey import Survey
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

    def map(self, question: Question) -> Quadrants:
        """Importance and performance."""
        own = {"level": question.level, "importance": question.importance, "outcome": question.outcome}
        return self._once(("map", *own.values()), lambda: quadrants(self.survey, draws=DRAWS, **own))

    def ranks_known(self, outcome: str) -> bool:
        """Whether the ranks under every choice are known."""
        return ("ranks", outcome) in self._kept

    def ranks(self, outcome: str) -> Priorities:
        """Ranks under every defensible choice."""
        return self._once(("ranks", outcome), lambda: priorities(self.survey, outcome=outcome or None))

    def worth(self, question: Question) -> str | None:
        """What a plan's gain is counted in: the outcome where importance is derived for it."""
        return question.outcome if question.importance == "derived" else None

    def _once(self, key: Any, make: Any) -> Any:
        """What was computed before is not computed again."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]
