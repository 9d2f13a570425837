"""What the what-if board shows for a scenario: gaps before and after, what the scale allows, what goes with it."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...decide.moving import dimension_moves
from ...decide.outlook import Outlook, PreparedOutlook, prepare_outlook
from ...decide.scenario import Scenario, apply
from ...explain.member_tables import score_columns
from ...measure.disclosure import withheld_entries
from ...measure.means import checked_weights
from ...measure.prepared_gaps import PreparedGaps, prepare_gaps
from ...survey.outcomes import is_scale, outcome_columns
from ...survey.survey import Survey
from .gap_view import MINIMUM_N, group_columns

Row = dict[Any, float]
EVERYBODY: tuple[str, Any] = ("", "")
"""The answers of all respondents move."""
NO_OUTCOME = ""
OUTCOMES = ("recommend", "overall", "satisfaction", "intention")
FEW_DRAWS = 4
"""Draws of the second model, of which only the estimate is shown; two at least must converge."""


class Case(NamedTuple):
    """A scenario as the controls have it: shifts by dimension, whose answers move, which outcome."""

    shifts: tuple[tuple[str, float], ...]
    whose: tuple[str, Any] = EVERYBODY
    outcome: str = NO_OUTCOME

    @property
    def amounts(self) -> dict[str, float]:
        """The shifts that are not zero."""
        return {dimension: amount for dimension, amount in self.shifts if amount}

    @property
    def scenario(self) -> Scenario:
        """As gapkit's scenario for the whole survey."""
        column, group = self.whose
        return Scenario(self.amounts, where={column: group} if column else {})


class View(NamedTuple):
    """What is drawn.

    before, after : dimensions of those whose answers move, as `PreparedGaps.of` has them.
    overall : their overall row, before and after.
    moves : what was asked of each dimension and attained there.
    top : share of their answers at the end of the scale, before and after.
    outlook : what goes with it over all respondents; None where the survey asked for no outcome.
    second : each target's change under the second model; None where there is none, or nothing moves.
    n : respondents whose answers move.
    """

    case: Case
    before: pd.DataFrame
    after: pd.DataFrame
    overall: tuple[Row, Row]
    moves: pd.DataFrame
    top: tuple[float, float]
    outlook: Outlook | None
    n: int
    second: pd.Series | None = None

    @property
    def apart(self) -> list[str]:
        """The targets whose change under the second model lies outside the first one's interval."""
        if self.outlook is None or self.second is None:
            return []
        table = self.outlook.change
        return [str(id) for id in table.index[(self.second < table["low"]) | (self.second > table["high"])]]


class Part:
    """Those whose answers move, with what is known of them before anything moves."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.gaps: PreparedGaps = prepare_gaps(survey)
        self.before, self.overall = _split(self.gaps.of(survey))
        self.top = share_at_top(survey)


class Ground:
    """One survey under scenarios; what does not depend on the scenario is computed on first use and kept."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self._parts: dict[tuple[str, Any], Part] = {}
        self._prepared: dict[str, PreparedOutlook] = {}
        self._second: dict[str, PreparedOutlook | None] = {}

    @cached_property
    def groups(self) -> list[tuple[str, Any]]:
        """Whose answers can be moved: a column and a group of which every score may be shown beside all the others."""
        about, columns = self.survey.respondents, group_columns(self.survey)
        scores = score_columns(self.survey)
        weights = checked_weights(self.survey.weights)
        answered = np.isfinite((scores["E"] if "E" in scores else scores["P"]).to_numpy())
        answered &= True if weights is None else (weights > 0)[:, None]
        found = []
        for column in columns:
            withheld = withheld_entries(about, columns, answered, of=column, minimum_n=MINIMUM_N)
            for group in sorted(withheld, key=str):
                asked = answered[(about[column] == group).to_numpy(bool, na_value=False)].any(axis=0)
                found += [] if (withheld[group] & asked).any() else [(column, group)]
        return found

    @cached_property
    def outcomes(self) -> list[str]:
        """The outcomes that were asked for: the usual names, or else any column of few different numbers."""
        about, found = self.survey.respondents, outcome_columns(self.survey)
        if not found:
            return [str(name) for name in about.columns if name != "weight" and is_scale(about[name])]
        return sorted(found, key=lambda name: OUTCOMES.index(name) if name in OUTCOMES else len(OUTCOMES))

    @cached_property
    def fitting(self) -> list[str]:
        """The outcomes to which a model can be fitted."""
        fit = []
        for name in self.outcomes:
            with suppress(ValueError):
                self.prepared(name)
                fit.append(name)
        return fit

    @cached_property
    def reach(self) -> tuple[float, float]:
        """How far a slider goes: down a sixth of the scale, up a third of it, to half points."""
        length = self.survey.instrument.scale.high - self.survey.instrument.scale.low
        return -max(round(length / 3), 1) / 2, max(round(2 * length / 3), 1) / 2

    def part(self, whose: tuple[str, Any]) -> Part:
        """Everybody, or one group."""
        if whose not in self._parts:
            column, group = whose
            keep = np.ones(self.survey.n, dtype=bool)
            if column:
                keep = (self.survey.respondents[column] == group).to_numpy(bool, na_value=False)
            self._parts[whose] = Part(self.survey.only(keep, why=f"outside {column} = {group}"))
        return self._parts[whose]

    def prepared(self, outcome: str) -> PreparedOutlook:
        """The fitted model of an outcome: a straight line, which answers within a slider's time."""
        if outcome not in self._prepared:
            self._prepared[outcome] = prepare_outlook(self.survey, outcome=outcome, model="linear")
        return self._prepared[outcome]

    def second(self, outcome: str) -> PreparedOutlook | None:
        """Proportional odds for the same outcome, with hardly any draws: an interval would be too slow for a slider.

        None for an outcome that is no rating scale, or where the model cannot be fitted.
        """
        if outcome not in self._second:
            with suppress(ValueError):
                self._second[outcome] = prepare_outlook(self.survey, outcome=outcome, model="ordinal", draws=FEW_DRAWS)
            self._second.setdefault(outcome, None)
        return self._second[outcome]

    def view(self, case: Case) -> View:
        """What is shown for a scenario; nothing that was prepared is computed again."""
        part = self.part(case.whose)
        own = Scenario(case.amounts)
        after = apply(part.survey, own)
        outlook = self.prepared(case.outcome).change(case.scenario) if case.outcome else None
        other = self.second(case.outcome) if case.outcome and case.amounts else None
        dimensions, overall = _split(part.gaps.of(after))
        return View(
            case=case,
            before=part.before,
            after=dimensions,
            overall=(part.overall, overall),
            moves=dimension_moves(part.survey, own),
            top=(part.top, share_at_top(after)),
            outlook=outlook,
            n=part.survey.n,
            second=None if other is None else other.change(case.scenario).change["change"],
        )


def share_at_top(survey: Survey) -> float:
    """The (weighted) share of all perceptions that stand at the end of the scale; NaN where there are none."""
    answers = survey.battery("perceptions").to_numpy(float)
    weights = checked_weights(survey.weights)
    w = np.ones(survey.n) if weights is None else weights
    # moved answers reach the end of the scale but for rounding in the last bits
    at_top = w @ (answers >= survey.instrument.scale.high - 1e-9)
    answered = w @ np.isfinite(answers)
    return float(at_top.sum() / answered.sum()) if answered.sum() > 0 else float("nan")


def _split(table: pd.DataFrame) -> tuple[pd.DataFrame, Row]:
    """The dimensions, and the overall row that stands below them."""
    return table.iloc[:-1], dict(zip(table.columns, table.to_numpy(float)[-1].tolist(), strict=True))
