"""The board that answers the first question: where do we fall short, and by how much?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ipywidgets import Box, Dropdown

from ...measure.gaps import GapScores, gap_scores
from ...survey.survey import Survey
from ..markup import element
from ..plots.canvas import new_figure, to_svg
from ..plots.dumbbell import dumbbell_height, gap_dumbbell
from ..plots.dumbbell_artists import GapDumbbell
from ..plots.words import describe_gaps
from ..text import plain
from .board import Board, html, style_sheet
from .downloads import ReportDownloads
from .gap_view import EVERY, MINIMUM_N, Choice, GapView, gap_view, group_columns, sections, weighted_as, weightings
from .gap_words import (
    WEIGHTINGS,
    figure_title,
    footnotes,
    gap_source,
    row_names,
    summary_tiles,
    weighting_words,
)
from .pieces import gap_table, heat_table, tiles
from .survey_choice import SurveyChoice
from .survey_words import heading

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class GapExplorer(Board):
    """Choose a survey, a dimension, a group and a weighting; see the gaps with their intervals.

    Parameters
    ----------
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the simulated hotel survey, and the real kiosk survey where it lies in the
        folder that the environment variable GAPKIT_DATA names: a board fetches nothing by itself.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, dimension, by, group, weighting, language : Dropdown
        The controls; set their `value` to move the board without a browser.
    tiles, figure, table, foot, alert : HTML
        What is shown.
    surveys, own : SurveyChoice, OwnSurvey
        What can be chosen, and the panel for a file of the reader's own, open while that is chosen in `data`.
    report : ReportDownloads
        A button that makes a report on the survey, weighted as chosen.

    Examples
    --------
    >>> board = GapExplorer()
    >>> board.dimension.value = "reliability"
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        needs = ("expectations", "perceptions")
        self.surveys = SurveyChoice(self, surveys, changed=self._draw, forget=self._forget, needs=needs)
        self.data, self.own = self.surveys.data, self.surveys.own
        self._scores: dict[tuple[str, bool, str], GapScores] = {}
        self._dumbbell: tuple[tuple[Any, ...], Figure, GapDumbbell] | None = None
        self.dimension, self.by, self.group = (Dropdown(options=[("", EVERY)]) for _ in range(3))
        self.weighting = Dropdown(
            options=[("", "none"), ("", "survey")], value="survey"
        )  # kept where there are weights
        self.heading, self.note = html("", "gk-heading"), html("", "gk-hint")
        self.tiles, self.figure_head, self.figure = html(), html("", "gk-card-head"), html("", "gk-chart")
        self.table, self.foot = html("", "gk-table"), html("", "gk-foot")
        self.report = ReportDownloads(self, lambda: weighted_as(self.survey(), self.weighting.value))
        controls = [self.data, self.dimension, self.by, self.group, self.weighting]
        for control in controls[1:]:
            self.watch(control)
        figure, table = Box([self.figure_head, self.figure]), Box([self.table])
        top, bar, body = Box([self.heading, self.language]), Box([*controls, self.note]), Box([figure, table])
        for box, name in ((top, "top"), (bar, "controls"), (figure, "card"), (table, "card"), (body, "body")):
            box.add_class(f"gk-{name}")
        parts = [style_sheet(), self.page, top, bar, self.own, self.alert, self.status, self.tiles, body, self.report]
        parts.append(self.foot)
        self.children = [part for part in parts if part is not None]
        self.attempt(self._respeak)

    # read

    def survey(self) -> Survey:
        """The survey that is chosen."""
        return self.surveys.survey()

    def _forget(self, name: str) -> None:
        """Keep no scores of a survey that is gone."""
        self._scores = {key: scores for key, scores in self._scores.items() if key[0] != name}

    def choice(self) -> Choice:
        """The state of the controls."""
        return Choice(self.surveys.name, self.dimension.value, self.by.value, self.group.value, self.weighting.value)

    # compute

    def scores(self) -> GapScores:
        """Gap scores for the choice; a choice that was seen before is not computed again."""
        choice = self.choice()
        key = (choice.data, choice.weighting == "none", choice.by)
        if key not in self._scores:
            weighted = weighted_as(self.survey(), choice.weighting)
            others = group_columns(weighted)
            self._scores[key] = gap_scores(weighted, by=choice.by or None, minimum_n=MINIMUM_N, alongside=others)
        return self._scores[key]

    def view(self) -> GapView:
        """What is drawn for the controls as they stand."""
        return gap_view(self.survey(), self.scores(), self.choice(), language=self.language.value)

    # draw

    def _read_compute_draw(self) -> None:
        """The body of every callback; nothing is written before everything is computed."""
        survey = self.surveys.loaded()
        self._offer(survey)
        view, choice, language = self.view(), self.choice(), self.language.value
        parts = summary_tiles(survey, view, choice, language)
        figure, table = self._drawn_figure(survey, view), self._drawn_table(survey, view)
        foot = footnotes(survey, view, choice, language)
        # each of these is a message of its own; the numbers that a reader looks at first come last, when all is there
        self.figure_head.value = element("h2", figure_title(survey, view, choice, language))
        self.figure.value, self.table.value = figure, table
        self.heading.value, self.foot.value = heading(survey, "gap_explorer", language), foot
        self.note.value = element("p", weighting_words(survey, choice, language))
        first = parts[0]
        self.status.value = element(
            "p", self.say("gap_explorer.status", name=first.name, value=first.value), role="status"
        )
        self.tiles.value = tiles(parts)

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language; what they offer follows the survey."""
        for control, key in (
            (self.dimension, "gap_explorer.dimension"),
            (self.by, "gap_explorer.by"),
            (self.group, "gap_explorer.group"),
            (self.weighting, "gap_explorer.weighting"),
            (self.language, "gap_explorer.language"),
        ):
            control.description = self.say(key)
        self.surveys.speak()

    def _offer(self, survey: Survey) -> None:
        """What can be chosen in this survey; choices that are still possible are kept."""
        language, instrument = self.language.value, survey.instrument
        dimensions = [(part.label(language), part.id) for part in instrument.dimensions]
        self.set_options(
            self.dimension, [(self.say("gap_explorer.every_dimension"), EVERY), *dimensions], self.dimension.value
        )
        ways = [(self.say(WEIGHTINGS[way]), way) for way in weightings(survey)]
        self.set_options(self.weighting, ways, self.weighting.value)
        columns = [(plain(name), name) for name in group_columns(survey)]
        self.set_options(self.by, [(self.say("gap_explorer.no_groups"), EVERY), *columns], self.by.value)
        groups: list[tuple[str, Any]] = [(self.say("gap_explorer.everyone"), EVERY)]
        if self.by.value:
            shown = self.scores().overall.index.get_level_values(0).unique()
            groups = [(self.say("gap_explorer.compare"), EVERY), *[(plain(group), group) for group in shown]]
        self.set_options(self.group, groups, self.group.value)
        self.group.disabled = not self.by.value

    def _drawn_figure(self, survey: Survey, view: GapView) -> str:
        """The dumbbell as SVG; artists are kept while the rows are the same."""
        language, choice, scale = self.language.value, self.choice(), survey.instrument.scale
        labels = row_names(survey, view, language)
        words: dict[str, Any] = {"labels": labels, "language": language, "confidence": view.scores.confidence}
        words["source"] = gap_source(survey, view, choice, language)
        key = (self.width, scale.low, scale.high, *labels)
        if self._dumbbell is None or self._dumbbell[0] != key:
            figure, axes = new_figure(self.width, dumbbell_height(len(labels), self.width))
            self._dumbbell = key, figure, gap_dumbbell(axes, view.rows, scale=(scale.low, scale.high), **words)
        else:
            self._dumbbell[2].update(view.rows, **words)
        title, description = figure_title(survey, view, choice, language), describe_gaps(view.rows, **words)
        return to_svg(self._dumbbell[1], title=title, description=description, name="gk-gaps", themed=True)

    def _drawn_table(self, survey: Survey, view: GapView) -> str:
        """The items: their numbers, or their gaps by group."""
        language, choice = self.language.value, self.choice()
        parts = sections(survey, choice.dimension, language=language, unassigned=self.say("table.unassigned"))
        labels = {item.id: item.label(language) for item in survey.instrument.items}
        if view.heat is not None:
            caption = self.say("table.heat_caption", by=plain(choice.by))
            return heat_table(view.heat, sections=parts, labels=labels, caption=caption, language=language)
        if view.items is None:
            raise ValueError("a view holds items or a heat table.")
        confidence = view.scores.confidence
        caption = self.say("table.caption", level=f"{100 * confidence:g}")
        named = {"labels": labels, "caption": caption, "language": language}
        return gap_table(view.items, sections=parts, confidence=confidence, **named)
