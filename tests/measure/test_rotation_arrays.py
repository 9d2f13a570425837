import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.measure.rotation_arrays import RotatedArrays, arranged, rotate_arrays, variances

ROTATIONS = ["none", "varimax", "quartimax", "promax", "oblimin", "geomin", "target"]


def structured(rng, p=12, k=3):
    """Loadings near simple structure, turned at random."""
    simple = np.kron(np.eye(k), np.full((p // k, 1), 0.7)) + rng.uniform(-0.15, 0.15, (p, k))
    return simple @ np.linalg.qr(rng.standard_normal((k, k)))[0]


def turned(A, rotation, **settings):
    p, k = A.shape[-2:]
    wanted = np.where(np.arange(p * k).reshape(p, k) % 4, np.nan, 0.0) if rotation == "target" else None
    return rotate_arrays(A, rotation=rotation, target=wanted, **settings)


@pytest.mark.parametrize("kaiser", [None, True, False])
@pytest.mark.parametrize("rotation", ROTATIONS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_loadings_phi_and_matrix_stay_the_unrotated_model(rotation, kaiser, seed):
    A = structured(np.random.default_rng(seed))
    raw = turned(A, rotation, kaiser=kaiser)
    for found in (raw, arranged(raw)):
        assert found.loadings @ found.phi @ found.loadings.T == pytest.approx(A @ A.T, abs=1e-9)
        assert found.loadings == pytest.approx(A @ found.matrix, abs=1e-10)
        assert np.linalg.inv(found.matrix.T @ found.matrix) == pytest.approx(found.phi, abs=1e-8)
        assert np.diag(found.phi) == pytest.approx(np.ones(3), abs=1e-9)


@pytest.mark.parametrize("rotation", ["none", "varimax", "quartimax"])
def test_orthogonal_rotations_leave_factors_uncorrelated(rotation):
    found = turned(structured(np.random.default_rng(0)), rotation)
    assert found.phi.tolist() == np.eye(3).tolist()


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32 - 1))
def test_arranging_orders_and_signs_everything_together(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((3, 3))
    inverse = np.linalg.inv(matrix)
    phi = inverse @ inverse.T
    matrix = matrix * np.sqrt(np.diag(phi))  # factors of variance one
    phi = np.linalg.inv(matrix.T @ matrix)
    A = rng.uniform(-1, 1, (9, 3))
    given_parts = RotatedArrays(A @ matrix, phi, matrix, np.array(0.0), np.array(True))
    found = arranged(given_parts)
    assert (np.diff(variances(found.loadings, found.phi)) <= 1e-9).all()
    assert (found.loadings.sum(axis=0) >= 0).all()
    assert A @ found.matrix == pytest.approx(found.loadings, abs=1e-8)
    assert found.loadings @ found.phi @ found.loadings.T == pytest.approx(A @ A.T, rel=1e-6, abs=1e-6)
    assert arranged(found).loadings.tolist() == found.loadings.tolist()


def test_variances_add_up_to_the_communalities_even_when_factors_correlate():
    A = structured(np.random.default_rng(1))
    found = turned(A, "oblimin")
    assert np.abs(found.phi - np.eye(3)).max() > 0.01
    assert variances(found.loadings, found.phi).sum() == pytest.approx((A**2).sum())


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_batch_gives_what_its_members_give_one_by_one(rotation):
    rng = np.random.default_rng(2)
    A = np.array([[structured(rng) for _ in range(2)] for _ in range(3)])
    batch = turned(A, rotation)
    assert batch.phi.shape == (3, 2, 3, 3)
    for i, j in np.ndindex(3, 2):
        alone = turned(A[i, j], rotation)
        assert batch.loadings[i, j] == pytest.approx(alone.loadings, abs=1e-7)
        assert batch.objective[i, j] == pytest.approx(alone.objective, abs=1e-9)


def test_a_search_goes_on_from_an_earlier_result():
    A = structured(np.random.default_rng(3))
    first = rotate_arrays(A, rotation="oblimin")
    again = rotate_arrays(A, rotation="oblimin", start=np.linalg.inv(first.matrix).T)
    assert again.loadings == pytest.approx(first.loadings, abs=1e-6)


def test_one_factor_is_left_as_it_is():
    A = np.array([[0.5], [0.6], [0.7]])
    for rotation in ROTATIONS:
        assert turned(A, rotation).loadings.tolist() == A.tolist()


def test_an_item_without_communality_does_not_divide_by_zero():
    A = structured(np.random.default_rng(4))
    A[0] = 0
    assert np.isfinite(rotate_arrays(A, rotation="promax").loadings).all()


def test_a_target_rotation_needs_a_target():
    with pytest.raises(ValueError, match="needs a target"):
        rotate_arrays(np.eye(4)[:, :2], rotation="target")
