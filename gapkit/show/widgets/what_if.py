"""The board that asks what if: move a slider, see the gap before and after, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import Box, Dropdown, FloatSlider

from ...survey.survey import Survey
from ..markup import element
from ..text import plain
from .board import Board, html, style_sheet
from .downloads import ReportDownloads
from .pieces import tiles
from .survey_choice import SurveyChoice
from .survey_words import heading
from .what_if_figures import WhatIfFigures, figure_files
from .what_if_files import Files, Take, csv_file
from .what_if_keep import Keep, saved_views
from .what_if_sliders import Sliders, amounts
from .what_if_view import EVERYBODY, NO_OUTCOME, Case, Ground, View
from .what_if_words import (
    ceiling_words,
    footnotes,
    lacking_words,
    status_words,
    what_if_tiles,
    whose_words,
)

CONFIDENCE = 0.95
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class WhatIf(Board):
    """Shift perceptions by slider; see gaps before and after and what goes with it; keep three scenarios to compare.

    Parameters
    ----------
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the simulated hotel survey, and the real kiosk survey where it lies in the
        folder that the environment variable GAPKIT_DATA names.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, whose, outcome, language : Dropdown
        The controls; set their `value` to move the board without a browser.
    sliders : dict of FloatSlider
        By dimension of the survey shown.
    name, save, reset, prepare : Text, Button
        Name and keep a scenario, put all sliders back, make the files.
    saved : dict of Case
        The scenarios kept for the survey shown, by name.
    tiles, figure, outlook, compare, ceiling, files, foot, alert : HTML
        What is shown.
    surveys, own : SurveyChoice, OwnSurvey
        What can be chosen, and the panel for a file of the reader's own.
    report : ReportDownloads
        A button that makes a report on the survey, as it was answered.

    Examples
    --------
    >>> board = WhatIf()
    >>> board.sliders["reliability"].value = 0.5
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self.surveys = SurveyChoice(self, surveys, changed=self._draw, forget=self._forget)
        self.data, self.own = self.surveys.data, self.surveys.own
        self.report = ReportDownloads(self, self.surveys.survey)
        self._grounds: dict[str, Ground] = {}
        self._figures = WhatIfFigures()
        self._wanted = NO_OUTCOME
        self._offered: tuple[Any, ...] = ()
        self.whose, self.outcome = Dropdown(options=[("", EVERYBODY)]), Dropdown(options=[("", NO_OUTCOME)])
        self.moving = Sliders(watch=self.watch, reset=lambda: self.attempt(self._reset))
        self.keep = Keep(
            show=lambda name: self.attempt(lambda: self._show(name)),
            remove=lambda name: self.attempt(lambda: self._remove(name)),
        )
        self.take = Take(make=self._make_files, attempt=self.attempt, state=self._state)
        self.reset, self.ceiling = self.moving.reset, self.moving.ceiling
        self.prepare, self.files = self.take.prepare, self.take.links
        self.name, self.save, self.compare = self.keep.name, self.keep.save, self.keep.compare
        self.children = self._arranged()
        self.outcome.observe(self._outcome_chosen, "value")
        for control in (self.whose, self.outcome):
            self.watch(control)
        self.save.on_click(lambda _: self.attempt(self._save))
        self.attempt(self._respeak)

    def _arranged(self) -> list[Any]:
        """The parts of the page."""
        self.heading, self.note, self.tiles = html("", "gk-heading"), html("", "gk-hint"), html()
        self.figure_head, self.figure = html("", "gk-card-head"), html("", "gk-chart")
        self.outlook_head, self.outlook = html("", "gk-card-head"), html("", "gk-chart")
        self.foot = html("", "gk-foot")
        figure, outlook = Box([self.figure_head, self.figure]), Box([self.outlook_head, self.outlook])
        body = Box([self.moving, Box([self.tiles, figure, outlook], layout=STACKED)])
        top, bar = Box([self.heading, self.language]), Box([self.data, self.whose, self.outcome, self.note])
        cards = [self.moving, figure, outlook, self.keep, self.take]
        for box, name in ((top, "top"), (bar, "controls"), (body, "body"), *((card, "card") for card in cards)):
            box.add_class(f"gk-{name}")
        self.moving.add_class("gk-sliders")
        self.add_class("gk-what-if")
        parts = [
            style_sheet(), self.page, top, bar, self.own, self.alert, self.status, body, self.keep, self.take,
            self.report, self.foot,
        ]  # fmt: skip
        return [part for part in parts if part is not None]

    # read

    @property
    def ground(self) -> Ground:
        """The survey that is chosen, loaded on first use, with what was computed of it."""
        name = self.surveys.name
        if name not in self._grounds:
            self._grounds[name] = Ground(self.surveys.loaded())
        return self._grounds[name]

    @property
    def sliders(self) -> dict[str, FloatSlider]:
        """The sliders of the survey that is chosen."""
        return self.moving.of(self.surveys.name, self.ground.survey.instrument, self.ground.reach)

    @property
    def saved(self) -> dict[str, Case]:
        """The scenarios kept for the survey that is chosen."""
        return self.keep.cases(self.surveys.name)

    def _forget(self, name: str) -> None:
        """Keep nothing of a survey that is gone."""
        self._grounds.pop(name, None)
        self.moving.forget(name)
        self.keep.forget(name)

    def case(self) -> Case:
        """The state of the controls."""
        return Case(amounts(self.sliders), self.whose.value, self.outcome.value)

    # compute

    def view(self) -> View:
        """What is drawn for the controls as they stand."""
        return self.ground.view(self.case())

    # draw

    def _read_compute_draw(self) -> None:
        """The body of every callback; nothing is written before everything is computed."""
        self.surveys.loaded()
        ground = self.ground
        self._offer(ground)
        view, language, survey = self.view(), self.language.value, ground.survey
        labels = [part.label(language) for part in survey.instrument.dimensions]
        figure, outlook = self._figures.draw(survey, view, labels, self.width, language)
        held = ceiling_words(view, labels, language)
        shown = {
            # each of these is a message of its own, sent only where it says something new; the figure goes first
            self.figure: figure,
            self.outlook: outlook or element("p", self.say("what_if.no_outcome_note"), class_="gk-note"),
            self.tiles: tiles(what_if_tiles(view, CONFIDENCE, language)),
            self.ceiling: element("p", held, class_="gk-note") if held else "",
            self.heading: heading(survey, "what_if", language),
            self.figure_head: element("h2", self._titled("what_if.figure")),
            self.outlook_head: element("h2", self.say("what_if.outlook")),
            self.foot: footnotes(survey, view, CONFIDENCE, language),
            self.status: element("p", status_words(view, labels, language), role="status"),
        }
        for widget, markup in shown.items():
            if widget.value != markup:
                widget.value = markup
        self.keep.draw(self.surveys.name, ground, self.outcome.value, language)
        self.take.draw(language)

    def _titled(self, key: str) -> str:
        """A heading that names whose answers move."""
        named = "" if self.whose.value == EVERYBODY else f" · {whose_words(self.whose.value, self.language.value)}"
        return self.say(key) + named

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language."""
        for name in ("whose", "outcome", "language"):
            getattr(self, name).description = self.say(f"what_if.{name}")
        self.surveys.speak()

    def _offer(self, ground: Ground) -> None:
        """What can be chosen for this survey, and its sliders; choices that are still possible are kept."""
        language = self.language.value
        if self._offered == (self.surveys.name, language):
            return
        groups = [(whose_words(whose, language), whose) for whose in (EVERYBODY, *ground.groups)]
        self.set_options(self.whose, groups, self.whose.value)
        # a reader's file is not refused for a column that happens to be no outcome
        asked = ground.fitting if self.surveys.has_own else ground.outcomes
        outcomes = [(plain(name), name) for name in asked] or [(self.say("what_if.no_outcome"), NO_OUTCOME)]
        self.set_options(self.outcome, outcomes, self._wanted or self.outcome.value)
        lacking = lacking_words(self.surveys.title(), self._wanted, asked, self.outcome.value, language)
        if unfit := [plain(name) for name in ground.outcomes if name not in asked]:
            lacking = self.say("what_if.unfit", outcomes=self.say("before_after.list").join(unfit))
        self.note.value = element("p", lacking) if lacking else ""
        self.moving.speak(self.sliders, ground.survey.instrument, language)
        self._offered = (self.surveys.name, language)

    def _outcome_chosen(self, change: dict[str, Any]) -> None:
        """Remember an outcome that was chosen by hand, for surveys to come."""
        if not self._quiet:
            self._wanted = change["new"]
            self.note.value = ""

    # keep and take along

    def _state(self) -> tuple[Any, ...]:
        """All that files are made of."""
        return (self.surveys.name, self.case(), self.language.value, tuple(self.saved.items()))

    def _reset(self) -> None:
        """All sliders back to zero, in one drawing."""
        with self.quietly():
            for slider in self.sliders.values():
                slider.value = 0.0
        self._read_compute_draw()

    def _save(self) -> None:
        """Keep the scenario under its name."""
        said = self.keep.save_as(self.name.value, self.case(), self.language.value)
        self.name.value = ""
        self._tell(said)

    def _remove(self, name: str) -> None:
        """Keep a scenario no longer."""
        self._tell(self.keep.remove(name, self.language.value))

    def _show(self, name: str) -> None:
        """Put the controls where they stood when a scenario was kept; the outcome stays."""
        case = self.saved[name]
        with self.quietly():
            self.whose.value = case.whose
            for id, amount in case.shifts:
                self.sliders[id].value = amount
        self._read_compute_draw()

    def _tell(self, said: str) -> None:
        """Say what became of the scenarios kept, and show them."""
        self._read_compute_draw()
        self.keep.said.value = element("p", said, role="status", class_="gk-note")

    def _make_files(self) -> Files:
        """The files of what is shown, and of the scenarios kept."""
        ground, language = self.ground, self.language.value
        view = self.view()
        views = {self.say("what_if.now"): view} | saved_views(ground, self.saved, self.outcome.value)
        parts = ground.survey.instrument.dimensions
        labels = {code: [part.label(code) for part in parts] for code in {language, "en"}}
        svg, png = figure_files(ground.survey, view, labels, self.width, language)
        return {
            "csv": ("what-if.csv", "text/csv;charset=utf-8", csv_file(views)),
            "svg": ("what-if.svg", "image/svg+xml", svg),
            "png": ("what-if.png", "image/png", png),
        }
