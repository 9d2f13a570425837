from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.confirmatory import fit_structure
from gapkit.measure.confirmatory_search import Model, _slope, discrepancy, implied_by, search, starts

TESTS = Path(__file__).parents[1]
REFERENCE = TESTS / "reference" / "cfa"
SETS = ("weak_first", "heywood", "babakus_boller")
PLACES = [np.arange(3), np.arange(3, 5), np.array([5])]


def given(name):
    """Correlations, structure, n, and lavaan's figures."""
    file = REFERENCE / f"{name}.csv"
    if name == "babakus_boller":
        file = TESTS.parent / "data" / "published" / "babakus_boller_1992_correlations.csv"
    lavaan = pd.read_csv(REFERENCE / f"{name}_loadings.csv")
    structure = {factor: rows["rhs"].tolist() for factor, rows in lavaan.groupby("lhs", sort=False)}
    fit = pd.read_csv(REFERENCE / f"{name}_fit.csv").iloc[0]
    return pd.read_csv(file, index_col=0), structure, fit, lavaan.set_index("rhs")


def model():
    phi = np.array([[1, 0.3, -0.2], [0.3, 1, 0.5], [-0.2, 0.5, 1]])
    return Model(np.array([0.5, 0.6, -0.4, 0.7, 0.3, 1.0]), phi, np.array([0.7, 0.5, 0.9, 0.4, 0.8, 0.0]))


@pytest.mark.parametrize("name", SETS)
def test_the_minimum_is_lavaans(name):
    r, structure, fit, _ = given(name)
    assert fit_structure(r, structure).minimum * fit["n"] == pytest.approx(fit["chisq"], abs=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_loadings_error_variances_and_standard_errors_are_lavaans(name):
    r, structure, fit, lavaan = given(name)
    found = fit_structure(r, structure).loadings
    np.testing.assert_allclose(found["loading"].abs(), lavaan["est"].abs(), atol=2e-6)
    np.testing.assert_allclose(found["uniqueness"], lavaan["unique"], atol=2e-6)
    items = list(lavaan.index)
    places = [np.array([items.index(item) for item in members]) for members in structure.values()]
    errors = search(r.loc[items, items].to_numpy(), places).errors / np.sqrt(fit["n"])
    np.testing.assert_allclose(errors, lavaan["se"], atol=2e-6)


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_order_of_the_items_plays_no_part_even_where_the_first_is_unrelated_to_its_factor(order):
    r, structure, fit, lavaan = given("weak_first")
    found = fit_structure(r, structure | {"f": list(order)})
    assert found.minimum * fit["n"] == pytest.approx(fit["chisq"], abs=1e-6)
    np.testing.assert_allclose(found.loadings.loc[list("abc"), "loading"], lavaan.loc[list("abc"), "est"], atol=2e-6)


def test_an_error_variance_below_0_is_the_one_that_three_correlations_give():
    # one factor of three items fits exactly: loading a^2 = r_ab r_ac / r_bc = .7 * .65 / .3
    r = given("heywood")[0].loc[list("abc"), list("abc")]
    found = fit_structure(r, {"all": list("abc")})
    assert found.loadings.loc["a", "loading"] ** 2 == pytest.approx(0.7 * 0.65 / 0.3, abs=1e-6)
    assert found.loadings.loc["a", "uniqueness"] == pytest.approx(1 - 0.7 * 0.65 / 0.3, abs=1e-6)
    assert found.minimum == pytest.approx(0, abs=1e-12)


def test_semopy_has_the_same_minimum_on_the_published_matrix():
    semopy = pytest.importorskip("semopy")
    r, structure, *_ = given("babakus_boller")
    peer = semopy.Model("\n".join(f"{name} =~ {' + '.join(members)}" for name, members in structure.items()))
    found = peer.fit(cov=r, n_samples=502, obj="MLW", options={"ftol": 1e-12, "maxiter": 2000})
    assert fit_structure(r, structure).minimum == pytest.approx(found.fun, abs=1e-8)


def test_the_gradient_is_the_one_of_differences():
    r = np.corrcoef(np.random.default_rng(0).normal(size=(6, 60)) + np.random.default_rng(1).normal(size=60))
    at = model()
    gradient = _slope(r, PLACES, at, held=False)[0]
    a, b = np.triu_indices(3, 1)

    def value(parameters):
        phi = np.eye(3)
        phi[a, b] = phi[b, a] = parameters[12:]
        return discrepancy(r, implied_by(Model(parameters[:6], phi, parameters[6:12]), PLACES))

    here = np.concatenate([at.loadings, at.unique, at.phi[a, b]])
    steps = 1e-6 * np.eye(len(here))
    np.testing.assert_allclose(gradient, [(value(here + s) - value(here - s)) / 2e-6 for s in steps], atol=1e-6)


def test_the_expected_second_derivatives_are_those_at_a_perfect_fit():
    # where the model fits exactly, the second derivatives are their expectation
    at = model()
    r = implied_by(at, PLACES)
    information = _slope(r, PLACES, at, held=False)[1]
    step = 1e-4
    for j in range(6):
        moved = [at._replace(loadings=at.loadings + sign * step * np.eye(6)[j]) for sign in (1, -1)]
        up, down = (discrepancy(r, implied_by(each, PLACES)) for each in moved)
        assert information[j, j] == pytest.approx((up + down) / step**2, rel=1e-4)


def test_no_start_singles_out_an_item():
    r, structure, _, lavaan = given("babakus_boller")
    items = list(lavaan.index)
    places = [np.array([items.index(item) for item in members]) for members in structure.values()]
    turned = np.concatenate([own[::-1] for own in places])
    for one, other in zip(
        starts(r.loc[items, items].to_numpy(), places),
        starts(r.loc[items, items].to_numpy()[np.ix_(turned, turned)], places),
        strict=True,
    ):
        np.testing.assert_allclose(one.loadings[turned], other.loadings, atol=1e-6)
        np.testing.assert_allclose(one.phi, other.phi, atol=1e-6)


def test_where_no_minimum_exists_the_variances_are_held_at_their_best():
    # r_ac r_bd = .15 but r_ad r_bc = 0: no correlation of two factors gives both, and one error falls without end
    from scipy import optimize

    r = np.array([[1, 0.05, 0.5, 0.0], [0.05, 1, 0.0, 0.3], [0.5, 0.0, 1, 0.05], [0.0, 0.3, 0.05, 1]])
    places = [np.arange(2), np.arange(2, 4)]
    found = search(r, places)
    assert found.held
    assert found.converged
    assert found.model.unique.min() == 0

    def value(x):
        phi = np.array([[1, x[8]], [x[8], 1]])
        return min(discrepancy(r, implied_by(Model(x[:4], phi, x[4:8]), places)), 1e3)

    bounds = [(None, None)] * 4 + [(0, None)] * 4 + [(-0.999, 0.999)]
    rng = np.random.default_rng(0)
    peers = [
        optimize.minimize(value, np.r_[rng.uniform(-0.9, 0.9, 4), np.full(4, 0.5), 0], method="L-BFGS-B", bounds=bounds)
        for _ in range(10)
    ]
    assert found.minimum <= min(peer.fun for peer in peers) + 1e-6
