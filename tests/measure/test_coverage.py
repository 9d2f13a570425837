"""Intervals of gap means against simulated populations whose gaps are known exactly."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from gapkit.measure.gaps import gap_scores
from gapkit.survey.population import population
from gapkit.survey.simulate import draw

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "coverage.py"


def benchmark():
    spec = importlib.util.spec_from_file_location("benchmark_coverage", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.simulation
@pytest.mark.parametrize("design", ["unweighted", "weighted"])
def test_95_percent_intervals_hold_the_truth_in_93_to_97_percent_of_2000_surveys(design):
    coverage = benchmark()
    people = population(coverage.DESIGNS[design], "servqual")
    shares = coverage.coverage(people, n=150, surveys=2000, seed=7)
    assert len(shares) == 22 + 5 + 2
    assert shares.between(0.93, 0.97).all(), shares[~shares.between(0.93, 0.97)]


def test_the_weighted_design_would_miss_the_truth_without_its_weights():
    """So that the weighted coverage above is a test of the weights: unweighted means aim elsewhere."""
    coverage = benchmark()
    people = population(coverage.DESIGNS["weighted"], "servqual")
    survey = draw(people, n=4000, seed=1).survey()
    truth = people.means("gaps").loc["all", "overall"]
    weighted = gap_scores(survey).overall.loc["overall"]
    alike = replace(survey, respondents=survey.respondents.drop(columns="weight"))
    unweighted = gap_scores(alike).overall.loc["overall"]
    assert weighted["low"] < truth < weighted["high"]
    assert unweighted["high"] < truth - 0.1
