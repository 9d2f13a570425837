"""The search for segments: every number of them fitted, resampled, and tested against populations without the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..measure.answers import kish
from ..measure.means import checked_weights
from ..survey.phrase import phrase
from ..survey.survey import Survey
from .grid_counts import STEP, counted_on_grid
from .segment_basis import Basis, basis_of
from .segment_fits import Rows, Solution, solve
from .segment_found import Respondents, Searched
from .segment_stability import jaccards
from .segment_tables import MOSTLY_LEVEL, table_of
from .segment_tests import LEVEL, MOST_ROWS, OneMore, one_more

Floats = NDArray[np.floating]
Tick = Callable[[int], None]

FEWEST = 20
"""Respondents below which nothing is searched."""
WORTH_A_GRID = 0.8
"""Cells for each respondent above which a grid saves nothing and only blurs: so it is with many items."""


class SegmentsCancelled(Exception):
    """The search was stopped by its `cancel`."""


def respondents_of(survey: Survey, *, on: str, level: str, centre: str | None) -> tuple[Respondents, Basis]:
    """Those with every score, and how they were scored; ValueError where they are too few."""
    basis, still = basis_of(survey, on=on, level=level, centre=centre)
    answers = basis.points_of(survey)
    features = basis.features_of(answers)
    weights = checked_weights(survey.weights)
    used: NDArray[np.bool_] = np.asarray(np.isfinite(features).all(axis=1))
    if weights is not None:
        used &= weights > 0
    n = int(used.sum())
    if n < FEWEST:
        raise ValueError(
            phrase(
                "{source}: {respondents} respondents have every score; segments need at least {fewest}.",
                source=survey.source,
                respondents=n,
                fewest=FEWEST,
            )
        )
    w = np.ones(n) if weights is None else weights[used]
    w = w * (kish(w) / w.sum())
    people = Respondents(
        index=survey.respondents.index[used],
        answers=answers[used],
        features=features[used],
        weights=w,
        middle=w @ (features[used] @ basis.axes) / w.sum(),
        left_out=survey.n - n,
        still=tuple(still),
        weighted=weights is not None,
    )
    return people, basis


def searched(
    people: Respondents,
    basis: Basis,
    *,
    structure: str | None,
    most: int,
    starts: int,
    draws: int,
    resamples: int,
    seed: int,
    grid_above: int,
    progress: bool | Callable[[float], None],
    cancel: Callable[[], bool] | None,
) -> Searched:
    """Search the numbers of segments from 1 to `most`; see `segment`."""
    if basis.sums_fixed and structure in ("EEI", "VVI"):
        raise ValueError(
            f'covariance="{structure}" belongs to features that vary on their own, but these add up to the same for '
            'everybody. Use "EEE" or "VVV".'
        )
    n = len(people.index)
    rows, cells = Rows(people.features @ basis.axes - people.middle, people.weights, np.ones(n)), None
    if n > grid_above:
        grid = Rows(*counted_on_grid(rows.x, rows.weights, step=STEP * (10 if basis.split else 1)))
        if len(grid.x) <= WORTH_A_GRID * n:
            rows, cells = grid, len(grid.x)
    most = max(1, min(most, n // 5))
    rng = np.random.default_rng([seed, 0])
    chosen = np.sort(rng.permutation(n)[:MOST_ROWS])
    tests: list[OneMore] = []
    jaccard = []
    with _ticking(most * (starts + resamples) + 3 * draws, progress, cancel) as tick:

        def test(solution: Solution, basis: Basis, middle: Floats) -> OneMore:
            """The solution against more segments, on those chosen for tests."""
            answers, weights = people.answers[chosen], people.weights[chosen]
            return one_more(answers, basis, solution, middle, weights, draws=draws, seed=seed, tick=tick)

        solutions = []
        for k in range(1, most + 1):
            solutions.append(solve(rows, k, structure=structure, starts=starts, rng=rng))
            tick(starts)
            jaccard.append(jaccards(rows, solutions[-1], draws=resamples, seed=seed, tick=tick))
        for solution in solutions[:-1] if draws else ():
            tests.append(test(solution, basis, people.middle))
            if tests[-1].p > LEVEL:
                break
        table = table_of(rows, basis, solutions, jaccard, tests)
        if not draws and structure is not None:
            recommended = 1 + int(table["bic"].to_numpy().argmin())
        else:
            recommended = len(tests) if tests and tests[-1].p > LEVEL else len(tests) + 1
        inside = None
        level = float(table["level_share"].to_numpy()[recommended - 1])
        if recommended > 1 and basis.centre is None and draws and level >= MOSTLY_LEVEL:
            centred = replace(basis, centre="person")
            x = centred.features_of(people.answers) @ centred.axes
            whole = Rows(x - people.weights @ x / people.weights.sum(), people.weights, np.ones(n))
            one = solve(whole, 1, structure="EEE" if structure else None, starts=1, rng=rng)
            inside = test(one, centred, people.weights @ x / people.weights.sum())
    return Searched(
        people=people,
        structure=structure,
        solutions=tuple(solutions),
        jaccard=tuple(jaccard),
        tests=tuple(tests),
        table=table,
        recommended=recommended,
        cells=cells,
        tested=len(chosen),
        own_level_out=inside,
    )


@contextmanager
def _ticking(total: int, progress: bool | Callable[[float], None], cancel: Callable[[], bool] | None) -> Iterator[Tick]:
    """A function that is told how many units were done: it shows or tells the share done, and stops when cancelled."""
    from tqdm.auto import tqdm

    done = 0
    with tqdm(total=total, desc="segments", delay=1, disable=None if progress is True else True, leave=False) as bar:

        def tick(units: int) -> None:
            nonlocal done
            done += units
            bar.update(units)
            if callable(progress):
                progress(min(done / total, 1.0))
            if cancel is not None and cancel():
                raise SegmentsCancelled("The search for segments was stopped.")

        tick(0)
        yield tick
        if callable(progress):
            progress(1.0)
