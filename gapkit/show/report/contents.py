"""What a report says about a survey, computed once for every format."""

from __future__ import annotations

import re

from ...measure.gaps import gap_scores
from ...measure.performance import performance_scores
from ...measure.zone import BATTERIES as ZONE
from ...measure.zone import zone_of_tolerance
from ...survey.result import Result
from ...survey.survey import Survey
from ..text import count, languages, text
from . import closing, provenance, scores
from .parts import Part, Report, Table, safe
from .quality import Quality, consistency, screening

LONGEST_STEM = 60
"""Characters of a survey's title that go into a file's name."""


def report(survey: Survey, *, language: str = "en", confidence: float = 0.95) -> Report:
    """A report on one survey: what was asked of whom, the gaps, how far to trust them, and what they do not tell.

    Every sentence and number is computed from the survey. A survey without expectations gets scores of its perceptions,
    one that asked for minimum and desired service its zone of tolerance.

    Parameters
    ----------
    survey : Survey
        Its weights are used. What `survey.where` and `survey.without` left out is told.
    language : str
        One of ``gapkit.show.text.languages()``, such as "zh-Hans".
    confidence : float
        Of all intervals.

    Returns
    -------
    Report
        ``tables``, ``figures``, and all ``parts`` in order; `report_file` makes HTML, Word or Excel of it.

    Raises
    ------
    ValueError
        There are no texts in the language, or `confidence` is not between 0 and 1.

    References
    ----------
    .. [1] American Psychological Association (2020). Publication manual (7th ed.). (how the numbers are written)

    Examples
    --------
    >>> import gapkit as gk
    >>> gk.report(gk.datasets.load("hotel"))
    <Report Service quality report: Hotel guests: 7 tables, 2 figures, en>
    """
    if language not in languages():
        raise ValueError(f'there are no texts in the language "{language}"; there are: {", ".join(languages())}.')
    found = Quality(survey, confidence)
    source = source_line(survey, language)
    result, first, findings = _findings(survey, confidence, source, language)
    parts: list[Part] = [
        *first,
        *provenance.asked_of_whom(survey, language),
        *provenance.left_out(survey, result, language),
        *findings,
        *consistency(found, language),
        *screening(found, language),
        *closing.methods(survey, result, found, language),
        *closing.limits(survey, result, found, language),
        *closing.in_full(result, found, language),
    ]
    tables = sum(isinstance(part, Table) for part in parts)
    return Report(
        title=text("report.title", language, title=safe(survey.source.title, 160)),
        subtitle=source,
        language=language,
        stem=_stem(survey),
        parts=(*parts, closing.made_with(tables, language)),
    )


def source_line(survey: Survey, language: str) -> str:
    """The survey's name, whether it is simulated, and its respondents, as figures print it."""
    key = "figure.source_simulated" if survey.source.simulated else "figure.source"
    return text(key, language, title=safe(survey.source.title, 160), n=count(survey.n))


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
