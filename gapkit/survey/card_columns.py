"""Which column holds which answer: the rules of a card, read from TOML or arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from .instrument import BATTERIES, Instrument, Scale
from .phrase import Phrase, phrase


@dataclass(frozen=True)
class ColumnRule:
    """How the columns of one battery are found: by a code ("E" for E1, e01, E_1), a regular expression, or by name."""

    code: str | None = None
    regex: str | None = None
    names: Mapping[str, str] | Sequence[str] = ()
    scale: Scale | None = None

    @property
    def named(self) -> Phrase:
        """Which headers it finds, in words."""
        if self.names:
            return phrase("the headers given by name")
        like = f"{self.code}1" if self.code else None
        return (
            phrase("headers like {header}", header=like)
            if like
            else phrase("headers matching {regex}", regex=self.regex)
        )

    def __str__(self) -> str:
        return str(self.named)

    def find(self, headers: Sequence[str], instrument: Instrument) -> dict[str, list[int]]:
        """The positions of each item's columns: one where all is well, none where missing, several where doubled."""
        found: dict[str, list[int]] = {id: [] for id in instrument.item_ids}
        if self.names:
            named = columns_by_name(headers)
            names = self.names if isinstance(self.names, Mapping) else dict(zip(found, self.names, strict=False))
            return found | {id: named.get(name.strip(), []) for id, name in names.items() if id in found}
        by_number = {item.number: item.id for item in instrument.items}
        by_id = {item.id.casefold(): item.id for item in instrument.items}
        pattern = re.compile(self.regex) if self.regex else _code_pattern(self.code or "")
        for j, header in enumerate(headers):
            if match := pattern.search(header.strip()):
                label = next((group for group in match.groups() if group is not None), "")
                id = by_id.get(label.casefold()) or (by_number.get(int(label)) if label.isdigit() else None)
                if id:
                    found[id].append(j)
        return found


def columns_by_name(headers: Sequence[str]) -> dict[str, list[int]]:
    """Name -> positions; headers that are empty or stand twice can be named by their place: "column 3".

    Examples
    --------
    >>> columns_by_name(["E1", "", "E1"])
    {'E1': [0, 2], '': [1], 'column 1': [0], 'column 2': [1], 'column 3': [2]}
    """
    named: dict[str, list[int]] = {}
    for j, header in enumerate(headers):
        named.setdefault(header.strip(), []).append(j)
    for j in range(len(headers)):
        named.setdefault(f"column {j + 1}", [j])
    return named


def _code_pattern(code: str) -> re.Pattern[str]:
    """E1, e01, E_1, "E 1" or E.1 for the code "E"; the item's own id may stand in the number's place (E_q01, t01)."""
    separator = r"[\s_.\-]*"
    return re.compile(
        rf"^{re.escape(code)}{separator}0*(\d+)$|^{re.escape(code)}{separator}([^\W\d]+\d+)$", re.IGNORECASE
    )


def expected(key: str, expected: str, found: object) -> Phrase:
    """A wrong entry, with what is expected there."""
    return phrase("{key}: expected {expected}, found {found!r}", key=key, expected=expected, found=found)


def label_faults(labels: Mapping[str, Any]) -> list[str]:
    """Wordings that are given no scale point."""
    return [
        expected(f"labels.{text}", phrase("a scale point such as 7"), point)
        for text, point in labels.items()
        if not isinstance(point, (int, float)) or isinstance(point, bool)
    ]


def column_rules(columns: Mapping[str, Any], faults: list[str]) -> tuple[dict[str, ColumnRule], dict[str, str]]:
    """Rules per battery, and the columns of the allocations, from a card's table or the argument `columns`.

    A text is a code ("E") or, where it has a group in brackets, a regular expression; a list or table gives names.
    """
    rules: dict[str, ColumnRule] = {}
    allocations: dict[str, str] = {}
    for battery, rule in columns.items():
        where = f"columns.{battery}"
        if battery not in (*BATTERIES, "allocations"):
            known = ", ".join((*BATTERIES, "allocations"))
            faults.append(phrase("{key}: expected one of {keys}", key=where, keys=known))
            continue
        table = _as_table(rule)
        if table is None or not {"code", "regex", "names"} & table.keys():
            faults.append(
                expected(where, phrase('code = "E", regex = "..." with a group for the item, or names'), rule)
            )
            continue
        if battery == "allocations":
            allocations = dict(table.get("names", {}))
            if not allocations:
                faults.append(expected(where, 'names = { dimension = "column" }', rule))
            continue
        if regex := table.get("regex"):
            try:
                groups = re.compile(regex).groups
            except re.error as error:
                faults.append(phrase("{key}: not a regular expression: {error}", key=f"{where}.regex", error=error))
                continue
            if not groups:
                faults.append(expected(f"{where}.regex", phrase("a group in brackets for the item's number"), regex))
        names = table.get("names", {})
        scale = read_scale(table["scale"], f"{where}.scale", faults) if "scale" in table else None
        rules[battery] = ColumnRule(table.get("code"), regex, names, scale)
    return rules, allocations


def _as_table(rule: Any) -> dict[str, Any] | None:
    """A rule in its long form."""
    if isinstance(rule, str):
        return {"regex": rule} if re.search(r"\((?!\?)|\(\?P<", rule) else {"code": rule}
    if isinstance(rule, Mapping):
        return dict(rule) if {"code", "regex", "names"} & rule.keys() else {"names": dict(rule)}
    if isinstance(rule, Iterable):
        return {"names": [str(name) for name in rule]}
    return None


def read_scale(value: Any, where: str, faults: list[str]) -> Scale | None:
    """A scale from [low, high]."""
    match value:
        case [Real() as low, Real() as high] if low < high:
            return Scale(float(low), float(high))
    faults.append(expected(where, phrase("[lowest, highest] such as [1, 5]"), value))
    return None
