from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.penalty_reward import _kind

REFERENCE = Path(__file__).parents[1] / "reference" / "drivers"


def planted(make_survey, n=1500, seed=0):
    """Levels 1 to 3; low and high of each dimension go with a known loss and gain of the outcome."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.integers(1, 4, (n, 4)), columns=["basic", "excitement", "performance", "nothing"])
    loss = (x == 1) @ [1.0, 0.1, 0.8, 0.0]
    gain = (x == 3) @ [0.1, 1.0, 0.8, 0.0]
    return make_survey(x, scale=(1, 3), respondents=pd.DataFrame({"overall": gain - loss + rng.normal(0, 0.6, n)}))


def test_penalty_and_reward_by_pencil(make_survey):
    # low (1) has the mean outcome 2, middling (2) 5, high (3) 6: penalty 3, reward 1, contrast -2
    x = pd.DataFrame({"a": [1, 1, 2, 2, 3, 3]})
    survey = make_survey(x, scale=(1, 3), respondents=pd.DataFrame({"overall": [1.0, 3, 4, 6, 5, 7]}))
    found = gk.penalty_reward(survey, cut=(1, 3))
    assert found.dimensions.loc["a", ["penalty", "reward", "contrast"]].tolist() == pytest.approx([3, 1, -2])
    assert found.cuts.loc["a", ["low", "between", "high"]].tolist() == [2, 2, 2]
    # sandwich: each group mean has the variance 2/4 = .5, times 6/3; contrast = low + high - 2 middling
    half = 3.182446 * np.sqrt(6 * 0.5 * 2)
    assert found.dimensions.loc["a", "contrast_high"] == pytest.approx(-2 + half, abs=1e-5)


def test_base_r_gives_the_same_contrasts(make_survey):
    answers = pd.read_csv(REFERENCE / "answers.csv")
    expected = pd.read_csv(REFERENCE / "penalty_plain.csv").set_index("dimension")
    survey = make_survey(answers[list(expected.index)], scale=(0, 100), respondents=answers[["outcome"]])
    found = gk.penalty_reward(survey, outcome="outcome", cut="thirds")
    np.testing.assert_allclose(found.cuts[["low_cut", "high_cut"]], expected[["low_cut", "high_cut"]])
    columns = [column for column in expected if column in found.dimensions]
    assert len(columns) == 7
    np.testing.assert_allclose(found.dimensions[columns], expected[columns], rtol=1e-9)


def test_weighted_contrasts_equal_weighted_least_squares_with_robust_errors(make_survey):
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    x = pd.DataFrame(rng.integers(1, 8, (150, 2)), columns=list("ab"))
    y, w = x.sum(axis=1) + rng.normal(size=150), rng.uniform(0.5, 3, 150)
    survey = make_survey(x, respondents=pd.DataFrame({"overall": y, "weight": w}))
    found = gk.penalty_reward(survey, cut=(2, 6)).dimensions
    design = sm.add_constant(np.column_stack([x <= 2, x >= 6]).astype(float))
    theirs = sm.WLS(y, design, weights=w).fit(cov_type="HC1", use_t=True)
    np.testing.assert_allclose(found["penalty"], -theirs.params[1:3], rtol=1e-10)
    np.testing.assert_allclose(found["reward_low"], np.asarray(theirs.conf_int())[3:, 0], rtol=1e-9)
    contrast = theirs.t_test([[0, 1, 0, 1, 0], [0, 0, 1, 0, 1]])
    np.testing.assert_allclose(found["contrast"], contrast.effect, rtol=1e-10)
    np.testing.assert_allclose(found[["contrast_low", "contrast_high"]], contrast.conf_int(), rtol=1e-9)


def test_planted_kinds_are_found(make_survey):
    found = gk.penalty_reward(planted(make_survey), cut=(1, 3))
    kinds = found.dimensions["kind"].to_dict()
    assert kinds == {"basic": "basic", "excitement": "excitement", "performance": "performance", "nothing": "undecided"}
    assert found.headline.startswith(
        "basic: basic; performance: performance; excitement: excitement; undecided: nothing"
    )


def test_few_respondents_leave_it_undecided(make_survey):
    found = gk.penalty_reward(planted(make_survey, n=40), cut=(1, 3))
    assert (found.dimensions["kind"] == "undecided").sum() >= 3


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((-1.0, -0.7, -0.4), "basic"),
        ((0.4, 0.7, 1.0), "excitement"),
        ((-0.2, 0.0, 0.2), "performance"),
        ((-0.25, -0.2, -0.1), "performance"),  # clear of 0, but nowhere near twice as large
        ((-0.6, -0.25, 0.1), "undecided"),
        ((-0.4, -0.25, -0.1), "undecided"),
    ],
)
def test_the_kind_follows_from_the_interval_of_the_contrast(interval, expected):
    assert _kind(*interval, margin=0.3, clear=True) == expected
    assert _kind(*interval, margin=0.3, clear=False) == "undecided"


def test_gaps_can_be_cut_at_the_expectation(make_survey):
    P = pd.DataFrame({"a": [3, 3, 4, 4, 5, 5] * 2})
    E = pd.DataFrame({"a": [4.0] * 12})
    survey = make_survey(P, expected=E, respondents=pd.DataFrame({"overall": [1.0, 2, 4, 5, 5, 6] * 2}))
    found = gk.penalty_reward(survey, of="gaps", cut="expectation")
    assert found.cuts.loc["a", ["low", "between", "high"]].tolist() == [4, 4, 4]
    assert "low is a gap below 0" in found.method
    with pytest.raises(ValueError, match='use of="gaps"'):
        gk.penalty_reward(survey, cut="expectation")


def test_an_empty_group_is_named(make_survey):
    with pytest.raises(ValueError, match="basic, excitement, performance, nothing: with this cut nobody is low"):
        gk.penalty_reward(planted(make_survey), cut=(0, 4))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cut": "halves"}, 'cut="halves" is not known; choose one of "quartiles", "thirds", "expectation"'),
        ({"cut": (5, 3)}, "the low one must lie below the high one, not 5 and 3"),
        ({"ratio": 1}, "ratio must be above 1"),
    ],
)
def test_wrong_arguments_say_what_is_right(make_survey, wrong, message):
    with pytest.raises(ValueError, match=message):
        gk.penalty_reward(planted(make_survey, n=50), **wrong)
