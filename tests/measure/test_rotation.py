import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.rotation import RotationError, factors_in_words, started

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"
SETS = ["bfi", "babakus_boller", "thurstone", "skewed", "mixed"]


def unrotated(name, method):
    """R's loadings at the optimum, and what R made of them."""
    results = json.loads((REFERENCE / f"{name}.json").read_text())
    A = np.array(results[method]["optimum"]["loadings"])
    return pd.DataFrame(A, index=results["items"]), results[method]


@pytest.fixture
def turned():
    return pd.DataFrame({"A": [0.6, 0.6, 0.5, 0.5], "B": [-0.6, -0.6, 0.5, 0.5]}, index=list("wxyz"))


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("varimax", {}),
        ("quartimax", {}),
        ("promax", {}),
        ("oblimin", {}),
        ("oblimin_minus_half", {"gamma": -0.5}),
        ("geomin", {}),
    ],
)
def test_loadings_and_phi_are_those_of_gparotation_and_psych(name, method, key, settings):
    A, by_r = unrotated(name, method)
    expected = by_r["rotations"][key]
    found = gk.rotate(A, rotation=key.split("_")[0], **settings)
    assert found.converged
    assert found.loadings.to_numpy() == pytest.approx(np.array(expected["loadings"]), abs=2e-5)
    assert found.phi.to_numpy() == pytest.approx(np.array(expected["phi"]), abs=2e-5)


@pytest.mark.parametrize("name", SETS)
def test_psychs_own_promax_is_within_a_thousandth(name):
    # it rests on stats::varimax at eps 1e-5; run to the optimum, psych's promax is ours to 2e-5 (above)
    A, by_r = unrotated(name, "minres")
    early = np.array(by_r["rotations"]["promax_psych"]["loadings"])
    ours = gk.rotate(A, rotation="promax")
    assert ours.loadings.to_numpy() == pytest.approx(early, abs=1e-3)


@pytest.mark.parametrize("name", SETS)
def test_a_partly_specified_target_is_met_as_closely_as_gparotation_meets_it(name):
    A, by_r = unrotated(name, "minres")
    wanted = np.array(by_r["rotations"]["target"]["wanted"], dtype=float)
    target = pd.DataFrame(wanted, index=A.index, columns=[f"T{i}" for i in range(wanted.shape[1])])
    found = gk.rotate(A, rotation="target", target=target.iloc[::-1])  # rows are matched by name
    reached = np.nansum((found.loadings.to_numpy() - wanted) ** 2)
    assert reached == pytest.approx(found.objective)
    assert reached <= by_r["rotations"]["target"]["objective"] + 1e-9
    assert list(found.loadings.columns) == list(target.columns)


def test_a_turned_simple_structure_is_turned_back_by_hand(turned):
    found = gk.rotate(turned, rotation="varimax")
    expected = [[0.6 * 2**0.5, 0], [0.6 * 2**0.5, 0], [0, 0.5 * 2**0.5], [0, 0.5 * 2**0.5]]
    assert found.loadings.to_numpy() == pytest.approx(np.array(expected), abs=1e-7)
    assert list(found.loadings.columns) == ["F1", "F2"]
    assert list(found.matrix.index) == ["A", "B"]


@pytest.mark.parametrize("rotation", ["oblimin", "geomin", "promax", "quartimax"])
def test_a_stationary_first_start_is_left_by_the_random_ones(turned, rotation):
    # halfway between the axes the gradient is zero: one start would stay there
    found = gk.rotate(turned, rotation=rotation)
    assert np.abs(found.loadings.to_numpy()).min() < 1e-6


def test_local_optima_are_counted_and_the_lowest_is_returned():
    A, _ = unrotated("babakus_boller", "ml")
    found = gk.rotate(A, rotation="geomin", epsilon=0.0001, starts=60, seed=1)
    assert found.optima["starts"].sum() == 60
    assert len(found.optima) > 1
    assert found.objective == pytest.approx(found.optima["objective"].min())
    assert found.optima["objective"].is_monotonic_increasing
    assert f"{len(found.optima)} local optima" in found.method


def test_the_seed_decides_and_nothing_else():
    A, _ = unrotated("bfi", "minres")
    first, second = (gk.rotate(A, rotation="geomin", seed=5) for _ in range(2))
    assert first.loadings.equals(second.loadings)


def test_smaller_gamma_makes_factors_less_correlated():
    A, _ = unrotated("thurstone", "minres")
    correlated = [gk.rotate(A, gamma=gamma).phi.to_numpy()[0, 1] for gamma in (0, -0.5, -5)]
    assert correlated[0] > correlated[1] > correlated[2] > 0


def test_kaisers_normalisation_can_be_asked_for_or_switched_off():
    A, _ = unrotated("bfi", "minres")
    usual = gk.rotate(A, rotation="varimax").loadings
    assert gk.rotate(A, rotation="varimax", kaiser=True).loadings.equals(usual)
    assert not np.allclose(gk.rotate(A, rotation="varimax", kaiser=False).loadings, usual, atol=1e-3)


def test_what_was_done_is_in_the_method(turned):
    assert gk.rotate(turned, rotation="none").method == "Not rotated."
    assert gk.rotate(turned[["A"]]).method == "Not rotated."
    assert gk.rotate(turned, rotation="promax", starts=1).method == "Rotation: promax (power 4), 1 start."
    A, _ = unrotated("thurstone", "ml")
    assert gk.rotate(A, starts=4).method == "Rotation: oblimin (gamma 0), 4 starts, one optimum."
    assert gk.rotate(A, starts=4).headline == "9 items on 3 factors; 4 starts, one optimum"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rotation": "equamax"}, "rotation='equamax' is not known. Use one of none, varimax"),
        ({"rotation": "target"}, "needs target="),
        ({"starts": 0}, "starts=0: at least one start is needed"),
        (
            {"rotation": "target", "target": pd.DataFrame(np.eye(3)[:, :2], index=list("wxy"))},
            "a row for each item and 2 columns; it has 2 columns and no row for z",
        ),
        (
            {"rotation": "target", "target": pd.DataFrame({"A": [0.0] * 4, "B": [np.nan] * 4}, index=list("wxyz"))},
            "at least one wanted loading; one has none",
        ),
    ],
)
def test_a_rotation_that_cannot_be_done_says_why(turned, change, message):
    with pytest.raises(RotationError, match=message):
        gk.rotate(turned, **change)


def test_loadings_that_span_fewer_factors_are_refused(turned):
    with pytest.raises(RotationError, match=r"span 1 factor, not 2\. Ask for 1 factor"):
        gk.rotate(turned.assign(B=2 * turned["A"]))
    with pytest.raises(RotationError, match="x: loadings are missing or infinite"):
        gk.rotate(turned.where(turned.index.to_series() != "x"))


def test_starts_in_words():
    assert started([1]) == "1 start"
    assert started([10]) == "10 starts, one optimum"
    assert started([7, 3]) == "10 starts, 2 local optima (7 starts at the best)"
    assert (factors_in_words(1), factors_in_words(2)) == ("1 factor", "2 factors")
