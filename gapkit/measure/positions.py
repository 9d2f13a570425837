"""Where a service stands in six pairs of eyes: expected, believed, laid down, delivered, promised, perceived."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..survey.instrument import Instrument
from ..survey.naming import battery_name
from ..survey.phrase import joined, phrase
from ..survey.survey import Survey
from .chain_faults import (
    ROLES,
    SURVEYS,
    ChainError,
    no_battery,
    no_groups,
    nothing_in_common,
    other_questions,
    other_scale,
)
from .levels import levels_of, respondent_scores
from .means import checked_weights, column_means

CHAIN = ("E", "M", "S", "D", "P")
POSITIONS = (*CHAIN, "C")
USUAL = {"M": "expectations", "S": "expectations", "D": "perceptions", "C": "expectations"}
"""The battery a role's survey is read from when it holds more than one."""
DOCUMENTS = ("S", "C")
"""Positions that are read from audits of documents: nobody to protect, and one of them is taken as fixed."""

Mapped = tuple[tuple[float, float], tuple[float, float]]


class Standing(NamedTuple):
    """One position in one group, per dimension and overall: what a gap needs to know of it."""

    n: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    se: np.ndarray
    status: np.ndarray

    @property
    def measured(self) -> np.ndarray:
        """Where there is a mean that may be shown."""
        return np.asarray(self.status == "measured")


@dataclass(frozen=True, eq=False)
class Position:
    """Every respondent's scores for one position: n x (dimensions, overall), with answers, weights and groups."""

    letter: str
    answers: pd.DataFrame
    scores: np.ndarray
    weights: np.ndarray | None
    groups: np.ndarray | None
    sentence: str

    @property
    def counted(self) -> np.ndarray:
        """Who has anything to count."""
        weighs = True if self.weights is None else self.weights > 0
        return np.asarray(np.isfinite(self.scores).any(axis=1) & weighs)

    def rows(self, group: Hashable | None) -> np.ndarray:
        """The respondents of a group; all for None."""
        everyone = np.ones(len(self.scores), dtype=bool)
        return everyone if group is None or self.groups is None else np.asarray(self.groups == group)

    def standing(self, group: Hashable | None, minimum_n: int) -> Standing:
        """Means of a group; people who are too few are suppressed, and overall stands only on all dimensions."""
        rows = self.rows(group)
        means = column_means(self.scores[rows], None if self.weights is None else self.weights[rows])
        status = np.where(means.n == 0, "not measured", "measured").astype(object)
        if group is not None and self.letter not in DOCUMENTS:
            status[(means.n > 0) & (means.n < minimum_n)] = "suppressed"
        lacking = [state for state in ("suppressed", "not measured") if (status[:-1] == state).any()]
        if lacking:  # an overall mean of other dimensions is not comparable, and could give away the hidden one
            status[-1] = lacking[0]
        hidden = status != "measured"
        n, mean, sd, se = (np.where(hidden, np.nan, a) for a in (means.n.astype(float), means.mean, means.sd, means.se))
        if self.letter in DOCUMENTS:
            se = np.where(n == 1, 0.0, se)
        return Standing(n, mean, sd, se, status)


def positions(
    surveys: Mapping[str, Survey | None], *, by: str | None, mapping: Mapping[str, Mapped] | None
) -> tuple[dict[str, Position], list[str]]:
    """Each position there is a survey for, over items that all of them asked; and what was mapped or left out.

    Parameters
    ----------
    surveys : dict
        "customers", "managers", "standards", "staff", "promises" -> Survey or None.
    by : str or None
        A column of every survey's respondents.
    mapping : dict or None
        Role -> ((low, high) of its scale, (low, high) of the customers' scale).
    """
    customers = surveys.get("customers")
    if customers is None:
        raise ChainError(phrase("five_gaps needs the customers' survey: the chain starts and ends with them."))
    mapping = dict(mapping or {})
    if unknown := [role for role in mapping if role == "customers" or surveys.get(role) is None]:
        raise ChainError(
            f"mapping: there is no \"{unknown[0]}\" survey to map; a mapping brings a role's scale to the customers'."
        )
    paired = customers.gaps.notna()
    answers = {
        name: customers.battery(battery).where(paired)
        for name, battery in (("E", "expectations"), ("P", "perceptions"))
    }
    read: dict[str, str] = {"E": "expectations", "P": "perceptions"}
    said: list[str] = []
    for letter, usual in USUAL.items():
        role = SURVEYS[letter]
        survey = surveys.get(role)
        if survey is None:
            continue
        _check_same_questions(customers.instrument, survey.instrument, role)
        read[letter] = _battery(survey, usual, role)
        if read[letter] != usual:
            only = battery_name(read[letter])
            said.append(phrase("{role}: their only battery, {battery}, is taken.", role=ROLES[role], battery=only))
        answers[letter], note = _on_scale(survey, read[letter], customers.instrument, role, mapping.get(role))
        said += note
    answers, note = _same_items(answers, customers.instrument)
    made = {}
    for letter in (letter for letter in POSITIONS if letter in answers):
        survey = surveys[SURVEYS[letter]]
        if survey is None:
            continue
        levels = levels_of(customers)
        scores = respondent_scores(survey, answers[letter])
        own = np.column_stack([scores[:, levels.columns("dimensions")], scores[:, levels.columns("overall")]])
        weights = checked_weights(survey.weights)
        about = {"letter": letter, "role": ROLES[SURVEYS[letter]], "battery": battery_name(read[letter])}
        if weights is None:
            sentence = phrase("{letter}: {role}, {battery}", **about)
        else:
            sentence = phrase("{letter}: {role}, {battery}, weighted", **about)
        made[letter] = Position(letter, answers[letter], own, weights, _groups(survey, by, SURVEYS[letter]), sentence)
    return made, said + note


def group_names(made: Mapping[str, Position], by: str | None) -> list[Hashable]:
    """The groups in any survey, sorted; one, None, without `by`."""
    if by is None:
        return [None]
    names = {
        name
        for position in made.values()
        if position.groups is not None
        for name in pd.unique(position.groups[position.counted])
    }
    return sorted((name for name in names if not pd.isna(name)), key=lambda name: (str(type(name)), name))


def _groups(survey: Survey, by: str | None, role: str) -> np.ndarray | None:
    """Each respondent's group."""
    if by is None:
        return None
    if by not in survey.respondents:
        there = ", ".join(map(str, survey.respondents.columns)) or "none"
        raise no_groups(role, by, there)
    return survey.respondents[by].to_numpy(dtype=object)


def _battery(survey: Survey, usual: str, role: str) -> str:
    """Which battery holds a role's position."""
    there = list(survey.batteries)
    if usual in there:
        return usual
    if len(there) == 1:
        return there[0]
    raise no_battery(role, usual, there)


def _check_same_questions(asked: Instrument, other: Instrument, role: str) -> None:
    """A chain is only one chain over the same items in the same dimensions."""
    own = {dimension.id: dimension.items for dimension in asked.dimensions}
    theirs = {dimension.id: dimension.items for dimension in other.dimensions}
    if own != theirs or asked.item_ids != other.item_ids:
        apart = [id for id in (*own, *theirs) if own.get(id) != theirs.get(id)]
        raise other_questions(role, other.id, asked.id, list(dict.fromkeys(apart)))


def _on_scale(
    survey: Survey, battery: str, asked: Instrument, role: str, mapped: Mapped | None
) -> tuple[pd.DataFrame, list[str]]:
    """A role's answers on the customers' scale; another scale is refused unless a mapping names both."""
    answers, scale = survey.battery(battery), survey.instrument.scale
    own, target = (scale.low, scale.high), (asked.scale.low, asked.scale.high)
    if mapped is None:
        if own != target:
            raise other_scale(role, scale, asked.scale)
        return answers, []
    start, end = (tuple(map(float, side)) for side in mapped)
    if start != own or end != target:
        raise ChainError(
            f"mapping of {role}: expected (({own[0]:g}, {own[1]:g}), ({target[0]:g}, {target[1]:g})), from their scale "
            f"to the customers', found {mapped}."
        )
    stretched = target[0] + (answers - own[0]) * (target[1] - target[0]) / (own[1] - own[0])
    note = phrase(
        "{role}: mapped linearly from {scale} to {target}, as asked for.",
        role=ROLES[role],
        scale=scale,
        target=asked.scale,
    )
    return stretched, [note]


def _same_items(answers: dict[str, pd.DataFrame], asked: Instrument) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Leave out items that one of the surveys never answered in a dimension it did answer: all means over the same."""
    out: dict[str, list[str]] = {}
    ever = {letter: np.isfinite(table.to_numpy(float)).any(axis=0) for letter, table in answers.items()}
    for dimension in asked.dimensions:
        items = list(dimension.items)
        own = [asked.item_ids.index(item) for item in items]
        answered = {letter: any_answer[own] for letter, any_answer in ever.items()}
        rated = {letter: any_answer for letter, any_answer in answered.items() if any_answer.any()}
        common = np.logical_and.reduce(list(rated.values())) if rated else np.ones(len(items), dtype=bool)
        if not common.any():
            raise nothing_in_common(dimension.id, [SURVEYS[letter] for letter in rated])
        for j in np.flatnonzero(~common):
            out[items[j]] = [SURVEYS[letter] for letter, any_answer in rated.items() if not any_answer[j]]
    if not out:
        return answers, []
    kept = {letter: table.assign(**dict.fromkeys(out, np.nan)) for letter, table in answers.items()}
    each = joined(
        (
            phrase("{item} (none in {roles})", item=item, roles=joined(dict.fromkeys(ROLES[role] for role in roles)))
            for item, roles in out.items()
        ),
        between="; ",
    )
    return kept, [phrase("Items left out of every mean because a survey has no answer to them: {items}.", items=each)]


def who_answered(made: Mapping[str, Position], letters: Sequence[str]) -> str:
    """Which survey and battery each position was read from, with how many respondents."""
    return joined(
        (
            phrase("{position}, n = {n}", position=made[letter].sentence, n=int(made[letter].counted.sum()))
            for letter in letters
            if letter in made
        ),
        between="; ",
    )
