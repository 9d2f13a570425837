"""Columns that hold how respondents split 100 points of importance over the dimensions: found by name and by sum."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .checks import POINTS, ROUNDING
from .clues import Clue
from .file_columns import Column, is_filled
from .instrument import Dimension, Instrument
from .naming import name_columns, name_rows
from .numerals import to_number
from .phrase import phrase
from .rawtable import RawTable

ALLOCATIONS = "allocations"
"""What a card calls the points, beside the batteries."""
SHARE = 0.9
"""Of the respondents who split points at all, how many must reach 100 for a sum to speak for itself."""
FEWEST = 3  # respondents who split points, below which a sum of 100 may be chance
SURE, BY_ELIMINATION = 0.95, 0.8
WORDS = r"points?|pts|alloc|weight|importan|percent|100|%|分|权重|權重|比重|重要|점|비중|중요"


def place_points(columns: Sequence[Column], table: RawTable, instrument: Instrument, at_least: float) -> list[str]:
    """Give every dimension the column with its points, where names tell them apart and all rows that are filled sum.

    Columns that sum but whose names do not tell the dimensions apart, and columns whose names do but where some rows
    do not sum, are shown and not placed. Sentences say why.
    """
    amounts = {column.number: own for column in columns if (own := _amounts(column, table)) is not None}
    free = [column for column in columns if column.number in amounts]
    named = _named_group(free, instrument, amounts)
    group = list(named.values()) if named else _adjacent_group(free, len(instrument.dimensions), amounts)
    if not group:
        return []
    answered, wrong = _rows(group, amounts)
    heads, rows = name_columns(column.header or str(column.number) for column in group), np.asarray(table.rows)[wrong]
    said = phrase(
        "columns {numbers}: {share:.0%} of the respondents who filled them reach {points:g}",
        numbers=name_columns(str(column.number) for column in group),
        share=1 - len(rows) / answered,
        points=POINTS,
    )
    held = named or _by_elimination(group, instrument)
    for column in group:
        column.fits, column.refusal = Clue("points", 1.0, said), ""
        column.battery = Clue(ALLOCATIONS, SURE, said)
        column.item = Clue("", 0.0, phrase("no dimension in its name"))
    for dimension, column in held.items():
        sure, why = SURE, phrase("the dimension {dimension} in its name", dimension=dimension)
        if not _names(column, instrument.dimension(dimension)):
            sure, why = BY_ELIMINATION, phrase("{dimension}, which no other of them names", dimension=dimension)
        column.item = Clue(dimension, sure, why)
        if sure < at_least:
            column.refusal = phrase("not sure enough ({confidence:.2f})", confidence=sure)
    unclear = len(held) < len(instrument.dimensions) or any(column.refusal for column in group)
    for column in group:
        column.placed = not unclear and not len(rows)
    if len(held) < len(instrument.dimensions):
        return [
            phrase(
                "{columns} sum to {points:g} as points for the dimensions do, but their names do not say which column "
                "belongs to which dimension: not used. Give each dimension its column, and they are.",
                columns=heads,
                points=POINTS,
            )
        ]
    if len(rows):
        for column in group:
            column.refusal = phrase("not all rows sum to {points:g}", points=POINTS)
        return [
            phrase(
                "{columns} are points for the dimensions, but do not sum to {points:g} everywhere ({rows}): not used. "
                "Correct these rows, or leave all their points empty.",
                columns=heads,
                points=POINTS,
                rows=name_rows(rows),
            )
        ]
    return []


def _amounts(column: Column, table: RawTable) -> NDArray[np.float64] | None:
    """A column's numbers where all that is filled lies between 0 and 100; None where it holds anything else."""
    cells = table.cells[column.number - 1]
    held = is_filled(cells)
    numbers, texts = to_number(cells.where(held), decimal=table.decimal or ".")
    values = np.array(numbers, dtype=float)
    found = values[np.isfinite(values)]
    fits = not column.placed and len(found) and not texts.any() and 0 <= found.min() <= found.max() <= POINTS
    return values if fits else None


def _totals(group: Sequence[Column], amounts: Mapping[int, NDArray[np.float64]]) -> NDArray[np.float64]:
    """What each respondent split in all, a blank counting as 0; NaN for whoever split nothing."""
    values = np.column_stack([amounts[column.number] for column in group])
    return np.where(np.isfinite(values).any(axis=1), np.nansum(values, axis=1), np.nan)


def _rows(group: Sequence[Column], amounts: Mapping[int, NDArray[np.float64]]) -> tuple[int, NDArray[np.intp]]:
    """How many respondents split points at all, and who of them does not reach 100."""
    totals = _totals(group, amounts)
    return int(np.isfinite(totals).sum()), np.flatnonzero(np.abs(totals - POINTS) > ROUNDING)


def _sums(group: Sequence[Column], amounts: Mapping[int, NDArray[np.float64]]) -> bool:
    """Whether nearly all who split points reach 100."""
    answered, wrong = _rows(group, amounts)
    return answered >= FEWEST and 1 - len(wrong) / answered >= SHARE


def _named_group(
    columns: Sequence[Column], instrument: Instrument, amounts: Mapping[int, NDArray[np.float64]]
) -> dict[str, Column]:
    """One column for each dimension, named alike but for the dimension, that sum or are called points; else none.

    Ratings of the dimensions are named like points, but come to far less than 100, or to far more.
    """
    families: dict[str, dict[str, list[Column]]] = defaultdict(lambda: defaultdict(list))
    for column in columns:
        naming = [dimension for dimension in instrument.dimensions if _names(column, dimension)]
        if len(naming) == 1:
            families[_rest(column, naming[0])][naming[0].id].append(column)
    whole = []
    for family in families.values():
        if set(family) == set(instrument.dimension_ids) and all(len(own) == 1 for own in family.values()):
            whole.append({id: family[id][0] for id in instrument.dimension_ids})
    summing = [group for group in whole if _sums(list(group.values()), amounts)]
    called = [
        group
        for group in whole
        if all(re.search(WORDS, column.text, re.IGNORECASE) for column in group.values())
        and POINTS / 2 < np.nanmedian(_totals(list(group.values()), amounts)) < 2 * POINTS
    ]
    return (summing or called or [{}])[0]


def _adjacent_group(columns: Sequence[Column], many: int, amounts: Mapping[int, NDArray[np.float64]]) -> list[Column]:
    """As many columns side by side as there are dimensions, which sum to 100; the only such, or none."""
    found = []
    for start in range(len(columns) - many + 1):
        group = list(columns[start : start + many])
        if group[-1].number - group[0].number == many - 1 and _sums(group, amounts) and _all_vary(group, amounts):
            found.append(group)
    return found[0] if many > 1 and len(found) == 1 else []


def _all_vary(group: Sequence[Column], amounts: Mapping[int, NDArray[np.float64]]) -> bool:
    """Whether no column is the same throughout: a column of zeros beside four that sum would be anything."""
    return all(np.nanmin(amounts[column.number]) < np.nanmax(amounts[column.number]) for column in group)


def _by_elimination(group: Sequence[Column], instrument: Instrument) -> dict[str, Column]:
    """What the names of columns that sum say; where one dimension and one column are left, they belong together."""
    naming = {column.number: [d.id for d in instrument.dimensions if _names(column, d)] for column in group}
    clear = {own[0]: column for column in group if len(own := naming[column.number]) == 1}
    if len(clear) < sum(len(own) == 1 for own in naming.values()):
        return {}
    left = [column for column in group if not naming[column.number]]
    lacking = [id for id in instrument.dimension_ids if id not in clear]
    return clear | {lacking[0]: left[0]} if len(left) == len(lacking) == 1 else clear


def _names(column: Column, dimension: Dimension) -> str:
    """The word by which a column's name or question names a dimension; "" where it does not."""
    text = _plain(column.text)
    for label in (dimension.id, *dimension.labels.values()):
        known = _plain(label)
        short = known.removesuffix("性")
        if not known.isascii() and len(short) > 1 and short in text:
            return known if known in text else short
        if known.isascii() and (found := re.search(rf"(?<![a-z]){re.escape(known)}(?![a-z])", text)):
            return found.group()
    words = re.findall(r"[a-z]{3,}", text)
    return next((word for word in words if dimension.id.casefold().startswith(word)), "")


def _rest(column: Column, dimension: Dimension) -> str:
    """A column's name without the dimension and without numbers, by which the columns of one question are alike."""
    named = _names(column, dimension)
    own = _plain(column.header) if named in _plain(column.header) else _plain(column.question)
    return re.sub(r"[\W\d_]+", " ", own.replace(named, " ")).strip()


def _plain(text: str) -> str:
    """A text as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()
