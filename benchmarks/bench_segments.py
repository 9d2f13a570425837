"""How long a search for segments takes, and silhouettes beside scikit-learn's.

`python benchmarks/bench_segments.py` prints the tables; `--n` changes the number of respondents.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

import gapkit as gk
from gapkit.explain.silhouettes import silhouettes
from gapkit.survey.truth import Truth


def timed(run: object, rounds: int) -> tuple[float, object]:
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


def searches(sizes: list[int]) -> None:
    """Everything `segment` does by default: k = 1..8, 20 starts, 50 resamples, tests."""
    print("| gk.segment, k = 1..8, 50 resamples, tests | clock | processor | |\n|---|---|---|---|")
    for n in sizes:
        survey = gk.simulate(n=n, seed=3, truth=Truth(missing=0.02))
        for method in ("kmeans", "profiles"):
            for on in ("perceptions", "gaps"):
                began, work = time.perf_counter(), time.process_time()
                found = gk.segment(survey, on=on, method=method, progress=False)
                took = time.perf_counter() - began, time.process_time() - work
                print(
                    f"| {method}, {on}, n = {n:,} | {took[0]:.1f} s | {took[1]:.1f} s | {found.headline} |", flush=True
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    silhouette(10_000, given.rounds)
    searches(given.n)


if __name__ == "__main__":
    main()
