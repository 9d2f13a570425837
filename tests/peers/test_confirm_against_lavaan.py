"""Confirmatory factor analysis against a live lavaan; nothing of R's is stored here."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.confirmatory import fit_structure

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
STRUCTURE = {"f": ["x1", "x2", "x3"], "g": ["x4", "x5", "x6"], "h": ["x7", "x8", "x9"]}

SCRIPT = r"""
suppressMessages(library(lavaan))
options(digits = 17, warn = -1)
out <- commandArgs(TRUE)[1]
RNGversion("4.2.0"); set.seed(20261122)
model <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9"
fits <- NULL
for (set in 1:30) {
  n <- sample(c(60, 120, 300), 1)
  l <- runif(9, .25, .95) * sample(c(1, 1, 1, -1), 9, TRUE)
  phi <- matrix(runif(1, -.2, .9), 3, 3); diag(phi) <- 1
  f <- matrix(rnorm(3 * n), n) %*% chol(phi)
  x <- f[, rep(1:3, each = 3)] %*% diag(l) + matrix(rnorm(9 * n), n) %*% diag(sqrt(1 - l^2))
  colnames(x) <- paste0("x", 1:9)
  r <- cor(x)
  f <- try(cfa(model, sample.cov = r, sample.nobs = n, std.lv = TRUE, sample.cov.rescale = FALSE), silent = TRUE)
  ended <- !inherits(f, "try-error") && lavInspect(f, "converged")
  lowest <- if (ended) min(diag(lavInspect(f, "theta"))) else NA
  chisq <- if (ended) fitMeasures(f, "chisq") else NA
  fits <- rbind(fits, data.frame(set, n, ended, lowest, chisq))
  write.csv(r, file.path(out, paste0("r", set, ".csv")))
}
write.csv(fits, file.path(out, "fits.csv"), row.names = FALSE)
"""

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def live(tmp_path_factory, run_r):
    """Lavaan's fits, and the folder with the correlations they belong to."""
    folder = tmp_path_factory.mktemp("cfa")
    (folder / "live.R").write_text(SCRIPT, encoding="utf-8")
    run_r(folder / "live.R", folder)
    return pd.read_csv(folder / "fits.csv"), folder


def test_on_simulated_sets_the_minimum_is_lavaans_negative_variances_included(live):
    fits, folder = live
    # a variance far below 0 is where lavaan's search stopped on its way to minus infinity
    ended = fits[fits["ended"] & (fits["lowest"] > -5)]
    assert len(ended) >= 20
    assert (ended["lowest"] < 0).any()
    for fit in ended.itertuples():
        found = fit_structure(pd.read_csv(folder / f"r{fit.set}.csv", index_col=0), STRUCTURE)
        assert found.minimum * fit.n == pytest.approx(fit.chisq, abs=1e-4), fit.set
        assert found.loadings["uniqueness"].min() == pytest.approx(fit.lowest, abs=1e-3), fit.set


def test_where_lavaans_search_does_not_end_a_warning_is_given(live):
    fits, folder = live
    for fit in fits[~fits["ended"]].itertuples():
        r = pd.read_csv(folder / f"r{fit.set}.csv", index_col=0)
        assert gk.confirm(r, STRUCTURE, n_respondents=fit.n).warning


def test_the_stored_vectors_are_what_lavaan_gives_today(tmp_path, run_r):
    run_r(REFERENCE / "cfa.R", ROOT / "data" / "published", tmp_path)
    stored = sorted(file.name for file in (REFERENCE / "cfa").glob("*.csv"))
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == stored
    for name in stored:
        now, then = pd.read_csv(tmp_path / name), pd.read_csv(REFERENCE / "cfa" / name)
        numbers = now.select_dtypes("number").columns
        np.testing.assert_allclose(now[numbers], then[numbers], rtol=1e-5, atol=1e-7)
