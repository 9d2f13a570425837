"""What is in a survey, how it was read and what was left out, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from .instrument import Instrument
from .naming import battery_name
from .phrase import Joined, joined, phrase, plural
from .source import Source

READ = {
    "format": phrase("format"),
    "encoding": phrase("encoding"),
    "delimiter": phrase("delimiter"),
    "decimal": phrase("decimal"),
    "sheet": phrase("sheet"),
    "style": phrase("style"),
}


def summary_of(
    n: int, source: Source, instrument: Instrument, batteries: Mapping[str, pd.DataFrame], dropped: pd.DataFrame
) -> Joined:
    """The lines of ``Survey.summary()``, each a phrase."""
    lines = [*_asked(n, source, instrument, batteries), *_read(source), *_left_out(dropped)]
    return joined(lines, between="\n")


def _asked(n: int, source: Source, instrument: Instrument, batteries: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Who was asked what, and how completely they answered."""
    yield plural(
        n,
        "{source}: {count} respondent, {instrument}, scale {scale}",
        "{source}: {count} respondents, {instrument}, scale {scale}",
        source=str(source),
        instrument=instrument,
        scale=instrument.scale,
    )
    for name, answers in batteries.items():
        yield phrase(
            "{battery}: {items} items, {complete} respondents answered all, {missing:.1%} of answers missing",
            battery=battery_name(name),
            items=len(instrument.items),
            complete=int(answers.notna().all(axis=1).sum()),
            missing=float(answers.isna().to_numpy().mean()),
        )


def _read(source: Source) -> Iterator[str]:
    """How the file was read, which items were turned, and what was noted."""
    told = {name: getattr(source, name) for name in READ}
    if how := [phrase("{name} {value!r}", name=READ[name], value=value) for name, value in told.items() if value]:
        names = joined([READ.get(name, name) for name in source.guessed])
        guessed = phrase(" (guessed: {names})", names=names) if source.guessed else ""
        yield phrase("read as {how}{guessed}", how=joined(how), guessed=guessed)
    if source.reversed:
        yield phrase("turned in every battery: {items}", items=", ".join(source.reversed))
    if source.against:
        yield running_against(source)
    for note in source.notes:
        yield phrase("note: {note}", note=note)


def running_against(source: Source) -> str:
    """What is said of items that look as if they were worded the other way round, as they are scored now."""
    return plural(
        len(source.against),
        "{items} runs against the other items of its dimension. If it is worded the other way round, name it as "
        "reversed; if not, it must not be turned. Until then the numbers that rest on it may be wrong.",
        "{items} run against the other items of their dimensions. If they are worded the other way round, name them as "
        "reversed; if not, they must not be turned. Until then the numbers that rest on them may be wrong.",
        items=", ".join(source.against),
    )


def _left_out(dropped: pd.DataFrame) -> Iterator[str]:
    """What was left out, and why."""
    if dropped.empty:
        yield phrase("left out: nothing")
    for what, where, count, why in dropped.itertuples(index=False, name=None):
        if what == "battery":
            yield phrase("left out: {counted}{place}: {why}", counted=_battery(where), place="", why=why)
        else:
            place = phrase(" ({rows})", rows=where) if where else ""
            yield phrase("left out: {counted}{place}: {why}", counted=_counted(what, count), place=place, why=why)


def _battery(name: str) -> str:
    """A part of the questionnaire."""
    return phrase("the {batteries}", batteries=name)


def _counted(what: str, count: int) -> str:
    """How many of what was left out."""
    kinds = {
        "respondents": plural(count, "{count} respondent", "{count} respondents"),
        "answers": plural(count, "{count} answer", "{count} answers"),
        "columns": plural(count, "{count} column", "{count} columns"),
        "blanks": plural(count, "{count} blank", "{count} blanks"),
    }
    return kinds.get(what, f"{count} {what}")
