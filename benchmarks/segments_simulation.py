"""Does the search for segments find those that were planted, and none where there are none? Beside mclust, live.

`python benchmarks/segments_simulation.py` prints the tables of RESULTS.md; parts, sizes and seed are options.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

import gapkit as gk
from gapkit.survey.population import population
from gapkit.survey.simulate import draw
from gapkit.survey.truth import Segment, Truth

NONE = {
    # 45 % of the expectations at the top of the scale, perceptions skewed, dimensions that correlate .5
    "skewed": Truth(missing=0.03),
    # shorter tails, strong general impression
    "halo": Truth(expectations=6.5, gaps=-0.4, ceiling=0.6, factor_correlations=0.8, missing=0.03),
}
KINDS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


def three(apart: float) -> Truth:
    """Three kinds of guests, each let down on something else; `apart` is the shift in factor standard deviations."""
    down = ({"tangibles"}, {"reliability"}, {"responsiveness", "assurance", "empathy"})
    segments = tuple(
        Segment(name, share, perceptions={kind: -apart * (kind in own) for kind in KINDS})
        for name, share, own in zip("abc", (0.40, 0.35, 0.25), down, strict=True)
    )
    soft = set(KINDS[2:])
    correlations = pd.DataFrame(
        [[1.0 if a == b else 0.85 if {a, b} <= soft else 0.3 for b in KINDS] for a in KINDS], KINDS, KINDS
    )
    return Truth(
        expectations=6.2, gaps=-0.9, segments=segments, factor_correlations=correlations, loadings=0.85, missing=0.02
    )


STYLE = Truth(
    expectations=5.8,
    gaps=-0.6,
    ceiling=None,
    factor_correlations=0.95,
    loadings=0.9,
    segments=(Segment("high", 0.3, perceptions=1.2), Segment("middle", 0.4), Segment("low", 0.3, perceptions=-1.2)),
)
"""Everybody has the same profile and ticks it at one of three heights."""


def adjusted_rand(first: np.ndarray, second: np.ndarray) -> float:
    """Hubert and Arabie's adjusted Rand index of two groupings."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(first, second))


def nothing(name: str, on: str, method: str, n: int, *, samples: int, seed: int) -> dict[str, str]:
    """One row: how often one segment is recommended where there is one population."""
    people = population(NONE[name])
    one, p = 0, []
    for number in tqdm(range(samples), desc=f"{name} {on} {method} {n}", leave=False):
        survey = draw(people, n=n, seed=(seed, number)).survey()
        found = gk.segment(
            survey, on=on, method=method, max_segments=2, starts=2, resamples=0, seed=number, progress=False
        )
        one += found.recommended == 1
        p.append(found.table.loc[2, "p"])
    return {
        "answers": name,
        "grouped by": on,
        "method": method,
        "n": f"{n}",
        '"one" recommended': f"{one / samples:.1%}",
        "p below .05": f"{np.mean(np.array(p) <= 0.05):.1%}",
    }


def separation(people: object, truth: Truth, *, seed: int) -> tuple[float, float]:
    """Mahalanobis distance between neighbouring segment means of dimension scores, and the ARI of knowing them."""
    large = draw(people, n=40_000, seed=(seed, 999)).survey()
    scores = large.dimension_scores("perceptions")
    known = scores.notna().all(axis=1)
    x, labels = scores[known].to_numpy(), large.respondents.loc[known, "truth_segment"].to_numpy()
    names = [segment.name for segment in truth.segments]
    means = np.array([x[labels == name].mean(axis=0) for name in names])
    within = sum(np.cov(x[labels == name].T) * (labels == name).mean() for name in names)
    inverse = np.linalg.inv(within)
    away = [(a - b) @ inverse @ (a - b) for i, a in enumerate(means) for b in means[:i]]
    share = np.log([(labels == name).mean() for name in names])
    linear = x @ inverse @ means.T - 0.5 * np.einsum("ki,ij,kj->k", means, inverse, means) + share
    return float(np.sqrt(min(away))), adjusted_rand(labels, linear.argmax(axis=1))


R_SCRIPT = """
suppressPackageStartupMessages(library(mclust))
arguments <- commandArgs(trailingOnly = TRUE)
for (file in list.files(arguments[1], pattern = "^x.*csv$", full.names = TRUE)) {
  x <- as.matrix(read.csv(file))
  time <- system.time(fit <- Mclust(x, G = 1:8, verbose = FALSE))[["user.self"]]
  three <- Mclust(x, G = 3, verbose = FALSE)
  write.csv(data.frame(class = fit$classification, three = three$classification, G = fit$G,
                       model = fit$modelName, model3 = three$modelName, time = time),
            sub("/x", "/out", file), row.names = FALSE)
}
if (length(arguments) > 1) {
  x <- as.matrix(read.csv(list.files(arguments[1], pattern = "^x.*csv$", full.names = TRUE)[1]))
  time <- system.time(mclustBootstrapLRT(x, modelName = "EEE", nboot = 99, maxG = 3, verbose = FALSE))[["user.self"]]
  writeLines(as.character(time), file.path(arguments[1], "bootstrap.txt"))
}
"""


def planted(apart: float, n: int, *, samples: int, peers: int, seed: int) -> dict[str, str]:
    """One row: what is recommended and found again where three segments were planted, and what mclust does."""
    truth = three(apart)
    people = population(truth)
    distance, best = separation(people, truth, seed=seed)
    number, agreement, asked, clock, quick = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        true = []
        for sample in tqdm(range(samples), desc=f"planted {apart:g}", leave=False):
            survey = draw(people, n=n, seed=(seed, sample)).survey()
            began = time.process_time()
            found = gk.segment(survey, seed=sample, progress=False)
            clock.append(time.process_time() - began)
            labels = survey.respondents.loc[found.posterior.index, "truth_segment"].to_numpy()
            number.append(found.recommended)
            agreement.append(adjusted_rand(labels, found.membership.to_numpy()))
            asked.append(adjusted_rand(labels, found.choose(3).membership.to_numpy()))
            if sample < peers:
                began = time.process_time()
                gk.segment(survey, seed=sample, progress=False, draws=0, resamples=0)
                quick.append(time.process_time() - began)
                true.append(labels)
                scores = survey.dimension_scores("perceptions").loc[found.posterior.index]
                scores.to_csv(Path(folder) / f"x{sample:03}.csv", index=False)
        row = {
            "nearest segments apart": f"{distance:.2f} sd",
            "ARI if the segments were known": f"{best:.2f}",
            "n": f"{n}",
            "three recommended": f"{np.mean(np.array(number) == 3):.0%} (of {samples})",
            "1, 2, 4 or more": ", ".join(f"{np.mean(np.array(number) == k):.0%}" for k in (1, 2))
            + f", {np.mean(np.array(number) > 3):.0%}",
            "ARI": f"{np.mean(agreement):.3f}",
            "ARI at three": f"{np.mean(asked):.3f}",
            "whole search": f"{np.median(clock):.1f} s",
        }
        if not shutil.which("Rscript") or not peers:
            return row
        script = Path(folder) / "mclust.R"
        script.write_text(R_SCRIPT)
        subprocess.run(["Rscript", str(script), folder, "bootstrap"], check=True)
        outs = [pd.read_csv(Path(folder) / f"out{sample:03}.csv") for sample in range(peers)]
        theirs = [adjusted_rand(labels, out["class"]) for labels, out in zip(true, outs, strict=True)]
        at_three = [adjusted_rand(labels, out["three"]) for labels, out in zip(true, outs, strict=True)]
        theirs_clock = [out["time"].iloc[0] for out in outs]
        bootstrap = float((Path(folder) / "bootstrap.txt").read_text())
    return row | {
        f"first {peers}: ARI": f"{np.mean(agreement[:peers]):.3f}, mclust {np.mean(theirs):.3f}",
        "at three": f"{np.mean(asked[:peers]):.3f}, mclust {np.mean(at_three):.3f}",
        "mclust's number": ", ".join(str(out["G"].iloc[0]) for out in outs),
        "fits alone, k = 1..8": f"{np.median(quick):.2f} s, mclust {np.median(theirs_clock):.2f} s",
        "with tests": f"{np.median(clock):.1f} s, mclust's bootstrap {bootstrap:.0f} s",
    }


def style(n: int, *, samples: int, seed: int) -> dict[str, str]:
    """One row: what is said where people differ in level alone."""
    people = population(STYLE)
    raw, centred, share, told = [], [], [], 0
    for number in tqdm(range(samples), desc="response style", leave=False):
        survey = draw(people, n=n, seed=(seed, number)).survey()
        few = {"max_segments": 4, "starts": 6, "resamples": 0, "seed": number, "progress": False}
        found = gk.segment(survey, **few)
        raw.append(found.recommended)
        share.append(found.level_share)
        told += "respondent's own level taken out, no segments" in found.reason
        centred.append(gk.segment(survey, centre="person", **few).recommended)
    raw, centred = np.array(raw), np.array(centred)
    return {
        "n": f"{n}",
        "more than one, as answered": f"{np.mean(raw > 1):.0%}",
        "level's share (lowest)": f"{np.mean(share):.3f} ({np.min(share):.3f})",
        "the reason says so": f"{told} of {int((raw > 1).sum())}",
        '"one" after person-centring': f"{np.mean(centred == 1):.0%} (of {samples})",
    }


def print_table(title: str, rows: list[dict[str, str]]) -> None:
    """Rows as Markdown."""
    print(f"\n{title}\n\n| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(row.values())} |")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", default=["nothing", "planted", "style"])
    parser.add_argument("--samples", type=int, default=200, help="without segments")
    parser.add_argument("--planted", type=int, default=20, help="with three segments, and with response style")
    parser.add_argument("--peers", type=int, default=20, help="of those, how many mclust is given")
    parser.add_argument("--apart", type=float, nargs="+", default=[1.1, 1.2, 1.3], help="shift of planted segments")
    parser.add_argument("--answers", nargs="+", default=list(NONE))
    parser.add_argument("--on", nargs="+", default=["perceptions", "gaps"])
    parser.add_argument("--methods", nargs="+", default=["profiles", "kmeans"])
    parser.add_argument("--n", type=int, nargs="+", default=[300, 1000])
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    began = time.perf_counter()
    print(f"Seed {given.seed}, {datetime.date.today().isoformat()}")
    if "nothing" in given.parts:
        designs = [(a, on, m, n) for a in given.answers for on in given.on for m in given.methods for n in given.n]
        rows = []
        for design in designs:
            rows.append(nothing(*design, samples=given.samples, seed=given.seed))
            print(" | ".join(rows[-1].values()), flush=True)
        print_table(f"No segments planted, {given.samples} surveys a row", rows)
    if "planted" in given.parts:
        rows = []
        for apart in given.apart:
            rows.append(planted(apart, 1000, samples=given.planted, peers=given.peers, seed=given.seed))
            print(" | ".join(rows[-1].values()), flush=True)
        print_table("Three segments planted", rows)
    if "style" in given.parts:
        print_table("Level alone", [style(1000, samples=given.planted, seed=given.seed)])
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
