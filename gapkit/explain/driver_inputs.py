"""What a driver analysis is computed from: scores and an outcome, of the same respondents, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..measure.means import checked_weights
from ..survey.naming import battery_name
from ..survey.phrase import phrase
from ..survey.survey import Survey

Of = Literal["perceptions", "gaps"]
Level = Literal["dimensions", "items"]
Missing = Literal["complete", "pairwise"]


@dataclass(frozen=True)
class DriverTable:
    """Predictor columns and, last, the outcome: n x (p + 1), with respondent weights and what was left out."""

    columns: pd.DataFrame
    weights: np.ndarray | None
    rule: str

    @property
    def values(self) -> np.ndarray:
        """The columns as numbers."""
        return self.columns.to_numpy(float)


def scores_of(survey: Survey, *, of: str, level: str) -> pd.DataFrame:
    """Each respondent's scores: answers (or gaps) of the items, or their means by dimension."""
    check_choice("of", of, ("perceptions", "gaps"))
    check_choice("level", level, ("dimensions", "items"))
    answers = survey.gaps if of == "gaps" else survey.battery(of)
    return survey.dimension_scores(answers) if level == "dimensions" else answers.astype(float)


def outcome_of(survey: Survey, outcome: str) -> pd.Series:
    """A respondents column as numbers; ValueError names the columns there are, or says that it holds text."""
    if outcome not in survey.respondents:
        there = ", ".join(map(str, survey.respondents.columns)) or "none"
        raise ValueError(
            phrase(
                'no outcome "{outcome}" among the respondents\' columns; there are: {columns}.',
                outcome=outcome,
                columns=there,
            )
        )
    given = survey.respondents[outcome]
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    if text := int((given.notna() & numbers.isna()).sum()):
        raise ValueError(
            phrase(
                'outcome "{outcome}": {texts} of {answers} answers are no numbers. Code them as numbers.',
                outcome=outcome,
                texts=text,
                answers=len(given),
            )
        )
    return numbers


def driver_table(survey: Survey, *, outcome: str, of: str, level: str, missing: str = "complete") -> DriverTable:
    """Scores and outcome of the respondents that count.

    complete: those with the outcome and every score (a dimension's score needs one answered item).
    pairwise: those with the outcome and at least one score.
    """
    check_choice("missing", missing, ("complete", "pairwise"))
    scores, answer = scores_of(survey, of=of, level=level), outcome_of(survey, outcome)
    weights = checked_weights(survey.weights)
    if outcome in scores:
        raise ValueError(
            phrase('"{outcome}" is the name of a predictor too: rename the outcome column.', outcome=outcome)
        )
    has = scores.notna()
    answered = has.all(axis=1) if missing == "complete" else has.any(axis=1)
    keep = (answer.notna() & answered).to_numpy() & (True if weights is None else weights > 0)
    if not keep.any():
        raise ValueError(
            phrase(
                '{source}: nobody answered "{outcome}" and {battery}; there is nothing to relate.',
                source=survey.source,
                outcome=outcome,
                battery=battery_name(of),
            )
        )
    needed = (
        phrase("every score")
        if missing == "complete"
        else phrase("at least one score; correlations are pairwise complete")
    )
    rule = phrase(
        "Counted are respondents with {outcome} and {needed}: {counted} of {n}.",
        outcome=outcome,
        needed=needed,
        counted=int(keep.sum()),
        n=survey.n,
    )
    table = scores[keep].assign(**{outcome: answer[keep]})
    return DriverTable(table, None if weights is None else weights[keep], rule)


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """ValueError unless the value is one of the choices."""
    if value not in choices:
        listed = ", ".join(f'"{choice}"' for choice in choices)
        raise ValueError(f'{name}="{value}" is not known; choose one of {listed}.')


def refuse_constant(spread: np.ndarray, names: Sequence[str], *, size: np.ndarray) -> None:
    """ValueError naming the columns that do not vary beside their own size (their mean), but for rounding."""
    still = [name for name, sd, mean in zip(names, spread, size, strict=True) if not sd > 1e-7 * abs(mean)]
    if still:
        named = ", ".join(still)
        raise ValueError(phrase("{names}: does not vary, so it goes with nothing. Leave it out.", names=named))
