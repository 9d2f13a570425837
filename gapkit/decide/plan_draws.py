"""The best plan in every draw of effects and values, exactly, for all draws at once.

A solver takes tens of milliseconds a draw. Here a bound over all plans, from Lagrange multipliers found
for all draws together, says how much of it each single choice forgoes. Plans that forgo more than the distance between
the bound and the best plan known cannot be better; the others, some hundreds, are all looked at. A draw with too many
of them is given to the solver.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .programme import TIE, Flags, Floats, Programme, on_draw, optimum

ROUNDS = 80
"""Steps of the multipliers, twice: before and after the best plans known are shared between the draws."""
MOST_PLANS = 50_000
"""Plans of one draw that are looked at before it goes to the solver."""


def best_in_draws(
    programme: Programme, effects: Floats, values: Floats, *, known: Flags, tick: Callable[[int], object]
) -> tuple[Flags, int]:
    """The plan with the largest gain in each draw, and how many draws the solver had to settle.

    Parameters
    ----------
    programme : Programme
    effects : array, (draws x A x D)
    values : array, (draws x D)
    known : array of bool, (m x A)
        Plans that keep to every constraint; at least one.
    tick : callable
        Told how many draws are done.

    Notes
    -----
    For multipliers y >= 0 of the constraints ``M z <= b`` and slopes s between 0 and 1, a plan z gains at most
    ``y'b + sum_d h_d(s_d) + sum_a r_a z_a`` with ``r = E (v s) - M'y`` and ``h_d(s) = v_d max_S (f_d(S) - s S)``, the
    maximum being at a kink of f. So choosing z_a against the sign of r_a forgoes abs(r_a) of the bound. Where a value
    is negative, f is replaced by its chord, which lies below it.
    """
    draws, A, _ = effects.shape
    if A > 62:
        plans = _by_solver(programme, effects, values, range(draws), tick)
        return plans, draws
    rows, bounds = _rows(programme)
    start: tuple[Floats, Floats] = np.zeros((draws, len(rows))), np.full(values.shape, (1 + programme.overlap) / 2)
    plans = known
    for _ in range(2):
        level = programme.gain(plans, effects, values[:, None, :]).max(axis=1)
        bound, reduced, start = _multipliers(programme, effects, values, rows, bounds, level, start)
        plans = np.unique(np.vstack([plans, _greedy(programme, effects, values, reduced)]), axis=0)
    level = programme.gain(plans, effects, values[:, None, :]).max(axis=1)
    slack = bound - level + 1e-9 * (1 + np.abs(level))
    draw, bits, hard = _within(programme, reduced, slack)
    best = np.zeros((draws, A), dtype=bool)
    gains, costs = level - 1 - np.abs(level), np.full(draws, np.inf)  # below a plan that is known
    for begin in range(0, len(draw), 200_000):
        part = slice(begin, begin + 200_000)
        some = (bits[part, None] >> np.arange(A)) & 1 == 1
        ok = programme.feasible(some)
        of, some = draw[part][ok], some[ok]
        points = _points(some, effects, of)
        gain, cost = (programme.counted(points) * values[of]).sum(axis=1), some @ programme.cost
        before = gains.copy()
        np.maximum.at(gains, of, gain)
        near = gain >= gains[of] - TIE * (1 + np.abs(gains[of]))
        costs[gains > before + TIE * (1 + np.abs(gains))] = np.inf  # a clearly better plan: the old one's cost is void
        for i in np.flatnonzero(near):
            if cost[i] < costs[of[i]]:
                best[of[i]], costs[of[i]] = some[i], cost[i]
    tick(draws - len(hard))
    if len(hard):
        best[hard] = _by_solver(programme, effects, values, hard, tick)
    return best, len(hard)


def _points(plans: Flags, effects: Floats, of: NDArray[np.intp]) -> Floats:
    """The summed effects of each plan in its own draw."""
    points = np.empty((len(plans), effects.shape[2]))
    order = np.argsort(of, kind="stable")
    number, first = np.unique(of[order], return_index=True)
    for d, own in zip(number, np.split(order, first[1:]), strict=True):
        points[own] = plans[own].astype(float) @ effects[d]
    return points


def _rows(p: Programme) -> tuple[Floats, Floats]:
    """Budget, prerequisites and exclusions as M z <= b."""
    A = len(p.ids)
    unit = max(p.budget, float(p.cost.max(initial=0.0)), 1e-300)
    rows, bounds = [p.cost / unit], [p.budget / unit]
    for first, second, sign, most in (
        *((b, a, -1.0, 0.0) for b, a in np.argwhere(p.needs)),
        *((a, b, 1.0, 1.0) for a, b in np.argwhere(np.triu(p.excludes))),
    ):
        row = np.zeros(A)
        row[first], row[second] = 1.0, sign
        rows.append(row)
        bounds.append(most)
    return np.array(rows), np.array(bounds)


def _multipliers(
    p: Programme, effects: Floats, values: Floats, M: Floats, b: Floats, level: Floats, start: tuple[Floats, Floats]
) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
    """The lowest bound found in each draw, its reduced gains r (draws x A), and the multipliers for another go."""
    bad = values < 0
    usable = effects * p.allowed[:, None]
    least, most = np.minimum(usable, 0).sum(axis=1), np.maximum(usable, 0).sum(axis=1)
    low, high = p.counted(least), p.counted(most)
    chord = np.divide(high - low, most - least, out=np.ones_like(low), where=most > least)
    # kinks of f: where the second line begins, and where the room ends
    second = (p.room - p.full * (1 - p.overlap)) / p.overlap if p.overlap > 0 else np.full_like(p.room, np.inf)
    kinks = np.stack([np.minimum(p.full, p.room), np.where(p.room > p.full, second, p.room)])
    kinks = np.where(np.isfinite(kinks), kinks, kinks[0])
    at_kinks = p.counted(kinks)
    y, s = start[0].copy(), np.where(bad, chord, start[1])
    lowest, kept = np.full(len(values), np.inf), (y, s)
    reduced = np.zeros(effects.shape[:2])
    pace = np.ones(len(values))
    for _ in range(ROUNDS):
        r = np.matmul(effects, (values * s)[..., None])[..., 0] - y @ M
        z = ((r > 0) & p.allowed) | p.must
        over = at_kinks[:, None, :] - kinks[:, None, :] * s  # kinks x draws x D
        which = over.argmax(axis=0)
        h = values * np.where(bad, low - chord * least, over.max(axis=0))
        bound = y @ b + h.sum(axis=1) + (r * z).sum(axis=1)
        better = bound < lowest - 1e-12
        lowest[better], reduced[better] = bound[better], r[better]
        kept = (np.where(better[:, None], y, kept[0]), np.where(better[:, None], s, kept[1]))
        pace = np.where(better, pace, pace * 0.95)
        slope_y = b - z @ M.T
        points = np.matmul(z[:, None, :].astype(float), effects)[:, 0]
        slope_s = np.where(bad, 0.0, values * (points - np.take_along_axis(kinks, which, axis=0)))
        steep = (slope_y**2).sum(axis=1) + (slope_s**2).sum(axis=1)
        step = np.divide(pace * (bound - level), steep, out=np.zeros_like(steep), where=steep > 0)[:, None]
        y, s = np.maximum(y - step * slope_y, 0.0), np.where(bad, chord, np.clip(s - step * slope_s, 0.0, 1.0))
    return lowest, reduced, (kept[0], kept[1])


def _greedy(p: Programme, effects: Floats, values: Floats, reduced: Floats) -> Flags:
    """In each draw: actions in the order of their reduced gains, each taken if it fits, gains, and may be."""
    draws = len(reduced)
    plan = np.repeat(p.with_needs(p.must)[None], draws, axis=0)
    points = np.matmul(plan[:, None, :].astype(float), effects)[:, 0]
    spent, gain = plan @ p.cost, (p.counted(points) * values).sum(axis=1)
    order, every = np.argsort(-reduced, axis=1), np.arange(draws)
    for _ in range(2):  # what waits for a prerequisite gets a second chance
        for a in order.T:
            wider = points + effects[every, a]
            more = (p.counted(wider) * values).sum(axis=1)
            fits = p.allowed[a] & ~plan[every, a] & (spent + p.cost[a] <= p.budget) & (more > gain)
            fits &= ~(p.excludes[a] & plan).any(axis=1) & ~(p.needs[a] & ~plan).any(axis=1)
            plan[every[fits], a[fits]] = True
            points[fits], gain[fits] = wider[fits], more[fits]
            spent += np.where(fits, p.cost[a], 0.0)
    return plan


def _within(
    p: Programme, reduced: Floats, slack: Floats
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.intp]]:
    """Every plan that forgoes at most the slack of its draw: draw, plan as bits; and the draws that have too many."""
    draws, A = reduced.shape
    order = np.argsort(-np.abs(reduced), axis=1)
    draw, bits = np.arange(draws), np.zeros(draws, dtype=np.int64)
    loss, spent, hard = np.zeros(draws), np.zeros(draws), np.zeros(draws, dtype=bool)
    for position in range(A):
        a = order[draw, position]
        r = reduced[draw, a]
        out = (loss + np.maximum(r, 0.0) <= slack[draw]) & ~p.must[a]
        cost = spent + p.cost[a]
        in_loss = loss + np.where(p.must[a], 0.0, np.maximum(-r, 0.0))
        into = (in_loss <= slack[draw]) & (cost <= p.budget * (1 + 1e-12)) & p.allowed[a]
        out |= ~p.allowed[a]  # what may not be chosen forgoes nothing: the bound never counted on it
        left = np.where(p.allowed[a], loss + np.maximum(r, 0.0), loss)
        draw = np.concatenate([draw[out], draw[into]])
        bits = np.concatenate([bits[out], bits[into] | (np.int64(1) << a[into])])
        loss, spent = np.concatenate([left[out], in_loss[into]]), np.concatenate([spent[out], cost[into]])
        crowded = np.bincount(draw, minlength=draws) > MOST_PLANS
        if crowded.any():
            hard |= crowded
            stay = ~crowded[draw]
            draw, bits, loss, spent = draw[stay], bits[stay], loss[stay], spent[stay]
    return draw, bits, np.flatnonzero(hard)


def _by_solver(
    p: Programme, effects: Floats, values: Floats, which: NDArray[np.intp] | range, tick: Callable[[int], object]
) -> Flags:
    """The best plan of some draws, one after the other."""
    plans = np.zeros((len(which), len(p.ids)), dtype=bool)
    for i, d in enumerate(which):
        plans[i] = optimum(on_draw(p, effects[d], values[d]))
        tick(1)
    return plans
