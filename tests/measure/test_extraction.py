import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.measure.extraction import LOWEST, extract

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference" / "efa"
SETS = ["bfi", "babakus_boller", "thurstone", "skewed", "mixed"]


def stored(name):
    """R's results and the correlations they are of."""
    results = json.loads((REFERENCE / f"{name}.json").read_text())
    if name == "babakus_boller":
        R = pd.read_csv(ROOT / "data" / "published" / "babakus_boller_1992_correlations.csv", index_col=0).to_numpy()
    else:
        R = np.array(results.get("correlation") or results.get("listwise") or results["polychoric"]["correlation"])
    return results, R


def objective(R, psi, k, method):
    """The criterion from its definition, with numpy alone."""
    if method == "ml":
        w = np.linalg.eigvalsh(R / np.sqrt(np.outer(psi, psi)))[:-k]
        return (w - np.log(w) - 1).sum()
    return (np.linalg.eigvalsh(R - np.diag(psi))[:-k] ** 2).sum() / 2


def slope(R, psi, k, method):
    """Its gradient by central differences."""
    h = 1e-5
    steps = h * np.eye(len(psi))
    return np.array([(objective(R, psi + e, k, method) - objective(R, psi - e, k, method)) / (2 * h) for e in steps])


def random_correlations(seed, p, k, noise=0.1):
    rng = np.random.default_rng(seed)
    A = rng.uniform(-0.7, 0.7, (p, k)) / np.sqrt(k)
    S = A @ A.T + np.diag(rng.uniform(0.2, 1, p))
    W = rng.standard_normal((p, 4 * p))
    S = S + noise * W @ W.T / (4 * p)
    return S / np.sqrt(np.outer(np.diag(S), np.diag(S)))


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_three_items_on_one_factor_are_solved_by_hand(method):
    # loading of a = sqrt(r_ab r_ac / r_bc)
    R = np.array([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]])
    found = extract(R, 1, method=method)
    assert found.loadings[:, 0] == pytest.approx([0.9, 0.8, 0.7], abs=1e-8)
    assert found.uniquenesses == pytest.approx([0.19, 0.36, 0.51], abs=1e-8)
    assert found.objective == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_uniquenesses_are_within_1e_8_of_the_optimum_that_r_finds(name, method):
    results, R = stored(name)
    best = results[method]["optimum"]
    assert best["steepest"] < 1e-12
    found = extract(R, results["k"], method=method)
    assert found.converged
    assert found.uniquenesses == pytest.approx(np.array(best["psi"]), abs=1e-8)
    assert found.objective == pytest.approx(best["objective"], abs=1e-11)


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_where_psych_stops_early_our_objective_is_lower(name, method):
    results, R = stored(name)
    k, psych = results["k"], results[method]["psych"]
    found = extract(R, k, method=method)
    ours, theirs = (objective(R, psi, k, method) for psi in (found.uniquenesses, np.array(psych["psi"])))
    assert theirs == pytest.approx(psych["objective_at_psi"], abs=1e-10)
    assert ours <= theirs + 1e-14
    apart = np.abs((found.loadings**2).sum(axis=1) - psych["communality"]).max()
    # 1e-5 of psych, or psych is farther than that from the optimum of its own criterion
    assert apart < 1e-5 or theirs - ours > 1e-10
    assert apart < 5e-5


@pytest.mark.parametrize("method", ["minres", "ml"])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), p=st.integers(5, 12), k=st.integers(1, 3))
def test_at_the_end_no_uniqueness_can_move_downhill(method, seed, p, k):
    k = min(k, (p - 1) // 2)
    R = random_correlations(seed, p, k)
    found = extract(R, k, method=method)
    psi = found.uniquenesses
    gradient = slope(R, np.clip(psi, LOWEST + 1e-5, 1 - 1e-5), k, method) * (psi if method == "ml" else 1)
    inside = (psi > LOWEST + 1e-4) & (psi < 1 - 1e-4)
    if found.converged:
        assert np.abs(gradient[inside]).max(initial=0) < 1e-3
    assert (psi >= LOWEST * (1 - 1e-12)).all()
    assert (psi <= 1).all()


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_loadings_reproduce_what_a_model_generated(method):
    A = np.array([[0.8, 0], [0.7, 0], [0.6, 0.2], [0, 0.7], [0, 0.6], [0.1, 0.5]])
    R = A @ A.T
    np.fill_diagonal(R, 1)
    found = extract(R, 2, method=method)
    assert found.loadings @ found.loadings.T == pytest.approx(A @ A.T, abs=1e-7)


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_a_batch_gives_what_its_members_give_one_by_one(method):
    R = np.array([[random_correlations(10 * i + j, 8, 2) for j in range(3)] for i in range(2)])
    batch = extract(R, 2, method=method)
    assert batch.loadings.shape == (2, 3, 8, 2)
    for i, j in np.ndindex(2, 3):
        alone = extract(R[i, j], 2, method=method)
        assert batch.uniquenesses[i, j] == pytest.approx(alone.uniquenesses, abs=1e-9)
        assert batch.loadings[i, j] == pytest.approx(alone.loadings, abs=1e-8)


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_where_the_search_starts_does_not_matter(method):
    R = random_correlations(7, 10, 2)
    usual, other = extract(R, 2, method=method), extract(R, 2, method=method, start=np.full(10, 0.5))
    assert other.uniquenesses == pytest.approx(usual.uniquenesses, abs=1e-8)


def test_a_heywood_case_rests_on_the_limit():
    results, R = stored("babakus_boller")
    found = extract(R, results["k"])
    assert (found.uniquenesses == LOWEST).tolist() == [item == "Q2" for item in results["items"]]


def test_factors_come_in_falling_order_with_positive_sums():
    _, R = stored("bfi")
    A = extract(R, 5).loadings
    assert (np.diff((A**2).sum(axis=0)) < 0).all()
    assert (A.sum(axis=0) > 0).all()


def test_a_search_cut_short_says_so():
    _, R = stored("bfi")
    found = extract(R, 5, most=1)
    assert not found.converged
    assert found.iterations == 1


@pytest.mark.parametrize("name", SETS)
def test_maximum_likelihood_loadings_take_up_what_uniquenesses_leave(name):
    # at an inner optimum diag(A A') + psi = 1
    results, R = stored(name)
    found = extract(R, results["k"], method="ml")
    inside = found.uniquenesses > LOWEST
    assert ((found.loadings**2).sum(axis=1) + found.uniquenesses)[inside] == pytest.approx(1, abs=1e-7)
