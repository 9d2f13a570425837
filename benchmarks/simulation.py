"""Does the factor engine find what was planted? Simulated surveys with known loadings, skewed 5-point answers.

`python benchmarks/simulation.py` prints the tables of RESULTS.md (a few minutes); sizes and seed are options.
"""

from __future__ import annotations

import argparse
import datetime
import time

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from gapkit.measure.factor_draws import Align
from gapkit.measure.factors import efa
from gapkit.measure.matching import arranged_like
from gapkit.measure.retention import retention
from gapkit.measure.stability import bootstrap_efa

SIZES = (4, 5, 4, 4, 5)
"""Items of the five factors, as in SERVQUAL."""
PATTERN = np.zeros((sum(SIZES), len(SIZES)))
for _factor, _end in enumerate(np.cumsum(SIZES)):
    _own = slice(_end - SIZES[_factor], _end)
    PATTERN[_own, _factor] = np.linspace(0.6, 0.85, SIZES[_factor])
OWN = PATTERN > 0
CUTS = (-1.9, -1.4, -0.8, 0.1)
"""Borders of the five points on the normal scale: 3 %, 5 %, 13 %, 33 % and 46 % of the answers, skewness about -1.2."""


def sample(n: int, correlation: float, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of n respondents whose factors all correlate alike."""
    k = len(SIZES)
    phi = np.where(np.eye(k, dtype=bool), 1.0, correlation)
    common = rng.multivariate_normal(np.zeros(k), phi, n) @ PATTERN.T
    rest = np.sqrt(1 - (PATTERN**2).sum(axis=1)) * rng.standard_normal((n, len(PATTERN)))
    latent = common + rest
    points = 1 + (latent[..., None] > np.array(CUTS)).sum(axis=2)
    return pd.DataFrame(points, columns=[f"q{number:02d}" for number in range(1, len(PATTERN) + 1)])


def recovery(n: int, correlation: float, kind: str, *, samples: int, seed: int) -> dict[str, str]:
    """One row: bias and error of loadings and factor correlations, minres and oblimin, factors put in order."""
    rng = np.random.default_rng([seed, n, round(100 * correlation)])
    loadings, phi, heywood = [], [], 0
    for _ in range(samples):
        found = efa(sample(n, correlation, rng), n_factors=5, kind=kind)
        order, signs, _ = arranged_like(found.loadings.to_numpy()[None], PATTERN)
        loadings.append(found.loadings.to_numpy()[:, order[0]] * signs[0])
        phi.append(found.phi.to_numpy()[np.ix_(order[0], order[0])] * np.outer(signs[0], signs[0]))
        heywood += bool(found.heywood)
    error = np.array(loadings) - PATTERN
    off = np.array(phi)[:, *np.triu_indices(5, 1)] - correlation
    return {
        "n": str(n),
        "factors correlate": f"{correlation:g}",
        "correlations": kind,
        "bias of own loadings": f"{error[:, OWN].mean():+.3f}",
        "of others": f"{error[:, ~OWN].mean():+.3f}",
        "RMSE own": f"{np.sqrt((error[:, OWN] ** 2).mean()):.3f}",
        "bias of factor correlations": f"{off.mean():+.3f}",
        "RMSE": f"{np.sqrt((off**2).mean()):.3f}",
        "Heywood": f"{heywood / samples:.1%}",
    }


def coverage(
    n: int, correlation: float, kind: str, align: Align, *, samples: int, draws: int, seed: int
) -> dict[str, str]:
    """One row: share of 95 % bootstrap intervals that contain the planted value."""
    rng = np.random.default_rng([seed, n, round(100 * correlation), 1])
    hits, between = [], []
    for number in range(samples):
        answers = sample(n, correlation, rng)
        found = bootstrap_efa(answers, n_factors=5, kind=kind, draws=draws, seed=number, align=align, progress=False)
        order, signs, _ = arranged_like(found.solution.loadings.to_numpy()[None], PATTERN)
        ends = [
            found.loadings[end].to_numpy().reshape(PATTERN.shape)[:, order[0]] * signs[0] for end in ("low", "high")
        ]
        hits.append((np.minimum(*ends) <= PATTERN) & (np.maximum(*ends) >= PATTERN))
        names = found.solution.loadings.columns
        turn = dict(zip(names, order[0].argsort(), strict=True))
        for (first, second), row in found.phi.iterrows():
            sign = signs[0][turn[first]] * signs[0][turn[second]]
            low, high = sorted((sign * row["low"], sign * row["high"]))
            between.append(low <= correlation <= high)
    inside = np.mean(hits, axis=0)
    return {
        "n": str(n),
        "factors correlate": f"{correlation:g}",
        "correlations": kind,
        "factors aligned by": align,
        "own loadings": f"{inside[OWN].mean():.1%} ({inside[OWN].min():.0%} to {inside[OWN].max():.0%})",
        "other loadings": f"{inside[~OWN].mean():.1%}",
        "factor correlations": f"{np.mean(between):.1%}",
    }


def number_right(n: int, correlation: float, *, samples: int, seed: int) -> dict[str, str]:
    """One row: how often each rule keeps five."""
    rng = np.random.default_rng([seed, n, round(100 * correlation), 2])
    kept = [
        retention(sample(n, correlation, rng), seed=number, draws=300).rules["n_factors"] for number in range(samples)
    ]
    share = (pd.DataFrame(kept) == 5).mean()
    return {
        "n": str(n),
        "factors correlate": f"{correlation:g}",
        **{rule: f"{value:.2f}" for rule, value in share.items()},
    }


def print_table(title: str, rows: list[dict[str, str]]) -> None:
    """Rows as Markdown."""
    print(f"\n{title}\n\n| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(row.values())} |")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200, help="for recovery and the number of factors")
    parser.add_argument("--intervals", type=int, default=40, help="samples for the coverage of intervals")
    parser.add_argument("--draws", type=int, default=200, help="bootstrap draws of each")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    given = parser.parse_args()
    began = time.perf_counter()
    print(f"Seed {given.seed}, {given.date}; 22 items on 5 factors, loadings .60 to .85, skewed 5-point answers.")
    designs = [(n, r) for n in (200, 500) for r in (0.3, 0.6)]
    common = {"seed": given.seed}
    rows = [
        recovery(n, r, kind, samples=given.samples, **common)
        for n, r in tqdm(designs, desc="recovery", leave=False)
        for kind in ("pearson", "polychoric")
    ]
    print_table(f"Recovery, {given.samples} samples a row", rows)
    rows = [number_right(n, r, samples=given.samples, **common) for n, r in tqdm(designs, desc="number", leave=False)]
    print_table(f"Share of {given.samples} samples in which a rule keeps five factors (Pearson)", rows)
    settings = {"samples": given.intervals, "draws": given.draws, **common}
    rows = [
        coverage(n, r, kind, align, **settings)
        for n, r in tqdm([(200, 0.3), (500, 0.3), (500, 0.6)], desc="coverage", leave=False)
        for kind, align in (("polychoric", "columns"), ("polychoric", "target"))
    ]
    print_table(f"Coverage of 95 % intervals, {given.intervals} samples of {given.draws} draws a row", rows)
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
