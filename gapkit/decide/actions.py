"""The action catalogue: what can close which gap, and which actions the gaps found call for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..measure.chain import FiveGaps
from ..survey.items import in_language

SHIPPED = Path(__file__).with_suffix(".toml")
COSTS = ("low", "medium", "high")
EVIDENCE = ("experimental", "observational", "asserted in a textbook")
SHORTFALL = {"gap_1": 0, "gap_2": -1, "gap_3": -1, "gap_4": 1, "gap_5": -1}
"""The sign of a gap that does harm; a wrong belief (Gap 1) does in either direction."""
MINUS = "\N{MINUS SIGN}"
COLUMNS = [
    *("action", "text", "gap", "dimension", "value", "low", "high", "importance", "priority", "found"),
    *("cost", "months", "evidence", "source", "why"),
]


class CatalogueError(ValueError):
    """An action catalogue that cannot be used; the message lists each fault."""


@dataclass(frozen=True)
class Action:
    """One action: the gaps and dimensions it addresses, its words, cost class, lead time, evidence and source."""

    id: str
    gaps: tuple[str, ...]
    dimensions: tuple[str, ...]
    texts: Mapping[str, str]
    cost: str
    months: float
    evidence: str
    source: str

    def addresses(self, gap: str, dimension: str) -> bool:
        """Whether it is meant for a gap in a dimension."""
        return gap in self.gaps and ("all" in self.dimensions or dimension in self.dimensions)

    def text(self, language: str = "en") -> str:
        """Its words in a language, in its other script or in English where there are none."""
        return in_language(self.texts, language, self.id)


def load_actions(path: str | Path | None = None) -> tuple[Action, ...]:
    """Read an action catalogue: the one that comes with gapkit, or a TOML file of the same form.

    Raises
    ------
    CatalogueError
        Every wrong or missing key, with the action it stands in.

    Examples
    --------
    >>> actions = {action.id: action for action in load_actions()}
    >>> actions["check_promises"].gaps, actions["check_promises"].evidence
    (('gap_4',), 'asserted in a textbook')
    """
    return _parsed(Path(path) if path else SHIPPED)[0]


def actions_for(five: FiveGaps, *, language: str = "en", catalogue: str | Path | None = None) -> pd.DataFrame:
    """The actions of the catalogue that address the gaps found, the most pressing first, with the reason for each.

    A gap counts as found where its interval excludes zero on the side that does harm: Gap 2, 3 and 5 below zero, Gap 4
    (overpromise) above it, Gap 1 on either side. Gap 5 is what is left at the customer: it calls for actions only in a
    dimension where none of the other gaps was found, so that its cause is still open. Intervals are read one at a time,
    so among many gaps some are found by chance: see ``five.gaps["p_holm"]``.

    Parameters
    ----------
    five : FiveGaps
        With groups, each group gets its own rows.
    language : str
        "en", "zh-Hans" or "zh-Hant", for `text` and `why`.
    catalogue : str or Path, optional
        A catalogue of your own, with your costs and lead times.

    Returns
    -------
    DataFrame
        One row an action (and group, first column): action; text; the gap and dimension that matter most among those
        it addresses, with their value, low, high; importance (the dimension's share of the customers' points, or an
        equal share where nobody was asked); priority = abs(value) * importance, by which the rows are ordered; found,
        how many of the gaps found it addresses; cost, months, evidence, source; why. Equal priorities: the action for
        fewer gaps first, then the better evidence, the lower cost, the shorter lead time. Empty where nothing is found.

    Raises
    ------
    CatalogueError
        The catalogue is wrong.

    Examples
    --------
    >>> import gapkit as gk
    >>> from dataclasses import replace
    >>> servqual = gk.load_instrument("servqual")
    >>> def answers(*rows):
    ...     return pd.DataFrame([[row] * 22 for row in rows], columns=servqual.item_ids)
    >>> guests = gk.Survey(servqual, expectations=answers(7, 6, 7, 6), perceptions=answers(4, 4, 4, 2))
    >>> listed = actions_for(gk.five_gaps(guests))
    >>> listed["gap"].unique().tolist()
    ['gap_5']
    >>> print(listed["why"].iloc[0].partition(" (")[0])
    Gap 5 in Tangibles: customers perceive 3.00 less than they expect
    """
    actions, words = _parsed(Path(catalogue) if catalogue else SHIPPED)
    tables = []
    for group in five.groups or [None]:
        one = five if group is None else five.branch(group)
        table = _listed(one, actions, words, language)
        if group is not None:
            table.insert(0, str(five.by), [group] * len(table))
        tables.append(table)
    listed = pd.concat(tables, ignore_index=True)
    return listed.set_axis(pd.RangeIndex(1, len(listed) + 1, name="rank") if five.by is None else listed.index)


def found_gaps(five: FiveGaps) -> pd.DataFrame:
    """The gaps whose interval excludes zero on the side that does harm, by dimension, the most pressing first.

    Returns
    -------
    DataFrame
        gap, dimension, value, low, high, importance, priority.
    """
    k = len(five.instrument.dimensions)
    share = five.importance["share"] if five.importance["share"].notna().all() else five.importance["share"] * 0
    rows: list[dict[str, Any]] = []
    for row in five.gaps.reset_index().to_dict("records"):
        score, gap = str(row["score"]), str(row["gap"])
        harmful = SHORTFALL[gap]
        below, above = row["high"] < 0, row["low"] > 0
        if score == "overall" or not ((below and harmful <= 0) or (above and harmful >= 0)):
            continue
        importance = share[score] if np.isfinite(share[score]) else 1 / k
        found = {"value": float(row["value"]), "low": float(row["low"]), "high": float(row["high"])}
        priority = abs(found["value"]) * importance
        rows.append({"gap": gap, "dimension": score, **found, "importance": importance, "priority": priority})
    table = pd.DataFrame(rows, columns=["gap", "dimension", "value", "low", "high", "importance", "priority"])
    return table.sort_values("priority", ascending=False, kind="stable", ignore_index=True)


def _listed(five: FiveGaps, actions: tuple[Action, ...], words: Mapping[str, Any], language: str) -> pd.DataFrame:
    """The rows of one group."""
    found = found_gaps(five)
    explained = found.loc[found["gap"] != "gap_5", "dimension"]
    each: list[Any] = found[(found["gap"] != "gap_5") | ~found["dimension"].isin(explained)].to_dict("records")
    rows = []
    for place, action in enumerate(actions):
        own: list[dict[str, Any]] = [row for row in each if action.addresses(row["gap"], row["dimension"])]
        if not own:
            continue
        order = (-own[0]["priority"], len(action.gaps), EVIDENCE.index(action.evidence), COSTS.index(action.cost))
        about = {"action": action.id, "text": action.text(language), "found": len(own), "cost": action.cost}
        about |= {"months": action.months, "evidence": action.evidence, "source": action.source}
        rows.append(((*order, action.months, place), own[0] | about | {"why": _why(five, own, words, language)}))
    return pd.DataFrame([row for _, row in sorted(rows, key=lambda pair: pair[0])], columns=COLUMNS)


def _why(five: FiveGaps, own: list[dict[str, Any]], words: Mapping[str, Any], language: str) -> str:
    """Why an action is listed: the gap, its size and interval, and its importance."""
    row = own[0]

    def say(key: str, **values: Any) -> str:
        return in_language(words[key], language, key).format(**values)

    said = say(
        str(row["gap"]),
        dimension=five.instrument.label(row["dimension"], language),
        size=f"{abs(row['value']):.2f}",
        less=say("less" if row["value"] < 0 else "more"),
    )
    low, high = (f"{row[end]:.2f}".replace("-", MINUS) for end in ("low", "high"))
    said += say("interval", level=f"{100 * five.confidence:g}", low=low, high=high)
    asked = five.importance["share"].notna().all()
    said += say("important", share=f"{100 * row['importance']:.0f}") if asked else say("alike")
    return said + (say("others", count=len(own) - 1) if len(own) > 1 else "")


@cache
def _parsed(path: Path) -> tuple[tuple[Action, ...], Mapping[str, Any]]:
    """Actions and the words for their reasons; all faults are collected before anything is raised."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CatalogueError(f"{path.name}: there is no such catalogue.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not readable as TOML in UTF-8: {error}.") from error
    faults: list[str] = []
    actions = tuple(_action(entry, n, faults) for n, entry in enumerate(content.get("actions", []), 1))
    ids = [action.id for action in actions]
    faults += [
        f'actions: the id "{id}" is used {ids.count(id)} times, expected once'
        for id in dict.fromkeys(ids)
        if ids.count(id) > 1
    ]
    if not actions:
        faults.append("actions: expected [[actions]] entries, found none")
    if faults:
        raise CatalogueError(f"{path.name}: {len(faults)} fault(s):\n" + "\n".join(f"- {fault}" for fault in faults))
    words = content.get("why") or tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["why"]
    return actions, words


def _action(entry: Mapping[str, Any], n: int, faults: list[str]) -> Action:
    """One action from its table."""
    where = f"actions[{n}] {entry.get('id', '')}".strip()
    expected = {
        "id": (lambda value: isinstance(value, str) and value != "", "a short name"),
        "gaps": (
            lambda value: isinstance(value, list) and value and set(value) <= {1, 2, 3, 4, 5},
            "a list out of 1, 2, 3, 4, 5",
        ),
        "dimensions": (lambda value: isinstance(value, list) and len(value) > 0, 'a list of dimensions, or ["all"]'),
        "en": (lambda value: isinstance(value, str), "what to do, in English"),
        "cost": (lambda value: value in COSTS, f"one of {', '.join(COSTS)}"),
        "months": (lambda value: isinstance(value, (int, float)) and value >= 0, "the lead time, a number of months"),
        "evidence": (lambda value: value in EVIDENCE, f"one of {', '.join(EVIDENCE)}"),
        "source": (lambda value: isinstance(value, str), "where it comes from"),
    }
    wrong = [key for key, (fits, _) in expected.items() if not fits(entry.get(key))]
    faults += [f"{where}: {key}: expected {expected[key][1]}, found {entry.get(key)!r}" for key in wrong]
    if wrong:
        return Action(str(entry.get("id", n)), (), (), {}, COSTS[0], 0, EVIDENCE[0], "")
    texts = {key: value for key, value in entry.items() if key not in expected or key == "en"}
    gaps = tuple(f"gap_{number}" for number in entry["gaps"])
    own = (entry["cost"], entry["months"], entry["evidence"], entry["source"])
    return Action(entry["id"], gaps, tuple(entry["dimensions"]), texts, *own)
