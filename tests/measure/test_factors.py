import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.measure.answers import AnswersError
from gapkit.measure.factor_input import FactorError
from gapkit.measure.rotation import RotationError

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference" / "efa"
SETS = ["bfi", "babakus_boller", "thurstone", "skewed", "mixed"]
ROTATIONS = ["none", "varimax", "quartimax", "promax", "oblimin", "geomin"]


def stored(name):
    """R's results, and what to analyse: correlations, with the respondents behind them."""
    results = json.loads((REFERENCE / f"{name}.json").read_text())
    if name == "babakus_boller":
        R = pd.read_csv(ROOT / "data" / "published" / "babakus_boller_1992_correlations.csv", index_col=0)
    else:
        values = results.get("correlation") or results.get("listwise") or results["polychoric"]["correlation"]
        R = pd.DataFrame(values, index=results["items"], columns=results["items"])
    return results, R, results.get("n_listwise", results["n"])


@pytest.fixture(scope="module")
def answers():
    return pd.read_csv(REFERENCE / "skewed.csv").drop(columns="weight")


# ------------------------------------------------------------------------------------------------- agreement with R


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_the_whole_solution_is_rs(name, method):
    results, R, n = stored(name)
    by_r = results[method]
    for rotation in ("varimax", "quartimax", "promax", "oblimin", "geomin"):
        found = gk.efa(R, n_factors=results["k"], method=method, rotation=rotation, n_respondents=n)
        expected = by_r["rotations"][rotation]
        assert found.loadings.to_numpy() == pytest.approx(np.array(expected["loadings"]), abs=2e-5)
        assert found.phi.to_numpy() == pytest.approx(np.array(expected["phi"]), abs=2e-5)


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_fit_and_variance_are_psychs(name, method):
    results, R, n = stored(name)
    psych = results[method]["psych"]
    found = gk.efa(R, n_factors=results["k"], method=method, n_respondents=n)
    fit = found.fit.iloc[0]
    assert fit["df"] == psych["df"]
    for index, value in fit.items():
        assert value == pytest.approx(psych[index], rel=2e-5, abs=2e-5), index
    # psych's own oblimin stops at a gradient of 1e-5, hence the looser comparison
    assert found.variance.to_numpy() == pytest.approx(np.array(psych["variance"]), abs=2e-4)
    assert found.loadings.to_numpy() == pytest.approx(np.array(psych["oblimin_loadings"]), abs=5e-4)
    assert found.phi.to_numpy() == pytest.approx(np.array(psych["oblimin_phi"]), abs=5e-4)


def test_polychoric_answers_go_through_to_the_solution_of_lavaans_matrix():
    results, _, n = stored("mixed")
    answers = pd.read_csv(REFERENCE / "mixed.csv")
    found = gk.efa(answers, n_factors=2)
    assert found.communalities.to_numpy() == pytest.approx(
        np.array(results["minres"]["psych"]["communality"]), abs=1e-5
    )
    assert found.n == n


# ------------------------------------------------------------------------------------------------- identities


@pytest.mark.parametrize("rotation", [*ROTATIONS, "target"])
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(2, 3))
def test_every_rotation_reproduces_the_unrotated_model(rotation, seed, k):
    rng = np.random.default_rng(seed)
    simple = np.kron(np.eye(k), np.full((4, 1), 0.7)) + rng.uniform(-0.2, 0.2, (4 * k, k))
    z = rng.standard_normal((150, k)) @ simple.T + 0.7 * rng.standard_normal((150, 4 * k))
    answers = pd.DataFrame(z, columns=[f"q{i:02d}" for i in range(4 * k)])
    target = pd.DataFrame(np.where(simple > 0.4, np.nan, 0.0), index=answers.columns)
    found = gk.efa(answers, n_factors=k, kind="pearson", rotation=rotation, target=target, starts=3)
    L, phi, A, T = (table.to_numpy() for table in (found.loadings, found.phi, found.unrotated, found.rotation_matrix))
    assert L @ phi @ L.T == pytest.approx(A @ A.T, abs=1e-8)
    assert np.abs(A @ T - L).max() < 1e-10
    assert np.linalg.inv(T.T @ T) == pytest.approx(phi, abs=1e-7)
    assert found.structure.to_numpy() == pytest.approx(L @ phi)
    assert found.communalities.to_numpy() == pytest.approx(np.diag(L @ phi @ L.T), abs=1e-8)
    assert (found.communalities + found.uniquenesses).to_numpy() == pytest.approx(np.ones(4 * k))
    assert found.variance.loc["ss_loadings"].sum() == pytest.approx(found.communalities.sum())
    if rotation != "target":
        assert found.variance.loc["ss_loadings"].is_monotonic_decreasing
        assert (found.loadings.sum() >= 0).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_items_does_not_matter(seed):
    _, R, n = stored("thurstone")
    shuffled = np.random.default_rng(seed).permutation(R.columns)
    usual, other = (gk.efa(table, n_factors=3, n_respondents=n) for table in (R, R.loc[shuffled, shuffled]))
    assert other.loadings.loc[R.index].to_numpy() == pytest.approx(usual.loadings.to_numpy(), abs=1e-5)
    assert other.fit.to_numpy() == pytest.approx(usual.fit.to_numpy(), rel=1e-6)


def test_a_planted_structure_is_recovered(answers):
    loadings = gk.efa(answers, n_factors=3).loadings
    home = loadings.abs().to_numpy().argmax(axis=1).reshape(3, 4)
    assert (home == home[:, :1]).all()
    assert sorted(home[:, 0]) == [0, 1, 2]


def test_a_targets_factors_keep_its_order_names_and_signs(answers):
    names = ["last", "middle", "first"]
    wanted = -np.kron(np.eye(3)[::-1], np.ones((4, 1)))
    found = gk.efa(
        answers, n_factors=3, rotation="target", target=pd.DataFrame(wanted, index=answers.columns, columns=names)
    )
    assert list(found.loadings.columns) == names
    assert (np.where(wanted < 0, found.loadings, 0).sum(axis=0) < -2).all()


# ------------------------------------------------------------------------------------------------- what a reader sees


def test_tables_can_be_read_in_the_order_of_factors_or_of_entry(answers):
    found = gk.efa(answers, n_factors=3)
    assert list(found.loadings.index) == list(answers.columns)
    table = found.sorted(cutoff=0.3)
    home = table.abs().to_numpy()
    home = np.nanargmax(home, axis=1)
    assert (np.diff(home) >= 0).all()
    for factor in range(3):
        assert table.abs().iloc[home == factor, factor].is_monotonic_decreasing
    shown = table.to_numpy()[table.notna()]
    assert (np.abs(shown) >= 0.3).all()
    assert found.sorted().notna().all(axis=None)
    assert (found.sorted() - found.loadings.loc[found.sorted().index]).abs().max(axis=None) == 0


def test_the_method_says_what_was_done(answers):
    found = gk.efa(answers, n_factors=3, method="ml", kind="pearson", rotation="promax", starts=2)
    assert found.method == (
        "3 factors by maximum likelihood. The lowest optimum from 13 starts, reached by 13. "
        "Pearson correlations of 12 items, 400 respondents, pairwise complete "
        f"(at least {found.correlation.attrs['n']} a pair). Fit statistics with n = {found.correlation.attrs['n']}. "
        "Rotation: promax (power 4), 2 starts, one optimum."
    )
    assert found.headline.startswith("12 items on 3 factors, ")
    assert "n = 400" in repr(found)
    assert list(found.tables) == ["loadings", "phi", "variance", "fit"]
    assert "communality" in found.summary()


def test_one_factor_needs_no_rotation(answers):
    found = gk.efa(answers, n_factors=1)
    assert found.phi.to_numpy().tolist() == [[1.0]]
    assert "1 factor by minres" in found.method
    assert "Not rotated." in found.method


def test_nothing_given_is_changed(answers):
    R = gk.correlation(answers)
    before, attrs = R.copy(), dict(R.attrs)
    gk.efa(R, n_factors=3)
    assert R.equals(before)
    assert R.attrs == attrs


# ------------------------------------------------------------------------------------------------- what asks for care


def test_a_heywood_case_is_named():
    _, R, n = stored("babakus_boller")
    found = gk.efa(R, n_factors=4, n_respondents=n)
    assert found.heywood == ("Q2",)
    assert "Heywood case, uniqueness at its limit of 0.005: Q2." in found.notes
    assert found.headline.endswith("Heywood: Q2")
    assert found.converged


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_two_identical_items_are_flagged_by_name_and_stop_nothing(answers, kind, method):
    twice = answers.dropna().assign(q13=lambda frame: frame["q01"])
    found = gk.efa(twice, n_factors=3, kind=kind, method=method)
    assert "q01 with q13" in found.method
    assert found.smoothed is (kind == "pearson")
    assert np.isfinite(found.loadings.to_numpy()).all()


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_fewer_respondents_than_items_are_flagged(answers, kind, method):
    few = answers.dropna().iloc[:10]
    found = gk.efa(few.loc[:, few.std() > 0], n_factors=2, kind=kind, method=method)
    assert any(note.startswith("Only 10 respondents") for note in found.notes)
    assert found.smoothed
    assert np.isfinite(found.loadings.to_numpy()).all()


def test_rows_without_answers_are_left_out_and_counted(answers):
    empty = pd.DataFrame(np.nan, index=range(400, 405), columns=answers.columns)
    found = gk.efa(pd.concat([answers, empty]), n_factors=3)
    assert found.n == 400
    assert "5 without an answer or with weight 0 left out" in found.method
    assert found.loadings.to_numpy() == pytest.approx(gk.efa(answers, n_factors=3).loadings.to_numpy())


def test_weights_enter_the_correlations_and_the_respondents_that_fit_counts(answers):
    weights = np.where(np.arange(400) < 200, 1.0, 3.0)
    found = gk.efa(answers, n_factors=3, weights=weights)
    answered = [answers[[a, b]].notna().all(axis=1).to_numpy() for a in answers for b in answers]
    effective = min(weights[both].sum() ** 2 / (weights[both] ** 2).sum() for both in answered)
    chi2, objective = found.fit.loc[0, ["chi2", "objective"]]
    assert chi2 / objective == pytest.approx(effective - 1 - 29 / 6 - 2)
    assert "weighted (effective n 320.0)" in found.method


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.assign(q03=3.0), "q03: every answer is 3"),
        (lambda a: a.assign(q03=np.nan), "q03: no answers at all"),
        (lambda a: a[["q01"]], "At least two items"),
        (lambda a: a.iloc[:0], "no respondent answered any item"),
    ],
)
@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_answers_that_cannot_be_analysed_say_which_items_and_why(answers, kind, change, message):
    with pytest.raises(AnswersError, match=message):
        gk.efa(change(answers), n_factors=1, kind=kind)


@pytest.mark.parametrize(
    ("items", "n_factors", "message"),
    [
        (2, 1, "needs at least 3 items; there are 2"),
        (8, 5, r"5 factors of 8 items have -2 degrees of freedom.*Ask for n_factors=4 or fewer"),
        (8, 0, "n_factors=0: a whole number of factors"),
        (8, 2.0, "n_factors=2.0: a whole number of factors"),
        (8, True, "n_factors=True: a whole number of factors"),
    ],
)
def test_factors_that_are_not_identified_are_refused(answers, items, n_factors, message):
    with pytest.raises(FactorError, match=message):
        gk.efa(answers.iloc[:, :items], n_factors=n_factors)


def test_factors_without_variance_are_refused():
    names = list("abcdef")
    with pytest.raises(FactorError, match=r"support 0 factors, not 1.*as good as uncorrelated"):
        gk.efa(pd.DataFrame(np.eye(6), index=names, columns=names), n_factors=1)
    a = np.full(6, 0.7)
    one = pd.DataFrame(np.outer(a, a) + np.diag(1 - a**2), index=names, columns=names)
    with pytest.raises(FactorError, match=r"support 1 factor, not 2.*Ask for n_factors=1 or fewer"):
        gk.efa(one, n_factors=2)


def test_unknown_methods_are_refused(answers):
    with pytest.raises(FactorError, match=r"method='paf' is not known. Use one of minres, ml"):
        gk.efa(answers, n_factors=2, method="paf")
    with pytest.raises(RotationError, match="rotation='equamax' is not known"):
        gk.efa(answers, n_factors=2, rotation="equamax")


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(3, 40),
    points=st.integers(2, 7),
    kind=st.sampled_from(["pearson", "polychoric"]),
    method=st.sampled_from(["minres", "ml"]),
    rotation=st.sampled_from(ROTATIONS),
)
def test_poor_answers_end_in_a_result_or_in_an_error_that_explains(seed, n, points, kind, method, rotation):
    rng = np.random.default_rng(seed)
    answers = pd.DataFrame(rng.integers(1, points + 1, (n, 6)).astype(float), columns=list("abcdef"))
    answers = answers.mask(rng.random(answers.shape) < rng.choice([0, 0.3]))
    try:
        found = gk.efa(answers, n_factors=2, kind=kind, method=method, rotation=rotation, starts=2)
    except (AnswersError, FactorError):
        return
    L, A = found.loadings.to_numpy(), found.unrotated.to_numpy()
    assert np.isfinite(L).all()
    assert L @ found.phi.to_numpy() @ L.T == pytest.approx(A @ A.T, abs=1e-6)
