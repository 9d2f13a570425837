"""What ``gapkit check`` prints of a survey file, in a language: its faults, or what is in it and the gaps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..measure.gaps import gap_scores
from ..survey.naming import battery_name, name_columns
from ..survey.phrase import Joined, joined, phrase
from ..survey.survey import Survey, SurveyError
from .text import text
from .translation import translated

SAID_IN_A_CARD = {
    "missing": "missing = [9]",
    "scale": "scale = [1, 5]",
    "descending": "descending = true",
    "labels": "labels = { often = 5 }",
    "columns": 'columns = { expectations = "E", perceptions = "P" }',
    "encoding": 'file.encoding = "gb18030"',
    "delimiter": 'file.delimiter = ";"',
    "decimal": 'file.decimal = ","',
    "sheet": 'file.sheet = "Answers"',
    "style": 'file.style = "plain"',
}
"""What a remedy asks to pass, as a card says it."""


def fault_page(error: SurveyError, *, card: Path, language: str = "en") -> str:
    """Every fault, numbered: what and where, then what to do, and where that is to be written.

    Parameters
    ----------
    error : SurveyError
    card : Path
        The survey's card; need not be there.
    language : str
        One of ``gapkit.show.text.languages()``.
    """
    faults = error.faults
    head = text("check.one_fault" if len(faults) == 1 else "check.faults", language, file=error.file, count=len(faults))
    lines = [head]
    for place, fault in enumerate(faults.to_dict("records"), 1):
        where = phrase(" in {where}", where=fault["where"]) if fault["where"] else ""
        rows = phrase(" ({rows})", rows=fault["rows"]) if fault["rows"] else ""
        what = "".join(translated(part, language) for part in (fault["what"], where, rows)).replace("\n", "\n     ")
        lines.append(f"\n{place:>3}. {what}\n     -> {translated(fault['remedy'], language)}")
    if told := [key for key in SAID_IN_A_CARD if faults["remedy"].str.contains(rf"\b{key}=", regex=True).any()]:
        key = "check.card" if card.is_file() else "check.new_card"
        examples = "".join(f"\n     {SAID_IN_A_CARD[key]}" for key in told)
        lines.append(f"\n{text('check.write', language, where=text(key, language, name=card.name))}{examples}")
    return "\n".join(lines)


def survey_page(survey: Survey, *, language: str = "en") -> str:
    """What is in the survey, how it was read, what was left out and kept, and the gaps by dimension.

    Examples
    --------
    >>> import gapkit as gk
    >>> print(survey_page(gk.datasets.load("hotel"), language="zh-Hans").splitlines()[1])
    期望：22 个题项，523 位受访者全部作答，缺失回答 4.0%
    """
    return "\n".join([translated(survey.summary(), language), *_kept(survey, language), "", *_gaps(survey, language)])


def _kept(survey: Survey, language: str) -> Iterator[str]:
    """What is in the survey besides the answers."""
    if survey.allocations is not None:
        split = int(survey.allocations.notna().all(axis=1).sum())
        yield text("check.points", language, split=split, n=survey.n)
    if len(survey.respondents.columns):
        names = name_columns(map(str, survey.respondents.columns))
        yield text("check.kept", language, names=translated(names, language))


def _gaps(survey: Survey, language: str) -> Iterator[str]:
    """The gaps by dimension as a small table, or why there are none."""
    if survey.expectations is None or survey.perceptions is None:
        lacking = [name for name in ("expectations", "perceptions") if name not in survey.batteries]
        named = (translated(_named(names), language) for names in (lacking, survey.batteries))
        yield text("check.no_gaps", language, **dict(zip(("lacking", "there"), named, strict=True)))
        return
    scores = gap_scores(survey)
    names = [survey.instrument.label(str(id), language) for id in scores.dimensions.index]
    width = max(map(_columns, names))
    yield translated(scores.headline, language)
    heading = text("check.interval", language, level=f"{100 * scores.confidence:g}")
    yield f"{'':<{width}}      E      P    gap   {heading}{'':<{16 - _columns(heading)}}     n"
    for name, row in zip(names, scores.dimensions.to_dict("records"), strict=True):
        alone = text("check.no_interval", language, n=f"{row['n']:.0f}")
        ends = f"[{row['low']:.2f}, {row['high']:.2f}]" if row["low"] == row["low"] else alone
        padded, ends = (said + " " * (wide - _columns(said)) for said, wide in ((name, width), (ends, 16)))
        yield f"{padded} {row['E']:6.2f} {row['P']:6.2f} {row['gap']:+6.2f}   {ends}{row['n']:>6.0f}"
    yield f"\n{text('check.method', language, method=translated(scores.method, language))}"


def _named(batteries: Iterable[str]) -> Joined:
    """Batteries in a row."""
    return joined([battery_name(name) for name in batteries], last=" and ")


def _columns(said: str) -> int:
    """How many columns of a terminal a text takes: two for each Chinese character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in said)
