import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gapkit as gk
from gapkit.measure.smoothing import SMALLEST_EIGENVALUE, singular_reason, smooth

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


def test_a_positive_definite_matrix_is_left_alone():
    R = np.array([[1, 0.5], [0.5, 1]])
    assert smooth(R).matrix is R


def test_an_indefinite_matrix_becomes_what_psych_makes_of_it():
    stored = json.loads((REFERENCE / "smoothed.json").read_text())
    found = smooth(np.array(stored["before"]))
    assert found.changed
    assert found.matrix == pytest.approx(np.array(stored["after"]), abs=1e-10)


@given(st.integers(3, 8), st.integers(0, 2**32 - 1))
def test_what_comes_out_is_always_a_positive_definite_correlation_matrix(p, seed):
    drawn = np.random.default_rng(seed).uniform(-1, 1, (p, p))
    R = np.tril(drawn, -1)
    R = R + R.T + np.eye(p)
    found = smooth(R).matrix
    assert np.linalg.eigvalsh(found)[0] > 0
    assert np.diag(found).tolist() == [1.0] * p
    assert np.array_equal(found, found.T)


def test_a_singular_matrix_counts_as_one_to_smooth():
    R = np.ones((3, 3))
    found = smooth(R)
    assert found.changed
    assert np.linalg.eigvalsh(found.matrix)[0] == pytest.approx(SMALLEST_EIGENVALUE, rel=0.01)


def test_a_smoothed_matrix_says_how_far_it_was_moved():
    before = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    after = smooth(before).matrix
    said = singular_reason(before, after, ("a", "b", "c"), None)
    assert re.search(r"eigenvalue -0.8\); the largest change is [abc] with [abc], from -?0.900 to -?0.500", said)
    same = np.ones((2, 2))
    assert "no correlation changed in three decimals" in singular_reason(same, smooth(same).matrix, ("a", "b"), None)


def test_the_attrs_of_smoothed_correlations_hold_the_largest_change():
    answers = pd.read_csv(REFERENCE / "skewed.csv").drop(columns="weight", errors="ignore").iloc[:14]
    about = gk.correlation(answers, kind="polychoric").attrs
    assert about["smallest_eigenvalue"] < 0 < about["largest_change"]
    moved = re.search(r"from (-?\d\.\d+) to (-?\d\.\d+)", about["method"])
    assert abs(float(moved[1]) - float(moved[2])) == pytest.approx(about["largest_change"], abs=1e-3)
