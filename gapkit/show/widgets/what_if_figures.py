"""The two figures of the what-if board: artists kept between moves, and both on one sheet as files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from ...survey.survey import Survey
from ..plots.before_after import BeforeAfter, before_after, before_after_height
from ..plots.before_after_words import describe_before_after, describe_outlook
from ..plots.canvas import drawn_language, new_figure, to_svg
from ..plots.outlook_forest import OutlookForest, outlook_forest, outlook_height
from ..text import text
from .survey_words import source_line
from .what_if_view import View
from .what_if_words import part_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_POINT = 2
GUTTER = 26.0


class WhatIfFigures:
    """Draws views; while rows, width and language stay, other numbers go into the same artists."""

    def __init__(self) -> None:
        self._dumbbell: tuple[tuple[Any, ...], Figure, BeforeAfter] | None = None
        self._forest: tuple[tuple[Any, ...], Figure, OutlookForest] | None = None

    def draw(self, survey: Survey, view: View, labels: list[str], width: float, language: str) -> tuple[str, str]:
        """Before and after, and the outlook (empty where the survey asked for no outcome), as SVG."""
        numbers, words = _numbers(view), _words(survey, view, labels, language)
        scale = survey.instrument.scale
        key = (width, language, scale.low, scale.high, *labels)
        if self._dumbbell is None or self._dumbbell[0] != key:
            figure, axes = new_figure(width, before_after_height(len(labels), width))
            self._dumbbell = key, figure, before_after(axes, **numbers, scale=(scale.low, scale.high), **words)
        else:
            self._dumbbell[2].update(**numbers, **words)
        said = describe_before_after(**numbers, **words)
        title = text("what_if.figure", language)
        upper = to_svg(self._dumbbell[1], title=title, description=said, name="gk-before-after", themed=True)
        return upper, self._outlook(survey, view, width, language)

    def _outlook(self, survey: Survey, view: View, width: float, language: str) -> str:
        """The outlook as SVG."""
        if view.outlook is None:
            return ""
        words = {"language": language, "source": source_line(survey, view.outlook.n, language)}
        key = (width, language, view.outlook.outcome, *view.outlook.change.index)
        if self._forest is None or self._forest[0] != key:
            figure, axes = new_figure(width, outlook_height(len(view.outlook.change), width))
            self._forest = key, figure, outlook_forest(axes, view.outlook, **words)
        else:
            self._forest[2].update(view.outlook, **words)
        said = describe_outlook(view.outlook, **words)
        return to_svg(
            self._forest[1], title=text("what_if.outlook", language), description=said, name="gk-outlook", themed=True
        )


def figure_files(survey: Survey, view: View, labels: dict[str, list[str]], width: float, language: str) -> list[bytes]:
    """Both figures on one sheet, as SVG and as PNG.

    Parameters
    ----------
    labels : dict
        Names of the dimensions in `language`, and in the one that a PNG can be drawn in on this machine.
    """
    numbers, words = _numbers(view), _words(survey, view, labels[language], language)
    said = describe_before_after(**numbers, **words)
    if view.outlook is not None:
        said += "\n" + describe_outlook(view.outlook, language=language)
    sheet = _sheet(survey, view, labels[language], width, language)
    svg = to_svg(sheet, title=text("board.what_if", language), description=said, name="gk-what-if")
    spoken, picture = drawn_language(language), BytesIO()
    figure = _sheet(survey, view, labels[spoken], width, spoken)
    figure.savefig(picture, format="png", dpi=DOTS_PER_POINT * 72, facecolor="white", metadata={"Software": None})
    return [svg.encode("utf-8"), picture.getvalue()]


def _sheet(survey: Survey, view: View, labels: list[str], width: float, language: str) -> Figure:
    """One figure with the axes of both below each other."""
    upper = before_after_height(len(labels), width)
    lower = outlook_height(len(view.outlook.change), width) if view.outlook is not None else 0.0
    height = upper + (GUTTER + lower if lower else 0.0)
    figure, axes = new_figure(width, height)
    axes.set_position((0, 1 - upper / height, 1, upper / height))
    scale = survey.instrument.scale
    words = _words(survey, view, labels, language)
    before_after(axes, **_numbers(view), scale=(scale.low, scale.high), **words)
    if view.outlook is not None:
        source = source_line(survey, view.outlook.n, language)
        outlook_forest(figure.add_axes((0, 0, 1, lower / height)), view.outlook, language=language, source=source)
    return figure


def _numbers(view: View) -> dict[str, Any]:
    """What is drawn."""
    return {"before": view.before, "after": view.after, "moves": view.moves}


def _words(survey: Survey, view: View, labels: list[str], language: str) -> dict[str, Any]:
    """Labels, language and source line."""
    source = source_line(survey, view.n, language, part=part_words(view.case.whose, language))
    return {"labels": labels, "language": language, "source": source}
