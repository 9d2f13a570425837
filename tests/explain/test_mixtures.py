"""EM against scikit-learn's GaussianMixture, which knows no weights, and against copies of rows where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from gapkit.explain.mixtures import STRUCTURES, features_of, fit, log_densities, n_parameters, posterior
from gapkit.explain.segment_fits import profile_starts

SKLEARN = {"EEE": "tied", "VVI": "diag", "VVV": "full", "VII": "spherical"}


def answers(n=400, seed=0):
    """Scores of two groups on quarter points, centred."""
    rng = np.random.default_rng(seed)
    group = rng.random(n) < 0.4
    x = rng.normal(size=(n, 3)) @ np.array([[1, 0.5, 0.2], [0, 1, 0.3], [0, 0, 1]]) + 2.5 * group[:, None] * [1, -1, 0]
    x = np.rint(4 * x) / 4
    return x - x.mean(axis=0)


def begun(x, k, *, starts=1, seed=1):
    return profile_starts(x, k, starts=starts, rng=np.random.default_rng(seed), weights=np.ones(len(x)))


@pytest.mark.parametrize("structure", SKLEARN)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_where_it_ends_scikit_learn_finds_nothing_better_and_the_same_likelihood(structure, k):
    from sklearn.mixture import GaussianMixture

    x = answers()
    start = begun(x, k)
    ours = fit(x, *start, structure=structure, tolerance=1e-12, most=20_000)
    inverse = np.linalg.inv(ours.covariances[0])
    begin = {
        "EEE": inverse[0],
        "VVI": np.einsum("kii->ki", inverse),
        "VVV": inverse,
        "VII": inverse[:, 0, 0],
    }[structure]
    theirs = GaussianMixture(
        k,
        covariance_type=SKLEARN[structure],
        tol=1e-12,
        max_iter=5000,
        reg_covar=0,
        means_init=ours.means[0],
        weights_init=ours.shares[0],
        precisions_init=begin,
    ).fit(x)
    assert theirs.score(x) * len(x) == pytest.approx(ours.log_likelihood[0], abs=1e-6)
    np.testing.assert_allclose(posterior(x, ours, structure), theirs.predict_proba(x), atol=1e-4)
    np.testing.assert_allclose(ours.means[0], theirs.means_, atol=1e-4)
    assert n_parameters(structure, k, 3) == theirs._n_parameters()


def test_parameters_by_pencil():
    # 2 segments in 3 scores: 1 share, 6 means, and variances as the structure has them
    assert [n_parameters(name, 2, 3) - 7 for name in STRUCTURES] == [1, 2, 3, 6, 6, 12]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_no_step_lowers_the_likelihood(structure):
    x = answers(seed=3)
    begin = begun(x, 3, starts=4)
    reached = [fit(x, *begin, structure=structure, most=most).log_likelihood for most in (3, 6, 12, 60, 300)]
    assert (np.diff(reached, axis=0) > -1e-9).all()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_weight_of_two_is_the_same_row_twice(structure):
    x, weights = answers(seed=4), np.random.default_rng(4).integers(1, 4, 400)
    x = x - weights @ x / weights.sum()
    begin = begun(x, 2)
    once = fit(x, *begin, structure=structure, weights=weights.astype(float), tolerance=1e-12, most=5000)
    twice = fit(np.repeat(x, weights, axis=0), *begin, structure=structure, tolerance=1e-12, most=5000)
    assert once.log_likelihood[0] == pytest.approx(twice.log_likelihood[0], abs=1e-6)
    np.testing.assert_allclose(once.means, twice.means, atol=1e-5)
    np.testing.assert_allclose(once.covariances, twice.covariances, atol=1e-5)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_starts_weightings_and_data_sets_together_are_what_they_are_alone(structure):
    x, y = answers(seed=5), answers(seed=6)
    begin = begun(x, 2, starts=3)
    w = np.random.default_rng(0).integers(0, 3, (3, 400)).astype(float)
    together = fit(x, *begin, structure=structure, weights=w, most=60)
    for s in range(3):
        alone = fit(x, *(part[s : s + 1] for part in begin), structure=structure, weights=w[s], most=60)
        np.testing.assert_allclose(together.means[s], alone.means[0], atol=1e-8)
    two = tuple(np.concatenate([part, part]) for part in begin)
    both = fit(np.stack([x, y]), *two, structure=structure, most=60)
    for values, part in ((x, both.take(slice(0, 3))), (y, both.take(slice(3, 6)))):
        np.testing.assert_allclose(
            part.log_likelihood, fit(values, *begin, structure=structure, most=60).log_likelihood, rtol=1e-6
        )


def test_the_density_of_a_normal_by_pencil():
    # one segment in one dimension... seen in two: independent standard normals at 0 have density 1 / (2 pi)
    x = np.zeros((1, 2))
    mixture = fit(np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]]), *begun(answers()[:, :2], 1), structure="VVV")
    np.testing.assert_allclose(mixture.covariances[0, 0], np.eye(2), atol=1e-12)
    density = log_densities(features_of(x[None], "VVV"), mixture, "VVV")[0, 0, 0]
    assert density == pytest.approx(-np.log(2 * np.pi))


def test_a_spike_of_equal_answers_cannot_have_an_infinite_likelihood():
    x = np.vstack([np.zeros((60, 2)), np.random.default_rng(7).normal(3, 1, (60, 2))])
    x = x - x.mean(axis=0)
    found = fit(x, *begun(x, 2, starts=4), structure="VVV")
    assert np.isfinite(found.log_likelihood).all()
    smallest = np.linalg.eigvalsh(found.covariances).min(axis=(1, 2))
    assert (smallest >= 0.0099 * x.var(axis=0).min()).all()


def test_chances_add_up_to_one_and_follow_bayes():
    x = answers(seed=8)
    found = fit(x, *begun(x, 3), structure="VVV")
    chances = posterior(x, found, "VVV")
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    # at the optimum the mean chance is the share
    done = fit(x, *found[:3], structure="VVV", tolerance=1e-13, most=9000)
    np.testing.assert_allclose(posterior(x, done, "VVV").mean(axis=0), done.shares[0], atol=1e-5)
