import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.factor_input import FactorError
from gapkit.measure.factor_scores import score_weights

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(REFERENCE / "skewed.csv").drop(columns="weight")


@pytest.fixture(scope="module")
def complete(answers):
    return answers.dropna()


@pytest.fixture(scope="module")
def factors(complete):
    return gk.efa(complete, n_factors=3, kind="pearson")


@pytest.mark.parametrize("method", ["regression", "bartlett", "tenberge"])
def test_scores_are_psychs(factors, complete, method):
    by_psych = json.loads((REFERENCE / "skewed.json").read_text())["scores"][method]
    weights = score_weights(
        factors.correlation.to_numpy(), factors.loadings.to_numpy(), factors.phi.to_numpy(), method=method
    )
    assert weights == pytest.approx(np.array(by_psych["weights"]), abs=2e-6)
    found = gk.factor_scores(factors, complete, method=method)
    assert found.to_numpy()[:8] == pytest.approx(np.array(by_psych["scores"]), abs=5e-6)


def test_scores_have_mean_zero_where_the_solution_comes_from(factors, complete):
    assert gk.factor_scores(factors, complete).mean().to_numpy() == pytest.approx(np.zeros(3), abs=1e-12)


def test_ten_berges_scores_correlate_as_the_factors_do(factors, complete):
    scores = gk.factor_scores(factors, complete, method="tenberge")
    assert scores.corr().to_numpy() == pytest.approx(factors.phi.to_numpy(), abs=1e-10)


def test_bartletts_weights_give_the_loadings_back():
    L = np.array([[0.8, 0], [0.7, 0.1], [0, 0.6], [0.1, 0.7]])
    phi = np.array([[1, 0.3], [0.3, 1]])
    W = score_weights(L @ phi @ L.T, L, phi, method="bartlett")
    assert (W.T @ L).ravel() == pytest.approx(np.eye(2).ravel())


def test_r2_is_the_regression_of_factors_on_items():
    # one factor, equal loadings: S / (1 + S) with S the sum of loading^2 / uniqueness
    R = pd.DataFrame(0.36 + 0.64 * np.eye(4), index=list("abcd"), columns=list("abcd"))
    total = 4 * 0.36 / 0.64
    scored = gk.factor_scores(gk.efa(R, n_factors=1), pd.DataFrame(np.eye(4), columns=list("abcd")))
    assert scored.attrs["r2"]["F1"] == pytest.approx(total / (1 + total))


def test_another_wave_is_scored_on_the_footing_of_the_first(factors, complete):
    better = gk.factor_scores(factors, complete + 0.5)
    shift = (
        0.5
        / factors.items["sd"].to_numpy()
        @ score_weights(
            factors.correlation.to_numpy(), factors.loadings.to_numpy(), factors.phi.to_numpy(), method="regression"
        )
    )
    assert (better - gk.factor_scores(factors, complete)).to_numpy() == pytest.approx(
        np.tile(shift, (len(complete), 1)), abs=1e-10
    )


def test_a_respondent_is_scored_from_the_items_answered(factors, complete):
    first = complete.iloc[[0]].copy()
    first.loc[:, "q04"] = np.nan
    kept = [item for item in complete.columns if item != "q04"]
    R, L = factors.correlation.loc[kept, kept].to_numpy(), factors.loadings.loc[kept].to_numpy()
    z = ((first[kept] - factors.items["mean"][kept]) / factors.items["sd"][kept]).to_numpy()
    expected = z @ np.linalg.solve(R, L @ factors.phi.to_numpy())
    assert gk.factor_scores(factors, first).to_numpy() == pytest.approx(expected)


def test_all_missing_patterns_land_in_their_own_rows(answers):
    factors = gk.efa(answers, n_factors=3)
    together = gk.factor_scores(factors, answers)
    alone = pd.concat([gk.factor_scores(factors, answers.iloc[[row]]) for row in range(40)])
    assert together.iloc[:40].to_numpy() == pytest.approx(alone.to_numpy(), nan_ok=True)
    assert together.index.equals(answers.index)


def test_respondents_with_too_few_answers_are_not_scored_and_counted(factors, complete):
    some = complete.iloc[:3].copy()
    some.iloc[0, :7] = np.nan
    found = gk.factor_scores(factors, some)
    assert found.isna().all(axis=1).tolist() == [True, False, False]
    assert "1 of 3 respondents answered too little to be scored" in found.attrs["method"]
    # q08 to q12 do not measure the first four items' factor apart from the rest, but they do span three factors
    assert gk.factor_scores(factors, some, min_answered=0.2).notna().all(axis=None)


def test_a_polychoric_solution_scores_raw_answers(answers):
    polychoric = gk.factor_scores(gk.efa(answers, n_factors=3), answers)
    pearson = gk.factor_scores(gk.efa(answers, n_factors=3, kind="pearson"), answers)
    for factor in polychoric:
        assert polychoric[factor].corr(pearson[factor]) > 0.97


def test_a_bare_correlation_matrix_takes_the_answers_own_mean_and_sd(complete):
    from_matrix = gk.efa(gk.correlation(complete), n_factors=3)
    assert from_matrix.items.isna().all(axis=None)
    from_answers = gk.efa(complete, n_factors=3, kind="pearson")
    assert gk.factor_scores(from_matrix, complete).to_numpy() == pytest.approx(
        gk.factor_scores(from_answers, complete).to_numpy(), abs=1e-9
    )
    with pytest.raises(FactorError, match=r"q01, .*: no variation in these answers"):
        gk.factor_scores(from_matrix, complete.iloc[[0]])


def test_columns_may_stand_in_any_order_but_must_be_there(factors, complete):
    assert gk.factor_scores(factors, complete[complete.columns[::-1]]).equals(gk.factor_scores(factors, complete))
    with pytest.raises(FactorError, match="no column q03, which the solution needs"):
        gk.factor_scores(factors, complete.drop(columns="q03"))
    with pytest.raises(FactorError, match="method='anderson' is not known"):
        gk.factor_scores(factors, complete, method="anderson")
