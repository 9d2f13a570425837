"""Alpha and omega against a live psych, on datasets::attitude and psych's bfi; nothing of R's is stored here."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.measure.alpha import alpha_of, feldt_interval, standardised
from gapkit.measure.hierarchy import schmid_leiman
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
BIG_FIVE = {name: [f"{name}{number}" for number in range(1, 6)] for name in "ACENO"}

SCRIPT = r"""
suppressMessages({library(psych); library(GPArotation)})
options(digits = 17, warn = -1)
out <- commandArgs(TRUE)[1]
data(bfi, package = if ("bfi" %in% data(package = "psych")$results[, "Item"]) "psych" else "psychTools")
bfi <- bfi[, 1:25]
save <- function(x, name) write.csv(x, file.path(out, paste0(name, ".csv")), row.names = FALSE)
save(datasets::attitude, "attitude"); save(na.omit(bfi), "bfi"); save(bfi, "bfi_missing")
scales <- c(list(all = names(bfi)), split(names(bfi), substr(names(bfi), 1, 1)))
figures <- function(x, name) {
  a <- alpha(x, check.keys = FALSE, warnings = FALSE)
  ends <- alpha.ci(a$total$raw_alpha, nrow(x), ncol(x))
  save(data.frame(raw = a$total$raw_alpha, std = a$total$std.alpha, mean_r = a$total$average_r,
                  low = ends$lower.ci, high = ends$upper.ci), paste0(name, "_scale"))
  items <- data.frame(item = names(x), rest = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha)
  save(items, paste0(name, "_items"))
}
figures(datasets::attitude, "attitude")
for (s in names(scales)) {
  figures(na.omit(bfi)[, scales[[s]]], paste0("bfi_", s))
  figures(bfi[, scales[[s]]], paste0("bfi_missing_", s))
}
r <- cor(na.omit(bfi))
om <- suppressMessages(omega(r, 5, plot = FALSE, flip = FALSE))
save(unclass(fa(r, 5, rotate = "none")$loadings)[, 1:5], "bfi_loadings")
save(data.frame(total = om$omega.tot, hierarchical = om$omega_h), "bfi_omega")
"""

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def live(tmp_path_factory, run_r):
    """Data and figures that R writes now."""
    folder = tmp_path_factory.mktemp("consistency")
    (folder / "live.R").write_text(SCRIPT, encoding="utf-8")
    run_r(folder / "live.R", folder)
    return lambda name: pd.read_csv(folder / f"{name}.csv")


def survey_of(answers, dimensions):
    items = tuple(Item(item, {}, name) for name, members in dimensions.items() for item in members)
    groups = tuple(Dimension(name, {}, tuple(members)) for name, members in dimensions.items())
    instrument = Instrument("peers", {"en": "peers"}, items, groups, Scale(1, 6), ("perceptions",), "", "")
    return gk.Survey(instrument=instrument, perceptions=answers[[item.id for item in items]])


@pytest.mark.parametrize("data", ["attitude", "bfi", "bfi_missing"])
def test_alpha_raw_and_standardised_agrees_to_twelve_digits(live, data):
    answers = live(data)
    scales = {"all": list(answers)} if data == "attitude" else {"all": list(answers), **BIG_FIVE}
    for name, members in scales.items():
        psych = live("attitude_scale" if data == "attitude" else f"{data}_{name}_scale").iloc[0]
        covariances = gk.moments(answers[members]).covariance().to_numpy()
        raw, equal = float(alpha_of(covariances)), float(alpha_of(standardised(covariances)))
        assert raw == pytest.approx(psych["raw"], abs=1e-12)
        assert equal == pytest.approx(psych["std"], abs=1e-12)
        ends = feldt_interval(raw, n=len(answers), k=len(members))
        assert ends == pytest.approx((psych["low"], psych["high"]), abs=1e-11)


@pytest.mark.parametrize("data", ["bfi", "bfi_missing"])
def test_every_figure_of_internal_consistency_agrees(live, data):
    found = gk.internal_consistency(survey_of(live(data), BIG_FIVE))
    for name, members in BIG_FIVE.items():
        psych, items = live(f"{data}_{name}_scale").iloc[0], live(f"{data}_{name}_items").set_index("item")
        row = found.dimensions.loc[name]
        assert row["alpha"] == pytest.approx(psych["raw"], abs=1e-12)
        assert row["standardised_alpha"] == pytest.approx(psych["std"], abs=1e-12)
        assert row["mean_r"] == pytest.approx(psych["mean_r"], abs=1e-12)
        np.testing.assert_allclose(found.items.loc[members, "alpha_if_deleted"], items["dropped"], atol=1e-12)
        if data == "bfi":  # with missing answers psych correlates the item with scores that fill gaps by medians
            np.testing.assert_allclose(found.items.loc[members, "item_rest_r"], items["rest"], atol=1e-12)


def test_omega_of_the_big_five_agrees(live):
    psych = live("bfi_omega").iloc[0]
    answers = live("bfi")
    ours = gk.omega(answers, n_factors=5, kind="pearson")
    assert ours.total == pytest.approx(psych["total"], abs=2e-8)
    assert ours.hierarchical == pytest.approx(psych["hierarchical"], abs=5e-6)
    # the 1.1e-8 between the totals is psych's: its residuals are larger than ours
    r = answers.corr().to_numpy()
    loadings = schmid_leiman(r, 5).unrotated
    residuals = [
        ((r - found @ found.T)[np.triu_indices(25, 1)] ** 2).sum()
        for found in (loadings, live("bfi_loadings").to_numpy())
    ]
    assert residuals[0] < residuals[1]


def test_the_stored_vectors_are_what_r_gives_today(tmp_path, run_r):
    run_r(REFERENCE / "consistency.R", ROOT / "data" / "published", tmp_path)
    stored = sorted(file.name for file in (REFERENCE / "consistency").glob("*.csv"))
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == stored
    for name in stored:
        now, then = pd.read_csv(tmp_path / name), pd.read_csv(REFERENCE / "consistency" / name)
        pd.testing.assert_frame_equal(now, then, rtol=1e-5, atol=1e-8)
