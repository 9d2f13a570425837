import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapkit.measure import projection
from gapkit.measure.projection import project

CRITERIA = {
    "oblimin": projection.oblimin(),
    "oblimin, gamma -0.7": projection.oblimin(-0.7),
    "geomin": projection.geomin(0.01),
    "varimax": projection.varimax,
    "quartimax": projection.quartimax,
    "target": projection.target(np.where(np.arange(24).reshape(8, 3) % 2, np.nan, 0.1)),
}
WHICH = np.arange(1)


@pytest.mark.parametrize("name", CRITERIA)
@given(seed=st.integers(0, 2**32 - 1))
def test_gradients_are_those_of_central_differences(name, seed):
    L = np.random.default_rng(seed).uniform(-0.9, 0.9, (1, 8, 3))
    _, gradient = CRITERIA[name](L, WHICH)
    for place in [(0, 0, 0), (0, 3, 1), (0, 7, 2)]:
        h = np.zeros_like(L)
        h[place] = 1e-6
        difference = (CRITERIA[name](L + h, WHICH)[0] - CRITERIA[name](L - h, WHICH)[0])[0] / 2e-6
        assert gradient[place] == pytest.approx(difference, abs=1e-6)


def test_oblimin_by_hand():
    # one item on two factors, .5 and .2: (.25 * .04 + .04 * .25) / 4
    value, _ = projection.oblimin()(np.array([[[0.5, 0.2]]]), WHICH)
    assert value[0] == pytest.approx(0.005)


def test_geomin_by_hand():
    # sqrt((.25 + .01)(.04 + .01))
    value, _ = projection.geomin(0.01)(np.array([[[0.5, 0.2]]]), WHICH)
    assert value[0] == pytest.approx(np.sqrt(0.26 * 0.05))


@pytest.mark.parametrize("oblique", [True, False])
@pytest.mark.parametrize("name", CRITERIA)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_small_turn_lowers_the_criterion_any_further(name, oblique, seed):
    rng = np.random.default_rng(seed)
    simple = np.kron(np.eye(3), np.ones((4, 1)))[:8] * 0.7 + rng.uniform(-0.1, 0.1, (8, 3))
    A = (simple @ np.linalg.qr(rng.standard_normal((3, 3)))[0])[None]
    if oblique and name in ("varimax", "quartimax"):  # these fall without end as factors come to coincide
        return
    found = project(A, CRITERIA[name], oblique=oblique)
    if not found.converged[0]:
        return
    for _ in range(5):
        T = found.T[0] + 1e-4 * rng.standard_normal((3, 3))
        if oblique:
            T /= np.sqrt((T**2).sum(axis=0))
            L = A[0] @ np.linalg.inv(T).T
        else:
            U, _, V = np.linalg.svd(T)
            L = A[0] @ U @ V
        assert CRITERIA[name](L[None], WHICH)[0][0] >= found.objective[0] - 1e-9


def test_orthogonal_searches_end_at_orthogonal_and_oblique_ones_at_unit_columns():
    A = np.random.default_rng(0).uniform(-1, 1, (4, 9, 3))
    T = project(A, projection.varimax, oblique=False).T
    assert T.swapaxes(1, 2) @ T == pytest.approx(np.broadcast_to(np.eye(3), (4, 3, 3)), abs=1e-12)
    T = project(A, projection.oblimin(), oblique=True).T
    assert (T**2).sum(axis=1) == pytest.approx(np.ones((4, 3)))


def test_each_member_of_a_batch_can_have_a_target_of_its_own():
    rng = np.random.default_rng(1)
    A = rng.uniform(-1, 1, (5, 9, 3))
    targets = rng.uniform(-1, 1, (5, 9, 3))
    batch = project(A, projection.target(targets), oblique=True)
    for member in range(5):
        alone = project(A[[member]], projection.target(targets[member]), oblique=True)
        assert batch.objective[member] == pytest.approx(alone.objective[0], abs=1e-9)


def test_a_search_cut_short_says_so():
    A = np.random.default_rng(2).uniform(-1, 1, (1, 9, 3))
    assert not project(A, projection.oblimin(), oblique=True, most=2).converged[0]
