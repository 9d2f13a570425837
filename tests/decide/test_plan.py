"""Plans: optimum and draws against every subset there is, constraints, and errors that say which one conflicts."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.decide import plan_draws
from gapkit.decide.plan_draws import best_in_draws
from gapkit.decide.programme import Programme, greedy, lean, on_draw, optimum

SERVQUAL = gk.load_instrument("servqual")
DIMENSIONS = list(SERVQUAL.dimension_ids)


def brute_force(p, effects=None, values=None):
    """The largest gain over all subsets, by the stated rules written out once more, one subset after the other."""
    effects, values = p.effects if effects is None else effects, p.values if values is None else values
    best = -np.inf
    for bits in product([False, True], repeat=len(p.cost)):
        z = np.array(bits)
        if p.cost[z].sum() > p.budget or (z & ~p.allowed).any() or (p.must & ~z).any():
            continue
        if any(p.needs[b, a] and z[b] and not z[a] for b in range(len(z)) for a in range(len(z))):
            continue
        if any(p.excludes[a, b] and z[a] and z[b] for b in range(len(z)) for a in range(len(z))):
            continue
        gain = 0.0
        for d, value in enumerate(values):
            points = sum(effects[a, d] for a in range(len(z)) if z[a])
            if points > p.full[d]:
                points = p.full[d] + p.overlap * (points - p.full[d])
            gain += value * min(points, p.room[d])
        best = max(best, gain)
    return best


@st.composite
def programmes(draw, most=8):
    A, D = draw(st.integers(1, most)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    effects = rng.uniform(-0.1, 0.5, (A, D)) * (rng.random((A, D)) < 0.6)
    needs, excludes = np.zeros((A, A), dtype=bool), np.zeros((A, A), dtype=bool)
    for _ in range(draw(st.integers(0, 3)) if A > 1 else 0):
        a, b = sorted(rng.choice(A, 2, replace=False))
        if rng.random() < 0.5:
            needs[b, a] = True
        else:
            excludes[a, b] = excludes[b, a] = True
    cost = rng.integers(0, 20, A).astype(float)
    values = rng.uniform(-0.3 if draw(st.booleans()) else 0.0, 1.0, D)
    return Programme(
        ids=tuple(f"a{a}" for a in range(A)),
        cost=cost,
        budget=float(draw(st.integers(0, 60))),
        effects=effects,
        values=values,
        full=effects.max(axis=0, initial=0.0),
        room=rng.uniform(0, 1.5, D),
        overlap=draw(st.sampled_from([0.0, 0.5, 1.0])),
        needs=needs,
        excludes=excludes,
        allowed=rng.random(A) < 0.9,
        must=np.zeros(A, dtype=bool),
    )


@settings(max_examples=40, deadline=None)
@given(p=programmes())
def test_the_optimum_is_the_best_of_all_subsets(p):
    plan = optimum(p)
    assert p.feasible(plan[None])[0]
    assert float(p.gain(plan)) == pytest.approx(brute_force(p), abs=1e-7)


@settings(max_examples=3, deadline=None)
@given(p=programmes(most=12))
def test_it_is_so_for_twelve_actions_too(p):
    assert float(p.gain(optimum(p))) == pytest.approx(brute_force(p), abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(p=programmes(most=7), seed=st.integers(0, 10**6))
def test_the_best_plan_of_each_draw_is_the_best_of_all_subsets(p, seed):
    rng = np.random.default_rng(seed)
    effects = p.effects + 0.2 * rng.standard_normal((4, *p.effects.shape)) * (p.effects != 0)
    values = p.values + 0.3 * rng.standard_normal((4, len(p.values)))
    known = np.array([lean(p, greedy(p))])
    plans, _ = best_in_draws(p, effects, values, known=known, tick=lambda _: None)
    assert p.feasible(plans).all()
    gains = p.gain(plans[:, None, :], effects, values[:, None, :])[:, 0]
    assert gains.tolist() == pytest.approx(
        [brute_force(p, e, v) for e, v in zip(effects, values, strict=True)], abs=1e-7
    )


def forty(seed=1):
    rng = np.random.default_rng(seed)
    A, D = 40, 5
    effects = np.zeros((A, D))
    for a in range(A):
        effects[a, rng.choice(D, rng.integers(1, 3), replace=False)] = rng.uniform(0.05, 0.4)
    cost = rng.integers(5, 60, A) * 1000.0
    needs, excludes = np.zeros((A, A), dtype=bool), np.zeros((A, A), dtype=bool)
    needs[7, 3] = needs[9, 7] = excludes[1, 2] = excludes[2, 1] = True
    p = Programme(
        ids=tuple(f"a{a}" for a in range(A)), cost=cost, budget=float(cost.sum() / 4), effects=effects,
        values=np.array([0.3, 0.25, 0.2, 0.15, 0.1]), full=effects.max(axis=0), room=np.full(D, 1.2), overlap=0.5,
        needs=needs, excludes=excludes, allowed=np.ones(A, dtype=bool), must=np.zeros(A, dtype=bool),
    )  # fmt: skip
    return p, rng


@pytest.mark.parametrize("most", [50_000, 20])
def test_with_forty_actions_the_draws_agree_with_the_solver(monkeypatch, most):
    """With room for 20 plans only, draws go to the solver itself: the other way through."""
    monkeypatch.setattr(plan_draws, "MOST_PLANS", most)
    p, rng = forty()
    effects = p.effects * (1 + 0.5 * rng.standard_normal((6, 40, 5)))
    values = p.values * (1 + 0.3 * rng.standard_normal((6, 5)))
    plans, solved = best_in_draws(p, effects, values, known=np.array([greedy(p)]), tick=lambda _: None)
    assert (solved < 6) if most == 50_000 else (solved > 0)
    for d in range(6):
        other = optimum(on_draw(p, effects[d], values[d]))
        assert p.gain(plans[d], effects[d], values[d]) == pytest.approx(p.gain(other, effects[d], values[d]), abs=1e-7)


def survey_of(perceived=4, expected=6, n=30):
    tables = [pd.DataFrame(np.full((n, 22), float(x)), columns=SERVQUAL.item_ids) for x in (expected, perceived)]
    points = pd.DataFrame([[10.0, 40.0, 20.0, 20.0, 10.0]] * n, columns=DIMENSIONS)
    return gk.Survey(SERVQUAL, expectations=tables[0], perceptions=tables[1], allocations=points)


def candidate(id, cost, dimension="reliability", mean=0.5, sd=0.0, **more):
    return gk.Candidate(id, cost=cost, effects={dimension: (mean, sd)}, **more)


def test_pencil_two_actions_on_one_dimension_overlap_by_half():
    """0.5 counts in full, the other 0.3 by half: 0.65 points, worth 40 of 100 points each: 0.26."""
    plan = gk.plan(survey_of(), [candidate("a", 10), candidate("b", 10, mean=0.3)], budget=20, draws=5)
    assert plan.chosen == ["a", "b"]
    assert plan.dimensions.loc["reliability", ["points", "counted", "gain"]].round(9).tolist() == [0.8, 0.65, 0.26]
    assert plan.actions["lost"].round(9).tolist() == [0.4 * (0.65 - 0.3), 0.4 * 0.15]
    assert plan.scenario.amounts == {"reliability": pytest.approx(0.65)}


def test_nothing_counts_beyond_the_top_of_the_scale():
    plan = gk.plan(survey_of(perceived=6.5), [candidate("a", 1, mean=2.0)], budget=5, draws=5)
    assert plan.dimensions.loc["reliability", ["room", "counted"]].tolist() == [0.5, 0.5]


def test_closing_a_share_of_a_gap_is_worth_that_share_of_the_shortfall():
    plan = gk.plan(survey_of(), [gk.Candidate("c", cost=1, closes={"empathy": 0.25})], budget=5, draws=5)
    assert plan.dimensions.loc["empathy", "points"] == 0.25 * 2
    none = gk.plan(
        survey_of(perceived=6, expected=6), [gk.Candidate("c", cost=1, closes={"empathy": 0.25})], budget=5, draws=5
    )
    assert none.chosen == []


def test_greedy_takes_the_best_ratio_and_can_miss_the_optimum():
    """Budget 10: the small one has the best gain per money, but the large one alone gains more and fits alone only."""
    actions = [candidate("small", 2, mean=0.2), candidate("large", 9, dimension="responsiveness", mean=1.0)]
    plan = gk.plan(survey_of(), actions, budget=10, draws=5)
    assert plan.chosen == ["large"]
    assert plan.actions["greedy"].tolist() == [True, False]
    assert plan.comparison["gain"].round(9).tolist() == [0.2, 0.08]
    assert plan.comparison["regret"].round(9).tolist() == [0.0, 0.12]
    assert plan.comparison["best"].tolist() == [1.0, 0.0]


def test_without_uncertainty_the_recommended_actions_are_best_in_every_draw():
    plan = gk.plan(survey_of(), [candidate("a", 5), candidate("b", 9, "empathy")], budget=6, draws=20)
    assert plan.actions["best_in"].tolist() == [1.0, 0.0]
    assert plan.comparison.loc["optimum", "regret"] == 0


def test_the_share_of_draws_is_the_chance_that_the_effect_is_larger():
    """One or the other, of equal cost; effects N(0.6, 0.3) and N(0.5, 0.4): P(a > b) = Phi(0.1 / 0.5) = .579."""
    actions = [candidate("a", 5, mean=0.6, sd=0.3), candidate("b", 5, mean=0.5, sd=0.4, excludes=("a",))]
    plan = gk.plan(survey_of(perceived=2), actions, budget=20, draws=4000, seed=3, overlap=1.0)
    both_negative = 0.0228 * 0.1056  # then neither is best
    assert plan.actions.loc["a", "best_in"] == pytest.approx(0.5793 - both_negative / 2, abs=0.03)


def test_the_frontier_rises_and_ends_where_the_plan_is():
    actions = [candidate(f"a{i}", cost, d, mean=m, sd=0.1) for i, (cost, d, m) in enumerate(
        [(4, "reliability", 0.5), (6, "reliability", 0.4), (3, "empathy", 0.6), (8, "tangibles", 0.9)]
    )]  # fmt: skip
    plan = gk.plan(survey_of(), actions, budget=13, budgets=[0, 5, 13, 30], draws=50)
    assert plan.frontier["gain"].is_monotonic_increasing
    assert plan.frontier["gain"].iloc[0] == 0
    assert plan.frontier.loc[13, "gain"] == pytest.approx(plan.comparison.loc["optimum", "gain"])
    assert (plan.frontier["gain"] >= plan.frontier["greedy"] - 1e-12).all()
    assert (plan.frontier["cost"] <= plan.frontier.index).all()


def test_an_action_comes_with_what_it_needs_and_its_time_adds_up():
    actions = [candidate("hire", 5, mean=0.0, months=6), candidate("train", 5, months=4, needs=("hire",))]
    plan = gk.plan(survey_of(), actions, budget=10, draws=5)
    assert plan.chosen == ["hire", "train"]
    assert plan.actions["ready"].tolist() == [6, 10]
    late = gk.plan(survey_of(), actions, budget=10, within=9, draws=5)
    assert late.chosen == []
    assert late.actions["barred"].tolist() == ["", "too late"]
    poor = gk.plan(survey_of(), actions, budget=9, draws=5)
    assert poor.actions["barred"].tolist() == ["", "beyond the budget with what it needs"]


def test_an_outcome_makes_the_values_the_coefficients_of_its_regression():
    rng = np.random.default_rng(4)
    P = pd.DataFrame(rng.integers(1, 8, (300, 22)).astype(float), columns=SERVQUAL.item_ids)
    survey = gk.Survey(SERVQUAL, perceptions=P)
    score = survey.dimension_scores("perceptions")
    people = pd.DataFrame({"overall": score @ [0.1, 0.5, 0.2, 0.0, 0.3] + rng.normal(0, 0.5, 300)})
    survey = gk.Survey(SERVQUAL, perceptions=P, respondents=people)
    plan = gk.plan(survey, [candidate("a", 5)], budget=6, outcome="overall", draws=50)
    X = np.column_stack([np.ones(300), score])
    expected = np.linalg.lstsq(X, people["overall"], rcond=None)[0][1:]
    assert plan.dimensions["value"].tolist() == pytest.approx(expected.tolist(), rel=1e-9)
    assert "association, not cause" in plan.method


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"must": ["a", "b"], "budget": 15}, "the budget is 15, but a, b together cost 20."),
        ({"must": ["a", "c"], "budget": 99}, '"a" and "c" must both be done, but exclude each other.'),
        ({"must": ["d"], "never": ["a"], "budget": 99}, "(by must= or as a prerequisite), but is in never=(a)"),
        ({"must": ["d"], "within": 3, "budget": 99}, '"d" must be done (by must= or as a prerequisite), but takes'),
        ({"budget": -1}, "budget: -1 is below 0."),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_says_which_constraint_conflicts(options, message):
    actions = [
        candidate("a", 10),
        candidate("b", 10),
        candidate("c", 10, excludes=("a",)),
        candidate("d", 5, months=4, needs=("a",)),
    ]
    with pytest.raises(gk.PlanError) as error:
        gk.plan(survey_of(), actions, draws=5, **options)
    assert message in str(error.value)


def test_every_wrong_name_and_number_is_listed_at_once():
    actions = [
        gk.Candidate("a", cost=-1, effects={"warmth": 0.2}),
        gk.Candidate("a", cost=1, effects={"empathy": (0.2, -0.1)}, needs=("z",)),
    ]
    with pytest.raises(gk.PlanError) as error:
        gk.plan(survey_of(), actions, budget=10, must=["y"])
    for part in (
        '"a" stands 2 times',
        'no action "y"',
        'needs "z"',
        "found -1",
        'no dimension "warmth"',
        "sd at least 0",
    ):
        assert part in str(error.value)


def test_prerequisites_in_a_circle_are_named():
    actions = [candidate("a", 1, needs=("b",)), candidate("b", 1, needs=("a",)), candidate("c", 1)]
    with pytest.raises(gk.PlanError, match=r"wait for each other in a circle: a, b\."):
        gk.plan(survey_of(), actions, budget=10)
