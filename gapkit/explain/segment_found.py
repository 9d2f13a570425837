"""What a search for segments found, for every number of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .segment_fits import Solution
from .segment_tests import OneMore

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Respondents:
    """Those who are grouped, and what is needed of them.

    index : of the respondents used.
    answers : (n, items), in the form that `Basis.features_of` takes.
    features : (n, p)
    weights : (n,) survey weights, adding up to the effective number of respondents.
    middle : (q,) mean of the features, on `Basis.axes`.
    left_out : respondents without every score, or with weight 0.
    still : features that do not vary or were not answered.
    weighted : whether the survey has weights.
    """

    index: pd.Index
    answers: Floats
    features: Floats
    weights: Floats
    middle: Floats
    left_out: int
    still: tuple[str, ...]
    weighted: bool


@dataclass(frozen=True, eq=False)
class Searched:
    """Everything a search found, for all numbers of segments: what `Segments` shows a part of.

    people : Respondents
    structure : covariances of the mixtures, None for k-means.
    solutions : one for each number of segments, 1, 2, ...
    jaccard : mean Jaccard of every segment, for each of them; NaN where not resampled.
    tests : of 1, 2, ... segments against more; as many as were needed.
    table, recommended : see `Segments`.
    cells : how many cells of a grid were clustered, None where respondents were.
    tested : how many respondents the tests looked at.
    own_level_out : the first test with everybody's own level taken out; where the segments are little but level.
    """

    people: Respondents
    structure: str | None
    solutions: tuple[Solution, ...]
    jaccard: tuple[Floats, ...]
    tests: tuple[OneMore, ...]
    table: pd.DataFrame
    recommended: int
    cells: int | None
    tested: int
    own_level_out: OneMore | None

    @property
    def features(self) -> Floats:
        """Features of the respondents used, (n, p)."""
        return self.people.features
