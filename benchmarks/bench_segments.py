"""How long a search for segments takes, what a grid does to a very large one, and silhouettes beside scikit-learn's.

`python -m benchmarks.bench_segments` prints the tables; `--parts`, `--n` and `--large` change what is run.
"""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import gapkit as gk
from benchmarks.segments_simulation import adjusted_rand, three
from gapkit.explain.silhouettes import silhouettes
from gapkit.survey.hotel_plan import people
from gapkit.survey.population import population
from gapkit.survey.simulate import draw
from gapkit.survey.survey import Survey
from gapkit.survey.truth import Truth

APART = 1.3
"""Shift of the planted segments in factor standard deviations; their nearest means then lie 4 apart."""


def timed(run: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """Median of the clock in seconds, and what came out."""
    clock = []
    for _ in range(rounds):
        began = time.perf_counter()
        found = run()
        clock.append(time.perf_counter() - began)
    return float(np.median(clock)), found


def silhouette(n: int, rounds: int) -> None:
    """All silhouettes of 2 to 8 segments, beside scikit-learn's default and the same metric."""
    from sklearn.metrics import silhouette_score

    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 5))
    labels = [rng.integers(0, k, n) for k in range(2, 9)]
    ours, found = timed(lambda: [silhouettes(x, one).mean() for one in labels], rounds)
    default, _ = timed(lambda: [silhouette_score(x, one) for one in labels], 1)
    same, expected = timed(lambda: [silhouette_score(x, one, metric="sqeuclidean") for one in labels], 1)
    print(
        "| silhouettes, k = 2..8 | gapkit | scikit-learn, default | ratio | scikit-learn, sqeuclidean | ratio | "
        "largest difference |\n|---|---|---|---|---|---|---|"
    )
    print(
        f"| n = {n:,} | {1000 * ours:.1f} ms | {default:.2f} s | {default / ours:.0f} x | {same:.2f} s | "
        f"{same / ours:.0f} x | {np.abs(np.subtract(found, expected)).max():.0e} |\n",
        flush=True,
    )


def surveys(n: int) -> list[tuple[str, Survey, dict[str, Any]]]:
    """Without segments; with three planted ones; and new guests of the hotels, whose own level is taken out."""
    nothing = gk.simulate(n=n, seed=3, truth=Truth(missing=0.02))
    planted = draw(population(three(APART)), n=n, seed=(1, 0)).survey()
    guests = draw(people(), n=n, seed=3).survey()
    return [
        ("none, perceptions", nothing, {"on": "perceptions"}),
        ("none, gaps", nothing, {"on": "gaps"}),
        ("three, perceptions", planted, {"on": "perceptions"}),
        ("three, hotel guests' gaps, centred", guests, {"on": "gaps", "centre": "person"}),
    ]


def searches(sizes: list[int], rounds: int) -> None:
    """Everything `segment` does by default: k = 1..8, 20 starts, 50 resamples, tests; the best of some rounds."""
    print(
        "| k = 1..8, 50 resamples, tests | segments planted | n | clock | processor | draws | |\n"
        "|---|---|---|---|---|---|---|"
    )
    for n in sizes:
        for planted, survey, how in surveys(n):
            for method in ("kmeans", "profiles"):
                clock, work = [], []
                for _ in range(rounds):
                    began, worked = time.perf_counter(), time.process_time()
                    found = gk.segment(survey, method=method, progress=False, **how)
                    clock.append(time.perf_counter() - began)
                    work.append(time.process_time() - worked)
                drawn = ", ".join(str(number) for number in found.table["draws"] if number)
                print(
                    f"| {method} | {planted} | {n:,} | {min(clock):.1f} s | {min(work):.1f} s | {drawn} | "
                    f"{found.headline} |",
                    flush=True,
                )
    print(f"load {os.getloadavg()[0]:.1f}\n")


def grids(sizes: list[int], full: int) -> None:
    """Very many respondents, three planted segments: the whole search on a grid, and its fits beside those without."""
    print(
        "| n | method | cells | search on the grid | memory beside the survey's | fits alone, grid | without | "
        "ARI of the two at three | largest difference of centres | ARI with the planted ones |\n"
        "|---|---|---|---|---|---|---|---|---|---|"
    )
    for n in sizes:
        survey = draw(population(three(APART)), n=n, seed=(1, 0)).survey()
        for method in ("kmeans", "profiles"):
            search = partial(gk.segment, survey, method=method, n_segments=3, progress=False)
            fits = partial(search, draws=0, resamples=0, max_segments=4)
            whole, _ = timed(search, 1)
            quick, grid = timed(fits, 1)
            tracemalloc.start()
            fits()
            memory = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
            beside = ["", "", ""]
            if n <= full:
                slow, exact = timed(partial(fits, grid_above=n), 1)
                same = adjusted_rand(exact.membership.to_numpy(), grid.membership.to_numpy())
                apart = np.abs(exact.centres.to_numpy() - grid.centres.to_numpy()).max()
                beside = [f"{slow:.1f} s", f"{same:.3f}", f"{apart:.3f} points"]
            labels = survey.respondents.loc[grid.posterior.index, "truth_segment"].to_numpy()
            found = adjusted_rand(labels, grid.membership.to_numpy())
            cells = [f"{n:,}", method, f"{grid.found.cells:,}", f"{whole:.1f} s", f"{memory:.0f} MB", f"{quick:.1f} s"]
            print(f"| {' | '.join([*cells, *beside, f'{found:.3f}'])} |", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", default=["silhouettes", "searches", "grids"])
    parser.add_argument("--n", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--large", type=int, nargs="+", default=[300_000, 1_000_000])
    parser.add_argument("--full", type=int, default=300_000, help="up to so many, a fit without the grid beside it")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if "silhouettes" in given.parts:
        silhouette(10_000, given.rounds)
    if "searches" in given.parts:
        searches(given.n, given.rounds)
    if "grids" in given.parts:
        grids(given.large, given.full)


if __name__ == "__main__":
    main()
