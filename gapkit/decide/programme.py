"""Which actions together: the problem as arrays, its exact optimum by integer programming, and a greedy answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Flags = NDArray[np.bool_]

TIE = 1e-9
"""Gains closer than this, relative to their size, count as equal: then the cheaper plan is taken."""


class PlanError(ValueError):
    """Actions that cannot be planned; the message names the constraint that conflicts and what to change."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Programme:
    """What can be chosen and what it is worth.

    Parameters
    ----------
    ids : tuple of str
        The actions.
    cost : array, (A,)
    budget : float
    effects : array, (A x D)
        Scale points that an action adds to a dimension.
    values : array, (D,)
        Gain per scale point.
    full, room : array, (D,)
        Points of a dimension that count in full, and the most that can count.
    overlap : float
        What a point beyond `full` counts.
    needs, excludes : array of bool, (A x A)
        ``needs[b, a]``: b only together with a. ``excludes[a, b]``: not both; symmetric.
    allowed, must : array of bool, (A,)
    """

    ids: tuple[str, ...]
    cost: Floats
    budget: float
    effects: Floats
    values: Floats
    full: Floats
    room: Floats
    overlap: float
    needs: Flags
    excludes: Flags
    allowed: Flags
    must: Flags

    def counted(self, points: Floats) -> Floats:
        """The points that count: in full up to `full`, by `overlap` beyond it, never more than `room`."""
        return np.minimum(np.minimum(points, self.full + self.overlap * (points - self.full)), self.room)

    def gain(self, plans: Flags, effects: Floats | None = None, values: Floats | None = None) -> Floats:
        """The gain of plans (... x A); with draws of effects and values, (draws, ...)."""
        points = plans.astype(float) @ (self.effects if effects is None else effects)
        return np.asarray((self.counted(points) * (self.values if values is None else values)).sum(axis=-1))

    def feasible(self, plans: Flags) -> Flags:
        """Which of the plans (m x A) keep to budget, prerequisites, exclusions and what must or must not be."""
        z = plans.astype(np.float32)
        lacks = ((z @ self.needs.astype(np.float32) > 0) & ~plans).any(axis=1)
        clash = ((z @ self.excludes.astype(np.float32) > 0) & plans).any(axis=1)
        out = (plans & ~self.allowed).any(axis=1) | (~plans & self.must).any(axis=1)
        return ~(lacks | clash | out) & (plans @ self.cost <= self.budget * (1 + 1e-12))

    def with_needs(self, plan: Flags) -> Flags:
        """The plan and everything it needs, and what that needs."""
        while True:
            wider = plan | self.needs[plan].any(axis=0)
            if (wider == plan).all():
                return wider
            plan = wider


def optimum(programme: Programme) -> Flags:
    """The plan with the largest gain, exactly: a mixed-integer linear programme solved by HiGHS.

    The gain of a dimension is ``value * min(S, full + overlap * (S - full), room)``, S being the sum of the chosen
    effects. The minimum of three lines is exact in a linear programme that maximises: a variable g below all three.
    Where the value of a dimension is negative it would fall without end; there three binaries say which line holds.

    Raises
    ------
    PlanError
        HiGHS gives no optimum.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    p = programme
    A, D = p.effects.shape
    bad = np.flatnonzero(p.values < 0)
    columns = A + D + 3 * len(bad)
    rows: list[Floats] = []
    upper: list[float] = []

    def at_most(bound: float, *parts: tuple[int | slice, Floats | float]) -> None:
        row = np.zeros(columns)
        for where, factor in parts:
            row[where] += factor
        rows.append(row)
        upper.append(bound)

    unit = max(float(p.cost.max(initial=0.0)), 1e-300)
    at_most(p.budget / unit, (slice(0, A), p.cost / unit))
    for b, a in np.argwhere(p.needs):
        at_most(0.0, (int(b), 1.0), (int(a), -1.0))
    for a, b in np.argwhere(np.triu(p.excludes)):
        at_most(1.0, (int(a), 1.0), (int(b), 1.0))
    for d in range(D):
        lines = ((1.0, 0.0), (p.overlap, p.full[d] * (1 - p.overlap)), (0.0, p.room[d]))
        own = p.effects[:, d]
        if d not in bad:
            for slope, start in lines:
                at_most(start, (A + d, 1.0), (slice(0, A), -slope * own))
            continue
        first = A + D + 3 * int(np.flatnonzero(bad == d)[0])
        ends = np.array([own[own < 0].sum(), own[own > 0].sum()])
        lowest = np.min([slope * ends + start for slope, start in lines], axis=0)
        for m, (slope, start) in enumerate(lines):
            big = float((slope * ends + start - lowest).max())  # as large as it has to be, and no larger
            at_most(big - start, (A + d, -1.0), (slice(0, A), slope * own), (first + m, big))
        at_most(-1.0, (slice(first, first + 3), -1.0))
        at_most(1.0, (slice(first, first + 3), 1.0))
    size = float(np.abs(p.values).max()) or 1.0
    gain = np.zeros(columns)
    gain[A : A + D] = -p.values / size
    low, high = np.zeros(columns), np.ones(columns)
    low[:A], high[:A] = p.must, p.allowed
    low[A : A + D], high[A : A + D] = -np.inf, np.inf
    whole = np.ones(columns)
    whole[A : A + D] = 0
    found = milp(
        gain,
        constraints=LinearConstraint(csr_array(np.array(rows)), -np.inf, np.array(upper)),
        integrality=whole,
        bounds=Bounds(low, high),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None or found.status != 0:
        raise PlanError(f"no optimum was found: {found.message}")
    return lean(p, found.x[:A] > 0.5)


def lean(programme: Programme, plan: Flags) -> Flags:
    """The plan without actions that add nothing: the dearest first."""
    best = float(programme.gain(plan))
    for a in sorted(np.flatnonzero(plan & ~programme.must), key=lambda a: -programme.cost[a]):
        without = plan.copy()
        without[a] = False
        if programme.feasible(without[None])[0] and programme.gain(without) >= best - TIE * (1 + abs(best)):
            plan = without
    return plan


def greedy(programme: Programme) -> Flags:
    """The plan of always adding what gains most per money next, with what it needs, as long as it fits and gains."""
    p = programme
    plan = p.with_needs(p.must)
    while True:
        best, chosen = 0.0, None
        for a in np.flatnonzero(p.allowed & ~plan):
            one = np.zeros(len(plan), dtype=bool)
            one[a] = True
            wider = p.with_needs(plan | one)
            gain = float(p.gain(wider) - p.gain(plan))
            spent = float(p.cost[wider & ~plan].sum())
            ratio = gain / spent if spent else np.inf
            if gain > 1e-12 and ratio > best and p.feasible(wider[None])[0]:
                best, chosen = ratio, wider
        if chosen is None:
            return plan
        plan = chosen


def refuse_conflicts(programme: Programme, late: Flags, never: Sequence[str]) -> None:
    """PlanError where what must be done cannot be: it says which constraint stands against it.

    What must be done and all it needs is the smallest plan there can be, so that there is a plan exactly if this one
    keeps to every constraint.
    """
    p = programme
    if p.budget < 0:
        raise PlanError(f"budget: {p.budget:g} is below 0.")
    least = p.with_needs(p.must)
    names = [p.ids[a] for a in np.flatnonzero(least)]
    faults = []
    for a in np.flatnonzero(least & ~p.allowed):
        why = f"is in never=({', '.join(never)})" if p.ids[a] in never else "takes longer than within="
        if late[a] or p.ids[a] in never:
            faults.append(f'"{p.ids[a]}" must be done (by must= or as a prerequisite), but {why}')
    for a, b in np.argwhere(np.triu(p.excludes & least & least[:, None])):
        faults.append(f'"{p.ids[a]}" and "{p.ids[b]}" must both be done, but exclude each other')
    if p.cost[least].sum() > p.budget * (1 + 1e-12):
        faults.append(f"the budget is {p.budget:g}, but {', '.join(names)} together cost {p.cost[least].sum():g}")
    if faults:
        raise PlanError("no plan keeps to every constraint:\n" + "\n".join(f"- {fault}." for fault in faults))


def why_not(programme: Programme, a: int, late: Flags, never: Sequence[str]) -> str:
    """Why an action cannot be in any plan; empty where it can."""
    p = programme
    one = np.zeros(len(p.ids), dtype=bool)
    one[a] = True
    wider = p.with_needs(one | p.must)
    if p.ids[a] in never:
        return "never"
    if late[a]:
        return "too late"
    out = [p.ids[b] for b in np.flatnonzero(wider & ~p.allowed)]
    if out:
        return f"needs {', '.join(out)}"
    if (p.excludes & wider & wider[:, None]).any():
        return "excluded by what it needs or what must be done"
    if p.cost[wider].sum() > p.budget * (1 + 1e-12):
        return "beyond the budget with what it needs"
    return ""


def on_draw(programme: Programme, effects: Floats, values: Floats) -> Programme:
    """The programme with other effects and values."""
    return replace(programme, effects=effects, values=values)
