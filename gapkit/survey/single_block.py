"""One block of item columns that nothing names, as SERVPERF asks it: guessed as the perceptions, and called a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .clues import Clue, code_of, numbers_in_text, similar_item
from .file_columns import Column
from .instrument import Instrument
from .naming import battery_name, cut
from .phrase import phrase

BY_ORDER = 0.5
"""How sure the order of blocks is: expectations are often asked first, but nothing says so."""
ALONE = 0.7
"""How sure a block is that has no other beside it: whoever asks one battery asks for the perceptions."""
BLOCK = 0.5  # of the instrument's items from which on a row of numbered columns is spoken of as a block
FEWEST = 20  # respondents from whom a column that holds two codes is told from one that holds answers
ENOUGH = 50  # respondents from whom a column without anything in common with the others is told
TOGETHER, APART = 0.3, 0.15  # mean |r| of a block's columns with each other, and of one that does not belong to them

Block = list[tuple[int, Column]]
"""Numbered columns in the order of their numbers."""


def place_alone(columns: Sequence[Column], instrument: Instrument) -> list[str]:
    """Give a single block to the perceptions where no column says that it holds them; else leave all as it is.

    Beside expectations that are named it is a guess by order alone, which is shown and not used, as for two blocks.
    Columns that ask for an outcome or about the respondent, or whose answers look like a group's code, belong to no
    block. A block of another size than the instrument is not used. What was done is returned in sentences.
    """
    named = {column.battery.value for column in columns if column.confidence}
    if len(instrument.batteries) == 1 or "perceptions" not in instrument.batteries or named - {"expectations"}:
        return []
    sure = BY_ORDER if named else ALONE
    free = [column for column in columns if not column.battery.value and not column.battery.why]
    if worded := _worded(free, instrument):
        return [_guessed(worded, instrument, sure)]
    blocks = [_without_strangers(block) for block in _blocks(free)]
    k = len(instrument.items)
    whole = [block for block in blocks if _in_a_row(block) and len(block) in (k, 2 * k)]
    if len(whole) == 1:
        if len(whole[0]) == k:
            return [_guessed(whole[0], instrument, sure)]
        return [] if named else _two_in_a_row(whole[0], instrument)
    likely = [block for block in blocks if len(block) >= max(BLOCK * k, 3) and block not in whole]
    return [] if named or whole or not likely else [_misfit(max(likely, key=len), instrument)]


def _guessed(block: Block, instrument: Instrument, sure: float) -> str:
    """Put a block of the right size to the perceptions; where it does not begin with 1, by its order alone."""
    first, perceptions = block[0][0], battery_name("perceptions")
    sure = sure if first == 1 else BY_ORDER
    said = phrase("the only block that nothing names: a guess that these are the {battery}", battery=perceptions)
    for place, (number, column) in enumerate(block):
        column.battery = Clue("perceptions", sure, said)
        if first != 1 or not column.item.value:
            column.item = _by_place(number, place, instrument)
    values = {"columns": _named(block), "battery": perceptions}
    if sure == ALONE:
        return phrase(
            "{columns}: a guess that these are the {battery}. They are the only block of items, but nothing in the "
            "file says so; correct it if they are something else.",
            **values,
        )
    return phrase(
        "{columns}: as many columns in a row as {instrument} has items, perhaps the {battery} in their order. Nothing "
        "in the file says so: they are taken only where likely columns are wanted too (at_least={likely:g}).",
        instrument=instrument.id,
        likely=BY_ORDER,
        **values,
    )


def _two_in_a_row(block: Block, instrument: Instrument) -> list[str]:
    """A block of twice the items: two batteries one after the other, told apart by their order alone."""
    batteries = [battery for battery in instrument.batteries if battery != "importance"]
    if len(batteries) != 2:
        return [_misfit(block, instrument)]
    k = len(instrument.items)
    for place, (number, column) in enumerate(block):
        battery = batteries[place // k]
        why = phrase(
            "in half {order} of one block: often the {battery}, but nothing in the file says so",
            order=place // k + 1,
            battery=battery_name(battery),
        )
        column.battery = Clue(battery, BY_ORDER, why)
        column.item = _by_place(number, place % k, instrument)
    return [
        phrase(
            "{columns}: twice as many columns as {instrument} has items, often first the {first}, then the {second}. "
            "Nothing in the file says so: they are taken only where likely columns are wanted too "
            "(at_least={likely:g}).",
            likely=BY_ORDER,
            columns=_named(block),
            instrument=instrument.id,
            first=battery_name(batteries[0]),
            second=battery_name(batteries[1]),
        )
    ]


def _misfit(block: Block, instrument: Instrument) -> str:
    """Say that a block has another size than the instrument; its columns stay where they are."""
    sizes = {"found": len(block), "items": len(instrument.items), "instrument": instrument.id}
    why = phrase("its block has {found} columns, but {instrument} has {items} items", **sizes)
    for _, column in block:
        column.battery = Clue("", 0.0, why)
    return phrase(
        "{columns}: one block of {found} columns, but {instrument} has {items} items, so none of them was used. Choose "
        "another questionnaire, or say which column holds which item.",
        columns=_named(block),
        **sizes,
    )


def _by_place(number: int, place: int, instrument: Instrument) -> Clue:
    """The item of a column by its place in its block."""
    why = phrase("number {number}, the item at place {place} of its block", number=number, place=place + 1)
    return Clue(instrument.items[place].id, 0.9, why)


def _named(block: Block) -> str:
    """A block's columns as a sentence names them."""
    heads = [column.header or str(column.number) for _, column in block]
    return phrase("{first} to {last}", first=cut(heads[0]), last=cut(heads[-1]))


def _blocks(columns: Iterable[Column]) -> list[Block]:
    """Columns with numbers that go on from each other: Q1, Q2, ...; "1. ...", "2. ...", each number once."""
    families: dict[tuple[str, ...], dict[int, list[Column]]] = defaultdict(lambda: defaultdict(list))
    for column in columns:
        if found := numbers_in_text(column.header):
            families["1.", str(found[1])][found[0]].append(column)
        elif code := code_of(column.header):
            families[code.stem][code.number].append(column)
        elif found := numbers_in_text(column.question):
            families["1.", str(found[1])][found[0]].append(column)
    kept = [{number: own[0] for number, own in family.items() if len(own) == 1} for family in families.values()]
    return [
        sorted(family.items())
        for family, every in zip(kept, families.values(), strict=True)
        if len(family) == len(every)
    ]


def _in_a_row(block: Block) -> bool:
    """Whether no number is left out."""
    return bool(block) and block[-1][0] - block[0][0] == len(block) - 1


def _worded(columns: Iterable[Column], instrument: Instrument) -> Block:
    """Questions worded like the instrument's labels that cover all items, each once, whatever their numbers are."""
    worded = [(clue, column) for column in columns if (clue := similar_item(column.text, instrument)).value]
    if {clue.value for clue, _ in worded} != set(instrument.item_ids) or len(worded) > len(instrument.items):
        return []
    for clue, column in worded:
        column.item = column.item if column.item.value == clue.value else clue
    order = {id: place for place, id in enumerate(instrument.item_ids, 1)}
    return sorted(((order[clue.value], column) for clue, column in worded), key=lambda pair: pair[0])


def _without_strangers(block: Block) -> Block:
    """The block without columns that hold two codes alone, or have nothing in common with the others."""
    if len(block) < 3:
        return block
    answers = np.column_stack([column.answers for _, column in block])
    kinds = np.array([len(np.unique(own[np.isfinite(own)])) for own in answers.T])
    two_codes = (kinds <= 2) & (np.isfinite(answers).sum(axis=0) >= FEWEST) & (np.median(kinds) >= 4)
    lowest = np.nanmin(answers, initial=np.inf)
    two_codes &= np.nanmax(answers, axis=0, initial=-np.inf) <= lowest + 1
    together = _mean_correlation(answers)
    apart = (together < APART) & (np.nanmedian(together) >= TOGETHER) if np.isfinite(together).any() else two_codes
    for (_, column), coded, alone in zip(block, two_codes, apart, strict=True):
        if coded:
            column.battery = Clue("", 0.0, phrase("only two codes occur in it, as in a question about the respondent"))
        elif alone:
            why = phrase("its answers have nothing in common with the others of its block")
            column.battery = Clue("", 0.0, why)
    return [pair for pair, stranger in zip(block, two_codes | apart, strict=True) if not stranger]


def _mean_correlation(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column's mean absolute correlation with the others, of respondents who answered all; NaN of too few."""
    whole = answers[np.isfinite(answers).all(axis=1)]
    if len(whole) < ENOUGH:
        return np.full(answers.shape[1], np.nan)
    spread = whole.std(axis=0)
    centred = (whole - whole.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    r = np.abs(centred.T @ centred) / len(whole)
    mean: NDArray[np.float64] = (r.sum(axis=0) - np.diag(r)) / (len(r) - 1)
    return np.where(spread > 0, mean, np.nan)
