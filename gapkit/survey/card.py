"""A card beside a file: which column holds which answer, and what the file does not say itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .card_columns import ColumnRule, column_rules, expected, label_faults, read_scale
from .instrument import Instrument, Scale
from .phrase import Phrase, joined, phrase

USUAL_CODES = {"expectations": "E", "perceptions": "P", "minimum": "M", "desired": "D", "importance": "I"}
KEYS = (
    *("title", "instrument", "simulated", "licence", "citation", "id", "weight", "reversed", "missing", "scale"),
    *("descending", "labels"),
    *("file", "columns", "respondents", "keep"),
)
READING = ("encoding", "delimiter", "decimal", "sheet", "style")
"""What a card says under ``[file]``, and `load_survey` takes as arguments."""


@dataclass(frozen=True)
class Card:
    """What a file does not say itself. Every entry is optional but `instrument`.

    Parameters
    ----------
    instrument : str
        A shipped instrument or the path of one, relative to the card.
    columns : dict
        Battery -> `ColumnRule`.
    allocations : dict or None
        Dimension -> the column with its points out of 100; empty: columns called points_<dimension>, if there are any;
        None: no points, whatever the columns are called.
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
    allocations: Mapping[str, str] | None = field(default_factory=dict)
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
        super().__init__(joined(faults, between="\n"))


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
        raise CardError(
            [phrase("card: expected the path of a TOML file or a dict of the same form, found {card!r}", card=card)]
        )
    path = Path(card)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise CardError([phrase("{file}: there is no such card", file=path.name)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CardError([phrase("not readable as TOML in UTF-8: {error}", error=error)]) from error
    return _build(content, path.parent)


def _build(content: Mapping[str, Any], folder: Path | None) -> Card:
    """A Card from parsed TOML; all faults are collected before anything is raised."""
    faults: list[str] = [
        phrase("{key}: not a key of a card; {meant}", key=key, meant=_meant(key)) for key in content if key not in KEYS
    ]
    kinds: dict[str, tuple[type, Phrase]] = {
        "title": (str, phrase("a text")),
        "licence": (str, phrase("a text")),
        "citation": (str, phrase("a text")),
        "id": (str, phrase("a column's name")),
        "weight": (str, phrase("a column's name")),
        "simulated": (bool, phrase("true or false")),
        "reversed": (list, phrase("a list of item ids")),
        "missing": (list, phrase("a list of codes")),
        "descending": (bool, phrase("true (the lowest digit is the best answer) or false")),
        "labels": (dict, phrase("a table: wording = scale point")),
        "file": (dict, phrase("a table")),
        "columns": (dict, phrase("a table of batteries")),
        "respondents": (dict, phrase("a table: name = column")),
        "keep": (dict, phrase("a table: column = [values to keep]")),
    }
    for key, (kind, what) in kinds.items():
        if key in content and not isinstance(content[key], kind):
            faults.append(expected(key, what, content[key]))
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


def _meant(key: str) -> Phrase:
    """What a wrong key may be meant to be, else the keys there are."""
    if key in READING:
        return phrase("it belongs under {table}", table="[file]")
    near = get_close_matches(key, KEYS, n=1)
    return (
        phrase("did you mean {key}?", key=near[0]) if near else phrase("expected one of {keys}", keys=", ".join(KEYS))
    )
