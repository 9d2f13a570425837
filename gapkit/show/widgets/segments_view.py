"""What the segments board shows of a search: one number of segments, its profiles, and "what if" for one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...decide.scenario import Scenario, apply
from ...explain.segment_members import member_silhouettes, with_segments
from ...explain.segment_profiles import SegmentProfiles, segment_profiles
from ...measure.gaps import gap_scores
from ...measure.performance import performance_scores
from ...survey.survey import Survey

if TYPE_CHECKING:
    from ...explain.segments import Segments

COLUMN = "segment"
MINIMUM_N = 5
DRAWN_ONE_BY_ONE = 150
"""Respondents that a figure shows one by one; more lines hide each other."""
BASES = ("gaps", "perceptions", "expectations", "importance")


def bases(survey: Survey) -> list[str]:
    """What the respondents of a survey can be grouped by."""
    there = set(survey.batteries)
    if {"expectations", "perceptions"} <= there:
        there.add("gaps")
    if survey.allocations is not None and bool(survey.allocations.notna().to_numpy().any()):
        there.add("importance")
    return [name for name in BASES if name in there]


class SegmentView:
    """One number of segments out of a search, computed where it is looked at.

    Parameters
    ----------
    segments : Segments
        With the number of segments that is shown.
    survey : Survey
    given : dict
        Names that somebody gave to segments.
    """

    def __init__(self, segments: Segments, survey: Survey, given: Mapping[str, str]) -> None:
        self.segments, self.survey, self.given = segments, survey, dict(given)

    @cached_property
    def profiles(self) -> SegmentProfiles:
        """Who they are, under the names given."""
        found = segment_profiles(self.segments, self.survey, minimum_n=MINIMUM_N)
        return found.renamed({name: given for name, given in self.given.items() if name in found.names.index})

    def named(self, given: Mapping[str, str]) -> SegmentView:
        """The same under other names; nothing else is computed again."""
        other = SegmentView(self.segments, self.survey, given)
        other.__dict__["profiles"] = self.profiles.renamed(dict.fromkeys(self.given, "") | dict(given))
        for kept in ("scores", "some", "silhouettes", "stability", "placed"):
            if kept in self.__dict__:
                other.__dict__[kept] = self.__dict__[kept]
        return other

    @property
    def shown(self) -> list[str]:
        """The segments that are large enough to be shown."""
        return [str(name) for name in self.profiles.sizes.index]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The scores that the segments were found in, of the members of those that are shown."""
        found = self.segments
        scores = pd.DataFrame(found.found.features, index=found.membership.index, columns=found.features)
        return scores[found.membership.isin(self.shown)]

    @cached_property
    def some(self) -> pd.Index:
        """Respondents to show one by one: a random sample where there are many."""
        return self.scores.sample(min(DRAWN_ONE_BY_ONE, len(self.scores)), random_state=0).index

    @cached_property
    def silhouettes(self) -> pd.Series:
        """How much nearer each respondent is to the own segment; NaN where there is one."""
        return member_silhouettes(self.segments)

    @cached_property
    def stability(self) -> pd.DataFrame:
        """Mean Jaccard of each segment, for every number of segments from two; empty where nothing was resampled."""
        return self.segments.every_segment.drop(index=1, level="segments").dropna(subset="jaccard")

    @cached_property
    def placed(self) -> Survey:
        """The survey with the segment of each respondent in a column of its own."""
        return with_segments(self.segments, self.survey, column=self.column)

    @property
    def column(self) -> str:
        """A name for that column which the survey does not have yet."""
        name = COLUMN
        while name in self.survey.respondents:
            name += "_"
        return name

    @property
    def what(self) -> str:
        """The mean that profiles show: the gap, or what was asked instead of it."""
        return next(name for name in ("gap", "P", "E") if name in self.profiles.everyone)

    def what_if(self, segment: str, dimension: str, shift: float) -> pd.DataFrame:
        """Means of a dimension and overall, before and after its perceptions moved in one segment.

        Returns
        -------
        DataFrame
            One row a segment that is shown; columns dimension_before, dimension_after, overall_before, overall_after.
        """
        step: dict[str, Any] = {dimension: shift}
        scenario = Scenario(step, where={self.column: segment})
        after = apply(self.placed, scenario)
        score, column = (gap_scores, "gap") if self.what == "gap" else (performance_scores, "P")
        columns = {}
        for name, survey in (("before", self.placed), ("after", after)):
            scores = score(survey, by=self.column, minimum_n=MINIMUM_N)
            columns[f"dimension_{name}"] = scores.dimensions[column].xs(dimension, level=1)
            columns[f"overall_{name}"] = scores.overall[column].droplevel(1)
        return pd.DataFrame(columns).reindex(self.shown)

    @property
    def can_move(self) -> bool:
        """Whether there are perceptions to move."""
        return "perceptions" in self.survey.batteries

    def certainty(self) -> float:
        """The share of respondents who are rightly placed, as the model expects."""
        chances = self.segments.posterior.to_numpy(float).max(axis=1)
        return float(np.mean(chances))
