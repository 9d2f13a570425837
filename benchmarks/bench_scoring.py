"""Scoring of 1,000,000 and 10,000,000 respondents x 44 answers: gapkit.measure.scores against pandas, run in turn.

`python benchmarks/bench_scoring.py` prints the tables of RESULTS.md; `--rows 1000000` runs one size only.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from gapkit import load_instrument
from gapkit.measure.scores import score

SERVQUAL = load_instrument("servqual")
MEMBERS = {dimension.id: list(dimension.items) for dimension in SERVQUAL.dimensions}
MISSING = (0.0, 0.02)
DIMENSION_OF = [item.dimension for item in SERVQUAL.items]


def answers(rows: int, missing: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Expectations and perceptions, rows x 22 int8 with contiguous columns, 0 = unanswered."""
    rng = np.random.default_rng(seed)
    batteries = np.empty((2, 22, rows), np.int8)
    for battery, lowest in zip(batteries, (4, 1), strict=True):
        for item in battery:
            item[:] = rng.integers(lowest, 8, rows, dtype=np.int8)
            if missing:
                item[rng.random(rows, dtype=np.float32) < missing] = 0
    return batteries[0].T, batteries[1].T


def by_groupby(E: pd.DataFrame, P: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.DataFrame, pd.Series]:
    """The plain way: a frame of gaps, column means, grouped dimension means, row means."""
    gap = P - E
    respondents = gap.T.groupby(DIMENSION_OF, sort=False).mean().T
    return gap.mean(), respondents.mean(), respondents, gap.mean(axis=1)


def by_lists(E: pd.DataFrame, P: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """The quickest way found in pandas: a list of columns per dimension, and only what `score` returns."""
    gap = P - E
    respondents = pd.DataFrame({name: gap[items].mean(axis=1) for name, items in MEMBERS.items()})
    return gap.mean(), respondents.mean(), respondents


def frames(E: np.ndarray, P: np.ndarray, missing: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What pandas works on: the int8 answers themselves, or float32 with NaN where some are missing."""
    tables = [pd.DataFrame(x, columns=list(SERVQUAL.item_ids), copy=False) for x in (E, P)]
    return tuple(table.astype(np.float32).where(table > 0) for table in tables) if missing else tuple(tables)


def agree(ours: object, plain: tuple) -> None:
    """Stop unless both sides computed the same."""
    np.testing.assert_allclose(ours.items["gap"], plain[0], atol=1e-6)
    np.testing.assert_allclose(ours.dimensions["gap"], plain[1], atol=1e-6)
    np.testing.assert_allclose(ours.respondents[:1000], plain[2].iloc[:1000], atol=1e-5)


def seconds(run: Callable[[], object]) -> float:
    """Seconds of one call; its result is freed outside the clock."""
    start = time.perf_counter()
    result = run()
    took = time.perf_counter() - start
    del result
    return took


def compare(rows: int, missing: float, rounds: int) -> None:
    """Print one table row: medians over rounds in which every way runs once."""
    E, P = answers(rows, missing)
    e, p = frames(E, P, missing)
    ways: dict[str, Callable[[], object]] = {
        "groupby": lambda: by_groupby(e, p),
        "lists": lambda: by_lists(e, p),
        "one": lambda: score(E, P, SERVQUAL, threads=1),
        "all": lambda: score(E, P, SERVQUAL),
    }
    agree(score(E, P, SERVQUAL), by_lists(e, p))
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, run in ways.items():
            times[name].append(seconds(run))
    m = {name: statistics.median(own) for name, own in times.items()}
    kind = f"{missing:.0%} missing (pandas: float32, NaN)" if missing else "complete (pandas: int8)"
    print(
        f"| {rows:,} | {kind} | {m['groupby']:.3f} | {m['lists']:.3f} | {m['one']:.3f} | {m['all']:.3f} "
        f"| {m['groupby'] / m['one']:.1f} x | {m['lists'] / m['one']:.1f} x "
        f"| {m['groupby'] / m['all']:.1f} x | {m['lists'] / m['all']:.1f} x |",
        flush=True,
    )


def resident_peak() -> int:
    """The most memory this program has held, in bytes (getrusage would pass on its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def peak(rows: int, missing: float) -> None:
    """In a process of its own: print the peak of resident memory, above an idle gapkit, over the answers' size."""
    score(*answers(1000, missing), SERVQUAL)
    idle = resident_peak()
    E, P = answers(rows, missing)
    scores = score(E, P, SERVQUAL)
    most = resident_peak() - idle
    size, result = E.nbytes + P.nbytes, scores.respondents.nbytes
    print(
        f"| {rows:,} | {missing:.0%} | {size / 1e6:.0f} MB | {result / 1e6:.0f} MB | {most / 1e6:.0f} MB "
        f"| {most / size:.2f} |",
        flush=True,
    )


def machine() -> str:
    """Cores, memory and versions; no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}, numpy {np.__version__}, "
        f"pandas {pd.__version__}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peak", type=float, help="measure memory only, with this share missing")
    given = parser.parse_args()
    if given.peak is not None:
        peak(given.rows[0], given.peak)
        return
    print(f"{machine()}\n\nSeconds, medians of {given.rounds} rounds:\n")
    print(
        "| rows | answers | pandas groupby | pandas lists | gapkit, 1 thread | gapkit, all threads "
        "| groupby/1 | lists/1 | groupby/all | lists/all |\n|" + 10 * "---|"
    )
    for rows in given.rows:
        for missing in MISSING:
            compare(rows, missing, given.rounds)
    print("\nPeak memory, each in a process of its own:\n")
    print("| rows | missing | answers | scores returned | peak, answers included | peak / answers |\n|" + 6 * "---|")
    sys.stdout.flush()
    for rows in given.rows:
        for missing in MISSING:
            subprocess.run([sys.executable, __file__, "--rows", str(rows), "--peak", str(missing)], check=True)


if __name__ == "__main__":
    main()
