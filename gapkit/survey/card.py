"""A card beside a file: which column holds which answer, and what the file does not say itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from numbers import Real
from pathlib import Path
from typing import Any

from .instrument import BATTERIES, Instrument, Scale

USUAL_CODES = {"expectations": "E", "perceptions": "P", "minimum": "M", "desired": "D", "importance": "I"}
KEYS = (
    *("title", "instrument", "simulated", "licence", "citation", "id", "weight", "reversed", "missing", "scale"),
    *("descending", "labels"),
    *("file", "columns", "respondents", "keep"),
)
READING = ("encoding", "delimiter", "decimal", "sheet", "style")
"""What a card says under ``[file]``, and `load_survey` takes as arguments."""


@dataclass(frozen=True)
class ColumnRule:
    """How the columns of one battery are found: by a code ("E" for E1, e01, E_1), a regular expression, or by name."""

    code: str | None = None
    regex: str | None = None
    names: Mapping[str, str] | Sequence[str] = ()
    scale: Scale | None = None

    def __str__(self) -> str:
        if self.names:
            return "the headers given by name"
        return f"headers like {self.code}1" if self.code else f"headers matching {self.regex}"

    def find(self, headers: Sequence[str], instrument: Instrument) -> dict[str, list[int]]:
        """The positions of each item's columns: one where all is well, none where missing, several where doubled."""
        found: dict[str, list[int]] = {id: [] for id in instrument.item_ids}
        if self.names:
            named: dict[str, list[int]] = {}
            for j, header in enumerate(headers):
                named.setdefault(header.strip(), []).append(j)
            for j in range(len(headers)):  # headers that are empty or stand twice can be named by their place
                named.setdefault(f"column {j + 1}", [j])
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


def _code_pattern(code: str) -> re.Pattern[str]:
    """E1, e01, E_1, "E 1" or E.1 for the code "E"; the item's own id may stand in the number's place (E_q01, t01)."""
    separator = r"[\s_.\-]*"
    return re.compile(
        rf"^{re.escape(code)}{separator}0*(\d+)$|^{re.escape(code)}{separator}([^\W\d]+\d+)$", re.IGNORECASE
    )


@dataclass(frozen=True)
class Card:
    """What a file does not say itself. Every entry is optional but `instrument`.

    Parameters
    ----------
    instrument : str
        A shipped instrument or the path of one, relative to the card.
    columns : dict
        Battery -> `ColumnRule`; "allocations" maps each dimension to its column.
    respondents : dict or None
        Name -> column for what is kept about respondents; None keeps every other column under its own name.
    reversed : tuple or None
        Items worded the other way round in this questionnaire; None leaves it to the instrument.
    missing : tuple
        Codes that mean "no answer", such as 9 or "NA".
    scale : Scale or None
        The scale this survey used, where it is not the instrument's.
    descending : bool or None
        True where the lowest digit of the file is the best answer; None leaves it to the instrument.
    labels : dict
        Wording -> the digit it stands for in the file, where answers come in words the instrument does not know.
    keep : dict
        Column -> values of the rows to keep ("" = empty); the others are recorded in `dropped`.
    file : dict
        encoding, delimiter, decimal, sheet, style: how to read the file, where guessing is not wanted.
    """

    title: str | None = None
    instrument: str | Instrument | None = None
    simulated: bool = False
    licence: str | None = None
    citation: str | None = None
    id: str | None = None
    weight: str | None = None
    reversed: tuple[str, ...] | None = None
    missing: tuple[Any, ...] = ()
    scale: Scale | None = None
    descending: bool | None = None
    labels: Mapping[str, float] = field(default_factory=dict)
    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    allocations: Mapping[str, str] = field(default_factory=dict)
    respondents: Mapping[str, str] | None = None
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: Mapping[str, Any] = field(default_factory=dict)

    def given(self, **arguments: Any) -> Card:
        """The card with arguments in the place of its entries; None leaves an entry as it is."""
        return replace(self, **{name: value for name, value in arguments.items() if value is not None})


class CardError(ValueError):
    """A card that cannot be used; `faults` lists each wrong key with what is expected there."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def load_card(card: str | Path | Mapping[str, Any] | Card | None) -> Card:
    """Read a card: a TOML file, a dict of the same form, or None for an empty one.

    Raises
    ------
    CardError
        Each wrong key with what is expected there.

    Examples
    --------
    >>> from gapkit import load_instrument
    >>> card = load_card({"instrument": "servqual", "columns": {"expectations": {"code": "E"}}, "missing": [9]})
    >>> card.columns["expectations"].find(["id", "E1", "e02"], load_instrument("servqual"))["q02"]
    [2]
    """
    if card is None:
        return Card()
    if isinstance(card, Card):
        return card
    if isinstance(card, Mapping):
        return _build(card, None)
    if not isinstance(card, (str, Path)):
        raise CardError([f"card: expected the path of a TOML file or a dict of the same form, found {card!r}"])
    path = Path(card)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CardError([f"{path.name}: there is no such card"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CardError([f"not readable as TOML in UTF-8: {error}"]) from error
    return _build(content, path.parent)


def _build(content: Mapping[str, Any], folder: Path | None) -> Card:
    """A Card from parsed TOML; all faults are collected before anything is raised."""
    faults = [f"{key}: not a key of a card; {_meant(key)}" for key in content if key not in KEYS]
    kinds: dict[str, tuple[type, str]] = {
        "title": (str, "a text"),
        "licence": (str, "a text"),
        "citation": (str, "a text"),
        "id": (str, "a column's name"),
        "weight": (str, "a column's name"),
        "simulated": (bool, "true or false"),
        "reversed": (list, "a list of item ids"),
        "missing": (list, "a list of codes"),
        "descending": (bool, "true (the lowest digit is the best answer) or false"),
        "labels": (dict, "a table: wording = scale point"),
        "file": (dict, "a table"),
        "columns": (dict, "a table of batteries"),
        "respondents": (dict, "a table: name = column"),
        "keep": (dict, "a table: column = [values to keep]"),
    }
    for key, (kind, what) in kinds.items():
        if key in content and not isinstance(content[key], kind):
            faults.append(f"{key}: expected {what}, found {content[key]!r}")
    labels = content.get("labels", {})
    faults += label_faults(labels)
    if faults:
        raise CardError(faults)
    instrument = content.get("instrument")
    if isinstance(instrument, str) and folder and instrument.endswith(".toml"):
        instrument = str(folder / instrument)
    columns, allocations = column_rules(content.get("columns", {}), faults)
    scale = read_scale(content["scale"], "scale", faults) if "scale" in content else None
    keep = {
        name: tuple(map(str, [value] if isinstance(value, (str, int)) else value))
        for name, value in content.get("keep", {}).items()
    }
    if faults:
        raise CardError(faults)
    plain = {key: content[key] for key in ("title", "licence", "citation", "id", "weight") if key in content}
    return Card(
        **plain,
        instrument=instrument,
        simulated=content.get("simulated", False),
        reversed=tuple(content["reversed"]) if "reversed" in content else None,
        missing=tuple(content.get("missing", ())),
        scale=scale,
        descending=content.get("descending"),
        labels=labels,
        columns=columns,
        allocations=allocations,
        respondents=content.get("respondents"),
        keep=keep,
        file=content.get("file", {}),
    )


def _meant(key: str) -> str:
    """What a wrong key may be meant to be, else the keys there are."""
    if key in READING:
        return "it belongs under [file]"
    near = get_close_matches(key, KEYS, n=1)
    return f"did you mean {near[0]}?" if near else f"expected one of {', '.join(KEYS)}"


def label_faults(labels: Mapping[str, Any]) -> list[str]:
    """Wordings that are given no scale point."""
    return [
        f"labels.{text}: expected a scale point such as 7, found {point!r}"
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
            faults.append(f"{where}: expected one of {', '.join((*BATTERIES, 'allocations'))}")
            continue
        table = _as_table(rule)
        if table is None or not {"code", "regex", "names"} & table.keys():
            faults.append(
                f'{where}: expected code = "E", regex = "..." with a group for the item, or names, found {rule!r}'
            )
            continue
        if battery == "allocations":
            allocations = dict(table.get("names", {}))
            if not allocations:
                faults.append(f'{where}: expected names = {{ dimension = "column" }}, found {rule!r}')
            continue
        if regex := table.get("regex"):
            try:
                groups = re.compile(regex).groups
            except re.error as error:
                faults.append(f"{where}.regex: not a regular expression: {error}")
                continue
            if not groups:
                faults.append(f"{where}.regex: expected a group in brackets for the item's number, found {regex!r}")
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
    faults.append(f"{where}: expected [lowest, highest] such as [1, 5], found {value!r}")
    return None
