"""How long a slider move and a plan take, and how often the outlook's intervals hold a known cause.

`python benchmarks/bench_decide.py` prints the tables; `--surveys 0` leaves the coverage out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import gapkit as gk
from gapkit.decide.programme import on_draw, optimum
from gapkit.survey.population import population
from gapkit.survey.simulate import draw
from gapkit.survey.truth import Truth

EFFECTS = np.array([0.1, 0.5, 0.3, 0.2, 0.4])
NOISE = 0.5


def milliseconds(run: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median of the clock, its 95 % point, and the median of the processor's time."""
    clock, work = [], []
    run()
    for _ in range(rounds):
        start, began = time.perf_counter(), time.process_time()
        run()
        clock.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.process_time() - began))
    return float(np.median(clock)), float(np.quantile(clock, 0.95)), float(np.median(work))


def sliders(rounds: int) -> None:
    """One move of a slider: scenario to outlook with its interval over 500 draws."""
    survey = gk.datasets.load("hotel")
    print(
        "| slider, 1200 respondents, 500 draws | clock, median | clock, 95 % | processor, median |\n|---|---|---|---|"
    )
    for model, often in (("linear", rounds), ("ordinal", 5)):
        ready = gk.prepare_outlook(survey, model=model)
        for name, scenario in (
            ("one dimension", gk.Scenario({"reliability": 0.4})),
            ("one dimension, one hotel", gk.Scenario({"reliability": 0.4}, where={"hotel": "B"})),
            ("all dimensions", gk.Scenario({"all": 0.4})),
        ):
            figures = milliseconds(lambda at=scenario, by=ready: by.change(at), often)
            print(f"| {model}, {name} | " + " | ".join(f"{x:.1f} ms" for x in figures) + " |", flush=True)


def options(number: int, dimensions: list[str], seed: int = 1) -> list[gk.Candidate]:
    """Made-up actions on one or two dimensions, some with prerequisites and exclusions."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(number):
        chosen = rng.choice(dimensions, rng.integers(1, 3), replace=False)
        effects = {str(d): (float(rng.uniform(0.05, 0.4)), float(rng.uniform(0.02, 0.15))) for d in chosen}
        needs = (f"a{i - 3}",) if i % 9 == 8 else ()
        excludes = (f"a{i - 1}",) if i % 13 == 12 else ()
        cost = float(rng.integers(5, 60) * 1000)
        made.append(gk.Candidate(f"a{i}", cost=cost, effects=effects, needs=needs, excludes=excludes))
    return made


def plans() -> None:
    """40 actions x 500 draws, and the solver on some of the draws beside it."""
    survey = gk.datasets.load("hotel")
    actions = options(40, list(survey.instrument.dimension_ids))
    budget = sum(action.cost for action in actions) / 4
    print("\n| plan, 40 actions x 500 draws | clock | processor | draws for the solver |\n|---|---|---|---|")
    for seed in range(3):
        start, began = time.perf_counter(), time.process_time()
        plan = gk.plan(survey, actions, budget=budget, draws=500, seed=seed)
        took = time.perf_counter() - start, time.process_time() - began
        solved = plan.method.split(" by the solver")[0].split("(")[-1]
        print(
            f"| seed {seed}, frontier of 11 budgets included | {took[0]:.2f} s | {took[1]:.2f} s | {solved} |",
            flush=True,
        )
    print(plan)

    from gapkit.decide.candidates import drawn, programme_of

    programme, uncertain, *_ = programme_of(
        survey, actions, budget=budget, outcome=None, overlap=0.5, within=None, must=(), never=(), draws=500, seed=2
    )
    effects, values = drawn(uncertain, draws=500, seed=2)
    start, began = time.perf_counter(), time.process_time()
    for d in range(10):
        optimum(on_draw(programme, effects[d], values[d]))
    print(
        f"The solver alone: {100 * (time.perf_counter() - start):.0f} ms of the clock and "
        f"{100 * (time.process_time() - began):.0f} ms of the processor a draw (10 draws)."
    )


def coverage(surveys: int, n: int) -> None:
    """Share of surveys whose 95 % interval holds the change that the intervention brings about."""
    people = population(Truth(expectations=5.8, gaps=-1.3, ceiling=None, spread=1.1, outcomes=(), importance=None))
    scenario = gk.Scenario({"reliability": 0.4})
    large = draw(people, n=100_000, seed=1).survey()
    after = gk.apply(large, scenario)
    truth = _expected(after) - _expected(large)
    samples = draw(people, n=n, seed=2, surveys=surveys)
    print(f"\n| 95 % intervals, {surveys} surveys of {n} | mean | top two | NPS |\n|---|---|---|---|")
    for model, number in (("linear", surveys), ("ordinal", surveys)):
        held = np.zeros(3)
        for i in range(number):
            survey = samples.survey(i)
            rng = np.random.default_rng((i, 3))
            y = np.clip(np.floor(_latent(survey) + NOISE * rng.logistic(size=n) + 0.5), 0, 10)
            told = gk.Survey(
                survey.instrument, perceptions=survey.perceptions, respondents=pd.DataFrame({"recommend": y})
            )
            change = gk.outlook(told, scenario, model=model, scale=(0, 10), draws=200).change
            held += (change["low"].to_numpy() <= truth) & (truth <= change["high"].to_numpy())
        print(f"| {model} | " + " | ".join(f"{x:.1%}" for x in held / number) + " |", flush=True)


def _latent(survey: gk.Survey) -> np.ndarray:
    """What the scores cause."""
    return (survey.dimension_scores("perceptions").to_numpy() - 4.5) @ EFFECTS + 6


def _expected(survey: gk.Survey) -> np.ndarray:
    """Mean, top-two share and NPS, by the logistic distribution between the borders 0.5, 1.5, ..., 9.5."""
    above = (1 / (1 + np.exp(-(_latent(survey)[:, None] - np.arange(0.5, 10)) / NOISE))).mean(axis=0)
    return np.array([above.sum(), above[8], above[8] - (1 - above[6])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--n", type=int, default=250)
    given = parser.parse_args()
    sliders(given.rounds)
    plans()
    if given.surveys:
        coverage(given.surveys, given.n)


if __name__ == "__main__":
    main()
