"""Cross-products of a large survey in a file: gapkit's stream against its own parts, decoding and matrix products.

`python benchmarks/bench_moments.py` prints the table of RESULTS.md. The file (44 columns of 1 to 7, 2 % missing) is
made in a temporary folder: at the default 50 million rows some .7 GB. The floor is what no way can do without: reading
the file's batches, and four single-precision products of a block of 131,072 rows, as often as there are blocks.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

import gapkit as gk

COLUMNS, BLOCK, GROUP = 44, 131_072, 1_000_000
ANSWERS, MISSING = 7, 0.02


def written(path: Path, rows: int, seed: int = 1) -> None:
    """A survey of many rows as Parquet; a million rows are drawn and stored again in another order."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(1, ANSWERS + 1, (COLUMNS, GROUP), dtype=np.int8)
    unanswered = rng.random((COLUMNS, GROUP)) < MISSING
    names = [f"{battery}{item:02d}" for battery in "EP" for item in range(1, COLUMNS // 2 + 1)]
    schema = pa.schema([(name, pa.int8()) for name in names])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in tqdm(range(0, rows, GROUP), desc="writing", unit="M rows"):
            turn = rng.integers(GROUP)
            order = np.roll(np.arange(min(GROUP, rows - start)), turn)
            columns = [pa.array(drawn[place][order], mask=unanswered[place][order]) for place in range(COLUMNS)]
            writer.write_table(pa.table(columns, schema=schema))


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The file's rows, a block at a time."""
    yield from pq.ParquetFile(path).iter_batches(batch_size=BLOCK)


def streamed(path: Path) -> gk.Moments:
    """What a user calls."""
    file = pq.ParquetFile(path)
    return gk.moments(pa.RecordBatchReader.from_batches(file.schema_arrow, batches(path)))


def decoded(path: Path) -> None:
    """Reading alone."""
    for _ in batches(path):
        pass


def multiplied(rows: int) -> None:
    """The matrix products alone."""
    block = np.random.default_rng(0).integers(0, 8, (COLUMNS, BLOCK)).astype(np.float32)
    for _ in range(-(-rows // BLOCK)):
        for _ in range(4):
            block @ block.T


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock time of one run."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(
        f"{os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}, one of them used), Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        path = Path(name) / "survey.parquet"
        written(path, given.rows)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = [
            (seconds(lambda: streamed(path)), seconds(lambda: decoded(path)), seconds(lambda: multiplied(given.rows)))
            for _ in range(given.rounds)
        ]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = path.stat().st_size
    ours, reading, products = (statistics.median(times) for times in zip(*found, strict=True))
    print("\n| rows x 44 | file | gk.moments | reading | products | ratio | goal | peak memory |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {given.rows:,} | {size / 1e9:.2f} GB | {ours:.1f} s | {reading:.1f} s | {products:.1f} s "
        f"| {ours / (reading + products):.2f} | at most 1.6 | {max(peak, before) / 1e6:.2f} GB |"
    )


if __name__ == "__main__":
    main()
