"""The bootstrap of a factor solution: the same as a plain loop over resampled answers, and true to known truth."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.matching import arranged_like
from gapkit.measure.resampling import resampling_counts

LOADINGS = np.array([0.8, 0.7, 0.75, 0.65, 0.8, 0.7])


def simulated(n, seed, correlation=0.4, points=5):
    """Six items on two factors, cut into scale points."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n)[:, [0, 0, 0, 1, 1, 1]]
    latent = LOADINGS * factors + np.sqrt(1 - LOADINGS**2) * rng.normal(size=(n, 6))
    cuts = np.linspace(-1.5, 0.8, points - 1)
    return pd.DataFrame(1 + (latent[..., None] > cuts).sum(axis=2), columns=list("abcdef"))


@pytest.fixture(scope="module")
def answers():
    return simulated(300, 1)


def looped(answers, counts, **settings):
    """The plain way: repeat the rows, analyse each sample on its own, put its factors in order."""
    full = gk.efa(answers, n_factors=2, **settings)
    solutions = []
    for row in counts.astype(int):
        again = answers.loc[answers.index.repeat(row)].reset_index(drop=True)
        solutions.append(gk.efa(again, n_factors=2, **settings))
    loadings = np.array([solution.loadings.to_numpy() for solution in solutions])
    order, signs, _ = arranged_like(loadings, full.loadings.to_numpy())
    phi = np.array([solution.phi.to_numpy() for solution in solutions])
    between = phi[:, 0, 1] * signs.prod(axis=1)
    return np.take_along_axis(loadings, order[:, None, :], axis=2) * signs[:, None, :], between


@pytest.mark.parametrize(
    ("kind", "method", "rotation"),
    [
        ("pearson", "minres", "oblimin"),
        ("polychoric", "minres", "oblimin"),
        ("pearson", "ml", "promax"),
        ("pearson", "minres", "varimax"),
        ("pearson", "minres", "geomin"),
    ],
)
def test_draws_at_once_are_those_of_a_plain_loop(answers, kind, method, rotation):
    settings = {"kind": kind, "method": method, "rotation": rotation}
    found = gk.bootstrap_efa(answers, n_factors=2, draws=12, seed=3, **settings)
    counts = resampling_counts(len(answers), draws=12, rng=np.random.default_rng(3))
    loadings, between = looped(answers, counts, **settings)
    low, high = np.quantile(loadings.reshape(12, -1), [0.025, 0.975], axis=0)
    assert found.loadings["low"].to_numpy() == pytest.approx(low, abs=2e-4)
    assert found.loadings["high"].to_numpy() == pytest.approx(high, abs=2e-4)
    if rotation != "varimax":
        assert found.phi["se"].iloc[0] == pytest.approx(between.std(ddof=1), abs=2e-4)


def test_intervals_of_factor_correlations_are_reflected_at_the_estimate(answers):
    found = gk.bootstrap_efa(answers, n_factors=2, draws=12, seed=3, kind="pearson")
    counts = resampling_counts(len(answers), draws=12, rng=np.random.default_rng(3))
    _, between = looped(answers, counts, kind="pearson")
    row = found.phi.iloc[0]
    low, high = np.quantile(between, [0.025, 0.975])
    assert np.arctanh(row["low"]) == pytest.approx(2 * np.arctanh(row["correlation"]) - np.arctanh(high), abs=1e-3)
    assert np.arctanh(row["high"]) == pytest.approx(2 * np.arctanh(row["correlation"]) - np.arctanh(low), abs=1e-3)


def test_weights_travel_with_their_respondents(answers):
    weights = np.random.default_rng(2).integers(1, 4, len(answers)).astype(float)
    found = gk.bootstrap_efa(answers, n_factors=2, draws=5, kind="pearson", weights=weights)
    counts = resampling_counts(len(answers), draws=5, rng=np.random.default_rng(0))
    full = gk.efa(answers, n_factors=2, kind="pearson", weights=weights)
    draws = []
    for row in counts:
        solution = gk.efa(answers, n_factors=2, kind="pearson", weights=weights * row)
        order, signs, _ = arranged_like(solution.loadings.to_numpy()[None], full.loadings.to_numpy())
        draws.append(solution.loadings.to_numpy()[:, order[0]] * signs[0])
    assert found.loadings["se"].to_numpy() == pytest.approx(np.std(draws, axis=0, ddof=1).ravel(), abs=2e-4)
    assert found.solution.loadings.equals(full.loadings)


def test_a_target_solution_is_turned_to_the_full_samples_loadings(answers):
    free = gk.bootstrap_efa(answers, n_factors=2, draws=200, kind="pearson")
    turned = gk.bootstrap_efa(answers, n_factors=2, draws=200, kind="pearson", align="target")
    assert (turned.factors["congruence"] >= free.factors["congruence"] - 1e-6).all()
    assert "turned to the full sample's loadings" in turned.method


def test_items_of_clear_factors_stay_where_they_are(answers):
    found = gk.bootstrap_efa(answers, n_factors=2, draws=100, kind="pearson")
    assert found.items["kept"].tolist() == [1.0] * 6
    assert found.items["factor"].nunique() == 2
    assert (found.loadings["low"] < found.loadings["loading"]).all()
    assert (found.loadings["loading"] < found.loadings["high"]).all()


def test_a_factor_too_many_is_not_found_again():
    hotel = gk.datasets.load("hotel")  # three dimensions correlate about .9
    found = gk.bootstrap_efa(hotel.perceptions, n_factors=5, draws=60, kind="pearson")
    soft = [item for id in ("responsiveness", "assurance", "empathy") for item in hotel.instrument.dimension(id).items]
    assert found.items.loc[soft, "kept"].min() < 0.95
    assert found.items.drop(soft)["kept"].min() > 0.99


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(answers):
    first, again, other = (
        gk.bootstrap_efa(answers, n_factors=2, draws=10, kind="pearson", seed=seed).loadings for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first["low"].equals(other["low"])


def test_one_factor_has_no_correlations_and_everything_stays(answers):
    found = gk.bootstrap_efa(answers, n_factors=1, draws=10, kind="pearson")
    assert found.phi.empty
    assert found.items["kept"].tolist() == [1.0] * 6


def test_heywood_draws_are_counted_and_used():
    rng = np.random.default_rng(4)
    factor = rng.normal(size=(60, 1))
    answers = pd.DataFrame(factor + [0.05, 1, 1, 1] * rng.normal(size=(60, 4)), columns=list("abcd"))
    found = gk.bootstrap_efa(answers, n_factors=1, draws=100, kind="pearson")
    assert found.heywood > 0
    assert found.draws == 100
    assert f"{found.heywood:.1%} of the draws had a Heywood case; used all the same." in found.method


def test_draws_in_which_an_item_does_not_vary_are_left_out_and_said():
    rare = pd.DataFrame(simulated(40, 8)).assign(a=[5] * 39 + [1])
    found = gk.bootstrap_efa(rare, n_factors=1, draws=60, kind="pearson")
    # the one respondent is missed by a draw with probability (39/40)^40 = .36
    assert 20 < found.draws < 57
    assert f"{60 - found.draws} draws without all correlations" in found.method


def test_missing_answers_are_used_pair_by_pair(answers):
    holes = answers.mask(np.random.default_rng(6).random(answers.shape) < 0.05)
    found = gk.bootstrap_efa(holes, n_factors=2, draws=20, kind="pearson")
    assert found.draws == 20
    assert "pairwise complete" in found.method


def test_progress_can_be_silent(answers, capsys):
    gk.bootstrap_efa(answers, n_factors=2, draws=5, progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"draws": 1}, "draws=1: an interval needs at least 2 draws"),
        ({"align": "hope"}, "align='hope' is not known"),
        ({"confidence": 95}, "confidence=95: a share between 0 and 1"),
        ({"n_factors": 4}, "Ask for n_factors=3 or fewer"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(answers, settings, message):
    with pytest.raises(gk.FactorError, match=message):
        gk.bootstrap_efa(answers, **{"n_factors": 2, **settings})


@pytest.mark.simulation
def test_intervals_contain_the_truth_about_as_often_as_they_say():
    wanted = np.zeros((6, 2))
    wanted[:3, 0], wanted[3:, 1] = LOADINGS[:3], LOADINGS[3:]
    hits, own, between = [], np.array([[True, False]] * 3 + [[False, True]] * 3), []
    for seed in range(200):
        found = gk.bootstrap_efa(simulated(400, 1000 + seed), n_factors=2, draws=200, seed=seed, progress=False)
        order, signs, _ = arranged_like(found.solution.loadings.to_numpy()[None], wanted)
        low, high = (found.loadings[end].to_numpy().reshape(6, 2)[:, order[0]] * signs for end in ("low", "high"))
        hits.append((np.minimum(low, high) <= wanted) & (wanted <= np.maximum(low, high)))
        between.append(found.phi["low"].iloc[0] <= 0.4 * signs.prod() <= found.phi["high"].iloc[0])
    # 200 samples: the standard error of one coverage is .015; over the six own loadings it is less
    assert np.mean(hits, axis=0)[own].mean() == pytest.approx(0.95, abs=0.03)
    assert np.mean(between) == pytest.approx(0.95, abs=0.045)
