"""Latent profiles against mclust, live: the same optimum of the same model, and the same groups found again."""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

import gapkit as gk

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed"),
]

SCRIPT = """
suppressPackageStartupMessages(library(mclust))
folder <- commandArgs(trailingOnly = TRUE)[1]
x <- as.matrix(read.csv(file.path(folder, "x.csv")))
rows <- list()
for (model in c("EII", "VII", "EEI", "VVI", "EEE", "VVV")) {
  for (k in 1:3) {
    fit <- Mclust(x, G = k, modelNames = model, verbose = FALSE)
    # mclust stops early; go on from there, and write down where it ends
    fit <- em(x, model, fit$parameters, control = emControl(tol = c(1e-12, 1e-12), itmax = 20000))
    icl <- 2 * fit$loglik - nMclustParams(model, ncol(x), k) * log(nrow(x)) + 2 * sum(log(apply(fit$z, 1, max)))
    rows[[length(rows) + 1]] <- data.frame(model = model, k = k, loglik = fit$loglik, icl = icl,
      parameters = nMclustParams(model, ncol(x), k),
      bic = bic(model, fit$loglik, nrow(x), ncol(x), k))
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "fits.csv"), row.names = FALSE)
best <- Mclust(x, G = 1:6, verbose = FALSE)
three <- Mclust(x, G = 3, verbose = FALSE)
write.csv(data.frame(best = best$classification, three = three$classification),
          file.path(folder, "classes.csv"), row.names = FALSE)
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory, three_planted):
    """400 guests of three kinds, and what mclust says of them now."""
    folder = tmp_path_factory.mktemp("mclust")
    installed = subprocess.run(["Rscript", "-e", "library(mclust)"], capture_output=True, text=True, timeout=120)
    if installed.returncode:
        pytest.skip("R's package mclust is not installed")
    survey = gk.simulate(n=400, seed=11, truth=three_planted)
    survey.dimension_scores("perceptions").to_csv(folder / "x.csv", index=False)
    (folder / "mclust.R").write_text(SCRIPT)
    done = subprocess.run(
        ["Rscript", str(folder / "mclust.R"), str(folder)], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return survey, pd.read_csv(folder / "fits.csv").set_index(["model", "k"]), pd.read_csv(folder / "classes.csv")


@pytest.mark.parametrize("model", ["EII", "VII", "EEI", "VVI", "EEE", "VVV"])
def test_no_fit_is_worse_than_mclusts_and_criteria_are_its_own_turned_round(live, model):
    survey, theirs, _ = live
    found = gk.segment(survey, covariance=model, max_segments=3, n_segments=3, draws=0, resamples=0, progress=False)
    theirs = theirs.loc[model]
    # mclust starts from a hierarchical tree, once: it may end in a lower optimum, never in a higher one
    assert (found.table["log_likelihood"] > theirs["loglik"] - 1e-4).all()
    same = (found.table["log_likelihood"] - theirs["loglik"]).abs() < 1e-3
    assert same.loc[1]
    assert (found.table["parameters"] == theirs["parameters"]).all()
    np.testing.assert_allclose(found.table["bic"][same], -theirs["bic"][same], atol=2e-3)
    np.testing.assert_allclose(found.table["icl"][same], -theirs["icl"][same], atol=0.05)


def test_planted_groups_are_found_again_as_well_as_by_mclust(live):
    from sklearn.metrics import adjusted_rand_score

    survey, _, classes = live
    truth = survey.respondents["truth_segment"]
    found = gk.segment(survey, max_segments=6, resamples=0, progress=False)
    assert found.recommended == 3
    ours = adjusted_rand_score(truth[found.membership.index], found.membership.astype(str))
    assert ours > 0.8
    assert ours > adjusted_rand_score(truth, classes["best"]) - 0.02
    assert ours > adjusted_rand_score(truth, classes["three"]) - 0.02
