"""How it was computed, what the numbers do not tell, and the methods as the library states them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import version

from ...measure.gaps import GapScores
from ...survey.result import Result
from ...survey.survey import Survey
from ..text import count, percent, text
from ..translation import foreign, translated
from .parts import Heading, Paragraph, Part, Section, safe
from .quality import Quality

HIGH_CEILING = 0.4
"""Share of expectations at the scale's top from which a report says that gaps mostly mirror perceptions."""

LONGEST_WORD = 60
# Chinese has no spaces: a sentence of it is no long word.
_LONG_WORD = re.compile(rf"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{{{LONGEST_WORD},}}")


def methods(
    survey: Survey, scores: Result | None, found: Quality, extra: Iterable[Section], language: str
) -> list[Part]:
    """The methods, a paragraph for the scores and one for each further section: only what was done here."""
    level = f"{100 * found.confidence:g}"
    gaps = isinstance(scores, GapScores)
    sentences = []
    if gaps:
        sentences += [text("report.method_gap", language), text("report.method_test", language, level=level)]
    elif scores is not None:
        sentences += [text("report.method_scores", language, level=level)]
    weighted = survey.weights is not None
    sentences.append(text("report.method_weighted" if weighted else "gap_explorer.unweighted_means", language))
    if survey.source.reversed:
        named = text("report.between", language).join(safe(id, 60) for id in survey.source.reversed)
        sentences.append(text("report.method_reversed", language, items=named))
    if gaps and survey.allocations is not None:
        sentences.append(text("report.method_importance", language))
    if found.halves:
        sentences.append(text("report.method_alpha", language, level=level))
    if found.omegas:
        sentences.append(text("report.method_omega", language, count=count(len(survey.instrument.dimensions))))
    if found.gaps is not None:
        sentences.append(text("report.method_r_d", language))
    sentences.append(text("report.method_screening", language))
    joined = text("describe.between", language).join(sentences)
    further = [Paragraph(words) for section in extra for words in section.methods]
    return [Heading(text("report.methods", language)), Paragraph(joined), *further]


def limits(
    survey: Survey, scores: Result | None, found: Quality, extra: Iterable[Section], language: str
) -> list[Part]:
    """What a reader must not take from the numbers."""
    flagged = int(found.screening.filters.loc["any", "respondents"])  # type: ignore[arg-type]
    sentences = []
    if survey.source.simulated:
        sentences.append(text("report.limit_simulated", language))
    sentences += [text(f"report.limit_{key}", language) for key in ("sample", "cause")]
    if isinstance(scores, GapScores):
        sentences.append(text("report.limit_single", language))
        ceiling = float(scores.overall.loc["overall", "ceiling_E"])  # type: ignore[arg-type]
        if ceiling >= HIGH_CEILING:
            sentences.append(text("report.limit_ceiling", language, share=percent(ceiling)))
    sentences.append(text("report.limit_flagged", language, count=count(flagged), n=count(survey.n)))
    sentences += [words for section in extra for words in section.limits]
    parts: list[Part] = [Paragraph(words, listed=True) for words in sentences]
    return [Heading(text("report.limits", language)), *parts]


def in_full(scores: Result | None, found: Quality, extra: Iterable[Section], language: str) -> list[Part]:
    """The methods sentences of every result, as the library states them."""
    results: list[Result | None] = [scores, *found.halves.values(), found.gaps, found.omegas.get("total")]
    results += [*(result for section in extra for result in section.results), found.screening]
    said = [result.method for result in results if result is not None]
    parts: list[Part] = [
        Paragraph(_within(translated(sentence, language)), foreign(sentence, language), listed=True)
        for sentence in said
    ]
    return [Heading(text("report.in_full", language)), Paragraph(text("report.in_full_says", language)), *parts]


def _within(sentence: str) -> str:
    """A method sentence; a long id of an instrument of one's own is cut inside it."""
    return safe(_LONG_WORD.sub(lambda found: safe(found[0], LONGEST_WORD), sentence), 4000)


def made_with(tables: int, language: str) -> Paragraph:
    """The last line: which program, and that every table can be had with all its decimals."""
    return Paragraph(text("report.made_with", language, version=version("gapkit"), tables=count(tables)))
