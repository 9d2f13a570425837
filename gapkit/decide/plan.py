"""What to do with a budget: the best actions together, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .candidates import Candidate, drawn, programme_of
from .plan_draws import best_in_draws
from .programme import Flags, Floats, PlanError, Programme, greedy, lean, optimum, refuse_conflicts, why_not
from .scenario import Scenario

__all__ = ["Candidate", "Plan", "PlanError", "plan"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Plan(Result):
    """The recommended actions with their uncertainty; see `plan`.

    Parameters
    ----------
    actions : DataFrame
        One row an action: cost, ``ready`` (months until it and all it needs are done), ``chosen``, ``greedy`` (whether
        the greedy plan has it), ``alone`` (expected gain of this action with what it needs), ``lost`` (expected gain
        that the plan loses without it and what needs it; NaN where it is not chosen), ``best_in`` (share of the draws
        whose best plan has it), ``barred`` (why it cannot be chosen, else empty).
    dimensions : DataFrame
        One row a dimension: ``value`` (gain per scale point), ``points`` (sum of the chosen effects), ``counted`` (what
        is left of them after overlap and the scale's end), ``full``, ``room``, ``gain``.
    frontier : DataFrame
        One row a budget: cost, expected gain, low, high (interval over the draws), ``greedy`` (the greedy plan's gain)
        and the actions of the optimum.
    comparison : DataFrame
        Rows "optimum" and "greedy": cost, expected gain, low, high, mean regret and its 90 % point, and the share of
        draws in which it is the best plan. Regret: how much more the best plan of the draw would have gained.
    budget : float
    unit : str
        What the gain is counted in.
    scenario : Scenario
        What the plan is expected to do, for `apply` and `outlook`.
    """

    actions: pd.DataFrame
    dimensions: pd.DataFrame
    frontier: pd.DataFrame
    comparison: pd.DataFrame
    budget: float
    unit: str
    scenario: Scenario

    @property
    def chosen(self) -> list[str]:
        """The recommended actions."""
        return [str(action) for action in self.actions.index[self.actions["chosen"]]]

    @property
    def headline(self) -> str:
        """The actions, their cost and gain, and how often no other plan would have been better."""
        row = self.comparison.loc["optimum"]
        return (
            f"{', '.join(self.chosen) or 'no action'} for {row['cost']:,.0f} of {self.budget:,.0f}: expected gain "
            f"{row['gain']:.3f} {self.unit} ({row['low']:.3f} to {row['high']:.3f}), "
            f"best plan in {row['best']:.0%} of draws"
        )


def plan(
    survey: Survey,
    actions: Sequence[Candidate],
    *,
    budget: float,
    outcome: str | None = None,
    within: float | None = None,
    must: Sequence[str] = (),
    never: Sequence[str] = (),
    overlap: float = 0.5,
    budgets: Sequence[float] | None = None,
    draws: int = 500,
    seed: int = 0,
    confidence: float = 0.95,
) -> Plan:
    """The actions that gain most for a budget, exactly, and how far that depends on what is not known.

    The gain is what the actions add to each dimension times what a point of it is worth. Points of actions on one
    dimension overlap by this rule: their sum counts in full as far as the strongest single action reaches; what comes
    beyond counts by `overlap`; nothing counts beyond the room to the top of the scale. The minimum of three straight
    lines, so that the linear programme holds it exactly. The recommended plan is the optimum at the expected effects
    and values. Then effects (normal, with the sd given), values and shortfalls (respondents drawn again) vary together,
    and the best plan is found in each draw, exactly: `best_in`, regret and intervals come from there.

    Parameters
    ----------
    survey : Survey
        With perceptions; with expectations where an action closes a share of a gap.
    actions : sequence of Candidate
    budget : float
        In the unit of the costs.
    outcome : str, optional
        A point of a dimension is worth what goes with it in this column (the linear `outlook`: an association). By
        default the mean share of the respondents' 100 points, or equal shares where they were not asked: the gain is
        then the rise of the importance-weighted mean perception.
    within : float, optional
        Months: actions that are ready later, prerequisites done first, cannot be chosen.
    must, never : sequence of str
        Actions that are in, or out, whatever they gain.
    overlap : float
        Between 0 (what comes beyond the strongest action is lost) and 1 (effects add up).
    budgets : sequence of float, optional
        For the frontier; by default eleven from 0 to twice the budget.
    draws, seed, confidence
        Of the uncertainty.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        An action, prerequisite or dimension is not there, prerequisites run in a circle, or no plan keeps to all
        constraints; the message says which.

    References
    ----------
    .. [1] Huangfu, Q., & Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical Programming
       Computation, 10, 119-142. (HiGHS, behind `scipy.optimize.milp`)

    Examples
    --------
    >>> import gapkit as gk
    >>> options = [
    ...     gk.Candidate("train", cost=40, effects={"reliability": (0.4, 0.1)}),
    ...     gk.Candidate("hire", cost=70, effects={"reliability": (0.3, 0.2), "responsiveness": (0.3, 0.1)}),
    ...     gk.Candidate("paint", cost=30, effects={"tangibles": (0.3, 0.1)}),
    ... ]
    >>> best = gk.plan(gk.datasets.load("hotel"), options, budget=75, draws=50)
    >>> best.chosen
    ['train', 'paint']
    """
    from tqdm.auto import tqdm

    programme, uncertain, ready, unit, told = programme_of(
        survey, actions, budget=budget, outcome=outcome, overlap=overlap, within=within, must=must, never=never,
        draws=draws, seed=seed,
    )  # fmt: skip
    late = ready > (np.inf if within is None else within)
    refuse_conflicts(programme, late, never)
    chosen, quick = optimum(programme), lean(programme, greedy(programme))
    effects, values = drawn(uncertain, draws=draws, seed=seed)
    with tqdm(total=draws, desc="plans", unit="draw", delay=1, disable=None, leave=False) as progress:
        known = np.array([chosen, quick])
        best, solved = best_in_draws(programme, effects, values, known=known, tick=progress.update)
    tail = [(1 - confidence) / 2, (1 + confidence) / 2]
    most = programme.gain(best[:, None, :], effects, values[:, None, :])[:, 0]
    comparison = _compared(programme, {"optimum": chosen, "greedy": quick}, effects, values, most, tail)
    steps = np.linspace(0, 2 * budget, 11) if budgets is None else np.asarray(budgets, dtype=float)
    least = programme.cost[programme.with_needs(programme.must)].sum()
    frontier = _frontier(programme, [b for b in steps if b >= least], effects, values, tail)
    return Plan(
        n=survey.n,
        source=f"{survey.source}, n = {survey.n}",
        method=sentences(
            phrase("Optimum at the expected effects by mixed-integer programming (HiGHS), gain in {unit}.", unit=unit),
            told,
            phrase(
                "Overlap: points on a dimension count in full up to the strongest single action, then by {overlap:g}, "
                "never beyond the scale's top.",
                overlap=overlap,
            ),
            phrase(
                "{draws} draws (seed {seed}) of effects (independent normal) and of respondents, the best plan found "
                "exactly in each ({solved} by the solver). Equal gains: the cheaper plan.",
                draws=draws,
                seed=seed,
                solved=solved,
            ),
        ),
        actions=_actions(programme, actions, ready, chosen, quick, best, late, never),
        dimensions=_dimensions(programme, survey, chosen),
        frontier=frontier,
        comparison=comparison,
        budget=float(budget),
        unit=unit,
        scenario=_scenario(programme, survey, chosen),
    )


def _compared(
    p: Programme, plans: dict[str, Flags], effects: Floats, values: Floats, most: Floats, tail: list[float]
) -> pd.DataFrame:
    """Cost, gain and regret of each plan."""
    rows = []
    for one in plans.values():
        gains = p.gain(one[None, None], effects, values[:, None, :])[:, 0]
        regret = np.maximum(most - gains, 0.0)
        low, high = np.quantile(gains, tail)
        rows.append(
            {
                "cost": float(p.cost[one].sum()),
                "gain": float(p.gain(one)),
                "low": low,
                "high": high,
                "regret": regret.mean(),
                "regret_90": np.quantile(regret, 0.9),
                "best": float((regret <= 1e-9 * (1 + np.abs(most))).mean()),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(list(plans), name="plan"))


def _frontier(p: Programme, budgets: list[float], effects: Floats, values: Floats, tail: list[float]) -> pd.DataFrame:
    """The optimum of each budget."""
    rows: list[dict[str, Any]] = []
    for budget in budgets:
        own = replace(p, budget=float(budget))
        one = optimum(own)
        low, high = np.quantile(own.gain(one[None, None], effects, values[:, None, :]), tail)
        names = ", ".join(own.ids[a] for a in np.flatnonzero(one))
        row = {"cost": own.cost[one].sum(), "gain": float(own.gain(one)), "low": low, "high": high}
        rows.append(row | {"greedy": float(own.gain(greedy(own))), "actions": names})
    columns = ["cost", "gain", "low", "high", "greedy", "actions"]
    return pd.DataFrame(rows, index=pd.Index(budgets, name="budget", dtype=float), columns=columns)


def _actions(
    p: Programme, actions: Sequence[Candidate], ready: Floats, chosen: Flags, quick: Flags, best: Flags, late: Flags,
    never: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    """The table of actions."""
    alone, lost = np.empty(len(actions)), np.full(len(actions), np.nan)
    for a in range(len(actions)):
        one = np.arange(len(actions)) == a
        alone[a] = p.gain(p.with_needs(one))
        if chosen[a]:
            gone = one
            while (wider := gone | p.needs[:, gone].any(axis=1)).sum() > gone.sum():
                gone = wider
            lost[a] = p.gain(chosen) - p.gain(chosen & ~gone)
    table = {
        "cost": p.cost,
        "ready": ready,
        "chosen": chosen,
        "greedy": quick,
        "alone": alone,
        "lost": lost,
        "best_in": best.mean(axis=0),
        "barred": [why_not(p, a, late, never) for a in range(len(actions))],
    }
    return pd.DataFrame(table, index=pd.Index(p.ids, name="action"))


def _dimensions(p: Programme, survey: Survey, chosen: Flags) -> pd.DataFrame:
    """What the plan does to each dimension."""
    points = chosen.astype(float) @ p.effects
    counted = p.counted(points)
    table = {"value": p.values, "points": points, "counted": counted, "full": p.full, "room": p.room}
    names = pd.Index(survey.instrument.dimension_ids, name="dimension")
    return pd.DataFrame(table | {"gain": p.values * counted}, index=names)


def _scenario(p: Programme, survey: Survey, chosen: Flags) -> Scenario:
    """The points that count, as a scenario."""
    counted = p.counted(chosen.astype(float) @ p.effects)
    names = survey.instrument.dimension_ids
    shifts = {name: float(shift) for name, shift in zip(names, counted, strict=True) if shift}
    return Scenario(shifts, name=f"plan of {p.cost[chosen].sum():,.0f}" if shifts else "")
