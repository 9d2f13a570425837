"""Derived importance and penalty-reward contrasts against base R, live: eigen, all-subsets lm, a sandwich by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale

REFERENCE = Path(__file__).parents[1] / "reference"

pytestmark = pytest.mark.peers


def survey_of(answers):
    names = [name for name in answers if name not in ("outcome", "weight")]
    items = tuple(Item(name, {}, name) for name in names)
    dimensions = tuple(Dimension(name, {}, (name,)) for name in names)
    instrument = Instrument("peers", {"en": "peers"}, items, dimensions, Scale(1, 7), ("perceptions",), "", "")
    return gk.Survey(instrument, perceptions=answers[names], respondents=answers[["outcome", "weight"]])


@pytest.fixture(scope="module")
def live(tmp_path_factory, run_r):
    """120 weighted respondents, seven overlapping dimensions, and the figures that R gives now."""
    folder = tmp_path_factory.mktemp("drivers")
    rng = np.random.default_rng(20240601)
    level = rng.normal(size=(120, 1))
    x = np.clip(np.rint(4 * (4 + level + rng.normal(size=(120, 7)))) / 4, 1, 7)  # means of four items
    answers = pd.DataFrame(x, columns=[f"d{j}" for j in range(1, 8)])
    answers["outcome"] = np.round(x @ [0.6, 0.4, 0.3, 0.2, 0.1, 0, -0.2] + rng.normal(0, 1.5, 120), 4)
    answers["weight"] = np.round(rng.uniform(0.4, 2.5, 120), 3)
    answers.to_csv(folder / "answers.csv", index=False)
    run_r(REFERENCE / "drivers.R", folder / "answers.csv", folder)
    return answers, lambda name: pd.read_csv(folder / f"{name}.csv")


@pytest.mark.parametrize("file", ["plain", "weighted"])
def test_weights_overlap_and_fit_agree_to_ten_digits(live, file):
    answers, of = live
    expected = of(file)
    found = gk.drivers(
        survey_of(answers if file == "weighted" else answers.assign(weight=1.0)), outcome="outcome", draws=10
    )
    np.testing.assert_allclose(found.johnson["weight"], expected["johnson"], atol=1e-10)
    np.testing.assert_allclose(found.dominance["weight"], expected["dominance"], atol=1e-10)
    np.testing.assert_allclose(found.regression[["r", "beta", "vif"]], expected[["r", "beta", "vif"]], atol=1e-10)
    np.testing.assert_allclose(
        found.fit[["r2", "condition"]].iloc[0], expected[["r2", "condition"]].iloc[0], atol=1e-10
    )


def test_penalty_reward_contrasts_agree(live):
    answers, of = live
    expected = of("penalty_plain").set_index("dimension")
    own = answers[[*expected.index, "outcome"]].assign(weight=1.0)
    found = gk.penalty_reward(survey_of(own), outcome="outcome", cut="thirds").dimensions
    columns = [column for column in expected if column in found]
    assert "contrast_low" in columns
    np.testing.assert_allclose(found[columns], expected[columns], rtol=1e-9)


def test_the_stored_vectors_are_what_r_gives_today(tmp_path, run_r):
    run_r(REFERENCE / "drivers.R", REFERENCE / "drivers" / "answers.csv", tmp_path)
    for name in ("plain", "weighted", "penalty_plain"):
        now, then = (pd.read_csv(folder / f"{name}.csv") for folder in (tmp_path, REFERENCE / "drivers"))
        pd.testing.assert_frame_equal(now, then, rtol=1e-10)
