from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gapkit as gk


def table(n=60, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 8, (n, 3)).astype(float)
    return pd.DataFrame(x, columns=list("abc")).assign(y=x @ [0.5, -1, 2] + rng.normal(0, 1, n))


def test_weights_equal_those_of_statsmodels():
    import statsmodels.api as sm

    data = table()
    ours = gk.regression(gk.moments(data), outcome="y", predictors=["a", "b", "c"])
    theirs = sm.OLS(data["y"], sm.add_constant(data[["a", "b", "c"]])).fit()
    np.testing.assert_allclose(ours.weights["weight"], theirs.params, rtol=1e-11)
    np.testing.assert_allclose(ours.weights["se"], theirs.bse, rtol=1e-11)
    np.testing.assert_allclose(ours.weights["p"], theirs.pvalues, rtol=1e-8)
    assert ours.fit["adjusted_r2"].iloc[0] == pytest.approx(theirs.rsquared_adj, rel=1e-12)


def test_weighted_weights_equal_those_of_weighted_least_squares():
    import statsmodels.api as sm

    data = table()
    w = np.random.default_rng(1).uniform(0.5, 3, len(data))
    ours = gk.regression(gk.moments(data, weights=w), outcome="y", predictors=["a", "b", "c"])
    theirs = sm.WLS(data["y"], sm.add_constant(data[["a", "b", "c"]]), weights=w).fit()
    np.testing.assert_allclose(ours.weights["weight"], theirs.params, rtol=1e-11)
    assert "Weighted" in ours.method


def test_missing_answers_are_said_in_the_method():
    data = table()
    data.loc[3, "a"] = np.nan
    assert "Answers are missing" in gk.regression(gk.moments(data), outcome="y", predictors=["a", "b"]).method


def test_predictors_that_add_up_to_each_other_are_named():
    data = table().assign(d=lambda t: t["a"] + t["b"])
    with pytest.raises(ValueError, match="a, b, d are exact combinations of each other"):
        gk.regression(gk.moments(data), outcome="y", predictors=["a", "b", "c", "d"])


def test_a_constant_predictor_is_named():
    with pytest.raises(ValueError, match="d does not vary"):
        gk.regression(gk.moments(table().assign(d=1)), outcome="y", predictors=["a", "d"])


def test_too_few_respondents_are_refused():
    with pytest.raises(ValueError, match="need more than 4 respondents; there are 4"):
        gk.regression(gk.moments(table(4)), outcome="y", predictors=["a", "b", "c"])


def test_correlations_of_different_people_that_fit_no_data_are_refused(three_blocks):
    # with r_ab = -.96, r_ay = r_by = .96 the formula gives R2 = 2 x .96^2 / (1 - .96) = 46
    with pytest.raises(ValueError, match=r"y: R² would be \d+\.\d\d\. The pairs of columns were answered by different"):
        gk.regression(gk.moments(three_blocks), outcome="y", predictors=["a", "b"])


def test_those_who_answered_none_of_the_columns_are_not_counted():
    answers = pd.DataFrame({"a": [1, 2, 3, 4, None], "y": [1, 3, 2, 5, None], "else": [1, 2, 3, 4, 5]})
    found = gk.regression(gk.moments(answers), outcome="y", predictors=["a"])
    assert found.n == 4
    assert found.fit["df"].iloc[0] == 2
