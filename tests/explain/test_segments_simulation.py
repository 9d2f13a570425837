"""Many surveys with known truth; the full study is benchmarks/segments_simulation.py."""

from __future__ import annotations

import numpy as np
import pytest

import gapkit as gk
from gapkit.survey.population import population
from gapkit.survey.simulate import draw
from gapkit.survey.truth import Truth

pytestmark = pytest.mark.simulation


@pytest.mark.parametrize("method", ["profiles", "kmeans"])
@pytest.mark.parametrize("on", ["perceptions", "gaps"])
def test_one_population_is_left_in_one_piece(on, method):
    draws = draw(population(Truth(missing=0.03)), n=300, seed=7, surveys=20)
    few = {"max_segments": 2, "starts": 2, "resamples": 0, "progress": False}
    one = [gk.segment(draws.survey(i), on=on, method=method, seed=i, **few).recommended == 1 for i in range(20)]
    # at a true chance of .95, seventeen or more of twenty come out in 98 of 100 studies
    assert np.sum(one) >= 17
