"""How often the intervals of the gap means contain the population's gap: simulated surveys with known truth.

`python benchmarks/coverage.py` prints the table of RESULTS.md (about five minutes); `--surveys` and `--seed` change it.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from gapkit.measure.gaps import gap_scores
from gapkit.survey.population import Population, population
from gapkit.survey.simulate import draw
from gapkit.survey.truth import Segment, Truth

GAPS = {"tangibles": -0.2, "reliability": -1.1, "responsiveness": -0.8, "assurance": -0.5, "empathy": -0.7}
IMPORTANCE = {"tangibles": 10, "reliability": 35, "responsiveness": 25, "assurance": 15, "empathy": 15}
DESIGNS = {
    # skewed answers with a ceiling in E and a few unanswered; everybody equally likely to be sampled
    "unweighted": Truth(gaps=GAPS, ceiling=0.45, missing=0.03, importance=IMPORTANCE),
    # the discontented tenth is sampled five times as often, and one branch three times as often as the other
    "weighted": Truth(
        gaps={"North": GAPS, "South": {name: gap - 0.5 for name, gap in GAPS.items()}},
        ceiling=0.45,
        missing=0.03,
        importance=IMPORTANCE,
        groups={"North": 0.6, "South": 0.4},
        rates={"North": 1.0, "South": 3.0},
        segments=(Segment("content", 0.9), Segment("discontented", 0.1, perceptions=-1.2, rate=5.0)),
    ),
}
BATCH = 100


def coverage(people: Population, *, n: int, surveys: int, seed: int, confidence: float = 0.95) -> pd.Series:
    """Share of surveys whose interval contains the population's mean gap: 22 items, 5 dimensions, overall, weighted."""
    items = people.means("gaps", level="items").loc["all"]
    above = people.means("gaps", level="dimensions").loc["all"]
    truth = pd.concat([items, above, pd.Series({"weighted": people.weighted_gap()})])
    hits = np.zeros(len(truth))
    for batch, start in enumerate(range(0, surveys, BATCH)):
        size = min(BATCH, surveys - start)
        draws = draw(people, n=n, seed=(seed, batch), surveys=size)
        for number in range(size):
            gaps = gap_scores(draws.survey(number), confidence=confidence)
            table = pd.concat([gaps.items, gaps.dimensions, gaps.overall, gaps.weighted])
            hits += ((table["low"] <= truth) & (truth <= table["high"])).to_numpy()
    return pd.Series(hits / surveys, index=truth.index)


def summary(shares: pd.Series) -> dict[str, str]:
    """One row of the results table: mean (lowest to highest) for items and dimensions."""
    items, dimensions = shares.iloc[:22], shares.iloc[22:27]
    spread = lambda part: f"{part.mean():.1%} ({part.min():.1%} to {part.max():.1%})"  # noqa: E731
    return {
        "items": spread(items),
        "dimensions": spread(dimensions),
        "overall": f"{shares['overall']:.1%}",
        "weighted by importance": f"{shares['weighted']:.1%}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--n", type=int, nargs="+", default=[50, 200, 500])
    given = parser.parse_args()
    print(f"{given.surveys} simulated surveys a row, 95 % intervals, seed {given.seed}\n")
    rows = []
    for name, truth in DESIGNS.items():
        people = population(truth, "servqual")
        for n in given.n:
            start = time.perf_counter()
            shares = coverage(people, n=n, surveys=given.surveys, seed=given.seed)
            rows.append({"design": name, "n": str(n), **summary(shares)})
            print("|", " | ".join(rows[-1].values()), f"| {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
