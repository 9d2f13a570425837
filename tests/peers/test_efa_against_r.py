"""The factor engine against a live R: psych, GPArotation and lavaan.

The script that made the stored vectors runs again; its results are compared with gapkit's and with the stored ones.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.extraction import extract
from gapkit.measure.extraction_starts import search

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
PUBLISHED = ROOT / "data" / "published"
SETS = ["bfi", "babakus_boller", "thurstone", "skewed", "mixed"]
ROTATIONS = {
    "varimax": {},
    "quartimax": {},
    "promax": {},
    "oblimin": {},
    "oblimin_minus_half": {"gamma": -0.5},
    "geomin": {},
}

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def live(tmp_path_factory, run_r):
    """Everything the reference script writes, made now, and psych's bfi."""
    folder = tmp_path_factory.mktemp("efa")
    run_r(REFERENCE / "efa.R", PUBLISHED, REFERENCE / "efa", folder)
    bfi = folder / "bfi.csv"
    run_r(
        "-e",
        f'data(bfi, package = "psych"); write.csv(na.omit(bfi[, 1:25]), "{bfi.as_posix()}", row.names = FALSE)',
    )
    return folder


def results(folder, name):
    return json.loads((folder / f"{name}.json").read_text())


def correlations(by_r, name):
    """What was analysed, and the respondents behind it."""
    if name == "babakus_boller":
        R = pd.read_csv(PUBLISHED / "babakus_boller_1992_correlations.csv", index_col=0)
    else:
        values = by_r.get("correlation") or by_r.get("listwise") or by_r["polychoric"]["correlation"]
        R = pd.DataFrame(values, index=by_r["items"], columns=by_r["items"])
    return R, by_r.get("n_listwise", by_r["n"])


def leaves(value, path=""):
    """All numbers of a nested result, by where they stand."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}")
    else:
        yield path, value


@pytest.mark.parametrize("name", [*SETS, "smoothed"])
def test_the_stored_vectors_are_what_this_r_computes(live, name):
    now, then = dict(leaves(results(live, name))), dict(leaves(results(REFERENCE / "efa", name)))
    assert now.keys() == then.keys()
    for path, value in then.items():
        if value and isinstance(value, list) and isinstance(value[0], str):
            assert now[path] == value
        else:
            stored, made = np.array(value, dtype=float), np.array(now[path], dtype=float)
            # psych's own solutions stop early, and not at the same place under every BLAS
            assert made == pytest.approx(stored, rel=1e-4, abs=1e-4 if "/psych/" in path else 1e-6, nan_ok=True), path


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_communalities_are_psychs_or_psych_stopped_above_our_objective(live, name, method, record_property):
    by_r = results(live, name)
    R, _ = correlations(by_r, name)
    found = extract(R.to_numpy(), by_r["k"], method=method)
    psych, best = by_r[method]["psych"], by_r[method]["optimum"]
    apart = np.abs((found.loadings**2).sum(axis=1) - psych["communality"]).max()
    record_property("communalities, largest difference from psych", float(apart))
    assert apart < 1e-5 or float(found.objective) < psych["objective_at_psi"] - 1e-10
    assert float(found.objective) <= psych["objective_at_psi"] + 1e-12
    assert found.uniquenesses == pytest.approx(np.array(best["psi"]), abs=1e-8)


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_rotated_solutions_are_gparotations_and_psychs(live, name, method):
    by_r = results(live, name)
    R, n = correlations(by_r, name)
    for rotation, settings in ROTATIONS.items():
        expected = by_r[method]["rotations"][rotation]
        kind = rotation.split("_")[0]
        found = gk.efa(R, n_factors=by_r["k"], method=method, rotation=kind, n_respondents=n, **settings)
        assert found.loadings.to_numpy() == pytest.approx(np.array(expected["loadings"]), abs=2e-5), rotation
        assert found.phi.to_numpy() == pytest.approx(np.array(expected["phi"]), abs=2e-5), rotation


@pytest.mark.parametrize("method", ["minres", "ml"])
@pytest.mark.parametrize("name", SETS)
def test_fit_is_psychs(live, name, method):
    by_r = results(live, name)
    R, n = correlations(by_r, name)
    fit = gk.efa(R, n_factors=by_r["k"], method=method, n_respondents=n).fit.iloc[0]
    for index, value in fit.items():
        assert value == pytest.approx(by_r[method]["psych"][index], rel=2e-5, abs=2e-5), index


def test_polychoric_correlations_of_bfi_are_lavaans(live):
    answers = pd.read_csv(live / "bfi.csv")
    by_lavaan = results(live, "bfi")["polychoric"]
    found = gk.polychoric(answers)
    assert found.n == 2436
    assert found.correlation.to_numpy() == pytest.approx(np.array(by_lavaan["correlation"]), abs=1e-6)
    assert found.thresholds.to_numpy().ravel() == pytest.approx(np.array(by_lavaan["thresholds"]), abs=1e-9)


@pytest.mark.parametrize("name", ["skewed", "mixed"])
def test_polychoric_correlations_with_gaps_and_empty_cells_are_lavaans(live, name):
    answers = pd.read_csv(REFERENCE / "efa" / f"{name}.csv").drop(columns="weight", errors="ignore")
    expected = np.array(results(live, name)["polychoric"]["correlation"])
    assert gk.polychoric(answers).correlation.to_numpy() == pytest.approx(expected, abs=1e-6)


def test_bfi_from_answers_to_solution_is_psychs(live):
    answers = pd.read_csv(live / "bfi.csv")
    by_r = results(live, "bfi")
    found = gk.efa(answers, n_factors=5, kind="pearson")
    assert found.correlation.to_numpy() == pytest.approx(np.array(by_r["correlation"]), abs=1e-10)
    psych = by_r["minres"]["psych"]
    assert found.communalities.to_numpy() == pytest.approx(np.array(psych["communality"]), abs=1e-5)
    assert found.variance.to_numpy() == pytest.approx(np.array(psych["variance"]), abs=2e-4)


@pytest.mark.parametrize("method", ["regression", "bartlett", "tenberge"])
def test_factor_scores_are_psychs(live, method):
    complete = pd.read_csv(REFERENCE / "efa" / "skewed.csv").drop(columns="weight").dropna()
    by_psych = results(live, "skewed")["scores"][method]
    scores = gk.factor_scores(gk.efa(complete, n_factors=3, kind="pearson"), complete, method=method)
    assert scores.to_numpy()[:8] == pytest.approx(np.array(by_psych["scores"]), abs=5e-6)


def test_factanal_from_fifty_starts_finds_no_lower_optimum(tmp_path, run_r):
    rng = np.random.default_rng(5)
    true = 0.25 + 0.2 * np.kron(np.eye(2), np.ones((5, 5)))[:9, :9]
    np.fill_diagonal(true, 1)
    samples = [np.corrcoef(rng.multivariate_normal(np.zeros(9), true, 150).T) for _ in range(8)]
    np.savetxt(tmp_path / "samples.csv", np.vstack(samples), delimiter=",")
    found = run_r(
        "-e",
        f'all <- as.matrix(read.csv("{(tmp_path / "samples.csv").as_posix()}", header = FALSE)); set.seed(1);'
        'one <- function(i) factanal(covmat = all[9 * i + 1:9, ], factors = 4, n.obs = 150, rotation = "none",'
        'control = list(nstart = 50, lower = .005))$criteria["objective"]; cat(sapply(0:7, one), sep = "\\n")',
    )
    theirs = np.array(found.split(), dtype=float)
    ours = np.array([float(search(R, 4, method="ml").found.objective) for R in samples])
    one = np.array([float(extract(R, 4, method="ml").objective) for R in samples])
    assert (ours <= theirs + 1e-6).all()
    assert (ours <= one + 1e-9).all()
    assert (ours < one - 1e-4).any(), "from one start some would have been missed"
