"""The actions of a board with numbers that can be changed, and the plans made of them, each computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...decide.actions import Action
from ...decide.costed import Assumed, CostedActions, candidates_from
from ...decide.plan import Plan, plan
from ...decide.scenario import Scenario
from ...survey.survey import Survey

RULES = ("free", "must", "never")
DRAWS = 200
MOST_STEPS = 24
"""Budgets that are solved beforehand, so that the slider answers at once."""
ONLY_RESEARCH = ("gap_5",)
"""Finding a cause closes nothing by itself."""


class PlanDesk:
    """One survey's actions: numbers given or assumed, what must or must not be done, and the plans.

    Parameters
    ----------
    survey : Survey
    actions : sequence of Action
        The catalogue; actions for no dimension of the survey, and those that only look for a cause, are left out.
    assumed : Assumed
        Placeholders for every number that nobody has given.
    """

    def __init__(self, survey: Survey, actions: Sequence[Action], assumed: Assumed | None = None) -> None:
        self.survey, self._assumed = survey, assumed or Assumed()
        self._all = [action for action in actions if action.gaps != ONLY_RESEARCH]
        self._costs: dict[str, float] = {}
        self._effects: dict[str, Any] = {}
        self._rules: dict[str, str] = {}
        self._kept: dict[Any, Any] = {}
        self._table: tuple[Mapping[str, float], Mapping[str, Any]] | None = None
        self.left_at: float | None = None
        """The budget when another survey was chosen."""
        there = set(self.costed().table.index)
        self.actions = {action.id: action for action in self._all if action.id in there}
        points = survey.allocations
        self.weighted = points is not None and bool(points.notna().to_numpy().any())
        """Whether a dimension counts by the points that respondents gave it."""

    # what is on the desk

    def costed(self) -> CostedActions:
        """The candidates with the numbers as they stand."""
        key = ("costed", *self._numbers())
        if key not in self._kept:
            self._kept[key] = candidates_from(
                self._all, self.survey.instrument, costs=self._costs, effects=self._effects, assumed=self._assumed
            )
        return self._kept[key]

    def numbers(self, id: str) -> tuple[float, float, float, str]:
        """Cost, points in each dimension, their sd before it is widened, and the rule of one action."""
        row: dict[Any, Any] = dict(self.costed().table.loc[id])
        return (
            float(row["cost"]),
            float(row["effect"]),
            float(row["sd"] / row["widened"]),
            self._rules.get(id, RULES[0]),
        )

    def give(self, id: str, *, cost: float, effect: float, sd: float, rule: str) -> None:
        """Numbers from the reader: what differs from what stands there counts as given from now on."""
        old_cost, old_effect, old_sd, _ = self.numbers(id)
        if cost != round(old_cost, 6):
            self._costs[id] = cost
        if sd != round(old_sd, 6):
            self._effects[id] = (effect, sd)
        elif effect != round(old_effect, 6):
            told = self._effects.get(id)
            self._effects[id] = (effect, told[1]) if isinstance(told, tuple) else effect
        self._rules[id] = rule

    def forget(self, id: str) -> None:
        """Back to the placeholders of one action."""
        for given in (self._costs, self._effects, self._rules):
            given.pop(id, None)

    def use_table(self, given: tuple[Mapping[str, float], Mapping[str, Any]] | None) -> None:
        """Costs and effects of a table, besides what is changed by hand; those of the table before it are forgotten."""
        if given is self._table:
            return
        known = {action.id for action in self._all}
        nothing: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        pairs = zip((self._costs, self._effects), self._table or nothing, given or nothing, strict=True)
        for ours, before, now in pairs:
            for id in before:
                ours.pop(id, None)
            ours.update({id: value for id, value in now.items() if id in known})
        self._table = given

    def ruled(self, rule: str) -> list[str]:
        """The actions that must, or must not, be done."""
        return [id for id in self.actions if self._rules.get(id) == rule]

    def conflict(self, budget: float) -> tuple[list[str], float] | None:
        """The actions that must be done and what they cost, where that is more than the budget."""
        must = self.ruled("must")
        cost = float(self.costed().table["cost"].loc[must].sum())
        return (must, cost) if cost > budget else None

    def budgets(self) -> np.ndarray:
        """From 0 until everything can be paid, in steps of a round sum."""
        table = self.costed().table["cost"]
        step = round_step(float(table.sum()) / MOST_STEPS)
        return np.arange(0, np.ceil(table.sum() / step) + 1) * step

    # plans

    def frontier_known(self, outcome: str | None) -> bool:
        """Whether the optimum of every budget is known."""
        return ("frontier", *self._key(outcome)) in self._kept

    def frontier(self, outcome: str | None) -> Plan:
        """The optimum of every budget of the slider."""
        return self._plan(("frontier", *self._key(outcome)), float(self.budgets()[-1]), outcome, self.budgets())

    def known(self, outcome: str | None, budget: float) -> bool:
        """Whether the draws of this budget's plan are known."""
        return ("plan", budget, *self._key(outcome)) in self._kept

    def quick(self, outcome: str | None, budget: float) -> Plan:
        """The plan of a budget from the frontier, without what takes draws of its own."""
        base = self.frontier(outcome)
        row: dict[Any, Any] = dict(base.frontier.loc[budget])
        chosen = base.actions.index.isin(str(row["actions"]).split(", "))
        unknown = dict.fromkeys(("regret", "regret_90", "best"), np.nan)
        rows = [
            {name: row[name] for name in ("cost", "gain", "low", "high")} | unknown,
            {"cost": np.nan, "gain": row["greedy"], "low": np.nan, "high": np.nan} | unknown,
        ]
        return replace(
            base,
            budget=budget,
            actions=base.actions.assign(chosen=chosen, best_in=np.nan, lost=np.nan, barred=""),
            comparison=pd.DataFrame(rows, index=base.comparison.index),
            dimensions=base.dimensions.iloc[:0],
            scenario=Scenario({}),
        )

    def solved(self, outcome: str | None, budget: float) -> Plan:
        """The plan of a budget with its draws."""
        found = self._plan(("plan", budget, *self._key(outcome)), budget, outcome, [])
        return replace(found, frontier=self.frontier(outcome).frontier)

    def _plan(self, key: Any, budget: float, outcome: str | None, budgets: Any) -> Plan:
        """A plan, computed on first use."""
        if key not in self._kept:
            self._kept[key] = plan(
                self.survey,
                self.costed().candidates,
                budget=budget,
                outcome=outcome,
                must=self.ruled("must"),
                never=self.ruled("never"),
                budgets=budgets,
                draws=DRAWS,
            )
        return self._kept[key]

    def _numbers(self) -> tuple[Any, ...]:
        """Every number that was given."""
        return tuple(sorted(self._costs.items())), tuple(sorted(self._effects.items(), key=lambda pair: pair[0]))

    def _key(self, outcome: str | None) -> tuple[Any, ...]:
        """What a plan depends on, the budget apart."""
        return outcome, *self._numbers(), tuple(self.ruled("must")), tuple(self.ruled("never"))


def round_step(least: float) -> float:
    """The next round sum at or above: 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> round_step(38_800), round_step(0.3)
    (50000.0, 0.5)
    """
    power = 10.0 ** np.floor(np.log10(max(least, 1e-9)))
    return float(next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * (1 - 1e-9)))
