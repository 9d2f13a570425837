"""Columns that are not there, stand twice or are named wrongly: faults in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from .card import USUAL_CODES
from .card_columns import ColumnRule
from .faults import Faults
from .instrument import Instrument
from .naming import battery_name, cut
from .phrase import Phrase, joined, phrase, sentences

# "Q1_05" and "item 5", or "Q5": the code and the number.
_NUMBERED = re.compile(r"(.*[^\W_])[\s_.\-]+0*(\d{1,4})|([^\W\d_]+)0*(\d{1,4})")


def add_lacking(
    lacking: Sequence[tuple[str, ColumnRule]], headers: Sequence[str], instrument: Instrument, faults: Faults
) -> None:
    """One fault for all batteries of which no column was found."""
    shown = [cut(header) for header in headers]
    seen = ", ".join(shown if len(shown) <= 12 else [*shown[:6], "...", *shown[-4:]])
    which = ", ".join(f'"{name}": "{USUAL_CODES[name]}"' for name, _ in lacking)
    remedy = phrase(
        "The headers are: {headers}. Say which hold them, such as columns={{{columns}}}, or have a card proposed: "
        "gk.suggest_card(file, instrument).to_toml().",
        headers=seen,
        columns=which,
    )
    numbers = sum(header.strip().isdigit() for header in headers) > len(headers) / 2
    first: str = phrase("If the first row holds answers already, put a row of headers above it.") if numbers else ""
    if alone := _single_block(headers, instrument):
        code, names = alone
        first = phrase(
            "If {names} are the {battery}, pass columns={columns}.",
            names=names,
            battery=battery_name("perceptions"),
            columns=f'{{"perceptions": "{code}"}}',
        )
    what = joined(
        (
            phrase("no columns for the {battery} ({rule})", battery=battery_name(name), rule=rule.named)
            for name, rule in lacking
        ),
        between=" and ",
    )
    faults.add("missing_battery", what, "", count=len(lacking), remedy=sentences(first, remedy))


def _single_block(headers: Sequence[str], instrument: Instrument) -> tuple[str, Phrase] | None:
    """The code and the names of the only columns that are numbered like the items (Q1 to Q22); None: none, or more."""
    numbered: dict[str, dict[int, str]] = {}
    for header in headers:
        if found := _NUMBERED.fullmatch(header.strip()):
            numbered.setdefault(found[1] or found[3], {})[int(found[2] or found[4])] = header.strip()
    whole = [code for code, own in numbered.items() if sorted(own) == list(range(1, len(instrument.items) + 1))]
    if len(whole) != 1:
        return None
    own = numbered[whole[0]]
    return whole[0], phrase("{first} to {last}", first=cut(own[1]), last=cut(own[len(own)]))


def check_columns(
    name: str,
    rule: ColumnRule,
    found: Mapping[str, list[int]],
    *,
    instrument: Instrument,
    headers: Sequence[str],
    faults: Faults,
) -> None:
    """Faults for items without a column and items with several."""
    without = [id for id, columns in found.items() if not columns]
    if without:
        number = instrument.item(without[0]).number
        like = rule.code and number
        faults.add(
            "missing_column",
            phrase("no column for {lacking} of {items} items", lacking=len(without), items=len(found)),
            phrase("the {battery}: {items}", battery=battery_name(name), items=", ".join(without)),
            count=len(without),
            remedy=phrase(
                "Looked for {rule}. Check the export, rename the column, or name the columns in the card.",
                rule=phrase("headers like {header}", header=f"{rule.code}{number}") if like else rule.named,
            ),
        )
    for id, columns in found.items():
        if len(columns) > 1:
            both = joined(
                (phrase('"{header}" (column {number})', header=headers[j], number=j + 1) for j in columns),
                between=" and ",
            )
            faults.add(
                "doubled_column",
                phrase("{number} columns for {item}", number=len(columns), item=id),
                phrase("the {battery}: {items}", battery=battery_name(name), items=both),
                count=len(columns),
                remedy=phrase("Delete or rename one of them, or name the right one in the card."),
            )


def unknown_names(rule: ColumnRule, instrument: Instrument) -> Iterable[str]:
    """Names in a rule that are no items."""
    if isinstance(rule.names, Mapping):
        strange = [id for id in rule.names if id not in instrument.item_ids]
        return [phrase("{item} is no item of {instrument}", item=id, instrument=instrument.id) for id in strange]
    names, items = len(rule.names), len(instrument.items)
    said = phrase("{names} names for {items} items of {instrument}", names=names, items=items, instrument=instrument.id)
    return [said] if names > items else []
