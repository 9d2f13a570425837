import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gapkit as gk
from gapkit.measure.answers import AnswersError

REFERENCE = Path(__file__).parents[1] / "reference" / "efa"


@pytest.fixture
def skewed():
    return pd.read_csv(REFERENCE / "skewed.csv")


@pytest.fixture
def by_r():
    return json.loads((REFERENCE / "skewed.json").read_text())


def test_the_correlation_of_four_pairs_can_be_checked_by_hand():
    # deviations (-1.5, -.5, .5, 1.5) and (-1, -1, 1, 1): 4 / sqrt(5 * 4)
    answers = pd.DataFrame({"q01": [1, 2, 3, 4], "q02": [2, 2, 4, 4]})
    assert gk.correlation(answers).loc["q01", "q02"] == pytest.approx(4 / np.sqrt(20))


def test_missing_answers_are_left_out_pair_by_pair_as_in_r(skewed, by_r):
    found = gk.correlation(skewed.drop(columns="weight"))
    assert found.to_numpy() == pytest.approx(np.array(by_r["pairwise"]), abs=1e-11)


def test_weights_count_as_in_cov_wt(skewed, by_r):
    complete = skewed.dropna()
    found = gk.correlation(complete.drop(columns="weight"), weights=complete["weight"])
    assert found.to_numpy() == pytest.approx(np.array(by_r["weighted"]), abs=1e-11)


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_a_weight_of_two_is_the_same_as_being_there_twice(skewed, kind):
    answers = skewed.drop(columns="weight")
    times = np.arange(len(answers)) % 3
    repeated = answers.loc[answers.index.repeat(times)].reset_index(drop=True)
    weighted = gk.correlation(answers, weights=times, kind=kind)
    assert weighted.to_numpy() == pytest.approx(gk.correlation(repeated, kind=kind).to_numpy(), abs=1e-8)


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
@given(seed=st.integers(0, 2**32 - 1))
def test_reversing_an_item_turns_its_signs_and_nothing_else(kind, seed):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(60)
    z = common[:, None] + rng.standard_normal((60, 3))
    answers = pd.DataFrame(np.digitize(z, [-1, 0, 1]) + 1, columns=["q01", "q02", "q03"])
    plain = gk.correlation(answers, kind=kind)
    turned = gk.correlation(answers.assign(q02=5 - answers["q02"]), kind=kind)
    signs = np.array([1, -1, 1])
    assert turned.to_numpy() == pytest.approx(plain.to_numpy() * np.outer(signs, signs), abs=1e-7)


def test_moments_give_the_same_matrix_as_the_answers(skewed):
    answers = skewed.drop(columns="weight")
    from_answers, from_moments = gk.correlation(answers), gk.correlation(gk.moments(answers))
    assert from_moments.to_numpy() == pytest.approx(from_answers.to_numpy(), abs=1e-12)
    assert from_moments.attrs["n_respondents"] == from_answers.attrs["n_respondents"]


def test_large_numbers_lose_no_digits():
    rng = np.random.default_rng(1)
    small = pd.DataFrame(rng.standard_normal((50, 3)), columns=list("abc"))
    assert gk.correlation(small + 1e6).to_numpy() == pytest.approx(gk.correlation(small).to_numpy(), abs=1e-9)


def test_the_matrix_says_in_plain_values_what_it_is(skewed):
    answered = skewed.drop(columns="weight").notna().astype(int)
    fewest = (answered.T @ answered).to_numpy().min()
    attrs = gk.correlation(skewed.drop(columns="weight"), weights=skewed["weight"]).attrs
    assert attrs["method"] == (
        f"Pearson correlations of 12 items, 400 respondents, pairwise complete (at least {fewest} a pair), "
        f"weighted (effective n {attrs['n_effective']:.1f})."
    )
    assert attrs["kind"] == "pearson"
    assert attrs["n"] == fewest
    assert attrs["smoothed"] is False
    assert all(isinstance(value, str | int | float) for value in attrs.values())
    assert json.loads(json.dumps(attrs)) == attrs


def test_identical_items_are_smoothed_and_named():
    answers = pd.DataFrame({"q01": [1, 2, 3, 4, 2], "q02": [2, 1, 3, 3, 4], "q03": [1, 2, 3, 4, 2]})
    found = gk.correlation(answers)
    assert found.attrs["smoothed"] is True
    assert "the matrix was singular" in found.attrs["method"]
    assert "(nearly) the same item: q01 with q03" in found.attrs["method"]
    assert np.linalg.eigvalsh(found)[0] > 0


def test_too_few_respondents_are_named_as_the_reason_for_smoothing():
    answers = pd.DataFrame(np.random.default_rng(0).integers(1, 8, (4, 6)), columns=list("abcdef"))
    assert "4 respondents are too few for 6 items" in gk.correlation(answers).attrs["method"]


def test_an_item_that_is_still_among_a_pairs_respondents_is_named():
    answers = pd.DataFrame({"q01": [1, 1, 2, 3], "q02": [1, 2, np.nan, np.nan], "q03": [1, 2, 3, 5]})
    with pytest.raises(AnswersError, match=r"does not vary among the respondents .* q01 with q02"):
        gk.correlation(answers)


def test_moments_of_a_constant_item_name_it():
    moments = gk.moments(pd.DataFrame({"q01": [1, 2, 3], "q02": [2, 2, 2]}))
    with pytest.raises(AnswersError, match=r"No correlation, .*: q01 with q02, q02 with q02"):
        gk.correlation(moments)


def test_moments_cannot_give_polychoric_correlations():
    moments = gk.moments(pd.DataFrame({"q01": [1, 2, 3], "q02": [2, 1, 3]}))
    with pytest.raises(AnswersError, match="Moments hold no counts of scale points"):
        gk.correlation(moments, kind="polychoric")


def test_an_unknown_kind_is_refused():
    with pytest.raises(AnswersError, match="kind='spearman' is not known"):
        gk.correlation(pd.DataFrame({"q01": [1, 2], "q02": [2, 1]}), kind="spearman")
