"""What the factor lab computes: each answer once, and the next ones ahead while nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd

from ...measure.congruence import Congruence, congruence
from ...measure.correlation import correlation
from ...measure.factor_fit import most_factors
from ...measure.factors import Factors, efa
from ...measure.retention import Retention, retention
from ...survey.survey import Survey

BATTERIES = ("perceptions", "expectations", "gaps")
ROTATIONS = ("oblimin", "geomin", "promax", "varimax", "quartimax", "none")
KINDS = ("polychoric", "pearson")
MOST_FACTORS = 8
DRAWS = 300


class Question(NamedTuple):
    """The state of the controls, in no language."""

    data: str
    battery: str
    n_factors: int
    rotation: Any
    kind: Any


def batteries(survey: Survey) -> list[str]:
    """What can be factored."""
    there = [name for name in BATTERIES if name in survey.batteries]
    return [*there, "gaps"] if {"perceptions", "expectations"} <= set(there) else there


def kinds(battery: str) -> list[str]:
    """Gaps take more values than a rating scale has, too many for polychoric correlations."""
    return [kind for kind in KINDS if (battery, kind) != ("gaps", "polychoric")]


def numbers(survey: Survey) -> range:
    """How many factors can be asked for."""
    return range(1, min(MOST_FACTORS, most_factors(len(survey.instrument.items))) + 1)


class FactorStudy:
    """Correlations, solutions and what chance gives, kept for the survey that is asked about.

    Parameters
    ----------
    survey : function
        The survey that is chosen.
    """

    def __init__(self, survey: Callable[[], Survey]) -> None:
        self._survey = survey
        self._kept: dict[tuple[Any, ...], Any] = {}

    def once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What was computed before is not computed again."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def forget(self, name: str) -> None:
        """Keep nothing of a survey that is gone."""
        self._kept = {key: kept for key, kept in self._kept.items() if key[1] != name}

    def answers(self, battery: str) -> pd.DataFrame:
        """The answers that are analysed."""
        survey = self._survey()
        table = (survey.gaps if battery == "gaps" else survey.battery(battery)).copy()
        table.attrs["source"] = str(survey.source)
        return table

    def matrix(self, asked: Question, kind: Any) -> pd.DataFrame:
        """Correlations of one kind."""
        key = ("matrix", asked.data, asked.battery, kind)
        return self.once(
            key, lambda: correlation(self.answers(asked.battery), kind=kind, weights=self._survey().weights)
        )

    def advice(self, asked: Question) -> Retention:
        """How many factors exceed chance; Pearson correlations, for which chance is quick to draw and known best."""
        key = ("advice", asked.data, asked.battery)
        return self.once(key, lambda: retention(self.matrix(asked, "pearson"), seed=0, draws=DRAWS))

    def solution(self, asked: Question) -> Factors:
        """The factor solution."""
        settings = {"n_factors": asked.n_factors, "rotation": asked.rotation}
        return self.once(("solution", *asked), lambda: efa(self.matrix(asked, asked.kind), **settings))

    def place(self, asked: Question) -> Congruence:
        """The solution held against the instrument's dimensions."""
        found = self.solution(asked)
        return self.once(("place", *asked), lambda: congruence(found.loadings, self._survey().instrument))

    def nearby(self, asked: Question) -> list[Question]:
        """What a reader may ask next, one step from here.

        Other rotations first, then a factor more or less, the other correlations, the other batteries.
        """
        survey = self._survey()
        steps = [asked._replace(rotation=name) for name in ROTATIONS]
        steps += [asked._replace(n_factors=asked.n_factors + step) for step in (-1, 1)]
        steps += [asked._replace(kind=kind) for kind in kinds(asked.battery)]
        others = [name for name in batteries(survey) if name != asked.battery]
        steps += [asked._replace(battery=name, kind=(asked.kind, KINDS[1])[name == "gaps"]) for name in others]
        return [step for step in steps if step != asked and step.n_factors in numbers(survey)]
