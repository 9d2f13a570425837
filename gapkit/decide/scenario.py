"""What if: a scenario moves answers, and the result is a survey like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ..measure.means import checked_weights
from ..survey.survey import Survey
from .asking import Asked, ScenarioError, asked_shifts
from .shifting import GOLDEN, Floats, push, to_whole

KINDS = ("shift", "close", "best")
MOVABLE = ("perceptions", "expectations")
SHOWN = 3
"""Named parts of a scenario that fit in a title."""


@dataclass(frozen=True)
class Scenario:
    """A "what if": by how much which answers move, and whose.

    Scenarios are added up: ``a + b`` is a first, then b.

    Parameters
    ----------
    amounts : dict
        By dimension, item, or "all" (every item). An item that is named beside its dimension gets both: they add up.
        What an amount means depends on `kind`.
    where : dict
        Whose answers move: respondents' column -> value, or list of values. Empty: everybody's.
    of : str
        "perceptions" or "expectations".
    kind : str
        "shift": scale points to add to the mean of each item named. "close": the share, 0 to 1, of the gap to close in
        each item named (a gap that is not negative is left alone). "best": the share, 0 to 1, of the way to the level
        of the best branch; see `to_best`.
    by : str, optional
        For "best", the column with the branches.
    name : str
        What to call it; by default its amounts.
    then : tuple of Scenario
        What comes afterwards; made by ``+``.

    Raises
    ------
    ScenarioError
        An amount is not a finite number, or a share lies outside 0 to 1.

    Examples
    --------
    >>> Scenario({"reliability": 0.4, "q11": 1}, where={"hotel": "B"})
    <Scenario: reliability +0.4, q11 +1 where hotel = B>
    >>> Scenario.closing({"empathy": 0.5}) + Scenario({"all": -0.1}, of="expectations")
    <Scenario: empathy gap closed by 50 %; all -0.1 (expectations)>
    """

    amounts: Mapping[str, float] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)
    of: str = "perceptions"
    kind: str = "shift"
    by: str | None = None
    name: str = ""
    then: tuple[Scenario, ...] = ()

    def __post_init__(self) -> None:
        amounts = dict(self.amounts)
        for key, amount in amounts.items():
            if not isinstance(amount, (int, float, np.number)) or not np.isfinite(amount):
                raise ScenarioError(f"{key}: expected a number of scale points or a share, found {amount!r}.")
            if self.kind != "shift" and not 0 <= amount <= 1:
                raise ScenarioError(
                    f"{key}: a share lies between 0 and 1, found {amount:g}. Give 0.5 for half the way."
                )
        for given, known, what in ((self.of, MOVABLE, "of"), (self.kind, KINDS, "kind")):
            if given not in known:
                raise ScenarioError(f'{what} is one of {", ".join(known)}, not "{given}".')
        if (self.kind == "best") != (self.by is not None):
            raise ScenarioError('by= names the column with the branches, for kind="best" and for no other kind.')
        object.__setattr__(self, "amounts", {key: float(amount) for key, amount in amounts.items() if amount})
        object.__setattr__(self, "where", dict(self.where))

    @classmethod
    def closing(
        cls, shares: Mapping[str, float], *, where: Mapping[str, Any] | None = None, of: str = "perceptions"
    ) -> Scenario:
        """Close a share of the gap of each item named, by moving perceptions (or expectations) towards the other."""
        return cls(shares, where=where or {}, of=of, kind="close")

    @classmethod
    def to_best(
        cls, by: str, *, shares: Mapping[str, float] | None = None, where: Mapping[str, Any] | None = None
    ) -> Scenario:
        """Move branches to the level of the best one.

        Parameters
        ----------
        by : str
            The respondents' column with the branches; only branches of at least 5 respondents set the level.
        shares : dict, optional
            How much of the way, by dimension or item; all the way in every dimension by default. For a dimension, the
            best branch is the one with the highest dimension mean, and each item moves by the difference of the means.
        where : dict, optional
            Which branches move, such as ``{"hotel": "B"}``; all of them by default.
        """
        return cls(shares or {"all": 1.0}, where=where or {}, kind="best", by=by)

    @property
    def steps(self) -> tuple[Scenario, ...]:
        """The scenario's parts in order, each without a `then`; what moves nothing is not among them."""
        own = (replace(self, then=()),) if self.amounts else ()
        return own + tuple(step for later in self.then for step in later.steps)

    def __add__(self, other: Scenario) -> Scenario:
        if not isinstance(other, Scenario):
            return NotImplemented
        first, *rest = (*self.steps, *other.steps) or (Scenario(),)
        return replace(first, then=tuple(rest))

    @property
    def title(self) -> str:
        """The scenario in words and numbers, as a figure's title or a survey's source says it."""
        return "; ".join(step.name or _in_words(step) for step in self.steps) or "nothing changes"

    def __repr__(self) -> str:
        return f"<Scenario: {self.title}>"


def apply(survey: Survey, scenario: Scenario, *, whole: bool = False) -> Survey:
    """The survey as it would look under a scenario; every statistic, figure and board takes it like any other.

    Each item named moves by one and the same step for everybody concerned, cut off at the end of the scale, the step
    being the one at which the (weighted) mean of the item moves by what was asked; see `push`. Only where the scale's
    end leaves less room than that does it move by less: `attained` has the figures, and ``source.notes`` of the survey
    returned says so.
    Unanswered stays unanswered, the order of respondents on an item is kept, outcomes stay as they were answered
    (`outlook` is for those), and the survey given is not changed.

    Parameters
    ----------
    survey : Survey
    scenario : Scenario
    whole : bool
        Answers on whole scale points: after all steps, moved answers between two points go to one of them, without
        chance and with the mean of the item kept to less than 1 / n. Otherwise they stay between the points.

    Returns
    -------
    Survey
        Its source says "what if". The empty scenario gives the survey itself.

    Raises
    ------
    ScenarioError
        An item, dimension, column or group that the survey does not have.

    Notes
    -----
    ``apply(apply(s, a), b)`` has the very same answers as ``apply(s, a + b)`` (without `whole`). Shifts of the same
    answers in one direction also add up: ``{"q01": 0.2}`` and then ``{"q01": 0.3}`` is ``{"q01": 0.5}`` but for
    rounding in the last bits. Up and then down again does not lead back where the scale's end held answers.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> after = gk.apply(survey, gk.Scenario({"reliability": 0.4}))
    >>> print(after.source)
    Hotel guests, what if: reliability +0.4, simulated
    >>> moves = gk.attained(survey, gk.Scenario({"q05": 0.4, "q07": 2.5}))
    >>> moves[["asked", "attained"]].round(2).to_numpy().tolist()
    [[0.4, 0.4], [2.5, 1.46]]
    """
    if not scenario.steps:
        return survey
    tables: dict[str, Any] = {}
    notes: list[str] = []
    answers, moves = moved(survey, scenario)
    for of, values in answers.items():
        before = survey.battery(of)
        if whole:
            values = _rounded(values, before.to_numpy(float), survey)
        tables[of] = pd.DataFrame(values, index=before.index, columns=before.columns)
    rule = "whole points, means kept" if whole else "between the points where need be"
    notes.append(
        f"what if: {scenario.title}. Answers moved alike up to the end of the scale, {rule}; outcomes did not."
    )
    notes += [text for move in moves if (text := _short_of(move, survey))]
    title = survey.source.title
    joined = f"{title}{'; ' if ', what if: ' in title else ', what if: '}{scenario.title}"
    source = replace(survey.source, title=joined, notes=(*survey.source.notes, *notes))
    return replace(survey, **tables, source=source)


def attained(survey: Survey, scenario: Scenario) -> pd.DataFrame:
    """What a scenario asked for and what the scale let it have, item by item.

    Returns
    -------
    DataFrame
        One row for each step, group and item that was to move: ``of``, ``n`` (answers concerned), ``before`` (their
        weighted mean), ``asked`` and ``attained`` (scale points), ``missing`` (asked - attained, 0 where the end of the
        scale does not forbid it). Index: step, where, item.

    Examples
    --------
    >>> from gapkit import Survey, load_instrument
    >>> servqual = load_instrument("servqual")
    >>> P = pd.DataFrame([[7] * 22, [6] * 22], columns=servqual.item_ids)
    >>> moves = attained(Survey(servqual, perceptions=P), Scenario({"q07": 0.75}))
    >>> moves[["before", "asked", "attained"]].to_numpy().tolist()
    [[6.5, 0.75, 0.5]]
    """
    rows, index = [], []
    for move in moved(survey, scenario)[1]:
        columns = (move.items, move.n(), move.before(), move.asked, move.attained)
        for item, n, before, asked, got in zip(*columns, strict=True):
            index.append((move.step, move.where, survey.instrument.item_ids[item]))
            rows.append((move.of, int(n), before, asked, got, asked - got))
    labelled = ["of", "n", "before", "asked", "attained", "missing"]
    names = ["step", "where", "item"]
    labels = (
        pd.MultiIndex.from_tuples(index, names=names) if index else pd.MultiIndex.from_arrays([[]] * 3, names=names)
    )
    kinds = {"n": "int64"} | dict.fromkeys(labelled[2:], "float64")
    return pd.DataFrame(rows, index=labels, columns=labelled).astype(kinds)


def moved(survey: Survey, scenario: Scenario) -> tuple[dict[str, Floats], list[Asked]]:
    """The moved batteries as arrays, between the points where need be, and what was asked and attained."""
    weights, scale = checked_weights(survey.weights), survey.instrument.scale
    answers: dict[str, Floats] = {}
    moves = []
    for number, step in enumerate(scenario.steps, start=1):
        now = {of: answers[of] if of in answers else survey.battery(of).to_numpy(float) for of in _needed(step)}
        fresh = now[step.of].copy()
        for where, rows, shift in asked_shifts(survey, step, now, weights):
            items = np.flatnonzero(shift)
            everybody = len(rows) == survey.n
            own = now[step.of][:, items] if everybody else now[step.of][np.ix_(rows, items)]
            w = weights if everybody or weights is None else weights[rows]
            pushed = push(own, shift[items], low=scale.low, high=scale.high, weights=w)
            fresh[(slice(None), items) if everybody else np.ix_(rows, items)] = pushed.answers
            moves.append(Asked(number, where, step.of, items, own, w, shift[items], pushed.attained))
        answers[step.of] = fresh
    return answers, moves


def _needed(step: Scenario) -> tuple[str, ...]:
    """The batteries that a step reads."""
    return MOVABLE if step.kind == "close" else (step.of,)


def _rounded(values: Floats, before: Floats, survey: Survey) -> Floats:
    """Moved answers on whole points; answers that did not move stay as they are."""
    weights, low = checked_weights(survey.weights), survey.instrument.scale.low
    whole = values.copy()
    for j in range(values.shape[1]):
        rows = np.flatnonzero((values[:, j] != before[:, j]) & np.isfinite(values[:, j]))
        w = None if weights is None else weights[rows]
        whole[rows, j] = to_whole(values[rows, j], low=low, offset=(GOLDEN * (j + 1)) % 1, weights=w)
    return whole


def _short_of(move: Asked, survey: Survey) -> str:
    """What the scale's end forbade, in words; empty where nothing."""
    ids = survey.instrument.item_ids
    short = [
        f"{ids[j]} asked {asked:+.2f}, attained {got:+.2f}"
        for j, asked, got in zip(move.items, move.asked, move.attained, strict=True)
        if abs(asked - got) > 1e-9
    ]
    return f"the scale ends at {survey.instrument.scale} ({move.of}, {move.where}): {'; '.join(short)}" if short else ""


def _in_words(step: Scenario) -> str:
    """One step: amounts, battery and group."""
    form = {"shift": "{} {:+g}", "close": "{} gap closed by {:.0%}", "best": "{} to the best {by} by {:.0%}"}[step.kind]
    parts = [form.format(key, amount, by=step.by).replace("%", " %") for key, amount in step.amounts.items()]
    more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
    battery = "" if step.of == "perceptions" else f" ({step.of})"
    groups = " and ".join(f"{column} = {_values(value)}" for column, value in step.where.items())
    return ", ".join(parts[:SHOWN]) + more + battery + (f" where {groups}" if groups else "")


def _values(value: Any) -> str:
    """One value, or several with commas."""
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple, set)) else str(value)
