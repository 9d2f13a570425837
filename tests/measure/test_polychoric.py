import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from gapkit.measure.polychoric import (
    BOUND,
    FAR,
    contingency_tables,
    estimate,
    polychoric_arrays,
    thresholds,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


def codes_of(table):
    """Respondents that give this table of counts."""
    table = np.asarray(table)
    rows, columns = np.indices(table.shape)
    return np.column_stack([np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())])


def likelihood(table, rho, row_cuts, column_cuts):
    """Log-likelihood of a table by scipy's bivariate normal, cell by cell."""
    a, b = (np.r_[-8.0, cuts, 8.0] for cuts in (row_cuts, column_cuts))
    bvn = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    corner = np.array([[bvn.cdf([x, y]) for y in b] for x in a])
    cells = np.diff(np.diff(corner, axis=0), axis=1)
    return (table * np.log(np.maximum(cells, 1e-300))).sum()


def test_halves_split_at_the_median_follow_the_sine_of_their_agreement():
    # Sheppard: P(both above) = 1/4 + asin(rho) / (2 pi)
    for both in (10, 25, 30, 45):
        codes = codes_of([[both, 50 - both], [50 - both, both]])
        expected = np.sin(2 * np.pi * (both / 100 - 0.25))
        assert polychoric_arrays(codes).correlation[0, 1] == pytest.approx(expected, abs=1e-9)


def test_independent_answers_have_correlation_zero():
    codes = codes_of(np.outer([1, 2, 3], [2, 1, 4]))
    assert polychoric_arrays(codes).correlation[0, 1] == pytest.approx(0, abs=1e-12)


def test_thresholds_are_normal_quantiles_of_the_shares_below():
    assert thresholds(np.array([25.0, 50.0, 25.0])) == pytest.approx(norm.ppf([0.25, 0.75]))
    assert thresholds(np.array([50.0, 50.0, 0.0])).tolist() == [0.0, FAR]


@pytest.mark.parametrize(
    "table",
    [
        [[8, 3, 1], [4, 9, 5], [0, 3, 12]],
        [[30, 2, 0, 0], [1, 20, 3, 0], [0, 2, 15, 4], [0, 0, 1, 9]],
        [[1, 9], [12, 3]],
        [[0, 0, 6, 10], [3, 5, 9, 1], [7, 4, 0, 0]],
    ],
)
def test_the_estimate_maximises_the_likelihood_that_scipy_computes(table):
    table = np.array(table)
    found = polychoric_arrays(codes_of(table))
    cuts = [thresholds(table.sum(1 - axis).astype(float)) for axis in (0, 1)]
    best = minimize_scalar(
        lambda rho: -likelihood(table, rho, *cuts), bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-9}
    )
    assert found.correlation[0, 1] == pytest.approx(best.x, abs=2e-6)


def test_tables_of_psychs_bfi_give_lavaans_correlations():
    stored = json.loads((REFERENCE / "bfi.json").read_text())
    tables = np.array(stored["pairs"], dtype=float).reshape(-1, 6, 6)
    cuts = np.array(stored["polychoric"]["thresholds"]).reshape(25, 5)
    first, second = np.triu_indices(25, 1)
    z, at_bound, converged = estimate(np.moveaxis(tables, 0, -1), cuts[first].T, cuts[second].T)
    assert np.tanh(z) == pytest.approx(np.array(stored["polychoric"]["correlation"])[first, second], abs=1e-6)
    assert converged.all()
    assert not at_bound.any()
    row_cuts = np.array([thresholds(table.sum(axis=1)) for table in tables])
    assert row_cuts == pytest.approx(cuts[first], abs=1e-9)


@pytest.mark.parametrize("rho", [-0.998, -0.95, -0.3, 0.0, 0.6, 0.99])
def test_exact_cell_probabilities_give_their_correlation_back(rho):
    cuts = np.array([-1.2, -0.1, 0.9])
    corners = np.r_[-9.0, cuts, 9.0]
    bvn = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    corner = np.array([[bvn.cdf([x, y]) for y in corners] for x in corners])
    cells = np.maximum(np.diff(np.diff(corner, axis=0), axis=1), 0)
    z, _, _ = estimate(1e6 * cells[:, :, None], cuts[:, None], cuts[:, None])
    assert np.tanh(z[0]) == pytest.approx(rho, abs=1e-6)


def test_an_empty_cell_of_a_two_by_two_table_is_raised_to_one_half_with_margins_kept():
    raised = polychoric_arrays(codes_of([[40, 0], [25, 35]])).correlation[0, 1]
    by_hand = estimate(
        np.array([[39.5, 0.5], [25.5, 34.5]])[:, :, None],
        thresholds(np.array([[40.0, 60.0]])).T,
        thresholds(np.array([[65.0, 35.0]])).T,
    )[0]
    assert raised == pytest.approx(np.tanh(by_hand[0]), abs=1e-10)
    assert raised < BOUND


@pytest.mark.parametrize("scale", [1 / 60, 0.5, 1, 100, 1e6])
def test_the_scale_of_the_weights_changes_nothing(scale):
    codes = codes_of([[31, 0], [26, 3]])
    plain = polychoric_arrays(codes).correlation[0, 1]
    alike = polychoric_arrays(codes, weights=np.full(60, scale))
    assert alike.correlation[0, 1] == pytest.approx(plain, abs=1e-9)
    assert alike.pair_n == pytest.approx(np.full((2, 2), 60))
    weights = np.random.default_rng(0).uniform(0.2, 3, 60)
    unequal = polychoric_arrays(codes, weights=np.stack([weights, weights * scale])).correlation
    assert unequal[0] == pytest.approx(unequal[1], abs=1e-9)


def test_the_empty_cell_of_weighted_answers_is_raised_to_half_a_respondent():
    # 60 people whose weights of 3 and 1 sum to 90: two thirds of a person each, so that 90 become 60
    codes = codes_of([[15, 0], [40, 5]])
    weights = np.repeat([3.0, 1.0], [15, 45])
    raised = polychoric_arrays(codes, weights=weights).correlation[0, 1]
    by_hand = estimate(
        np.array([[29.5, 0.5], [40 * 2 / 3 + 0.5, 5 * 2 / 3 - 0.5]])[:, :, None],
        thresholds(np.array([[30.0, 30.0]])).T,
        thresholds(np.array([[30 + 40 * 2 / 3, 5 * 2 / 3]])).T,
    )[0]
    assert raised == pytest.approx(np.tanh(by_hand[0]), abs=1e-9)


def test_perfect_agreement_stands_at_the_bound_and_is_flagged():
    found = polychoric_arrays(codes_of(np.diag([20, 30, 40])))
    assert found.correlation[0, 1] == pytest.approx(BOUND)
    assert found.at_bound[0, 1]
    assert found.empty_cells[0, 1] == 6


def test_every_pairs_table_comes_out_of_the_one_product():
    rng = np.random.default_rng(3)
    codes = rng.integers(-1, 4, (50, 3))
    tables = contingency_tables(codes, n_categories=4)
    for i, j in [(0, 1), (1, 2), (2, 0)]:
        expected = [[((codes[:, i] == a) & (codes[:, j] == b)).sum() for b in range(4)] for a in range(4)]
        assert tables[i, :, j, :].tolist() == expected


def test_a_batch_gives_what_its_members_give_one_by_one():
    rng = np.random.default_rng(4)
    codes = rng.integers(-1, 5, (3, 2, 80, 6)).astype(np.int8)
    batch = polychoric_arrays(codes, n_categories=5)
    assert batch.correlation.shape == (3, 2, 6, 6)
    for i, j in np.ndindex(3, 2):
        alone = polychoric_arrays(codes[i, j], n_categories=5)
        assert batch.correlation[i, j] == pytest.approx(alone.correlation, abs=1e-8)
        assert batch.cuts[i, j] == pytest.approx(alone.cuts)
        assert batch.pair_n[i, j].tolist() == alone.pair_n.tolist()
        assert batch.empty_cells[i, j].tolist() == alone.empty_cells.tolist()


def test_rows_of_weights_are_data_sets_of_their_own():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 4, (60, 4))
    counts = rng.multinomial(60, np.full(60, 1 / 60), size=3).astype(float)
    drawn = polychoric_arrays(codes, n_categories=4, weights=counts)
    for row, matrix in zip(counts, drawn.correlation, strict=True):
        repeated = polychoric_arrays(np.repeat(codes, row.astype(int), axis=0), n_categories=4)
        assert matrix == pytest.approx(repeated.correlation, abs=1e-8)


def test_pairs_without_common_respondents_or_with_a_single_category_are_nan_and_spoil_nothing():
    codes = np.array([[0, -1, 0, 2], [1, -1, 1, 2], [-1, 0, 1, 2], [-1, 1, 0, 2], [0, -1, 0, 2], [1, 1, 1, 2]])
    codes[5, 0] = -1
    found = polychoric_arrays(codes)
    assert np.isnan(found.correlation[0, 1])
    assert np.isnan(found.correlation[3, :3]).all()
    assert np.isfinite(found.correlation[[0, 1], [2, 2]]).all()


@settings(max_examples=60)
@given(st.integers(2, 11), st.integers(2, 11), st.integers(5, 300), st.integers(0, 2**32 - 1))
def test_any_table_gives_a_correlation_within_bounds(rows, columns, n, seed):
    rng = np.random.default_rng(seed)
    spread = rng.dirichlet(np.full(rows * columns, 0.3))
    table = rng.multinomial(n, spread).reshape(rows, columns)
    found = polychoric_arrays(codes_of(table), n_categories=max(rows, columns))
    used = (table.sum(0) > 0).sum(), (table.sum(1) > 0).sum()
    if min(used) < 2:
        assert np.isnan(found.correlation[0, 1])
    else:
        assert abs(found.correlation[0, 1]) <= BOUND + 1e-12
        assert found.converged.all()
