"""Certified figures of NIST's Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd/."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

NIST = Path(__file__).parents[1] / "reference" / "nist"
PAIRS = 500


def values_of(name):
    made = {
        "numacc1": [10000001.0, 10000003.0, 10000002.0],
        "numacc2": [1.2, *[1.1, 1.3] * PAIRS],
        "numacc3": [1000000.2, *[1000000.1, 1000000.3] * PAIRS],
        "numacc4": [10000000.2, *[10000000.1, 10000000.3] * PAIRS],
    }
    return np.array(made[name]) if name in made else pd.read_csv(NIST / f"{name}.csv")["y"].to_numpy(dtype=float)


CERTIFIED = [
    ("numacc1", 10000002.0, 1.0),
    ("numacc2", 1.2, 0.1),
    ("numacc3", 1000000.2, 0.1),
    ("numacc4", 10000000.2, 0.1),
    ("michelso", 299.852400000000, 0.0790105478190518),
    ("mavro", 2.00185600000000, 0.000429123454003053),
    ("lottery", 518.958715596330, 291.699727470969),
]
LONGLEY = {
    "intercept": (-3482258.63459582, 890420.383607373),
    "x1": (15.0618722713733, 84.9149257747669),
    "x2": (-0.0358191792925910, 0.0334910077722432),
    "x3": (-2.02022980381683, 0.488399681651699),
    "x4": (-1.03322686717359, 0.214274163161675),
    "x5": (-0.0511041056535807, 0.226073200069370),
    "x6": (1829.15146461355, 455.478499142212),
}


def correct_digits(number, certified):
    return 15.0 if number == certified else -np.log10(abs(number - certified) / abs(certified))


def merged_in_random_order(table, seed):
    """Cut a shuffled table into parts of random size and merge their moments in random order."""
    rng = np.random.default_rng(seed)
    shuffled = table.iloc[rng.permutation(len(table))]
    cuts = np.sort(rng.choice(np.arange(1, len(table)), size=min(6, len(table) - 1), replace=False))
    bounds = [0, *cuts, len(table)]
    parts = [gk.moments(shuffled.iloc[a:b]) for a, b in itertools.pairwise(bounds)]
    while len(parts) > 1:
        second, first = parts.pop(rng.integers(len(parts))), parts.pop(rng.integers(len(parts)))
        parts.append(first + second)
    return parts[0]


@pytest.mark.parametrize(("name", "mean", "sd"), CERTIFIED)
def test_mean_and_sd_have_nine_correct_digits_in_one_pass(name, mean, sd):
    m = gk.moments(pd.DataFrame({"y": values_of(name)}))
    assert correct_digits(m.mean()["y"], mean) >= 9
    assert correct_digits(m.sd()["y"], sd) >= 9


@pytest.mark.parametrize(("name", "mean", "sd"), CERTIFIED)
@pytest.mark.parametrize("seed", range(8))
def test_mean_and_sd_have_nine_correct_digits_merged_from_parts_in_any_order(name, mean, sd, seed):
    m = merged_in_random_order(pd.DataFrame({"y": values_of(name)}), seed)
    assert correct_digits(m.mean()["y"], mean) >= 9
    assert correct_digits(m.sd()["y"], sd) >= 9


@pytest.mark.parametrize("seed", range(8))
def test_longleys_regression_has_eight_correct_digits_merged_from_parts_in_any_order(seed):
    m = merged_in_random_order(pd.read_csv(NIST / "longley.csv"), seed)
    fitted = gk.regression(m, outcome="y", predictors=["x1", "x2", "x3", "x4", "x5", "x6"])
    for term, (weight, se) in LONGLEY.items():
        assert correct_digits(fitted.weights.loc[term, "weight"], weight) >= 8
        assert correct_digits(fitted.weights.loc[term, "se"], se) >= 8
    assert correct_digits(fitted.fit["r2"].iloc[0], 0.995479004577296) >= 8
    assert correct_digits(fitted.fit["residual_sd"].iloc[0], 304.854073561965) >= 8
    assert fitted.fit["df"].iloc[0] == 9


def test_numacc4_as_plain_floats_beats_what_two_passes_over_the_stored_doubles_reach():
    # The doubles nearest to 10000000.1 and .3 have a standard deviation that is right to 8.25 digits and no more.
    two_passes = np.std(values_of("numacc4"), ddof=1)
    assert correct_digits(two_passes, 0.1) < 8.3
    assert correct_digits(gk.moments(pd.DataFrame({"y": values_of("numacc4")})).sd()["y"], 0.1) > 12
