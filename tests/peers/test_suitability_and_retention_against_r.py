"""Adequacy, Bartlett's test, MAP and parallel analysis against a live psych."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

PUBLISHED = Path(__file__).parents[2] / "data" / "published"
DRAWS = 200

SCRIPT = r"""
suppressMessages(library(psych))
options(digits = 17, warn = -1, mc.cores = 1)
folders <- commandArgs(TRUE)
data(bfi, package = if ("bfi" %in% data(package = "psych")$results[, "Item"]) "psych" else "psychTools")
save <- function(x, name) write.csv(x, file.path(folders[2], paste0(name, ".csv")), row.names = FALSE)
bfi <- na.omit(bfi[, 1:25])
published <- read.csv(file.path(folders[1], "babakus_boller_1992_correlations.csv"), row.names = 1)
sets <- list(bfi = list(r = cor(bfi), n = nrow(bfi)), babakus_boller = list(r = as.matrix(published), n = 502))
save(bfi, "bfi")
for (name in names(sets)) {
  r <- sets[[name]]$r; n <- sets[[name]]$n
  k <- KMO(r); b <- cortest.bartlett(r, n)
  save(data.frame(kmo = k$MSA, chi2 = b$chisq, df = b$df, p = b$p.value, n = n), paste0(name, "_adequacy"))
  save(data.frame(msa = k$MSAi, smc = smc(r)), paste0(name, "_items"))
  save(data.frame(map = vss(r, n = 8, n.obs = n, plot = FALSE, rotate = "none", fm = "pc")$map), paste0(name, "_map"))
  for (smc in c(TRUE, FALSE)) {
    set.seed(1)
    p <- suppressMessages(fa.parallel(r, n.obs = n, fa = "both", n.iter = DRAWS, plot = FALSE, SMC = smc))
    found <- data.frame(component = p$pc.values, common = p$fa.values, component_mean = p$pc.sim,
                        common_mean = p$fa.sim, factors = p$nfact, components = p$ncomp)
    save(found, paste0(name, if (smc) "_parallel_smc" else "_parallel_one"))
  }
}
"""

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed"),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """What psych gives today."""
    folder = tmp_path_factory.mktemp("retention")
    (folder / "live.R").write_text(SCRIPT.replace("DRAWS", str(DRAWS)), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", str(folder / "live.R"), str(PUBLISHED), str(folder)], capture_output=True, text=True, timeout=600
    )
    if "there is no package called" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return lambda name: pd.read_csv(folder / f"{name}.csv")


def given(live, name):
    """The answers or matrix, and the number of respondents to be passed with it."""
    if name == "bfi":
        return live("bfi"), None
    return pd.read_csv(PUBLISHED / "babakus_boller_1992_correlations.csv", index_col=0), 502


@pytest.mark.parametrize("name", ["bfi", "babakus_boller"])
def test_adequacy_and_bartlett_agree_to_print_precision(live, name):
    answers, n = given(live, name)
    psych, items = live(f"{name}_adequacy").iloc[0], live(f"{name}_items")
    ours = gk.suitability(answers, n_respondents=n)
    assert ours.kmo == pytest.approx(psych["kmo"], abs=1e-12)
    row = ours.overall.iloc[0]
    assert row["chi2"] == pytest.approx(psych["chi2"], rel=1e-12)
    assert (row["df"], row["p"]) == (psych["df"], psych["p"])
    np.testing.assert_allclose(ours.items["msa"], items["msa"], atol=1e-12)
    np.testing.assert_allclose(ours.items["smc"], items["smc"], atol=1e-12)


@pytest.mark.parametrize("name", ["bfi", "babakus_boller"])
def test_minimum_average_partials_agree(live, name):
    answers, n = given(live, name)
    kept = gk.retention(answers, n_respondents=n, draws=10)
    np.testing.assert_allclose(kept.eigenvalues["average_partial"].loc[1:8], live(f"{name}_map")["map"], rtol=1e-10)


@pytest.mark.parametrize("name", ["bfi", "babakus_boller"])
@pytest.mark.parametrize(("diagonal", "file"), [("smc", "smc"), ("one factor", "one")])
def test_parallel_analysis_agrees_within_the_error_of_random_draws(live, name, diagonal, file):
    answers, n = given(live, name)
    psych = live(f"{name}_parallel_{file}")
    ours = gk.retention(answers, n_respondents=n, communalities=diagonal, draws=500).eigenvalues.loc[1:]
    np.testing.assert_allclose(ours["component"], psych["component"], atol=1e-10)
    # psych's one-factor communalities come from its minres, which stops early
    np.testing.assert_allclose(ours["common"], psych["common"], atol=1e-10 if diagonal == "smc" else 1e-4)
    np.testing.assert_allclose(ours["component_mean"], psych["component_mean"], atol=0.02)
    np.testing.assert_allclose(ours["common_mean"], psych["common_mean"], atol=0.03)


@pytest.mark.parametrize("name", ["bfi", "babakus_boller"])
def test_parallel_analysis_keeps_as_many_factors_and_components(live, name):
    answers, n = given(live, name)
    for diagonal, file in (("smc", "smc"), ("one factor", "one")):
        psych = live(f"{name}_parallel_{file}").iloc[0]
        kept = gk.retention(answers, n_respondents=n, communalities=diagonal)
        for kind, theirs in (("common", psych["factors"]), ("component", psych["components"])):
            rule = "common-factor parallel analysis" if kind == "common" else "component parallel analysis"
            ours = kept.rules.loc[rule, "n_factors"]
            if ours != theirs:  # only where an eigenvalue is as large as the null's quantile, to the error of the draws
                at = kept.eigenvalues.loc[min(ours, theirs) + 1]
                assert abs(at[kind] - at[f"{kind}_high"]) < 0.02
