"""Columns put where their clues point, if these are strong enough and nothing contradicts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .clues import (
    NOTHING,
    Clue,
    battery_in_code,
    battery_in_words,
    code_of,
    id_in,
    is_one_to,
    numbers_in_text,
    similar_item,
)
from .file_columns import Column
from .instrument import Instrument
from .naming import battery_name
from .phrase import phrase
from .single_block import BY_ORDER, place_alone

CLEARLY = 0.15  # by which one of two columns for the same item must be surer


def place(columns: Sequence[Column], instrument: Instrument, at_least: float) -> list[str]:
    """Settle battery and item of every column whose cells are answers, and who of several claimants gets an item.

    What was guessed, or found and not used, is returned in sentences.
    """
    answers = [column for column in columns if column.fits.value]
    for column in answers:
        column.item = _item(column, instrument)
        column.battery = _battery(column, instrument)
    _by_family(answers, instrument)
    notes = place_alone(answers, instrument)
    claims: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for column in answers:
        if column.confidence >= at_least:
            claims[column.battery.value, column.item.value].append(column)
        elif column.confidence:
            column.refusal = phrase("not sure enough ({confidence:.2f})", confidence=column.confidence)
    for claimants in claims.values():
        best, *others = sorted(claimants, key=lambda column: -column.confidence)
        best.placed = not others or best.confidence - others[0].confidence >= CLEARLY
        for column in claimants:
            if not column.placed:
                rivals = ", ".join(str(other.number) for other in claimants if other is not column)
                column.refusal = phrase("column {number} could be the same item", number=rivals)
    return notes


def _item(column: Column, instrument: Instrument) -> Clue:
    """The item: by its id or number, by the words of the question; the two must not contradict each other."""
    id, _ = id_in(column.header, instrument)
    by_number = {item.number: item.id for item in instrument.items}
    unique = len(by_number) == len(instrument.items)
    code, leading = code_of(column.header), numbers_in_text(column.header) or numbers_in_text(column.question)
    named = NOTHING
    if id and (code is None or len(code.stem) < 2 or not any(part.isdigit() for part in code.stem)):
        named = Clue(id, 0.97, phrase("the id {id} in its name", id=id))
    elif code and unique and (known := by_number.get(code.number)) and not any(part.isdigit() for part in code.stem):
        named = Clue(known, 0.95, phrase("number {number} in its name", number=code.number))
    elif leading and unique and (known := by_number.get(leading[0])):
        named = Clue(known, 0.9, phrase("number {number} before its question", number=leading[0]))
    worded = similar_item(column.text, instrument)
    if named.value and worded.value:
        if named.value == worded.value:
            return Clue(named.value, 0.99, phrase("{clue}, and {other}", clue=named.why, other=worded.why))
        return Clue(named.value, 0.6, phrase("{clue}, but {other}", clue=named.why, other=worded.why))
    return named if named.value else worded


def _battery(column: Column, instrument: Instrument) -> Clue:
    """The battery: the only one there is, or by a code in the name, or by words of the question."""
    if len(instrument.batteries) == 1:
        only = instrument.batteries[0]
        alone = phrase("{instrument} asks for {battery} alone", instrument=instrument.id, battery=battery_name(only))
        return Clue(only, 0.97, alone) if column.item.value else NOTHING
    _, rest = id_in(column.header, instrument)
    code, words = battery_in_code(rest), battery_in_words(column.text)
    if code.value and words.value and code.value != words.value:
        return Clue("", 0.0, phrase("{clue}, but {other}", clue=code.why, other=words.why))
    found = code if code.value else words
    if found.value and found.value not in instrument.batteries:
        why = phrase(
            "{clue}: {battery}, which {instrument} does not ask",
            clue=found.why,
            battery=battery_name(found.value),
            instrument=instrument.id,
        )
        return Clue("", 0.0, why)
    return found


def _by_family(columns: Sequence[Column], instrument: Instrument) -> None:
    """Blocks (Q1_1 ... Q1_22, Q2_1 ...) and interleaved pairs (Q1_1, Q1_2, Q2_1, ...): what one says holds for all."""
    k = len(instrument.items)
    coded = [
        (column, code) for column in columns if (code := code_of(column.header)) and not column.item.confidence > 0.96
    ]
    pairs = [(column, code) for column, code in coded if sum(part.isdigit() for part in code.stem) == 1]
    firsts = {int(next(part for part in code.stem if part.isdigit())) for _, code in pairs}
    seconds = {code.number for _, code in pairs}
    if is_one_to(list(firsts), k) and len(seconds) <= len(instrument.batteries):
        families: dict[str, list[tuple[Column, int]]] = defaultdict(list)
        for column, code in pairs:
            number = int(next(part for part in code.stem if part.isdigit()))
            families[phrase("the {number} at the end", number=code.number)].append((column, number))
    else:
        families = defaultdict(list)
        for column, code in coded:
            families[" ".join(code.stem) or phrase("the bare numbers")].append((column, code.number))
    whole = {stem: own for stem, own in families.items() if is_one_to([n for _, n in own], k)}
    for order, (stem, own) in enumerate(whole.items()):
        shared = _shared_battery([column.battery for column, _ in own])
        if shared is NOTHING:
            shared = _by_order(stem, order, len(whole), instrument)
        for column, number in own:
            if column.item.confidence < 0.9:
                why = phrase("number {number} of {items} after {stem}", number=number, items=k, stem=stem)
                column.item = Clue(instrument.items[number - 1].id, 0.9, why)
            if not column.battery.value and shared.value:
                column.battery = shared


def _shared_battery(clues: Sequence[Clue]) -> Clue:
    """The battery that some columns of a family name and none contradicts."""
    named = [clue for clue in clues if clue.value]
    if not named or len({clue.value for clue in named}) > 1:
        return NOTHING
    battery = battery_name(named[0].value)
    why = phrase("{number} columns of its block say {battery}", number=len(named), battery=battery)
    return Clue(named[0].value, 0.85, why)


def _by_order(stem: str, order: int, blocks: int, instrument: Instrument) -> Clue:
    """A guess by the order of blocks alone: too weak to be placed unless asked for."""
    batteries = [battery for battery in instrument.batteries if battery != "importance"]
    if blocks != len(batteries):
        return NOTHING
    why = phrase(
        "block {order} of {blocks} ({stem}): often the {battery}, but nothing in the file says so",
        order=order + 1,
        blocks=blocks,
        stem=stem,
        battery=battery_name(batteries[order]),
    )
    return Clue(batteries[order], BY_ORDER, why)
