from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.matrix import SingularError
from gapkit.measure.nulls import permuted_polychorics, random_correlations, random_spectra, shuffled_answers, spectra
from gapkit.measure.retention_rules import rules_of
from gapkit.measure.stopping import average_partials, kaiser_reference, leading

TESTS = Path(__file__).parents[1]
REFERENCE = TESTS / "reference" / "consistency"
COMMON, COMPONENT = "common-factor parallel analysis", "component parallel analysis"


def babakus_boller():
    return pd.read_csv(TESTS.parent / "data" / "published" / "babakus_boller_1992_correlations.csv", index_col=0)


MATRICES = {
    "babakus_boller": babakus_boller,
    "thurstone": lambda: pd.read_csv(REFERENCE / "thurstone.csv", index_col=0),
    "attitude": lambda: pd.read_csv(REFERENCE / "attitude.csv").corr(),
}


def blocks(n_factors=3, items=4, between=0.2, within=0.5):
    k = n_factors * items
    same = np.kron(np.eye(n_factors), np.ones((items, items)))
    return np.where(same, within, between) * (1 - np.eye(k)) + np.eye(k)


def skewed(n=300, seed=0, n_factors=3, items=4, points=5):
    rng = np.random.default_rng(seed)
    x = rng.multivariate_normal(np.zeros(n_factors * items), blocks(n_factors, items), n)
    cuts = np.linspace(-1.8, 0.3, points - 1)
    return pd.DataFrame(np.digitize(x, cuts) + 1.0, columns=[f"q{j + 1:02d}" for j in range(x.shape[1])])


@pytest.mark.parametrize("name", MATRICES)
def test_eigenvalues_of_both_kinds_agree_with_r(name):
    r = pd.read_csv(REFERENCE / f"{name}_eigenvalues.csv")
    found = spectra(MATRICES[name]().to_numpy())
    np.testing.assert_allclose(found.component, r["component"], atol=1e-13)
    np.testing.assert_allclose(found.common, r["common"], atol=1e-12)


@pytest.mark.parametrize("name", MATRICES)
def test_average_partials_agree_with_psych(name):
    psych = pd.read_csv(REFERENCE / f"{name}_map.csv")
    ours = average_partials(MATRICES[name]().to_numpy())
    shared = min(len(ours) - 1, len(psych))
    np.testing.assert_allclose(ours[1 : shared + 1], psych["map"][:shared], rtol=1e-10)


def test_before_any_component_the_average_partial_is_the_mean_squared_correlation():
    assert average_partials(np.array([[1, 0.3, 0.1], [0.3, 1, 0.2], [0.1, 0.2, 1]]))[0] == pytest.approx(0.14 / 3)


def test_the_empirical_kaiser_reference_is_the_one_a_pencil_gives():
    # k = 4, n = 100: (1 + sqrt(.04))^2 = 1.44; then (4 - 2) / 3 * 1.44 = .96 -> 1; later ones 1
    reference = kaiser_reference(np.array([2.0, 1.2, 0.5, 0.3]), 100)
    np.testing.assert_allclose(reference, [1.44, 1.0, 1.0, 1.0])


def test_only_leading_eigenvalues_count():
    assert leading(np.array([True, True, False, True])) == 2
    assert leading(np.array([False, True])) == 0
    assert leading(np.array([True, True])) == 2


def test_babakus_and_bollers_matrix_has_the_published_eigenvalues():
    kept = gk.retention(babakus_boller(), n_respondents=502, draws=50)
    assert kept.eigenvalues["component"].loc[1:5].round(2).tolist() == [8.07, 1.63, 1.24, 1.02, 0.89]
    assert kept.rules.loc["Kaiser", "n_factors"] == 4


def test_babakus_and_bollers_matrix_keeps_four_factors_with_communalities_of_one_factor():
    kept = gk.retention(babakus_boller(), n_respondents=502, communalities="one factor", draws=200)
    assert kept.n_factors == 4
    assert "communalities of one minres factor" in kept.method


def test_babakus_and_bollers_matrix_shows_no_clean_five():
    kept = gk.retention(babakus_boller(), n_respondents=502)
    assert 5 not in kept.rules["n_factors"].tolist()
    assert kept.rules.loc[COMPONENT, "n_factors"] == 2  # as psych's fa.parallel
    # its fifth common eigenvalue, .276, is as large as the null's quantile: 4 or, with the fifth, at once 6
    assert kept.rules.loc[COMMON, "n_factors"] in (4, 6)


def test_random_correlations_are_spread_like_those_of_random_answers():
    rng = np.random.default_rng(0)
    drawn = random_correlations(40, 5, draws=4000, rng=rng)
    answers = rng.standard_normal((4000, 40, 5))
    answers -= answers.mean(axis=1, keepdims=True)
    made = answers.transpose(0, 2, 1) @ answers
    sd = np.sqrt(np.einsum("dii->di", made))
    made /= sd[:, :, None] * sd[:, None, :]
    np.testing.assert_allclose(np.einsum("dii->di", drawn), 1, atol=1e-12)
    ours, theirs = np.linalg.eigvalsh(drawn), np.linalg.eigvalsh(made)
    np.testing.assert_allclose(ours.mean(0), theirs.mean(0), atol=0.012)
    np.testing.assert_allclose(np.quantile(ours, 0.95, axis=0), np.quantile(theirs, 0.95, axis=0), atol=0.03)


@pytest.mark.parametrize("communalities", ["smc", "one factor"])
def test_spectra_from_triangles_are_those_of_the_matrices_they_multiply_to(communalities):
    made = [np.random.default_rng(5) for _ in range(2)]
    quick = random_spectra(60, 9, draws=40, rng=made[0], communalities=communalities)
    plain = spectra(random_correlations(60, 9, draws=40, rng=made[1]), communalities)
    np.testing.assert_allclose(quick.component, plain.component, atol=1e-13)
    np.testing.assert_allclose(quick.common, plain.common, atol=1e-12)


def test_shuffled_polychoric_eigenvalues_spread_more_than_normal_ones():
    rng = np.random.default_rng(1)
    codes = (skewed(200, points=3).to_numpy() - 1).astype(np.int8)
    shuffled = np.concatenate(list(permuted_polychorics(codes, n_categories=3, draws=60, rng=rng)))
    normal = random_correlations(200, 12, draws=300, rng=rng)
    assert spectra(shuffled).component[:, 0].mean() > spectra(normal).component[:, 0].mean() + 0.05


def test_shuffling_in_small_batches_covers_every_draw(monkeypatch):
    monkeypatch.setattr("gapkit.measure.nulls.AT_ONCE", 4 * 50 * 12 * 5 * 3)
    codes = (skewed(50).to_numpy() - 1).astype(np.int8)
    sizes = [len(b) for b in permuted_polychorics(codes, n_categories=5, draws=10, rng=np.random.default_rng(0))]
    assert sizes == [3, 3, 3, 1]


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_three_planted_factors_are_found(kind):
    kept = gk.retention(skewed(), kind=kind, permutations=40)
    assert kept.n_factors == 3
    assert kept.headline.startswith("3 factors. Common-factor parallel analysis keeps 3")


def test_the_table_feeds_the_scree_figure():
    kept = gk.retention(skewed(), draws=100)
    assert list(kept.eigenvalues.index) == list(range(13))
    at = kept.eigenvalues.loc[1:]
    assert (at["component_high"] > at["component_mean"]).all()
    assert (at["common_high"] > at["common_mean"]).all()
    np.testing.assert_allclose(at["component"].sum(), 12)


def test_unrelated_items_keep_nothing_and_are_not_to_be_factored():
    noise = pd.DataFrame(np.random.default_rng(2).normal(size=(300, 6)))
    kept = gk.retention(noise)
    assert kept.n_factors == 0
    assert "do not factor these items" in kept.reason


def test_the_seed_decides_the_null_and_nothing_else():
    answers = skewed()
    first, again, other = (gk.retention(answers, draws=50, seed=seed).eigenvalues for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["component_mean"].equals(other["component_mean"])
    assert first["component"].equals(other["component"])


def test_moments_serve_as_well_as_answers():
    answers = skewed()
    pd.testing.assert_frame_equal(
        gk.retention(gk.moments(answers), draws=20).eigenvalues, gk.retention(answers, draws=20).eigenvalues
    )


def test_a_polychoric_matrix_without_its_answers_is_refused():
    with pytest.raises(AnswersError, match="must be held against shuffled answers, and a correlation matrix has none"):
        gk.retention(gk.correlation(skewed(), kind="polychoric"))


def test_an_indefinite_polychoric_matrix_is_judged_by_components_and_says_so():
    answers = skewed(60, points=3).assign(copy=lambda t: t["q01"])
    kept = gk.retention(answers, kind="polychoric", permutations=20)
    assert "The matrix had to be smoothed" in kept.reason
    assert COMMON not in kept.rules.index


def test_a_repeated_item_is_named():
    with pytest.raises(SingularError, match="copy is the same as q01"):
        gk.retention(skewed().assign(copy=lambda t: t["q01"]))


def test_a_matrix_with_fewer_respondents_than_items_is_refused():
    with pytest.raises(AnswersError, match="10 respondents are too few for 12 items"):
        gk.retention(blocks(), n_respondents=10)


def test_two_items_can_be_asked_about():
    kept = gk.retention(np.array([[1, 0.6], [0.6, 1]]), n_respondents=100, draws=50)
    assert kept.n_factors == 1


def test_equal_weights_change_nothing_and_unequal_ones_count_less_respondents():
    answers = skewed(200)
    plain = gk.retention(answers, kind="polychoric", permutations=5)
    equal = gk.retention(answers, kind="polychoric", permutations=5, weights=np.full(200, 2.0))
    np.testing.assert_allclose(plain.eigenvalues["common"][1:], equal.eigenvalues["common"][1:], atol=1e-6)
    unequal = gk.retention(answers, draws=20, weights=np.random.default_rng(0).uniform(0.2, 3, 200))
    assert "effective n" in unequal.method


def one_factor_by_forms(seed, n=400, items=12):
    """One factor with loadings of .6; every respondent answered two of the four blocks of three items."""
    rng = np.random.default_rng(seed)
    z = 0.6 * rng.standard_normal((n, 1)) + 0.8 * rng.standard_normal((n, items))
    answers = np.digitize(z, [-0.5, 0.3, 1.0]) + 1.0
    forms = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])[rng.integers(0, 6, n)]
    block = np.arange(items) // 3
    answers[(block != forms[:, [0]]) & (block != forms[:, [1]])] = np.nan
    return pd.DataFrame(answers, columns=[f"q{j:02d}" for j in range(items)])


def test_shuffling_moves_answers_only_and_leaves_the_unanswered_where_they_are():
    codes = np.random.default_rng(3).integers(-1, 4, (80, 5)).astype(np.int8)
    drawn = shuffled_answers(codes, 6, np.random.default_rng(0))
    assert ((drawn < 0) == (codes < 0)).all()
    assert (np.sort(drawn, axis=1) == np.sort(codes, axis=0)).all()
    assert (drawn != codes).any(axis=1).all()


def test_chance_is_as_wide_as_the_respondents_of_a_pair_make_it():
    # both items answered by the same 50 of 400 people; a tetrachoric correlation of halves has an sd of (pi/2)/sqrt(50)
    codes = np.full((400, 2), -1, dtype=np.int8)
    codes[:50] = np.arange(50)[:, None] % 2
    rng = np.random.default_rng(0)
    drawn = np.concatenate(list(permuted_polychorics(codes, n_categories=2, draws=2000, rng=rng)))[:, 0, 1]
    assert drawn.std() == pytest.approx(np.pi / 2 / np.sqrt(49), rel=0.06)


@pytest.mark.parametrize("seed", [2, 4, 11])
def test_one_factor_stays_one_where_few_answered_each_pair_whatever_the_order_of_the_items(seed):
    answers = one_factor_by_forms(seed)
    names = list(answers.columns)
    found = [
        gk.retention(answers[order], kind="polychoric", permutations=20)
        for order in (names, names[::-1], names[6:] + names[:6])
    ]
    assert [kept.n_factors for kept in found] == [1, 1, 1]
    few = answers.notna().astype(int).T.dot(answers.notna().astype(int)).min(axis=None) < 5 * 12
    assert all(("fewer than 5 for each: take the number as a guess" in kept.reason) == few for kept in found)
    assert "20 shufflings of every item's answers among those who answered it" in found[0].method


def test_a_common_factor_version_that_asks_for_more_than_the_items_carry_is_not_followed():
    kept = gk.retention(one_factor_by_forms(13, n=600), kind="polychoric", permutations=40)
    assert COMMON not in kept.rules.index
    assert kept.n_factors == 1
    assert "but 12 items carry at most 7: it is not followed" in kept.reason


def test_a_chance_whose_matrices_had_to_be_smoothed_has_no_common_factor_version():
    answers = one_factor_by_forms(9, n=280)
    assert not gk.correlation(answers, kind="polychoric").attrs["smoothed"]
    kept = gk.retention(answers, kind="polychoric", permutations=40)
    mended = int(re.search(r"(\d+) of the shuffled matrices were smoothed", kept.method)[1])
    assert mended / 40 > 0.05
    assert "Too many shuffled matrices had to be smoothed for a common-factor version" in kept.reason
    assert COMMON not in kept.rules.index
    assert kept.headline.startswith("1 factor. Component parallel analysis keeps 1")


def test_no_more_factors_are_recommended_than_the_items_can_carry():
    # two pairs: ((4 - 2)^2 - 4 - 2) / 2 is negative, so that two factors have more unknowns than there are correlations
    pairs = np.kron(np.eye(2), np.full((2, 2), 0.6)) + np.eye(4) * 0.4
    kept = gk.retention(pairs, n_respondents=300, draws=100)
    assert kept.rules.loc["Kaiser", "n_factors"] == 2
    assert kept.n_factors == 1
    assert "But 4 items carry at most 1 factor" in kept.reason


def test_negative_eigenvalues_are_not_factors():
    at = pd.DataFrame(
        {
            "component": [2.0, 0.7, 0.3],
            "component_high": 1.2,
            "common": [1.5, -0.1, -0.2],
            "common_high": [0.4, -0.2, -0.3],
            "kaiser_reference": 1.0,
            "average_partial": [0.2, 0.1, np.nan],
        },
        index=[1, 2, 3],
    )
    assert rules_of(at, "chance").loc[COMMON, "n_factors"] == 1
