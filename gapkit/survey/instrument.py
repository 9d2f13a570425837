"""What was asked: items, their dimensions, the scale, in TOML that anyone can write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .items import BATTERIES, Dimension, Item, Scale, in_language

__all__ = ["BATTERIES", "Dimension", "Instrument", "InstrumentError", "Item", "Scale", "load_instrument"]

SHIPPED = Path(__file__).parent / "instruments"


class InstrumentError(ValueError):
    """An instrument file that cannot be used; the message names each key and what is expected there."""


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: items in order, grouped in dimensions, on one scale, asked in one or more batteries.

    Dimensions are data: nothing in gapkit is written for one set of them.

    Examples
    --------
    >>> servqual = load_instrument("servqual")
    >>> [dimension.id for dimension in servqual.dimensions]
    ['tangibles', 'reliability', 'responsiveness', 'assurance', 'empathy']
    >>> servqual.dimension("reliability").items
    ('q05', 'q06', 'q07', 'q08', 'q09')
    """

    id: str
    titles: Mapping[str, str]
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    scale: Scale
    batteries: tuple[str, ...]
    source: str
    citation: str

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Every item asked, in order, with or without a dimension."""
        return tuple(item.id for item in self.items)

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """The dimensions in order."""
        return tuple(dimension.id for dimension in self.dimensions)

    def item(self, id: str) -> Item:
        """One item by its id; KeyError names the ids there are."""
        return _find(self.items, id, f"item of {self.id}")

    def dimension(self, id: str) -> Dimension:
        """One dimension by its id; KeyError names the ids there are."""
        return _find(self.dimensions, id, f"dimension of {self.id}")

    def title(self, language: str = "en") -> str:
        """The instrument's name in a language, in its other script or in English where there is none."""
        return in_language(self.titles, language, self.id)

    def label(self, id: str, language: str = "en") -> str:
        """The short wording of an item or dimension; the id itself where the instrument knows neither."""
        parts: tuple[Item | Dimension, ...] = (*self.items, *self.dimensions)
        known = {part.id: part for part in parts}
        return known[id].label(language) if id in known else id

    def asked(self, *, scale: Scale | None = None, reversed: Iterable[str] | None = None) -> Instrument:
        """This instrument as one survey asked it: on another scale, or with other items worded the other way round."""
        asked = self if scale is None else replace(self, scale=self.scale.on(scale.low, scale.high))
        if reversed is None:
            return asked
        turned = {self.item(id).id for id in reversed}
        return replace(asked, items=tuple(replace(item, reversed=item.id in turned) for item in asked.items))

    def __format__(self, spec: str) -> str:
        """In a sentence an instrument is called by its name."""
        return format(self.title(), spec)

    def __repr__(self) -> str:
        return f"<Instrument {self.id}: {len(self.items)} items, {len(self.dimensions)} dimensions, {self.scale}>"


def _find(parts: Iterable[Any], id: str, kind: str) -> Any:
    """The part with an id."""
    known = {part.id: part for part in parts}
    if id not in known:
        raise KeyError(f'"{id}" is no {kind}; there are: {", ".join(known)}')
    return known[id]


def load_instrument(name: str | Path | Instrument) -> Instrument:
    """Read an instrument by name, or from a TOML file of your own.

    Parameters
    ----------
    name : str, Path or Instrument
        One of the shipped instruments ("servqual", "zone_of_tolerance", "kservqual", ...) or the path of a TOML file.
        An Instrument is returned as it is.

    Returns
    -------
    Instrument

    Raises
    ------
    InstrumentError
        The file is missing or wrong; the message lists every wrong key with what is expected there.

    Examples
    --------
    >>> load_instrument("servqual")
    <Instrument servqual: 22 items, 5 dimensions, 1-7>
    """
    if isinstance(name, Instrument):
        return name
    if not isinstance(name, (str, Path)):
        raise InstrumentError(f"instrument: expected a name, a path or an Instrument, found {name!r}.")
    path = Path(name)
    if path.suffix != ".toml" and not path.exists():
        path = SHIPPED / f"{name}.toml"
    if not path.is_file():
        shipped = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise InstrumentError(f'there is no instrument "{name}". Shipped: {shipped}. Or give the path of a TOML file.')
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InstrumentError(f"{path.name}: not readable as TOML in UTF-8: {error}.") from error
    return _build(content, path)


def _build(content: Mapping[str, Any], path: Path) -> Instrument:
    """An Instrument from the parsed TOML; all faults are collected before anything is raised."""
    faults: list[str] = []

    def expect(table: Mapping[str, Any], key: str, kind: type | tuple[type, ...], what: str, where: str = "") -> Any:
        value = table.get(key)
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            faults.append(f"{where}{key}: expected {what}, found {'nothing' if value is None else repr(value)}")
            return None
        return value

    if base_name := content.get("dimensions_from"):
        base = load_instrument(base_name)
        dimensions, items = list(base.dimensions), list(base.items)
    else:
        dimensions, items = _dimensions(expect(content, "dimensions", list, "[[dimensions]] tables") or [], faults)
        items += [
            _item(entry, None, f"unassigned[{n}].", faults) for n, entry in enumerate(content.get("unassigned", []), 1)
        ]
        if _numbered(items):
            items.sort(key=lambda item: item.number or 0)
    ids = [*(item.id for item in items), *(dimension.id for dimension in dimensions)]
    faults += [
        f'items: the id "{id}" is used {ids.count(id)} times, expected once'
        for id in sorted({*ids})
        if ids.count(id) > 1
    ]

    scale = expect(content, "scale", dict, "a [scale] table with low and high") or {}
    low, high = (expect(scale, key, (int, float), "a number", "scale.") if scale else 0 for key in ("low", "high"))
    if scale and low is not None and high is not None and low >= high:
        faults.append(f"scale.high: expected more than scale.low ({low:g}), found {high:g}")
    direction = scale.get("direction", "ascending")
    if direction not in ("ascending", "descending"):
        faults.append(f'scale.direction: expected "ascending" (highest is best) or "descending", found {direction!r}')
    batteries = expect(content, "batteries", list, f"a list out of {', '.join(BATTERIES)}") or []
    faults += [
        f"batteries: expected names out of {', '.join(BATTERIES)}, found {name!r}"
        for name in batteries
        if name not in BATTERIES
    ]
    title = expect(content, "title", dict, 'a table of languages such as { en = "Hotel survey" }') or {}
    source = expect(content, "source", str, "a sentence: where the items come from")
    citation = expect(content, "citation", str, "the publication to cite")
    if faults:
        raise InstrumentError(f"{path.name}: {len(faults)} fault(s):\n" + "\n".join(f"- {fault}" for fault in faults))
    points = {
        language: {int(n): text for n, text in texts.items()} for language, texts in scale.get("labels", {}).items()
    }
    return Instrument(
        id=content.get("id", path.stem),
        titles=title,
        items=tuple(items),
        dimensions=tuple(dimensions),
        scale=Scale(float(low or 0), float(high or 0), direction == "ascending", points),
        batteries=tuple(batteries),
        source=source,
        citation=citation,
    )


def _numbered(items: list[Item]) -> bool:
    """Whether all ids are one stem and a number (q01, q02, ...), so that the numbers give the order."""
    return len({re.sub(r"\d+$", "", item.id) for item in items}) == 1 and all(item.number for item in items)


def _dimensions(entries: list[Any], faults: list[str]) -> tuple[list[Dimension], list[Item]]:
    """Dimensions and their items, in the file's order."""
    dimensions, items = [], []
    for n, entry in enumerate(entries, 1):
        where = f"dimensions[{n}]."
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            faults.append(f'{where}id: expected a short name such as "reliability", found nothing')
            continue
        own = entry.get("items")
        if not isinstance(own, list) or not own:
            faults.append(f'{where}items: expected a list of {{ id = "q01", en = "..." }}, found {own!r}')
            own = []
        inside = [_item(item, entry["id"], f"{where}items[{m}].", faults) for m, item in enumerate(own, 1)]
        labels = {key: value for key, value in entry.items() if key not in ("id", "items")}
        if not labels:
            faults.append(f"{where}en: expected the dimension's name in at least one language, found nothing")
        dimensions.append(Dimension(entry["id"], labels, tuple(item.id for item in inside)))
        items += inside
    return dimensions, items


def _item(entry: Any, dimension: str | None, where: str, faults: list[str]) -> Item:
    """One item from its inline table."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
        faults.append(f'{where}id: expected an id such as "q01", found {entry!r}')
        return Item("?", {}, dimension)
    if not isinstance(entry.get("reversed", False), bool):
        faults.append(f"{where}reversed: expected true or false, found {entry['reversed']!r}")
    labels = {key: value for key, value in entry.items() if key not in ("id", "reversed", "why")}
    if not labels or not all(isinstance(text, str) and text.strip() for text in labels.values()):
        faults.append(f"{where}en: expected a short wording in at least one language, found {labels or 'nothing'}")
    return Item(entry["id"], labels, dimension, bool(entry.get("reversed", False)))
