"""What was asked, and of whom; how the file was read; what was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from ...survey.result import Result
from ...survey.survey import Survey
from ..text import count, text
from ..translation import left_out as dropped_words
from ..translation import translated
from .parts import Column, Heading, Paragraph, Part, Row, Table, safe

READ = ("format", "encoding", "delimiter", "decimal", "sheet", "style")
_DATE = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)")
MOSTLY_DATES = 0.9


def source_line(survey: Survey, n: int, language: str) -> str:
    """The survey's name, whether it is simulated, and the respondents behind a figure, as figures print it."""
    key = "figure.source_simulated" if survey.source.simulated else "figure.source"
    return text(key, language, title=safe(survey.source.title, 160), n=count(n))


def asked_of_whom(survey: Survey, language: str) -> list[Part]:
    """The section on the questionnaire, the respondents and the file."""
    instrument, source = survey.instrument, survey.source
    kind = "report.simulated" if source.simulated else "report.as_given"
    about = text(
        "report.asked_about",
        language,
        instrument=safe(instrument.title(language), 120),
        items=count(len(instrument.items)),
        dimensions=count(len(instrument.dimensions)),
        low=f"{instrument.scale.low:g}",
        high=f"{instrument.scale.high:g}",
        n=count(survey.n),
    )
    return [
        Heading(text("report.asked", language)),
        Paragraph(text("describe.between", language).join([about, text(kind, language)])),
        _batteries(survey, language),
        Table(
            "data",
            text("report.data", language),
            (Column(text("report.entry", language), "words"), Column(text("report.told", language), "words")),
            tuple(Row(text(f"report.data_{key}", language), (words,)) for key, words in _entries(survey, language)),
        ),
    ]


def left_out(survey: Survey, scores: Result | None, language: str) -> list[Part]:
    """The section on what was left out and why, and who is in none of the scores."""
    heads: list[Part] = [Heading(text("report.left_out", language))]
    if survey.dropped.empty:
        heads.append(Paragraph(text("report.left_out_nothing", language)))
    if scores is not None and scores.n < survey.n:
        heads.append(Paragraph(text("report.left_no_pair", language, count=count(survey.n - scores.n))))
    if survey.dropped.empty:
        return heads
    rows = [
        Row(safe(what, 60), (safe(where, 120), number, safe(why)))
        for what, where, number, why in dropped_words(survey, language)
    ]
    columns = (
        Column(text("report.left_what", language), "words"),
        Column(text("report.left_where", language), "words"),
        Column(text("report.left_count", language), "count"),
        Column(text("report.left_why", language), "words"),
    )
    return [*heads, Table("left_out", text("report.left_out_table", language), columns, tuple(rows))]


def _batteries(survey: Survey, language: str) -> Table:
    """How completely each battery was answered."""
    rows = []
    for name, answers in survey.batteries.items():
        complete = int(answers.notna().all(axis=1).sum())
        some = int(answers.notna().any(axis=1).sum())
        missing = float(answers.isna().to_numpy().mean()) if survey.n else float("nan")
        rows.append(Row(text(f"report.battery_{name}", language), (some, complete, missing)))
    columns = (
        Column(text("report.battery", language), "words"),
        Column(text("report.answered_any", language), "count"),
        Column(text("report.answered_all", language), "count"),
        Column(text("report.unanswered", language), "share"),
    )
    return Table("batteries", text("report.batteries", language), columns, tuple(rows))


def _entries(survey: Survey, language: str) -> Iterator[tuple[str, str]]:
    """What is known of the data, entry by entry."""
    source = survey.source
    yield "title", safe(source.title, 160)
    if source.file:
        yield "file", safe(source.file, 160)
    if source.format:
        yield "read", _reading(survey, language)
    yield "when", _when(survey, language)
    if source.reversed:
        yield "reversed", text("report.between", language).join(safe(id, 60) for id in source.reversed)
    if survey.weights is not None:
        yield "weights", text("report.weights_used", language)
    for note in source.notes:
        yield "note", safe(translated(note, language))
    if source.sha256:
        yield "sha256", safe(source.sha256)
    if source.licence:
        yield "licence", safe(source.licence)
    if source.citation:
        yield "citation", safe(source.citation)
    yield "instrument", safe(survey.instrument.source)
    yield "instrument_citation", safe(survey.instrument.citation)


def _reading(survey: Survey, language: str) -> str:
    """How the file was read, and what of it was guessed."""
    parts = []
    for key in READ:
        value = getattr(survey.source, key)
        if value is None or (key == "style" and value == "plain"):
            continue
        shown = text("report.read_tab", language) if value == "\t" else safe(value, 60)
        told = "report.read_guessed" if key in survey.source.guessed else "report.read_told"
        parts.append(text(told, language, name=text(f"report.read_{key}", language), value=shown))
    return text("report.between", language).join(parts)


def _when(survey: Survey, language: str) -> str:
    """First and last day in the first column of dates, or that there is none."""
    for name in survey.respondents.columns:
        days = _days(survey.respondents[name])
        if days is not None:
            first, last = (f"{day:%Y-%m-%d}" for day in (days.min(), days.max()))
            return text("report.when_between", language, first=first, last=last, column=safe(name, 60))
    return text("report.when_unknown", language)


def _days(column: pd.Series) -> pd.Series | None:
    """A column as days, where nearly all of it begins with one (year first); else None."""
    written = column.dropna().astype(str).str.strip()
    written = written[written != ""]
    found = written[written.str.match(_DATE)]
    if found.empty or len(found) < MOSTLY_DATES * len(written):
        return None
    parts = found.str.extract(r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})").astype(int)
    days = pd.to_datetime(parts, errors="coerce").dropna()
    return None if days.empty else days
