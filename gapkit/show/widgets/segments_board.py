"""The board that asks whether there are groups of customers: search, look, name them, try "what if" for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import Box, Dropdown, FloatSlider, Text

from ...survey.survey import Survey
from ..markup import element
from ..plots.segment_words import segment_name
from ..text import plain
from .board import html, style_sheet
from .downloads import ReportDownloads
from .pieces import tiles
from .segments_figures import parallel_svg, profiles_svg, shares_svg, silhouettes_svg, stability_svg
from .segments_running import SearchingBoard
from .segments_search import Question
from .segments_tables import choices_table, outcomes_table, sizes_table, what_if_table
from .segments_view import SegmentView, bases
from .segments_words import footnotes, hint, reason_words, segments_tiles, status_words
from .survey_choice import SurveyChoice
from .survey_words import heading

RECOMMENDED = 0
CENTRES = ("person", "")
TECHNIQUES = ("profiles", "kmeans")
SETTINGS = {"max_segments": 6, "draws": 99, "resamples": 50, "seed": 0}
FURTHEST, STEP, LONGEST_NAME = 2.0, 0.1, 60
LEFT = ("profiles", "sizes", "outcomes", "what_if")
RIGHT = ("choices", "stability", "silhouettes", "parallel", "people")
TABLES = ("choices", "sizes", "outcomes", "what_if")
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class SegmentsBoard(SearchingBoard):
    """Choose what customers are grouped by; see how many groups there are, who they are, and "what if" for one.

    A search takes seconds to a minute. It runs in a thread of its own: the page keeps following its controls, shows
    how far the search is, and can call it off. What was found before is not searched again.

    Parameters
    ----------
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the simulated hotel survey, and the real kiosk survey where it lies in the
        folder that the environment variable GAPKIT_DATA names.
    settings : mapping, optional
        For `segment`: max_segments, draws, resamples, starts, seed.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, on, centre, technique, count, language : Dropdown
        The controls; set their `value` to move the board without a browser, and `wait` for what is searched.
    cancel, again : Button
        Call the search off; begin it again.
    surveys, own, report : SurveyChoice, OwnSurvey, ReportDownloads
        What can be chosen, the panel for a file of the reader's own, and a button that makes a report on the survey.
    names : dict of Text
        A name of one's own for each segment that is shown.
    whose, dimension, shift : Dropdown, Dropdown, FloatSlider
        "What if" for one segment.
    progress, tiles, profiles, parallel, choices, sizes, stability, silhouettes, outcomes, people, what_if, foot, alert
        What is shown.

    Examples
    --------
    >>> board = SegmentsBoard(settings={"max_segments": 2, "draws": 19, "resamples": 2})
    >>> board.wait(120)
    True
    >>> board.alert.value
    ''
    """

    def __init__(
        self,
        surveys: Mapping[str, Survey] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        language: str = "en",
    ) -> None:
        super().__init__(
            draw=self._read_compute_draw,
            speak=self._label_controls,
            language=language,
            settings=SETTINGS | dict(settings or {}),
        )
        self.surveys = SurveyChoice(self, surveys, changed=self._draw, forget=self._forget, taken="own_survey.read")
        self.data, self.own = self.surveys.data, self.surveys.own
        self.report = ReportDownloads(self, self.survey)
        self._views: dict[tuple[Question, int], SegmentView] = {}
        self.names: dict[str, Text] = {}
        self.children = self._arranged()
        for control in (self.on, self.centre, self.technique, self.count):
            self.watch(control)
        for control in (self.whose, self.dimension, self.shift):
            control.observe(self._what_if_changed, "value")
        self.attempt(self._respeak)

    def _arranged(self) -> list[Any]:
        """The parts of the page; what a search brings is not there before it has ended."""
        self.on, self.centre = Dropdown(options=[("", "gaps")]), Dropdown(options=[("", name) for name in CENTRES])
        self.technique = Dropdown(options=[("", name) for name in TECHNIQUES])
        self.count = Dropdown(options=[("", RECOMMENDED)])
        self.whose, self.dimension = Dropdown(options=[("", "")]), Dropdown(options=[("", "")])
        self.shift = FloatSlider(value=0.5, min=-FURTHEST, max=FURTHEST, step=STEP, readout_format="+.1f")
        self.heading, self.note = html("", "gk-heading"), html("", "gk-hint")
        self.tiles, self.reason, self.foot = html(), html("", "gk-reason"), html("", "gk-foot")
        self.naming, moving = Box([]), Box([self.whose, self.dimension, self.shift])
        self.heads, self.shown, cards = {}, {}, {}
        for name in (*LEFT, *RIGHT):
            self.heads[name] = html("", "gk-card-head")
            self.shown[name] = html("", "gk-table" if name in TABLES else "gk-chart")
            between = {"sizes": [self.naming], "what_if": [moving]}.get(name, [])
            cards[name] = Box([self.heads[name], *between, self.shown[name]])
        self.body = Box([Box([cards[name] for name in side], layout=STACKED) for side in (LEFT, RIGHT)])
        self._hide(True)
        top = Box([self.heading, self.language])
        bar = Box([self.data, self.on, self.centre, self.technique, self.count, self.note])
        for box, name in (
            (top, "top"), (bar, "controls"), (self.body, "body"), (moving, "moving"), (self.naming, "naming"),
            *((card, "card") for card in cards.values()),
        ):  # fmt: skip
            box.add_class(f"gk-{name}")
        self.add_class("gk-segments")
        parts = [style_sheet(), self.page, top, bar, self.own, self.alert, self.status, self.run, self.tiles]
        return [part for part in (*parts, self.reason, self.body, self.report, self.foot) if part is not None]

    # read

    def survey(self) -> Survey:
        """The survey that is chosen."""
        return self.surveys.survey()

    def question(self) -> Question:
        """What the controls ask for."""
        return Question(self.surveys.name, self.on.value, self.centre.value, self.technique.value)

    def _forget(self, name: str) -> None:
        """Keep nothing of a survey that is gone."""
        with self._lock:
            self._found = {asked: found for asked, found in self._found.items() if asked.data != name}
            self._views = {key: view for key, view in self._views.items() if key[0].data != name}
            if self._shown is not None and self._shown.data == name:
                self._shown = None
                self._hide(True)
                self.show_progress()

    def show_question(self, question: Question) -> None:
        """Put the controls where a question was asked."""
        with self.quietly():
            self.surveys.back_to(question.data)
            self.centre.value, self.technique.value = question.centre, question.technique
            self._offer(self.survey())
            self.on.value = question.on

    # compute

    def view(self) -> SegmentView | None:
        """What is drawn for the controls as they stand; None while it is still searched."""
        question = self.question()
        if question not in self._found:
            return None
        found = self._found[question]
        size = self.count.value or found.recommended
        if (question, size) not in self._views:
            self._views[question, size] = SegmentView(found.choose(size), self.survey(), {})
        return self._views[question, size]

    def names_of(self, view: SegmentView) -> dict[str, str]:
        """What the segments are called, in the chosen language."""
        names, instrument = view.profiles.names, view.survey.instrument
        return {segment: segment_name(names, segment, instrument, self.language.value) for segment in view.shown}

    # draw

    def _read_compute_draw(self) -> None:
        """The body of every callback: what was found is drawn, what was not is searched for."""
        survey = self.surveys.loaded()
        self._offer(survey)
        self.heading.value = heading(survey, "segments", self.language.value)
        view = self.view()
        if view is None:
            self.begin(self.question(), survey)
        else:
            self.stop()
            self._draw_view(view)
            self._shown = self.question()
        self.show_progress()

    def _draw_view(self, view: SegmentView) -> None:
        """Everything that a view shows; nothing is written before everything is computed."""
        language, width, names, shown = self.language.value, self.width, self.names_of(view), self.shown
        self._offer_parts(view, names)
        written = {
            self.tiles: tiles(segments_tiles(view, language)),
            self.reason: element("p", reason_words(view.segments, language)),
            self.note: hint(view, language),
            shown["profiles"]: profiles_svg(view, names, width, language),
            shown["parallel"]: parallel_svg(view, names, width, language),
            shown["choices"]: choices_table(view, language),
            shown["sizes"]: sizes_table(view, names, language),
            shown["stability"]: stability_svg(view, width, language),
            shown["silhouettes"]: silhouettes_svg(view, names, width, language),
            shown["outcomes"]: outcomes_table(view, names, language),
            shown["people"]: shares_svg(view, names, width, language),
            shown["what_if"]: self._what_if(view, names),
            self.foot: footnotes(view, language),
            self.status: element("p", status_words(view, language), role="status"),
        }
        for widget, markup in written.items():
            if widget.value != markup:
                widget.value = markup
        self._hide(False)

    def _hide(self, hidden: bool) -> None:
        """Cards without anything in them take no place, yet keep the width that the page tells figures to have."""
        for name, value in (("visibility", "hidden"), ("height", "0"), ("overflow", "hidden")):
            setattr(self.body.layout, name, value if hidden else None)

    def _what_if(self, view: SegmentView, names: Mapping[str, str]) -> str:
        """Before and after, segment by segment."""
        language, dimension = self.language.value, self.dimension.value
        if not view.can_move:
            return element("p", self.say("segments_board.cannot_move"), class_="gk-note")
        moved = view.what_if(self.whose.value, dimension, round(self.shift.value, 6))
        label = view.survey.instrument.label(dimension, language)
        return what_if_table(moved, names, label, gap=view.what == "gap", language=language)

    def _what_if_changed(self, _change: dict[str, Any]) -> None:
        """Another "what if" of the same segments: nothing else is drawn."""

        def draw() -> None:
            """The one card."""
            view = self.view()
            if view is not None:
                self.shown["what_if"].value = self._what_if(view, self.names_of(view))

        if not self._quiet:
            self.attempt(lambda: self._alone(draw))

    def _named(self, _change: dict[str, Any]) -> None:
        """A segment was given a name, or lost it."""

        def rename() -> None:
            """Keep the names with what is shown, and draw it."""
            view = self.view()
            if view is None:
                return
            given = {segment: plain(box.value, LONGEST_NAME) for segment, box in self.names.items()}
            size = view.segments.n_segments
            self._views[self.question(), size] = view.named({name: own for name, own in given.items() if own})
            self._draw()

        if not self._quiet:
            self.attempt(lambda: self._alone(rename))

    # words and choices

    def _label_controls(self) -> None:
        """Names of the controls and cards in the chosen language."""
        for name in ("on", "centre", "technique", "count", "whose", "dimension", "shift", "cancel", "again"):
            getattr(self, name).description = self.say(f"segments_board.{name}")
        self.language.description = self.say("five_gaps.language")
        for name, head in self.heads.items():
            head.value = element("h2", self.say(f"segments_board.{name}"))
        self.surveys.speak()
        for control, prefix, choices in ((self.centre, "centre", CENTRES), (self.technique, "technique", TECHNIQUES)):
            named = [(self.say(f"segments_board.{prefix}_{choice or 'none'}"), choice) for choice in choices]
            self.set_options(control, named, control.value)

    def _offer(self, survey: Survey) -> None:
        """What can be chosen for this survey and search; choices that are still possible are kept."""
        offered_bases = [(self.say(f"segments_board.on_{name}"), name) for name in bases(survey)]
        self.set_options(self.on, offered_bases, self.on.value)
        found = self._found.get(self.question())
        sizes = [] if found is None else [(str(size), size) for size in found.table.index]
        best = "" if found is None else found.recommended
        best = self.say("segments_board.best_of", count=best) if best else self.say("segments_board.best")
        self.set_options(self.count, [(best, RECOMMENDED), *sizes], self.count.value)

    def _offer_parts(self, view: SegmentView, names: Mapping[str, str]) -> None:
        """The segments and dimensions of "what if", and a box for each segment's name."""
        language, instrument = self.language.value, view.survey.instrument
        self.set_options(self.whose, [(name, segment) for segment, name in names.items()], self.whose.value)
        labels = [(part.label(language), part.id) for part in instrument.dimensions]
        self.set_options(self.dimension, labels, self.dimension.value or view.profiles.names["worst"].iloc[0])
        if list(self.names) != view.shown:
            self.names = {segment: Text(continuous_update=False) for segment in view.shown}
            for box in self.names.values():
                box.observe(self._named, "value")
            self.naming.children = tuple(self.names.values())
        with self.quietly():
            for segment, box in self.names.items():
                box.description = self.say("segments_board.name_of", segment=segment)
                box.value = str(view.profiles.names.loc[segment, "given"])
