"""A file that a reader gave to a board: its limits, and the card made of gapkit's guess and the corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from ...survey.card import Card
from ...survey.card_columns import ColumnRule
from ...survey.instrument import Instrument, load_instrument
from ...survey.suggest import Suggestion
from ..text import count, number, plain, text

MEGABYTE = 1_000_000
MOST_BYTES, MOST_ROWS = 15 * MEGABYTE, 50_000
"""What a board takes; a connection to a board carries messages of up to 16 MB."""
MOST_UNPACKED = 200 * MEGABYTE
SHIPPED = ("servqual", "kservqual", "servaqua", "zone_of_tolerance")
SCALES = ((1, 5), (1, 7), (1, 9), (1, 10), (0, 10))
POINTS = "allocations"
"""What stands for a battery where a column holds points out of 100 for a dimension."""
SURE, LIKELY = 0.7, 0.5
"""From which confidence on a column is taken: what speaks for itself, or what the order of the columns suggests too."""

Place = tuple[str, str]
"""Battery and item; `POINTS` and dimension."""


class Upload(NamedTuple):
    """A file in memory."""

    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """Its name as a line of text may hold it."""
        return plain(self.name, 80)


class UploadError(ValueError):
    """A file that a board does not take; `words` says why in a language."""

    def __init__(self, key: str, **values: str) -> None:
        self.key, self.values = key, values
        super().__init__(self.words("en"))

    def words(self, language: str) -> str:
        """What is wrong, and what to do."""
        return text(f"own_survey.{self.key}", language, **self.values)


def check_upload(upload: Upload) -> None:
    """Refuse a file that is too large for a board, before anything reads it.

    Raises
    ------
    UploadError
        More than 15 MB, far more lines than 50,000, or a workbook that unpacks to more than 200 MB.

    Examples
    --------
    >>> check_upload(Upload("guests.csv", b"E1,P1"))
    """
    check_size(upload.shown, len(upload.content))
    if is_zipfile(BytesIO(upload.content)):
        try:
            with ZipFile(BytesIO(upload.content)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
        except (BadZipFile, OSError, ValueError):
            return  # the reader says what is wrong with it
        if unpacked > MOST_UNPACKED:
            raise UploadError("too_packed", file=upload.shown, most=count(MOST_UNPACKED / MEGABYTE))
        return
    lines = max(upload.content.count(b"\n"), upload.content.count(b"\r"))
    if lines > 2 * MOST_ROWS and b"\x00" not in upload.content[:1024]:  # a quoted answer may hold line breaks
        check_rows(upload.shown, lines)


def check_size(file: str, size: float) -> None:
    """Refuse a file of more bytes than a board takes; `file` is its name as it is shown."""
    if size > MOST_BYTES:
        most = count(MOST_BYTES / MEGABYTE)
        raise UploadError("too_large", file=file, megabytes=number(size / MEGABYTE, 1), most=most)


def check_rows(file: str, rows: int) -> None:
    """Refuse more respondents than a board takes."""
    if rows > MOST_ROWS:
        raise UploadError("too_many", file=file, rows=count(rows), most=count(MOST_ROWS))


def offered_instruments(needs: Iterable[str]) -> list[Instrument]:
    """The shipped questionnaires that ask what a board needs.

    Examples
    --------
    >>> [instrument.id for instrument in offered_instruments(["expectations", "perceptions"])]
    ['servqual', 'kservqual']
    """
    every = (load_instrument(name) for name in SHIPPED)
    return [instrument for instrument in every if set(needs) <= set(instrument.batteries)]


def places(suggestion: Suggestion, chosen: Mapping[Place, int | None]) -> dict[Place, int]:
    """Which column, counted from 1, holds which answer: the guess with the reader's corrections.

    A column that the reader gives to an item is taken from the one it was guessed for.
    """
    table = suggestion.columns
    found = {
        (str(row.battery), str(row.item)): int(row.column)  # type: ignore[arg-type]
        for row in table[table["placed"]].itertuples()
    }
    taken = {column for column in chosen.values() if column is not None}
    found = {place: column for place, column in found.items() if column not in taken}
    found |= {place: column for place, column in chosen.items() if column is not None}
    return {place: column for place, column in found.items() if chosen.get(place, column) is not None}


def lacking(found: Mapping[Place, int], instrument: Instrument, needs: Iterable[str]) -> list[Place]:
    """The items without a column, of the batteries that are needed or that the file holds a part of."""
    held = {battery for battery, _ in found}
    asked = [battery for battery in instrument.batteries if battery in held or battery in set(needs)]
    return [(battery, id) for battery in asked for id in instrument.item_ids if (battery, id) not in found]


def card_of(
    suggestion: Suggestion,
    found: Mapping[Place, int],
    *,
    dimensions: int,
    title: str,
    descending: bool | None,
    codes: Sequence[str],
) -> Card:
    """The card: columns by their number, so that no name in a file can be taken for another.

    Points are used where every dimension has its column; otherwise they are left out altogether.
    """
    named: dict[str, dict[str, str]] = {}
    for (battery, id), column in found.items():
        named.setdefault(battery, {})[id] = f"column {column}"
    allocations = named.pop(POINTS, {})
    rules = {battery: ColumnRule(names=names) for battery, names in named.items()}
    card = replace(suggestion.card, title=title, columns=rules, missing=tuple(map(_code, codes)))
    if len(allocations) == dimensions:
        card = replace(card, allocations=allocations)
    elif allocations or suggestion.card.allocations:
        card = replace(card, allocations=None)
    return card if descending is None else replace(card, descending=descending)


def codes_in(words: str) -> list[str]:
    """The codes for no answer in a field, between commas; UploadError where one is too long to be one.

    Examples
    --------
    >>> codes_in(" 9, 99，NA ")
    ['9', '99', 'NA']
    """
    codes = [part.strip() for part in words.replace("，", ",").replace(";", ",").replace("；", ",").split(",")]
    codes = [code for code in codes if code]
    if len(words) > 200 or any(len(code) > 30 for code in codes):
        raise UploadError("wrong_codes", codes=plain(words, 40))
    return codes


def _code(words: str) -> float | str:
    """A code as the loader takes it: a number where it is one."""
    try:
        return float(words)
    except ValueError:
        return words
