import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError

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
