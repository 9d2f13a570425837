"""The defensible choices of a priority analysis, and the rank of every dimension or item under one of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from ..measure.level_scores import ratio
from ..measure.reduce import moments
from ..survey.phrase import phrase
from ..survey.survey import Survey
from .driver_draws import as_correlations, in_unit_spread
from .driver_inputs import outcome_of, scores_of
from .driver_tables import parts
from .importance import clear_of_singular, johnson_weights
from .stated import stated_answers
from .weighted_quantiles import weighted_quantiles

CHOICES = {
    "importance": ("stated", "derived"),
    "measure": ("SERVQUAL", "SERVPERF"),
    "weights": ("on", "off"),
    "screening": ("all", "screened"),
    "centre": ("mean", "median"),
    "missing": ("pairwise", "complete"),
}
"""Every choice with its two answers."""
CHOICE_NAMES = {
    "importance": phrase("importance"),
    "measure": phrase("measure"),
    "weights": phrase("weights"),
    "screening": phrase("screening"),
    "centre": phrase("centre"),
    "missing": phrase("missing"),
}
ANSWER_NAMES = {
    "stated": phrase("stated"),
    "derived": phrase("derived"),
    "off": phrase("off"),
    "all": phrase("all"),
    "complete": phrase("complete"),
}


@dataclass(frozen=True)
class Columns:
    """What every choice is computed from: n x p scores by measure, stated importance, the outcome, and who is out."""

    names: tuple[str, ...]
    scores: dict[str, np.ndarray]
    top: float
    stated: np.ndarray | None
    outcome: np.ndarray | None
    weights: np.ndarray | None
    flagged: np.ndarray
    whole: np.ndarray


def columns_of(
    survey: Survey, *, level: str, outcome: str | None, weights: np.ndarray | None, flagged: np.ndarray
) -> Columns:
    """The columns of one level; `whole` marks respondents who answered everything that is used."""
    measures = {"SERVQUAL": "gaps", "SERVPERF": "perceptions"}
    asked = {name: of for name, of in measures.items() if name == "SERVPERF" or survey.expectations is not None}
    scores = {name: scores_of(survey, of=of, level=level) for name, of in asked.items()}
    stated, _ = stated_answers(survey, level=level)
    y = None if outcome is None else outcome_of(survey, outcome).to_numpy()
    in_any = {item for dimension in survey.instrument.dimensions for item in dimension.items}
    items = [item for item in survey.instrument.item_ids if item in in_any]
    kept = list(survey.instrument.dimension_ids) if level == "dimensions" else items
    answers = [survey.batteries[name] for name in ("expectations", "perceptions") if name in survey.batteries]
    whole = np.all([table[items].notna().all(axis=1).to_numpy() for table in answers], axis=0)
    if stated is not None:
        whole &= stated[kept].notna().all(axis=1).to_numpy()
    whole &= True if y is None else np.isfinite(y)
    return Columns(
        names=tuple(kept),
        scores={name: table[kept].to_numpy(float) for name, table in scores.items()},
        top=survey.instrument.scale.high,
        stated=None if stated is None else stated[kept].to_numpy(float),
        outcome=y,
        weights=weights,
        flagged=flagged,
        whole=whole,
    )


def open_choices(columns: Columns) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The answers that this survey can give to every choice, and why the others are not counted."""
    given: dict[str, tuple[str, ...]] = dict(CHOICES)
    notes: list[str] = []

    def only(choice: str, answer: str, why: str) -> None:
        given[choice] = (answer,)
        notes.append(
            phrase(
                "{choice} is {answer} throughout: {why}.",
                choice=CHOICE_NAMES[choice],
                answer=ANSWER_NAMES.get(answer, answer),
                why=why,
            )
        )

    if columns.outcome is None and columns.stated is None:
        raise ValueError(
            phrase("priorities need importance: a survey with allocations or importance ratings, or an outcome.")
        )
    if columns.stated is None:
        only("importance", "derived", phrase("importance was not asked"))
    elif columns.outcome is None:
        only("importance", "stated", phrase("no outcome was named"))
    if "SERVQUAL" not in columns.scores:
        only("measure", "SERVPERF", phrase("expectations were not asked"))
    w = columns.weights
    if w is None or np.allclose(w, w[0], rtol=1e-12):
        only("weights", "off", phrase("the survey has no unequal weights"))
    answered = np.any([np.isfinite(scores).any(axis=1) for scores in columns.scores.values()], axis=0)
    if not columns.flagged[answered].any():
        only("screening", "all", phrase("nobody with an answer is flagged"))
    if columns.whole[answered].all():
        only("missing", "complete", phrase("whoever answered, answered everything"))
    return given, notes


def all_ranks(columns: Columns, given: dict[str, tuple[str, ...]]) -> tuple[pd.DataFrame, pd.Series, list[str]]:
    """Ranks, one row per combination of choices; respondents behind each; combinations that could not be computed."""
    rows, counts, index, failed = [], [], [], []
    known: dict[tuple[str, ...], np.ndarray | None] = {}  # derived importance is the same for mean and median
    for choice in product(*given.values()):
        named = dict(zip(given, choice, strict=True))
        keep, scores, w = _part(columns, named)
        if named["importance"] == "stated" and columns.stated is not None:
            matter: np.ndarray | None = parts(_centre(columns.stated[keep], named["centre"], w))
        else:
            same = tuple(answer for name, answer in named.items() if name != "centre")
            if same not in known:
                known[same] = _derived(columns, keep, scores, w)
            matter = known[same]
        short = _shortfall(scores, named, columns.top, w)
        if matter is None or not np.isfinite([matter, short]).all():
            failed.append(" / ".join(choice))
            continue
        # rank 1 = most in need: importance x shortfall; equal numbers share the mean of their ranks
        rows.append(pd.Series(np.round(matter * short, 12)).rank(ascending=False).to_numpy())
        counts.append(int(keep.sum()))
        index.append(choice)
    if not rows:
        raise ValueError(
            phrase(
                "no combination of choices could be computed with {respondents} respondents.",
                respondents=int((~columns.flagged).sum()),
            )
        )
    at = pd.MultiIndex.from_tuples(index, names=list(given))
    return pd.DataFrame(rows, index=at, columns=list(columns.names)), pd.Series(counts, index=at, name="n"), failed


def _part(columns: Columns, named: dict[str, str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who is counted under this choice, their scores and their weights."""
    scores = columns.scores[named["measure"]]
    keep = np.isfinite(scores).any(axis=1) if named["missing"] == "pairwise" else columns.whole.copy()
    keep &= ~columns.flagged if named["screening"] == "screened" else True
    w = np.ones(len(keep)) if named["weights"] == "off" or columns.weights is None else columns.weights
    keep &= w > 0
    return keep, scores[keep], w[keep]


def _derived(columns: Columns, keep: np.ndarray, scores: np.ndarray, w: np.ndarray) -> np.ndarray | None:
    """Johnson's shares of R squared; None where they cannot be told."""
    names = [*columns.names, "the outcome"]
    values = np.column_stack([scores, columns.outcome[keep]])  # type: ignore[index]
    if len(values) <= len(names) + 1 or not np.isfinite(values).any(axis=0).all():
        return None
    reduced = moments(pd.DataFrame(in_unit_spread(values), columns=names), weights=w)
    correlations = as_correlations(reduced.covariance().to_numpy())
    inner, outer = correlations[:-1, :-1], correlations[:-1, -1]
    if not (clear_of_singular(inner) and np.isfinite(outer).all()):
        return None
    return parts(johnson_weights(inner, outer))


def _shortfall(scores: np.ndarray, named: dict[str, str], top: float, w: np.ndarray) -> np.ndarray:
    """How far the centre falls short: of expectations (SERVQUAL), or of the top of the scale (SERVPERF)."""
    centre = _centre(scores, named["centre"], w)
    return -centre if named["measure"] == "SERVQUAL" else top - centre


def _centre(values: np.ndarray, centre: str, w: np.ndarray) -> np.ndarray:
    """Weighted mean or median of every column over those who answered."""
    if centre == "median":
        return weighted_quantiles(values, [0.5], w)[0]
    here = np.isfinite(values)
    return ratio(w @ np.where(here, values, 0.0), w @ here)
