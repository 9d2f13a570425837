"""Correlations, number of factors, factor analysis, bootstraps: gapkit against the tools in use, run in turn.

`python benchmarks/bench_factors.py` prints the table of RESULTS.md. R (psych, lavaan) takes part where Rscript is
installed; its seconds are measured inside R, without its start-up. What takes R minutes is run for fewer draws and
scaled up; the table says which.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import gapkit as gk
from gapkit.measure.extraction import extract

DIMENSIONS = {"A": range(4), "B": range(4, 9), "C": range(9, 13), "D": range(13, 17), "E": range(17, 22)}
R_TASKS = {
    "psych polychoric": "psych::polychoric(x, correct = 0)",
    "lavaan polychoric": "lavaan::lavCor(as.data.frame(x), ordered = colnames(x))",
    "psych efa": 'for (i in 1:20) psych::fa(R, 5, n.obs = nrow(x), fm = "minres", rotate = "oblimin")',
    "psych efa, not rotated": 'for (i in 1:20) psych::fa(R, 5, n.obs = nrow(x), fm = "minres", rotate = "none")',
    "psych parallel, components": 'psych::fa.parallel(x, n.iter = 1000, fa = "pc", plot = FALSE)',
    "psych parallel, SMC": 'psych::fa.parallel(x, n.iter = 1000, fa = "fa", SMC = TRUE, plot = FALSE)',
    "psych polychoric parallel": "for (i in 1:2) psych::polychoric(apply(x, 2, sample), correct = 0)",
    "psych bootstrap": 'psych::fa(x, 5, fm = "minres", rotate = "oblimin", n.iter = 500)',
}
SCRIPT = """
options(mc.cores = 1); arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages({{library(psych); library(GPArotation); library(lavaan)}})
x <- as.matrix(read.csv(arguments[1])); R <- cor(x)
invisible(capture.output(spent <- suppressWarnings(suppressMessages(system.time({task})))))
cat(spent[["elapsed"]])
"""


class Row(NamedTuple):
    """One task: our way, and each peer with the factor its time is scaled by."""

    task: str
    ours: Callable[[], object]
    peers: dict[str, tuple[Callable[[], float], float]]
    goal: str


def simulated(n: int = 500, seed: int = 1) -> pd.DataFrame:
    """22 skewed 5-point items on five correlated factors."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal(np.zeros(5), np.where(np.eye(5, dtype=bool), 1.0, 0.4), n)
    home = np.repeat(np.arange(5), [4, 5, 4, 4, 5])
    latent = 0.75 * factors[:, home] + np.sqrt(1 - 0.75**2) * rng.standard_normal((n, 22))
    points = 1 + (latent[..., None] > np.array([-1.9, -1.4, -0.8, 0.1])).sum(axis=2)
    return pd.DataFrame(points, columns=[f"q{number:02d}" for number in range(1, 23)])


def seconds(run: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def in_r(task: str, folder: Path) -> float:
    """Seconds that R measured for one task, start-up left out."""
    script = folder / "task.R"
    script.write_text(SCRIPT.format(task=R_TASKS[task]))
    done = subprocess.run(
        ["Rscript", str(script), str(folder / "answers.csv")], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def pingouin_loop(answers: pd.DataFrame, draws: int) -> float:
    """Seconds of bootstrapping alpha of the whole and five dimensions by pingouin, one draw at a time."""
    import pingouin

    rng = np.random.default_rng(0)
    scales = [answers, *(answers.iloc[:, list(columns)] for columns in DIMENSIONS.values())]
    start = time.perf_counter()
    for _ in range(draws):
        rows = rng.integers(0, len(answers), len(answers))
        for scale in scales:
            pingouin.cronbach_alpha(scale.iloc[rows])
    return time.perf_counter() - start


def factor_analyzer_loop(answers: pd.DataFrame, draws: int) -> float:
    """Seconds of parallel analysis as tutorials write it: eigenvalues of one random sample after another."""
    from factor_analyzer.utils import corr, smc

    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(draws):
        matrix = corr(rng.standard_normal(answers.shape))
        np.fill_diagonal(matrix, smc(matrix).ravel())
        np.linalg.eigvalsh(matrix)
    return time.perf_counter() - start


def eigenvalues_alone(draws: int = 1000, k: int = 22) -> float:
    """Seconds of the eigenvalues that any parallel analysis needs."""
    matrices = np.random.default_rng(0).standard_normal((draws, k, k))
    matrices += matrices.swapaxes(1, 2)
    return seconds(lambda: np.linalg.eigvalsh(matrices))


def rows(answers: pd.DataFrame, folder: Path) -> list[Row]:
    """The tasks; each of ours is what a user would call."""
    scales = {name: [answers.columns[place] for place in places] for name, places in DIMENSIONS.items()}
    matrix = gk.correlation(answers)

    def r(task: str, scale: float = 1.0) -> tuple[Callable[[], float], float]:
        """A task of R."""
        return lambda: in_r(task, folder), scale

    def polychoric_parallel() -> None:
        """100 shufflings."""
        gk.retention(answers, kind="polychoric", permutations=100, seed=0)

    return [
        Row(
            "polychoric matrix",
            lambda: gk.polychoric(answers),
            {"psych": r("psych polychoric"), "lavaan": r("lavaan polychoric")},
            "100 x psych, 20 x lavaan",
        ),
        Row(
            "parallel analysis, 1000 draws",
            lambda: gk.retention(matrix, draws=1000, seed=0),
            {
                "psych, components only": r("psych parallel, components"),
                "psych, SMC": r("psych parallel, SMC"),
                "loop with factor_analyzer's smc (of 100)": (lambda: factor_analyzer_loop(answers, 100), 10.0),
                "1000 eigvalsh alone": (eigenvalues_alone, 1.0),
            },
            "25 x psych; eigvalsh at least 0.4 x",
        ),
        Row(
            "polychoric parallel analysis, 100 permutations",
            polychoric_parallel,
            {"psych (of 2)": r("psych polychoric parallel", 50.0)},
            "200 x",
        ),
        Row(
            "bootstrap EFA + oblimin, 500 draws",
            lambda: gk.bootstrap_efa(answers, n_factors=5, kind="pearson", draws=500, progress=False),
            {"psych": r("psych bootstrap")},
            "15 x",
        ),
        Row(
            "bootstrap alpha, total + 5 dimensions, 2000 draws",
            lambda: gk.bootstrap_alpha(answers, scales={"total": [*answers.columns], **scales}, draws=2000, seed=0),
            {"pingouin loop (of 50)": (lambda: pingouin_loop(answers, 50), 40.0)},
            "150 x",
        ),
        Row(
            "EFA of one matrix, minres + oblimin (10 starts)",
            lambda: gk.efa(matrix, n_factors=5, n_respondents=len(answers)),
            {"psych (1 start, mean of 20)": r("psych efa", 1 / 20)},
            "none: psych rotates from one start",
        ),
        Row(
            "EFA of one matrix, minres, not rotated",
            lambda: gk.efa(matrix, n_factors=5, n_respondents=len(answers), rotation="none"),
            {"psych, not rotated (mean of 20)": r("psych efa, not rotated", 1 / 20)},
            "5 x",
        ),
        Row(
            "its extraction alone",
            lambda: extract(matrix.to_numpy(), 5),
            {"psych, not rotated (mean of 20)": r("psych efa, not rotated", 1 / 20)},
            "5 x",
        ),
    ]


def machine() -> str:
    """Cores, load and versions; no names."""
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}"
    if shutil.which("Rscript"):
        found = subprocess.run(
            ["Rscript", "-e", 'cat(R.version$major, R.version$minor, format(packageVersion("psych")), sep = " ")'],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        versions += f", R {found[0]}.{found[1]}, psych {found[2]}"
    return f"{os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}), {versions}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-r", action="store_true", help="leave R out")
    given = parser.parse_args()
    answers = simulated()
    print(f"{machine()}\nn = 500, p = 22, medians of {given.rounds} rounds, both sides in turn\n")
    print("| task | gapkit | peer | its time | ratio | goal |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        answers.to_csv(folder / "answers.csv", index=False)
        without_r = given.no_r or shutil.which("Rscript") is None
        for row in rows(answers, folder):
            peers = {
                peer: run for peer, run in row.peers.items() if not (without_r and peer.startswith(("psych", "lavaan")))
            }
            row.ours()
            own: list[float] = []
            theirs: dict[str, list[float]] = {peer: [] for peer in peers}
            for _ in range(given.rounds):
                own.append(min(seconds(row.ours) for _ in range(3)))
                for peer, (run, scale) in peers.items():
                    theirs[peer].append(scale * run())
            ours = statistics.median(own)
            for peer, times in theirs.items():
                other = statistics.median(times)
                print(
                    f"| {row.task} | {1000 * ours:.1f} ms | {peer} | {1000 * other:,.0f} ms | {other / ours:.3g} x "
                    f"| {row.goal} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
