"""What gap and performance scores have in common: tables by level, and the sentence that says how they were made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .groups import Grouped, group_tests, level_tables
from .levels import Levels


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LevelScores(Result):
    """Means at every level: `items`, `dimensions`, `overall` (one row), `weighted` (one row); per group with ``by=``.

    `tests` and `suppressed` are None unless a survey was split with ``by=``.
    """

    items: pd.DataFrame
    dimensions: pd.DataFrame
    overall: pd.DataFrame
    weighted: pd.DataFrame
    tests: pd.DataFrame | None = None
    suppressed: pd.DataFrame | None = None
    by: str | None = None
    confidence: float = 0.95

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in order; an empty list of suppressed groups is left out."""
        return {name: table for name, table in super().tables.items() if name != "suppressed" or len(table)}

    def _headline(self, column: str, name: str) -> str:
        """The overall mean with its interval, or its range over the groups."""
        if self.by is None:
            row = self.overall.iloc[0]
            interval = phrase(
                "{level:g} % CI {low:.2f} to {high:.2f}", level=100 * self.confidence, low=row["low"], high=row["high"]
            )
            if math.isnan(row["low"]):
                interval = phrase("no interval from one respondent") if self.n == 1 else phrase("no interval")
            said = {"name": name, "value": row[column], "interval": interval, "n": self.n}
            return phrase("overall {name} {value:.2f} ({interval}), n = {n}", **said)
        if self.overall.empty:
            return phrase("overall {name} by {by}: no group is large enough to be shown", name=name, by=self.by)
        means = self.overall[column].droplevel(1)
        ends = {"low": means.min(), "lowest": means.idxmin(), "high": means.max(), "highest": means.idxmax()}
        return phrase(
            "overall {name} by {by} from {low:.2f} ({lowest}) to {high:.2f} ({highest}), {groups} groups, n = {n}",
            **{"name": name, "by": self.by, "groups": len(means), "n": self.n, **ends},
        )


def level_fields(
    survey: Survey, groups: Grouped, levels: Levels, *, of: str, confidence: float, method: str
) -> dict[str, Any]:
    """The fields of a `LevelScores`: one table per level, tests between groups, and the whole method sentence."""
    by_groups = groups.by is not None
    own = [_on_importance(survey)]
    if by_groups:
        own.append(
            phrase("Tests between groups: Welch's F on the groups' own variances; Holm's family is the dimensions.")
            if survey.weights is None
            else phrase(
                "Tests between groups: Welch's F on linearised variances (a Wald test); Holm's family is the "
                "dimensions."
            )
        )
    return {
        **level_tables(groups, levels),
        "tests": group_tests(groups, levels, of=of) if by_groups else None,
        "suppressed": groups.suppressed if by_groups else None,
        "by": groups.by,
        "confidence": confidence,
        "n": groups.n,
        "source": f"{survey.source}, n = {groups.n}",
        "method": sentences(method, common_method(survey, groups, confidence), *own),
    }


def common_method(survey: Survey, groups: Grouped, confidence: float) -> str:
    """How scores are aggregated, weighted, bounded and grouped."""
    said: list[str] = [
        phrase("A dimension is the mean of a respondent's items, overall the mean of the respondent's dimensions."),
        phrase("t intervals at {level:g} %, df = n - 1.", level=100 * confidence),
    ]
    if survey.weights is not None:
        said.append(
            phrase(
                "Survey weights reach every number: linearised (Taylor) standard errors for respondents drawn "
                "independently with replacement; sd, shares and correlations weighted; n counts respondents of weight "
                "above 0, n_eff is Kish's effective n, df stays n - 1."
            )
        )
    return sentences(*said, groups.sentence)


def left_out(counted: np.ndarray, what: str) -> str:
    """How many respondents have nothing to count; not out of how many, which would give small groups away."""
    out = int((~counted).sum())
    if not out:
        return phrase("No respondent is left out.")
    return phrase("Respondents without {what}, left out: {count}.", what=what, count=out)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A quotient, NaN where it is not defined."""
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def share(flagged: np.ndarray, answered: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Share of answers that are flagged, from each respondent's counts; weighted by respondent."""
    w = np.ones(len(flagged)) if weights is None else weights
    return ratio(w @ flagged, w @ answered)


def _on_importance(survey: Survey) -> str:
    """Whose importance the weighted score uses, or why there is none."""
    if survey.allocations is None:
        return phrase("No respondent split 100 points in this survey, so the weighted row is empty.")
    return phrase(
        "weighted = sum(w x score) / sum(w) with the respondent's own 100 points, for those who split them in full."
    )
