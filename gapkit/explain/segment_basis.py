"""What people are grouped by: from a survey's answers to the numbers that clustering sees, and how to do it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..measure.levels import points
from ..survey.instrument import Instrument
from ..survey.naming import battery_name, level_name
from ..survey.phrase import phrase
from ..survey.survey import Survey

Floats = NDArray[np.floating]
On = Literal["perceptions", "gaps", "expectations", "importance"]
Level = Literal["dimensions", "items"]


@dataclass(frozen=True, eq=False)
class Basis:
    """How answers become features: kept with the segments, so that another survey is treated in the same way.

    on, level, centre : as given to `segment`.
    split : bool
        Importance as 100 points; the features then add up to 100.
    names : tuple of str
        All items or dimensions.
    items : tuple of str
    belongs : array, items x groups
        1 where an item is among those of a dimension (or of none: the last column).
    kept : int array
        The features that vary; the others are left out.
    """

    on: str
    level: str
    centre: str | None
    split: bool
    names: tuple[str, ...]
    items: tuple[str, ...]
    belongs: Floats
    kept: NDArray[np.integer]

    @property
    def features(self) -> list[str]:
        """The names of the features in use."""
        return [self.names[j] for j in self.kept]

    @property
    def sums_fixed(self) -> bool:
        """Whether the features of every respondent add up to the same number."""
        return self.split or self.centre == "person"

    @property
    def axes(self) -> Floats:
        """Orthonormal axes that features are put on, p x q: q = p, or p - 1 where their sum is fixed."""
        p = len(self.kept)
        if not self.sums_fixed:
            return np.eye(p)
        helmert = np.tri(p, p, -1)[1:] - np.diag(np.arange(p))[1:]
        return (helmert / np.linalg.norm(helmert, axis=1, keepdims=True)).T

    def features_of(self, answers: Floats) -> Floats:
        """Answers (n x items; gaps: E and P side by side; points: n x dimensions) -> features, NaN where unknown."""
        if self.split:
            own = answers[:, self.kept]
            total = own.sum(axis=1, keepdims=True)
            features = np.divide(100 * own, total, out=np.full(own.shape, np.nan), where=total > 0)
        else:
            if self.on == "gaps":
                half = answers.shape[1] // 2
                answers = answers[:, half:] - answers[:, :half]
            features = self._means(answers) if self.level == "dimensions" else self._completed(answers)
            features = features[:, self.kept]
        if self.centre == "person":
            features = features - features.mean(axis=1, keepdims=True)
        return features

    def _means(self, answers: Floats) -> Floats:
        """Each dimension's mean over the items answered."""
        answered = np.isfinite(answers)
        own = self.belongs[:, : len(self.names)]
        count = answered @ own
        total = np.where(answered, answers, 0.0) @ own
        return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)

    def _completed(self, answers: Floats) -> Floats:
        """Items; an unanswered one as the respondent's answers to its dimension and the others' to it say."""
        answered = np.isfinite(answers)
        if answered.all():
            return answers
        usual = np.divide(
            np.where(answered, answers, 0.0).sum(axis=0), answered.sum(axis=0), out=np.full(answers.shape[1], np.nan),
            where=answered.any(axis=0),
        )  # fmt: skip
        apart = np.where(answered, answers - usual, 0.0)
        count = answered @ self.belongs
        own = np.divide(apart @ self.belongs, count, out=np.full(count.shape, np.nan), where=count > 0)
        return np.where(answered, answers, usual + own[:, self.belongs.argmax(axis=1)])

    def points_of(self, survey: Survey) -> Floats:
        """The answers of a survey in the form `features_of` takes."""
        if self.split:
            return points(survey)
        if self.on == "gaps":
            return np.hstack(
                [survey.battery("expectations").to_numpy(float), survey.battery("perceptions").to_numpy(float)]
            )
        return survey.battery(self.on).to_numpy(float)


def basis_of(survey: Survey, *, on: str, level: str, centre: str | None) -> tuple[Basis, list[str]]:
    """The basis that a survey allows, and the features left out because they do not vary or were not answered."""
    split = on == "importance" and survey.importance is None
    if split and (survey.allocations is None or level == "items"):
        if survey.allocations is None:
            raise ValueError(
                phrase(
                    "{source}: importance was not asked. Use {choice}.", source=survey.source, choice='on="perceptions"'
                )
            )
        raise ValueError(
            phrase(
                '{source}: importance was asked as 100 points over dimensions, not by item. Use level="dimensions".',
                source=survey.source,
            )
        )
    instrument = survey.instrument
    names = instrument.dimension_ids if level == "dimensions" else instrument.item_ids
    whole = Basis(on, level, None, split, tuple(names), instrument.item_ids, _groups(instrument), np.arange(len(names)))
    features = whole.features_of(whole.points_of(survey))
    answered = np.isfinite(features)
    low = np.where(answered, features, np.inf).min(axis=0, initial=np.inf)
    high = np.where(answered, features, -np.inf).max(axis=0, initial=-np.inf)
    kept = np.flatnonzero(high > low)
    if len(kept) < 2:
        raise ValueError(
            phrase(
                "{source}: {battery} vary in {varying} of {number} {level}; segments need at least two that vary.",
                source=survey.source,
                battery=battery_name(on),
                varying=len(kept),
                number=len(names),
                level=level_name(level),
            )
        )
    basis = Basis(on, level, centre, split, tuple(names), instrument.item_ids, whole.belongs, kept)
    return basis, [name for j, name in enumerate(names) if j not in kept]


def _groups(instrument: Instrument) -> Floats:
    """Items x (dimensions and, last, none), 1 where the item belongs."""
    belongs = np.array([[item in d.items for d in instrument.dimensions] for item in instrument.item_ids], dtype=float)
    return np.column_stack([belongs, 1 - belongs.max(axis=1)])
