import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.polychoric import thresholds
from gapkit.measure.polychoric_support import log_likelihood as table_likelihood

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


def answers_of(name):
    return pd.read_csv(REFERENCE / f"{name}.csv").drop(columns="weight", errors="ignore")


@pytest.mark.parametrize("name", ["skewed", "mixed"])
def test_correlations_and_thresholds_are_lavaans(name):
    by_lavaan = json.loads((REFERENCE / f"{name}.json").read_text())["polychoric"]
    found = gk.polychoric(answers_of(name))
    assert found.correlation.to_numpy() == pytest.approx(np.array(by_lavaan["correlation"]), abs=1e-6)
    cuts = found.thresholds.to_numpy()
    assert cuts[np.isfinite(cuts)] == pytest.approx(np.array(by_lavaan["thresholds"]), abs=1e-9)
    assert not found.smoothed
    assert found.not_converged == ()
    assert found.undetermined == ()


def test_items_may_have_from_two_to_eleven_points():
    found = gk.polychoric(answers_of("mixed"))
    points = found.points.notna().sum(axis=1)
    assert points.tolist() == [2, 2, 3, 4, 5, 6, 7, 9, 10, 11]
    assert (found.thresholds.notna().sum(axis=1) == points - 1).all()


def test_points_need_not_be_whole_or_next_to_each_other():
    answers = pd.DataFrame({"q01": [1, 3, 5, 5, 1, 3], "q02": [0.5, 1, 2.5, 1, 0.5, 2.5]})
    same = answers.replace({"q01": {3: 2, 5: 3}, "q02": {0.5: 1, 1: 2, 2.5: 3}})
    assert gk.polychoric(answers).correlation.equals(gk.polychoric(same).correlation)
    assert gk.polychoric(answers).points.loc["q02"].tolist() == [0.5, 1.0, 2.5]


def test_more_than_eleven_points_are_refused_by_name():
    rng = np.random.default_rng(0)
    answers = pd.DataFrame({"q01": np.arange(40) % 12, "q02": np.arange(40) % 3, "q03": rng.standard_normal(40)})
    with pytest.raises(AnswersError, match=r"More than 11 scale points: q01 \(12\), q03 \(40\)\..*kind=\"pearson\""):
        gk.polychoric(answers)
    with pytest.raises(AnswersError, match=r"More than 11 scale points: q01 \(12\)\."):
        gk.polychoric(answers[["q01", "q02"]])


def test_pairs_at_the_bound_are_named_in_the_method():
    answers = answers_of("mixed").assign(copy=lambda frame: frame["q05"])
    found = gk.polychoric(answers)
    assert found.at_bound == (("q05", "copy"),)
    assert found.correlation.loc["q05", "copy"] == pytest.approx(0.999)
    assert "held at +-0.999: q05 with copy" in found.method
    assert "1 pair at the bound" in found.headline


def flat_tables():
    """Tables of two items as answers, with lavaan's correlation of each."""
    stored = pd.read_csv(REFERENCE / "flat_tables.csv")
    for name, cells in stored.groupby("table"):
        repeated = cells.loc[cells.index.repeat(cells["count"]), ["a", "b"]].reset_index(drop=True)
        yield name, repeated, float(cells["correlation"].iloc[0])


def log_likelihood(answers, rho):
    """Of a polychoric correlation with thresholds from the margins, by scipy's bivariate normal distribution."""
    table = pd.crosstab(answers["a"], answers["b"]).to_numpy()
    rows, columns = (np.r_[-9, norm.ppf(table.sum(side).cumsum()[:-1] / table.sum()), 9] for side in (1, 0))
    corners = np.array([[multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([x, y]) for y in columns] for x in rows])
    chances = np.diff(np.diff(corners, axis=0), axis=1)
    return (table * np.log(np.maximum(chances, 1e-14))).sum()


def test_a_pair_that_fits_a_perfect_correlation_about_as_well_is_named_and_lavaans_value_fits_no_better():
    told = {}
    for name, answers, by_lavaan in flat_tables():
        found = gk.polychoric(answers)
        ours = found.correlation.loc["a", "b"]
        told[name] = found.undetermined + found.at_bound
        assert log_likelihood(answers, ours) == pytest.approx(log_likelihood(answers, by_lavaan), abs=1e-3), name
        assert (abs(ours - by_lavaan) < 1e-6) == (told[name] == ()), name
        if found.undetermined:
            assert "hardly determined, a perfect correlation fits about as well: a with b" in found.method
            assert "1 pair hardly determined" in found.headline
    assert told == {"clear": (), "flat_400": (("a", "b"),), "flat_80": (("a", "b"),)}


def test_the_likelihood_of_a_table_is_scipys():
    for _, answers, _ in flat_tables():
        table = pd.crosstab(answers["a"], answers["b"]).to_numpy()
        square = np.zeros((4, 4, 1))
        square[: table.shape[0], : table.shape[1], 0] = table
        cuts = [thresholds(square[..., 0].sum(side)[None]).T for side in (1, 0)]
        for rho in (-0.9, -0.3, 0.6):
            ours = float(table_likelihood(square, *cuts, np.arctanh([rho]))[0])
            assert ours == pytest.approx(log_likelihood(answers, rho), abs=1e-3)


def test_weights_decide_what_is_determined_by_their_ratios_alone():
    _, answers, _ = next(found for found in flat_tables() if found[0] == "flat_400")
    for weight in (1e-3, 1e3):
        assert gk.polychoric(answers, weights=np.full(len(answers), weight)).undetermined == (("a", "b"),)


def test_an_indefinite_matrix_is_smoothed_and_said_so():
    answers = answers_of("skewed").iloc[:14]
    found = gk.polychoric(answers)
    assert found.smoothed
    assert "smoothed, as the matrix was indefinite" in found.method
    assert np.linalg.eigvalsh(found.correlation)[0] > 0


def test_empty_cells_are_counted():
    answers = pd.DataFrame({"q01": [1, 1, 2, 2, 3], "q02": [1, 2, 1, 2, 2], "q03": [1, 2, 2, 1, 1]})
    # 3 x 2, 3 x 2 and 2 x 2 tables with 5, 5 and 4 filled cells
    assert gk.polychoric(answers).empty_cells == 2


def test_pairs_are_counted_without_their_weights():
    answers = answers_of("skewed")
    found = gk.polychoric(answers, weights=np.full(len(answers), 2.5))
    answered = answers.notna().astype(int)
    assert found.pair_n.equals(answered.T @ answered)
    assert found.n == len(answers)
