"""The segments board's figures as SVG, each with its text alternative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..markup import Markup, element
from ..plots.canvas import new_figure, to_svg
from ..plots.segment_checks import silhouette_bars, silhouette_height, stability_dots, stability_height
from ..plots.segment_profiles import parallel_lines, segment_lines, segment_lines_height
from ..plots.segment_shares import share_heat, share_heat_height
from ..plots.segment_words import (
    describe_parallel,
    describe_profiles,
    describe_shares,
    describe_silhouettes,
    describe_stability,
)
from ..text import count, plain, text
from .segments_view import SegmentView
from .segments_words import source_line


def profiles_svg(view: SegmentView, names: Mapping[str, str], width: int, language: str) -> Markup:
    """Profile lines of the segments, everybody's beside them."""
    instrument, profiles, source = view.survey.instrument, view.profiles, source_line(view, language)
    labels = {part.id: part.label(language) for part in instrument.dimensions}
    figure, axes = new_figure(width, segment_lines_height(len(labels), len(names)))
    told: dict[str, Any] = {"names": names, "labels": labels, "what": view.what, "language": language, "source": source}
    shares = profiles.sizes["share"]
    segment_lines(
        axes,
        profiles.profile,
        shares=shares,
        everyone=profiles.everyone if len(names) > 1 else None,
        confidence=profiles.confidence,
        **told,
    )
    said = describe_profiles(profiles.profile, **told)
    return to_svg(figure, title=title("profiles", language), description=said, name="gk-segment-lines", themed=True)


def parallel_svg(view: SegmentView, names: Mapping[str, str], width: int, language: str) -> Markup:
    """Members of the segments one by one, in the scores that the segments were found in."""
    found, source, instrument = view.segments, source_line(view, language), view.survey.instrument
    labels = {name: instrument.label(name, language) for name in found.features}
    scores, some = view.scores, view.some
    figure, axes = new_figure(width, segment_lines_height(len(labels), len(names)))
    told: dict[str, Any] = {"names": names, "labels": labels, "language": language, "source": source}
    said = [text(f"segments_board.on_{found.on}", language)]
    said += [text("segments_board.own_level_out", language)] if found.centre else []
    said.append(text("segments_board.drawn", language, shown=count(len(some)), n=count(len(scores))))
    axis = text("segments.between", language).join(said)
    parallel_lines(axes, scores.loc[some], found.membership[some], means=found.centres, axis=axis, **told)
    signed = found.on == "gaps" or bool(found.centre)
    words = describe_parallel(scores, found.membership[scores.index], signed=signed, **told)
    return to_svg(figure, title=title("parallel", language), description=words, name="gk-parallel", themed=True)


def stability_svg(view: SegmentView, width: int, language: str) -> Markup:
    """How often every segment is found again, for every number of them."""
    table, source = view.stability, source_line(view, language)
    if table.empty:
        return _nothing("no_resamples", language)
    figure, axes = new_figure(width, stability_height(table.index.get_level_values(0).nunique()))
    stability_dots(axes, table, recommended=view.segments.recommended, language=language, source=source)
    said = describe_stability(table, language=language, source=source)
    return to_svg(figure, title=title("stability", language), description=said, name="gk-stability", themed=True)


def silhouettes_svg(view: SegmentView, names: Mapping[str, str], width: int, language: str) -> Markup:
    """Silhouettes of the members of every segment that is shown."""
    widths, source = view.silhouettes, source_line(view, language)
    if not widths.notna().any():
        return _nothing("one_silhouette", language)
    told: dict[str, Any] = {"names": names, "language": language, "source": source}
    figure, axes = new_figure(width, silhouette_height(len(names)))
    silhouette_bars(axes, widths, view.segments.membership, **told)
    said = describe_silhouettes(widths, view.segments.membership, **told)
    return to_svg(figure, title=title("silhouettes", language), description=said, name="gk-silhouettes", themed=True)


def shares_svg(view: SegmentView, names: Mapping[str, str], width: int, language: str) -> Markup:
    """Who is in which segment: every column of words as a block."""
    table, source = view.profiles.demographics["share"], source_line(view, language)
    if table.empty:
        return _nothing("no_columns", language)
    wide = table.unstack("segment")[list(names)]
    wide.index = pd.MultiIndex.from_tuples([(column, plain(value)) for column, value in wide.index])
    tests = view.profiles.demographic_tests
    sections = {
        column: text("segments_board.column_head", language, column=plain(column), v=v)
        for column in wide.index.get_level_values(0).unique()
        for v in [f"{tests.loc[column, 'cramers_v']:.2f}" if tests.loc[column, "cramers_v"] >= 0 else "–"]
    }
    figure, axes = new_figure(width, share_heat_height(len(wide), len(sections)))
    told: dict[str, Any] = {"names": names, "language": language, "source": source}
    share_heat(axes, wide, sections=sections, **told)
    said = describe_shares(wide, **told)
    return to_svg(figure, title=title("people", language), description=said, name="gk-shares", themed=True)


def title(key: str, language: str) -> str:
    """What a figure is called."""
    return text(f"segments_board.{key}", language)


def _nothing(key: str, language: str) -> Markup:
    """That there is nothing to draw, and why."""
    return element("p", text(f"segments_board.{key}", language), class_="gk-note")
