"""What a report says about a survey, computed once for every format."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from ...measure.gaps import gap_scores
from ...measure.performance import performance_scores
from ...measure.zone import BATTERIES as ZONE
from ...measure.zone import zone_of_tolerance
from ...survey.result import Result
from ...survey.survey import Survey
from ..text import languages, text
from . import closing, provenance, scores
from .drivers import drivers_section
from .parts import Heading, Paragraph, Part, Report, Section, Table, safe
from .priorities import priorities_section
from .quality import Quality, consistency, screening
from .segments import segments_section
from .validity import validity_section

LONGEST_STEM = 60
"""Characters of a survey's title that go into a file's name."""
SECTIONS: dict[str, Callable[[Survey, float, str, str], Section]] = {
    "drivers": drivers_section,
    "priorities": priorities_section,
    "segments": segments_section,
    "validity": validity_section,
}
"""The sections beyond the scores that can be left out, in the order in which they are read."""


def report(
    survey: Survey, *, language: str = "en", confidence: float = 0.95, sections: Collection[str] | None = None
) -> Report:
    """A report on one survey: what was asked of whom, the gaps, what goes with them, how far to trust all of it.

    Every sentence and number is computed from the survey. A survey without expectations gets scores of its perceptions,
    one that asked for minimum and desired service its zone of tolerance. What the survey has no answers for is not
    there: drivers need an outcome (a column "overall", "satisfaction", "recommend" or "intention"), priorities stated
    importance or an outcome.

    Parameters
    ----------
    survey : Survey
        Its weights are used. What `survey.where` and `survey.without` left out is told.
    language : str
        One of ``gapkit.show.text.languages()``, such as "zh-Hans".
    confidence : float
        Of all intervals.
    sections : collection of str, optional
        Which of "drivers", "priorities", "segments" and "validity" to make beside the scores; all of them where None.
        Segments are searched with the settings of the board of segments, which takes seconds; the others are quick.

    Returns
    -------
    Report
        ``tables``, ``figures``, and all ``parts`` in order; `report_file` makes HTML, Word or Excel of it.

    Raises
    ------
    ValueError
        There are no texts in the language, no such section, or `confidence` is not between 0 and 1.

    References
    ----------
    .. [1] American Psychological Association (2020). Publication manual (7th ed.). (how the numbers are written)

    Examples
    --------
    >>> import gapkit as gk
    >>> gk.report(gk.datasets.load("hotel"), sections=["drivers"])
    <Report Service quality report: Hotel guests: 9 tables, 3 figures, en>
    """
    if language not in languages():
        raise ValueError(f'there are no texts in the language "{language}"; there are: {", ".join(languages())}.')
    for name in sections or ():
        if name not in SECTIONS:
            raise ValueError(f'there is no section "{name}"; there are: {", ".join(SECTIONS)}.')
    found = Quality(survey, confidence)
    source = provenance.source_line(survey, survey.n, language)
    result, first, findings = _findings(survey, confidence, source, language)
    more = {
        name: make(survey, confidence, source, language)
        for name, make in SECTIONS.items()
        if sections is None or name in sections
    }
    extra = [section for section in more.values() if section.parts]
    trust = more.pop("validity", Section())
    parts: list[Part] = [
        *_in_short(first, extra, language),
        *provenance.asked_of_whom(survey, language),
        *provenance.left_out(survey, result, language),
        *findings,
        *(part for section in more.values() for part in section.parts),
        *consistency(found, language),
        *trust.parts,
        *screening(found, language),
        *closing.methods(survey, result, found, extra, language),
        *closing.limits(survey, result, found, extra, language),
        *closing.in_full(result, found, extra, language),
    ]
    tables = sum(isinstance(part, Table) for part in parts)
    return Report(
        title=text("report.title", language, title=safe(survey.source.title, 160)),
        subtitle=source,
        language=language,
        stem=_stem(survey),
        parts=(*parts, closing.made_with(tables, language)),
    )


def _in_short(first: list[Part], extra: list[Section], language: str) -> list[Part]:
    """What a reader who stops here should know: the scores, then a sentence or two of every section."""
    said = text("describe.between", language).join(words for section in extra for words in section.short)
    if not said:
        return first
    return [*(first or [Heading(text("report.in_short", language))]), Paragraph(said)]


def _findings(
    survey: Survey, confidence: float, source: str, language: str
) -> tuple[Result | None, list[Part], list[Part]]:
    """The scores that this survey has: the result, what stands first, and the sections."""
    asked = set(survey.batteries)
    if {"expectations", "perceptions"} <= asked:
        gaps = gap_scores(survey, confidence=confidence)
        sections = [
            *scores.by_dimension(survey, gaps, source, language),
            *scores.by_item(survey, gaps, source, language),
            *scores.importance(survey, gaps, language),
        ]
        return gaps, scores.in_short(survey, gaps, language), sections
    if set(ZONE) <= asked:
        tolerance = zone_of_tolerance(survey, confidence=confidence)
        return tolerance, [], scores.zone(survey, tolerance, language)
    if "perceptions" in asked:
        perceived = performance_scores(survey, confidence=confidence)
        return perceived, [], scores.performance(survey, perceived, language)
    return None, [], []


def _stem(survey: Survey) -> str:
    """A file's name out of the survey's title: letters, digits and underscores."""
    words = re.sub(r"\W+", "_", safe(survey.source.title, LONGEST_STEM)).strip("_")
    return f"{words or 'survey'}_report"
