"""The bundled study made: guests, managers, staff and audits of six simulated hotels, as surveys and as files."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .hotel_plan import (
    ASKED,
    CARELESS_SHARE,
    CHAIN,
    CORRELATIONS,
    DIMENSIONS,
    GUEST_SHARES,
    LEVELS,
    LINKS,
    MISSING_SHARE,
    OUTCOMES,
    REVERSED,
    SEED,
    SEGMENTS,
    STEPS,
    STORIES,
    TITLES,
    N,
    people,
    planted,
)
from .simulate import CARELESS, Draws, draw
from .survey import Survey

FILES = {kind: f"{'hotel' if kind == 'customers' else kind}.csv" for kind in TITLES}
"""The file of each kind of respondent."""
MIXES = {
    "purpose": (("business", "leisure", "family"), ((0.20, 0.55, 0.25), (0.65, 0.20, 0.15), (0.20, 0.40, 0.40))),
    "age": (("18-34", "35-54", "55+"), ((0.45, 0.35, 0.20), (0.25, 0.50, 0.25), (0.15, 0.35, 0.50))),
}
"""Purpose of the stay and age of guests, by segment."""
NIGHTS = {"business": 0.45, "leisure": 0.70, "family": 0.80}
"""Chance of one more night."""
SECONDS = {"": 430, "straightline": 95, "random": 110, "identical": 210}
"""Typical seconds to fill in the questionnaire, by kind of carelessness."""
WORK = {
    "managers": ("manager", "M{:02}", "years", 24),
    "staff": ("employee", "S{:03}", "months", 120),
    "standards": ("audit", "A{:02}", None, 0),
    "promises": ("claim", "C{:02}", None, 0),
}
"""Id column, form of the id, and time in the job with its maximum."""
PLACES = {
    "staff": ("role", ("front desk", "housekeeping", "restaurant", "concierge")),
    "standards": ("department", ("front office", "rooms", "food and drink", "guest services")),
    "promises": ("channel", ("website", "booking portal", "brochure", "advertisement", "social media")),
}
"""Where staff work, what was audited, and where a promise was found."""


def draws(
    seed: int = SEED, *, surveys: int = 1, careless: float = CARELESS_SHARE, missing: float = MISSING_SHARE
) -> dict[str, Draws]:
    """The answers of all five kinds of respondents, many times over, as arrays: for watching intervals at work.

    Parameters
    ----------
    seed : int
    surveys : int
        How many studies. A hundred take about 60 MB.
    careless, missing : float
        Shares among guests. The planted means are those of attentive guests: set `careless` to 0 to meet them.

    Returns
    -------
    dict
        "customers", "managers", "standards", "staff", "promises" -> `Draws`; the kinds have independent streams.
    """
    made = {}
    for stream, kind in enumerate(TITLES):
        population = people(kind, careless=careless, missing=missing)
        made[kind] = draw(population, n=N[kind], seed=(seed, stream), surveys=surveys, title=TITLES[kind])
    return made


def study(seed: int = SEED, *, careless: float = CARELESS_SHARE, missing: float = MISSING_SHARE) -> dict[str, Survey]:
    """The five surveys of one study, with everything that is in the files and the hidden truth ("truth_...").

    Parameters
    ----------
    seed : int
    careless, missing : float
        Shares among guests.

    Returns
    -------
    dict
        "customers", "managers", "standards", "staff", "promises" -> Survey.

    Examples
    --------
    >>> five = study()
    >>> five["customers"]
    <Survey Hotel guests, simulated: 1200 respondents, servqual (expectations, perceptions)>
    >>> five["managers"].n, five["staff"].n
    (40, 180)
    """
    made = {}
    for stream, (kind, drawn) in enumerate(draws(seed, careless=careless, missing=missing).items()):
        survey, rng = drawn.survey(), np.random.Generator(np.random.PCG64([seed, stream, 1]))
        about = _guests(survey.respondents, rng) if kind == "customers" else _colleagues(survey.respondents, kind, rng)
        rest = survey.respondents.drop(columns=[name for name in about if name in survey.respondents])
        made[kind] = replace(survey, respondents=pd.concat([about, rest], axis=1))
    return made


def _guests(drawn: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Who the guests are: purpose and age go with the segment, nights with the purpose, seconds with the care taken."""
    n = len(drawn)
    segment = drawn["truth_segment"].map({segment.name: s for s, segment in enumerate(SEGMENTS)}).to_numpy()
    about = pd.DataFrame({"guest": [f"G{row:04}" for row in range(1, n + 1)], "hotel": drawn["hotel"]})
    for name, (labels, mixes) in MIXES.items():
        below = np.cumsum(mixes, axis=1)[segment, :-1]
        about[name] = np.array(labels, dtype=object)[(rng.random((n, 1)) >= below).sum(axis=1)]
    more = rng.random((n, 13)) < about["purpose"].map(NIGHTS).to_numpy()[:, None]
    about["nights"] = 1 + np.cumprod(more, axis=1).sum(axis=1)
    typical = drawn["truth_careless"].map(SECONDS) if "truth_careless" in drawn else SECONDS[""]
    about["seconds"] = (typical * np.exp(0.35 * rng.standard_normal(n))).round().astype("int64")
    return about.assign(weight=drawn["weight"].round(4))


def _colleagues(drawn: pd.DataFrame, kind: str, rng: np.random.Generator) -> pd.DataFrame:
    """Who the managers and staff are, and what was audited."""
    n, (id, form, time, longest) = len(drawn), WORK[kind]
    about = pd.DataFrame({id: [form.format(row) for row in range(1, n + 1)], "hotel": drawn["hotel"]})
    if kind == "managers":
        about["level"] = drawn["truth_segment"]
    else:
        column, labels = PLACES[kind]
        about[column] = np.array(labels, dtype=object)[rng.integers(len(labels), size=n)]
    return about.assign(**{time: rng.integers(1, longest + 1, size=n)}) if time else about


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """The study as its files hold it: items as they were asked (two of them the other way round for guests).

    Returns
    -------
    dict
        File name -> DataFrame, among them "truth_guests.csv": segment and carelessness of each guest.
    """
    files = {}
    for kind, survey in study(seed).items():
        about = survey.respondents
        hidden = [name for name in map(str, about) if name.startswith("truth_")]
        outcomes = [outcome.name for outcome in OUTCOMES if outcome.name in about]
        parts = [about.drop(columns=[*hidden, *outcomes])]
        for code, answers in zip(CHAIN[kind], survey.batteries.values(), strict=True):
            turned = [item.id for item in survey.instrument.items if item.reversed]
            asked = answers.assign(**{id: survey.instrument.scale.turn(answers[id]) for id in turned})
            parts.append(asked.astype("Int64").set_axis([f"{code}{n}" for n in range(1, 23)], axis=1))
        if survey.allocations is not None:
            parts.append(survey.allocations.astype("Int64").add_prefix("points_"))
        files[FILES[kind]] = pd.concat([*parts, about[outcomes].astype("Int64")], axis=1)
        if kind == "customers":
            files["truth_guests.csv"] = about[["guest", *hidden]].rename(
                columns=lambda name: name.removeprefix("truth_")
            )
    return files


def truth(seed: int = SEED) -> dict[str, Any]:
    """Everything that was planted, as plain data for a JSON file; means are those of attentive respondents."""
    guests = people()

    def rows(table: pd.DataFrame) -> dict[str, Any]:
        return {str(name): _rounded(row) for name, row in table.T.items()}

    chain: dict[str, Any] = {hotel: {} for hotel in STORIES}
    for (hotel, dimension), steps in LINKS.items():
        chain[hotel][dimension] = dict(zip(STEPS, steps, strict=True))
    return {
        "simulated": True,
        "seed": seed,
        "stories": STORIES,
        "dimensions": list(guests.instrument.dimension_ids),
        "links": chain,
        "item_means": {letter: rows(table) for letter, table in planted().items()},
        "respondents": N,
        "firm": {
            kind: {"letter": CHAIN[kind][0], "battery": battery, "spread": spread}
            for kind, (battery, spread) in ASKED.items()
        },
        "levels_of_managers": {level.name: asdict(level) for level in LEVELS},
        "guests": {
            "shares_of_all_guests": GUEST_SHARES,
            "gap_means": rows(guests.means("gaps")),
            "gap_means_by_segment": rows(guests.means("gaps", by="segment")),
            "weighted_gap": round(guests.weighted_gap(), 6),
            "ceiling_of_expectations": _rounded(guests.ceiling("expectations")),
            "loadings": _rounded(pd.Series(guests.loadings, index=guests.instrument.item_ids)),
            "factor_correlations": rows(pd.DataFrame(CORRELATIONS, DIMENSIONS, DIMENSIONS)),
            "correlation_of_e_and_p_factors": guests.truth.battery_correlation,
            "reversed": list(REVERSED),
            "missing": MISSING_SHARE,
            "careless": {kind: round(CARELESS_SHARE / len(CARELESS), 6) for kind in CARELESS},
            "segments": {segment.name: asdict(segment) for segment in SEGMENTS},
            "separation_of_segments": rows(guests.separation()),
            "outcomes": {outcome.name: asdict(outcome) for outcome in guests.truth.outcomes},
        },
    }  # fmt: skip


def _rounded(values: pd.Series) -> dict[str, float]:
    """Numbers rounded to a millionth, so that no machine's last digit shows."""
    return {str(name): round(float(value), 6) + 0.0 for name, value in values.items()}


def write(folder: Path, *, seed: int = SEED) -> list[Path]:
    """Write the study's CSV files and truth.json, the same bytes on every machine; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables(seed).items():
        text = table.to_csv(index=False, lineterminator="\n")
        written.append(folder / name)
        written[-1].write_bytes(text.encode())
    written.append(folder / "truth.json")
    written[-1].write_bytes((json.dumps(truth(seed), indent=1) + "\n").encode())
    return written
