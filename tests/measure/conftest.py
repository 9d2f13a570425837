"""A help desk asked about by its customers, managers and staff: small enough for a pencil."""

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.survey.instrument import Dimension, Instrument, Item, Scale

DESK = Instrument(
    id="desk",
    titles={"en": "Help desk"},
    items=(Item("q01", {"en": "a"}, "speed"), Item("q02", {"en": "b"}, "speed"), Item("q03", {"en": "c"}, "care")),
    dimensions=(Dimension("speed", {"en": "Speed"}, ("q01", "q02")), Dimension("care", {"en": "Care"}, ("q03",))),
    scale=Scale(1, 7),
    batteries=("expectations", "perceptions"),
    source="made for this test",
    citation="none",
)


def made_survey(battery="expectations", *rows, instrument=DESK, respondents=None, **more):
    tables = {battery: rows, **more}
    frames = {name: pd.DataFrame(list(values), columns=list(instrument.item_ids)) for name, values in tables.items()}
    index = next(iter(frames.values())).index
    people = pd.DataFrame(respondents, index=index) if respondents else pd.DataFrame(index=index)
    return gk.Survey(instrument, **frames, respondents=people)


def drawn(rows, seed, *, battery="expectations", missing=0.1, weights=False, both=False):
    rng = np.random.default_rng(seed)

    def table():
        answers = rng.integers(1, 8, size=(rows, 3)).astype(float)
        answers[rng.random(answers.shape) < missing] = np.nan
        return [tuple(row) for row in answers]

    more = {"perceptions": table()} if both else {}
    people = {"weight": rng.uniform(0.2, 3, rows)} if weights else None
    return made_survey(battery, *table(), respondents=people, **more)


def made_five(seed=0, *, weights=False):
    return {
        "customers": drawn(60, seed, weights=weights, both=True),
        "managers": drawn(9, seed + 1, weights=weights),
        "standards": drawn(6, seed + 2, missing=0),
        "staff": drawn(25, seed + 3, battery="perceptions", weights=weights),
        "promises": drawn(5, seed + 4, missing=0),
    }


def made_branches(managers_in_b=2):
    def rows(n, value):
        return [(value, value, value)] * (n - 1) + [(value - 1, value, value)]

    def people(battery, a, b, value, shift, **more):
        answers = rows(a, value) + (rows(b, value + shift) if b else [])
        return made_survey(battery, *answers, respondents={"branch": ["A"] * a + ["B"] * b}, **more)

    return {
        "customers": people("expectations", 6, 6, 6, 0, perceptions=rows(6, 5) + rows(6, 4)),
        "managers": people("expectations", 5, managers_in_b, 5, 1),
        "standards": people("expectations", 1, 1, 5, 0),
        "staff": people("perceptions", 5, 5, 5, 0),
    }


@pytest.fixture
def six_people():
    """Two customers, two managers, two of the staff, and one audit each of standards and promises."""
    return {
        "customers": made_survey("expectations", (7, 5, 6), (6, 4, 7), perceptions=[(4, 4, 5), (5, 3, 6)]),
        "managers": made_survey("expectations", (5, 5, 6), (4, 4, 4)),
        "standards": made_survey("expectations", (4, 4, 5)),
        "staff": made_survey("perceptions", (3, 3, 4), (5, 3, 4)),
        "promises": made_survey("expectations", (6, 6, 7)),
    }


@pytest.fixture
def desk():
    """The instrument: speed (two items) and care (one), on 1-7."""
    return DESK


@pytest.fixture
def desk_survey():
    """A survey from rows of three answers: one battery by position, others by name."""
    return made_survey


@pytest.fixture
def five_surveys():
    """Random answers of all five kinds of respondents, some missing, from a seed; weighted or not."""
    return made_five


@pytest.fixture
def two_branches():
    """Branches A and B; B has as few managers as asked for."""
    return made_branches
