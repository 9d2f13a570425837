"""Surveys whose drivers are known: one item a dimension, so that an answer is a score."""

from __future__ import annotations

import os

import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale


def survey_of(perceived, *, expected=None, scale=(1, 7), respondents=None, allocations=None, importance=None):
    """A survey with one item per column of `perceived` and a dimension of the same name."""
    names = list(perceived)
    items = tuple(Item(name, {}, name) for name in names)
    dimensions = tuple(Dimension(name, {}, (name,)) for name in names)
    instrument = Instrument("made", {"en": "made"}, items, dimensions, Scale(*scale), ("perceptions",), "", "")
    return gk.Survey(
        instrument,
        perceptions=perceived.astype(float),
        expectations=None if expected is None else expected.astype(float),
        allocations=allocations,
        importance=importance,
        respondents=respondents if respondents is not None else pd.DataFrame(index=perceived.index),
        source=gk.Source(title="Twelve guests"),
    )


@pytest.fixture
def make_survey():
    return survey_of


@pytest.fixture(scope="session")
def kiosks():
    if "GAPKIT_DATA" not in os.environ:
        pytest.skip("GAPKIT_DATA names no folder with the kiosk survey")
    return gk.datasets.load("kservqual")
