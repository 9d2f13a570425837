"""From the action catalogue to candidates: it holds no money and no effect sizes, so somebody has to say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..survey.instrument import Instrument
from ..survey.phrase import Phrase, joined, phrase, sentences
from .actions import COSTS, EVIDENCE, Action, CatalogueError
from .candidates import Candidate, Effect

WIDENING = dict(zip(EVIDENCE, (1.0, 1.5, 2.0), strict=True))
"""What an effect's sd is multiplied by: an experiment leaves it, an observation and an assertion are trusted less."""

CLASS_NAMES = {"low": phrase("low"), "medium": phrase("medium"), "high": phrase("high")}
GRADE_NAMES = {
    "experimental": phrase("experimental"),
    "observational": phrase("observational"),
    "asserted in a textbook": phrase("asserted in a textbook"),
}


@dataclass(frozen=True)
class Assumed:
    """Placeholder numbers for an example. They are no findings, and whatever uses them says so.

    Parameters
    ----------
    costs : dict
        Cost class -> cost, in the unit of the budget.
    points : dict
        Cost class -> scale points that such an action adds in all, in equal parts over the dimensions it addresses.
    spread : float
        The sd of an effect as a share of its size, before the grade of evidence widens it.
    """

    costs: Mapping[str, float] = field(default_factory=lambda: dict(zip(COSTS, (10_000, 30_000, 90_000), strict=True)))
    points: Mapping[str, float] = field(default_factory=lambda: dict(zip(COSTS, (0.1, 0.2, 0.35), strict=True)))
    spread: float = 0.5

    def __str__(self) -> str:
        """The numbers, class by class."""
        return str(self.words)

    @property
    def words(self) -> Phrase:
        """The numbers, class by class, as a phrase."""
        each = [
            phrase(
                "{name} {cost:,.0f} and {points:g} points",
                name=CLASS_NAMES[name],
                cost=self.costs[name],
                points=self.points[name],
            )
            for name in COSTS
        ]
        return phrase("{classes}; sd {spread:g} of the effect", classes=joined(each, between="; "), spread=self.spread)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CostedActions:
    """Actions of a catalogue with a cost and an effect each; see `candidates_from`.

    Parameters
    ----------
    candidates : tuple of Candidate
        For `plan`.
    table : DataFrame, one row an action
        ``cost`` and ``cost_from`` ("given" or "assumed"), ``effect`` (points in each dimension; the mean where they
        differ), ``sd`` (widened), ``effect_from``, ``sd_from``, ``widened`` (the factor), ``dimensions`` (how many),
        ``months``, ``evidence``.
    left_out : list of str
        Actions that are meant for dimensions this survey does not have.
    method : str
        Where every number comes from.
    """

    candidates: tuple[Candidate, ...]
    table: pd.DataFrame
    left_out: list[str]
    method: str

    @property
    def assumed(self) -> list[str]:
        """The actions with at least one number that nobody gave."""
        origins = self.table[["cost_from", "effect_from", "sd_from"]]
        return [str(id) for id in self.table.index[(origins == "assumed").any(axis=1)]]

    def __repr__(self) -> str:
        return (
            f"<CostedActions: {len(self.candidates)} actions, {len(self.assumed)} of them with assumed numbers; "
            f"left out: {len(self.left_out)}>"
        )


def candidates_from(
    actions: Sequence[Action],
    instrument: Instrument,
    *,
    costs: Mapping[str, float] | None = None,
    effects: Mapping[str, Effect | Mapping[str, Effect]] | None = None,
    assumed: Assumed | None = None,
    widening: Mapping[str, float] = WIDENING,
) -> CostedActions:
    """Candidates for `plan` out of catalogue actions and your own costs and effects.

    The catalogue says what an action addresses, how long it takes and how well its kind is backed; what it costs and
    what it adds are yours to say. An action without a number is an error, unless placeholders are asked for with
    ``assumed=Assumed()``: they are then named in `table`, `assumed` and `method`.

    Parameters
    ----------
    actions : sequence of Action
        Of `load_actions`.
    instrument : Instrument
        Of the survey: its dimensions.
    costs : mapping, optional
        Action -> cost, in the unit of the budget.
    effects : mapping, optional
        Action -> scale points of perception that it adds in each dimension it addresses, as (mean, sd); or action ->
        {dimension: (mean, sd)}. A mean alone takes its sd from `assumed`.
    assumed : Assumed, optional
        For what is not given.
    widening : mapping
        Evidence grade -> factor of the sd, given or assumed. ``{}`` leaves every sd as it is.

    Returns
    -------
    CostedActions

    Raises
    ------
    CatalogueError
        Numbers for actions or dimensions that are not there, numbers that are none, actions without numbers.

    Examples
    --------
    >>> import gapkit as gk
    >>> listed = [action for action in gk.load_actions() if action.id in ("blueprint", "explain_waits")]
    >>> servqual = gk.load_instrument("servqual")
    >>> own = candidates_from(
    ...     listed,
    ...     servqual,
    ...     costs={"blueprint": 25_000, "explain_waits": 4_000},
    ...     effects={"blueprint": (0.2, 0.1), "explain_waits": (0.1, 0.05)},
    ... )
    >>> print(own.table[["cost", "effect", "sd", "evidence"]])
                    cost  effect    sd               evidence
    action
    blueprint      25000     0.2  0.20  asserted in a textbook
    explain_waits   4000     0.1  0.05           experimental
    >>> own.assumed
    []
    """
    given_costs, given_effects = dict(costs or {}), dict(effects or {})
    there = list(instrument.dimension_ids)
    faults = [
        f'{what}: no action "{id}" in the list'
        for what, given in (("costs", given_costs), ("effects", given_effects))
        for id in given
        if id not in {action.id for action in actions}
    ]
    made, rows, left_out = [], [], []
    for action in actions:
        own = [name for name in there if "all" in action.dimensions or name in action.dimensions]
        if not own and not isinstance(given_effects.get(action.id), Mapping):
            left_out.append(action.id)
            continue
        cost, cost_from = _cost(action, given_costs, assumed, faults)
        parts, origins = _effects(action, own, there, given_effects, assumed, faults)
        factor = float(widening.get(action.evidence, 1.0))
        wide = {name: (mean, sd * factor) for name, (mean, sd) in parts.items()}
        made.append(Candidate(action.id, cost=cost, effects=wide, months=action.months))
        means = np.array([[mean, sd] for mean, sd in wide.values()] or [[np.nan, np.nan]]).mean(axis=0)
        row = {"action": action.id, "cost": cost, "cost_from": cost_from, "effect": means[0], "sd": means[1]}
        row |= {"effect_from": origins[0], "sd_from": origins[1], "widened": factor, "dimensions": len(wide)}
        rows.append(row | {"months": action.months, "evidence": action.evidence})
    if faults:
        raise CatalogueError(f"{len(faults)} fault(s):\n" + "\n".join(f"- {fault}." for fault in faults))
    if not made:
        raise CatalogueError(f"no action addresses a dimension of {instrument.id}; there are {', '.join(there)}.")
    table = pd.DataFrame(rows).set_index("action")
    return CostedActions(
        candidates=tuple(made),
        table=table,
        left_out=left_out,
        method=_told(table, assumed, widening, left_out),
    )


def _cost(action: Action, given: Mapping[str, float], assumed: Assumed | None, faults: list[str]) -> tuple[float, str]:
    """What an action costs, and who says so."""
    if action.id in given:
        cost = given[action.id]
        if not (_is_number(cost) and cost >= 0):
            faults.append(f"{action.id}: cost: expected a number of at least 0, found {cost!r}")
        return cost, "given"
    if assumed is None:
        faults.append(f"{action.id}: no cost; give costs={{...}}, or assumed=Assumed() for placeholders")
        return np.nan, "missing"
    return assumed.costs[action.cost], "assumed"


def _effects(
    action: Action,
    own: list[str],
    there: list[str],
    given: Mapping[str, Effect | Mapping[str, Effect]],
    assumed: Assumed | None,
    faults: list[str],
) -> tuple[dict[str, tuple[float, float]], tuple[str, str]]:
    """Dimension -> (mean, sd), before widening; who says the means, and who the sds."""
    if action.id not in given:
        if assumed is None:
            faults.append(f"{action.id}: no effect; give effects={{...}}, or assumed=Assumed() for placeholders")
            return {}, ("missing", "missing")
        mean = assumed.points[action.cost] / len(own)
        return dict.fromkeys(own, (mean, assumed.spread * mean)), ("assumed", "assumed")
    said = given[action.id]
    each: dict[str, Any] = dict(said) if isinstance(said, Mapping) else dict.fromkeys(own, said)
    faults += [
        f'{action.id}: no dimension "{name}"; there are {", ".join(there)}' for name in each if name not in there
    ]
    parts, from_whom = {}, "given"
    for name, effect in each.items():
        pair: tuple[Any, Any] = effect if isinstance(effect, tuple) and len(effect) == 2 else (effect, None)
        mean, sd = pair
        if sd is None and assumed is not None and _is_number(mean):
            sd, from_whom = assumed.spread * abs(mean), "assumed"
        if not (_is_number(mean) and _is_number(sd) and sd >= 0):
            faults.append(f"{action.id}, {name}: expected (mean, sd) with sd at least 0, found {effect!r}")
            continue
        parts[name] = (float(mean), float(sd))
    return parts, ("given", from_whom)


def _is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, (int, float, np.number)) and bool(np.isfinite(value))


def _told(table: pd.DataFrame, assumed: Assumed | None, widening: Mapping[str, float], left_out: list[str]) -> str:
    """Where every number comes from."""
    said: list[str] = []
    for what, words in (
        ("cost", phrase("Costs")),
        ("effect", phrase("Effects")),
        ("sd", phrase("Standard deviations")),
    ):
        by_whom = table[f"{what}_from"]
        numbers = {"given": int((by_whom == "given").sum()), "assumed": int((by_whom == "assumed").sum())}
        said.append(phrase("{what}: {given} given, {assumed} assumed.", what=words, **numbers))
    if assumed is not None and (table[["cost_from", "effect_from", "sd_from"]] == "assumed").any(axis=None):
        said.append(phrase("Assumed by cost class, not found in any study: {numbers}.", numbers=assumed.words))
    if widening:
        factors = joined(
            phrase("{grade} x {factor:g}", grade=GRADE_NAMES.get(grade, grade), factor=factor)
            for grade, factor in widening.items()
        )
        said.append(phrase("Each sd is widened by how the kind of action is backed: {factors}.", factors=factors))
    if left_out:
        named = ", ".join(left_out)
        said.append(phrase("Left out, meant for dimensions that are not asked here: {actions}.", actions=named))
    return sentences(*said)
