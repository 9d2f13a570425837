from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.matrix import SingularError
from gapkit.measure.nulls import permuted_polychorics, random_correlations, random_spectra, spectra
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
