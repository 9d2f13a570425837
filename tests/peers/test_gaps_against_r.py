"""Gap scores against a live R: paired t and Welch of base R, weighted means of its survey package."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from gapkit.measure.gaps import gap_scores
from gapkit.survey.simulate import simulate
from gapkit.survey.truth import Truth

pytestmark = pytest.mark.peers

BASE = """
x <- read.csv("gaps.csv")
out <- lapply(setdiff(names(x), c("group", "weight")), function(id) {
  test <- t.test(x[[id]]); welch <- oneway.test(x[[id]] ~ x$group)
  data.frame(id, gap = test$estimate, low = test$conf.int[1], high = test$conf.int[2], t = test$statistic,
             df = test$parameter, p = test$p.value, welch = welch$p.value)
})
options(digits = 15); write.csv(do.call(rbind, out), "out.csv", row.names = FALSE)
"""

WEIGHTED = """
suppressMessages(library(survey))
x <- read.csv("gaps.csv")
out <- lapply(setdiff(names(x), c("group", "weight")), function(id) {
  own <- data.frame(g = x[[id]], w = x$weight); own <- own[!is.na(own$g), ]
  design <- svydesign(ids = ~1, weights = ~w, data = own)
  m <- svymean(~g, design); ends <- confint(m, df = nrow(own) - 1)
  data.frame(id, gap = coef(m), se = SE(m)[1], sd = sqrt(svyvar(~g, design)[1]), low = ends[1], high = ends[2])
})
options(digits = 15); write.csv(do.call(rbind, out), "out.csv", row.names = FALSE)
"""


def in_r(script, folder, package=None):
    """Run an R script in a folder; skip with a reason where R or the package is absent."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    if package:
        there = subprocess.run([rscript, "-e", f"library({package})"], capture_output=True, check=False)
        if there.returncode:
            pytest.skip(f"R has no package {package}")
    (folder / "script.R").write_text(script, encoding="utf-8")
    subprocess.run([rscript, "script.R"], cwd=folder, check=True, capture_output=True)
    return pd.read_csv(folder / "out.csv", index_col="id")


def study(seed, **rates):
    groups = {"A": 0.5, "B": 0.3, "C": 0.2}
    truth = Truth(gaps={"reliability": -1.2, "other": -0.5}, groups=groups, missing=0.1, **rates)
    return simulate(n=240, seed=seed, truth=truth)


def write(survey, folder):
    gaps = survey.gaps.join(survey.dimension_scores("gaps"))
    gaps["overall"] = survey.dimension_scores("gaps").mean(axis=1)
    gaps.assign(**survey.respondents.filter(["group", "weight"])).to_csv(folder / "gaps.csv", index=False)


def test_paired_t_and_welch_agree_with_base_r(tmp_path):
    survey = study(11)
    # gapkit's dimension gap is mean(P) - mean(E) over one set of pairs: the same as the mean of the gaps written here
    write(survey, tmp_path)
    expected = in_r(BASE, tmp_path)
    found = gap_scores(survey, by="group")
    whole = gap_scores(survey)
    table = pd.concat([whole.items, whole.dimensions, whole.overall])
    columns = ["gap", "low", "high", "t", "df", "p"]
    np.testing.assert_allclose(table.loc[expected.index, columns].astype(float), expected[columns], rtol=1e-9)
    tested = [*survey.instrument.dimension_ids, "overall"]
    np.testing.assert_allclose(found.tests.loc[tested, "p"], expected.loc[tested, "welch"], rtol=1e-9)


def test_weighted_means_agree_with_the_survey_package(tmp_path):
    survey = study(12, rates={"A": 1.0, "B": 3.0, "C": 6.0})
    write(survey, tmp_path)
    expected = in_r(WEIGHTED, tmp_path, package="survey")
    gaps = gap_scores(survey)
    found = pd.concat([gaps.items, gaps.dimensions, gaps.overall]).loc[expected.index, expected.columns]
    assert survey.weights.nunique() == 3
    np.testing.assert_allclose(found, expected, rtol=1e-9)
