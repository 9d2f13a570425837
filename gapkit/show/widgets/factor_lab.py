"""The board that asks whether the dimensions hold: turn the number of factors, the rotation, the correlations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ipywidgets import Box, Dropdown

from ...measure.factors import Factors
from ...survey.survey import Survey
from ..markup import element
from .board import Board, html, style_sheet
from .downloads import ReportDownloads
from .factor_lab_figures import FactorFigures
from .factor_lab_study import (
    BATTERIES,
    DRAWS,
    KINDS,
    MOST_FACTORS,
    ROTATIONS,
    FactorStudy,
    Question,
    batteries,
    kinds,
    numbers,
)
from .factor_lab_words import (
    congruence_table,
    factor_tiles,
    footnotes,
    loadings_title,
    status_words,
    troubles,
)
from .later import Later
from .pieces import tiles
from .survey_choice import SurveyChoice
from .survey_words import heading, source_line

log = logging.getLogger("gapkit")

REST = 0.4
"""Seconds without a move after which the next answers are computed ahead."""
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class FactorLab(Board):
    """Choose answers, a number of factors, a rotation and correlations; see loadings, scree, and what holds.

    Parameters
    ----------
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the simulated hotel survey, and the real kiosk survey where it lies in the
        folder that the environment variable GAPKIT_DATA names.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, battery, n_factors, rotation, kind, language : Dropdown
        The controls; set their `value` to move the board without a browser.
    tiles, loadings, scree, phi, table, note, foot, alert : HTML
        What is shown.
    surveys, own : SurveyChoice, OwnSurvey
        What can be chosen, and the panel for a file of the reader's own.
    report : ReportDownloads
        A button that makes a report on the survey.

    Examples
    --------
    >>> board = FactorLab()
    >>> board.n_factors.value = 3
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self.study, self._figures, self._later = FactorStudy(self.survey), FactorFigures(), Later(self._computed)
        self.surveys = SurveyChoice(self, surveys, changed=self._draw, forget=self.study.forget)
        self.data, self.own = self.surveys.data, self.surveys.own
        self.report = ReportDownloads(self, self.survey)
        self.battery = Dropdown(options=[("", name) for name in BATTERIES])
        self.n_factors = Dropdown(options=[("1", 1)])
        self.rotation = Dropdown(options=[("", name) for name in ROTATIONS])
        self.kind = Dropdown(options=[("", name) for name in KINDS])
        self.heading, self.note, self.tiles = html("", "gk-heading"), html("", "gk-hint"), html()
        self.loadings_head, self.loadings = html("", "gk-card-head"), html("", "gk-chart")
        self.scree_head, self.scree = html("", "gk-card-head"), html("", "gk-chart")
        self.phi_head, self.phi = html("", "gk-card-head"), html("", "gk-chart")
        self.table_head, self.table, self.foot = html("", "gk-card-head"), html("", "gk-table"), html("", "gk-foot")
        controls = [self.data, self.battery, self.n_factors, self.rotation, self.kind]
        for control in controls[1:]:
            self.watch(control)
        pairs = [
            (self.loadings_head, self.loadings),
            (self.scree_head, self.scree),
            (self.phi_head, self.phi),
            (self.table_head, self.table),
        ]
        cards = [Box(pair) for pair in pairs]
        body = Box([Box([cards[0], cards[3]], layout=STACKED), Box(cards[1:3], layout=STACKED)])
        top, bar = Box([self.heading, self.language]), Box([*controls, self.note])
        for box, name in ((top, "top"), (bar, "controls"), (body, "body"), *((card, "card") for card in cards)):
            box.add_class(f"gk-{name}")
        parts = [style_sheet(), self.page, top, bar, self.own, self.alert, self.status, self.tiles, body, self.report]
        parts.append(self.foot)
        self.children = [part for part in parts if part is not None]
        self.attempt(self._begin)

    # read

    def survey(self) -> Survey:
        """The survey that is chosen."""
        return self.surveys.survey()

    def question(self) -> Question:
        """The state of the controls."""
        return Question(
            self.surveys.name, self.battery.value, self.n_factors.value, self.rotation.value, self.kind.value
        )

    # compute

    def solution(self) -> Factors:
        """The factor solution for the controls as they stand."""
        return self.study.solution(self.question())

    # draw

    def _begin(self) -> None:
        """The first view: as many factors as the theory has dimensions."""
        with self.quietly():
            dimensions = len(self.survey().instrument.dimensions)
            self.n_factors.options = [(str(count), count) for count in range(1, MOST_FACTORS + 1)]
            self.n_factors.value = min(dimensions, MOST_FACTORS)
        self._respeak()

    def _read_compute_draw(self) -> None:
        """The body of every callback; nothing is written before everything is computed."""
        survey = self.surveys.loaded()
        self._offer(survey)
        asked, language = self.question(), self.language.value
        factors, place, advice = self.study.solution(asked), self.study.place(asked), self.study.advice(asked)
        style = self._style()
        shown = {
            self.heading: heading(survey, "factor_lab", language),
            self.tiles: tiles(factor_tiles(factors, place, advice, DRAWS, language)),
            self.note: troubles(survey.instrument, factors, language),
            self.loadings_head: element("h2", loadings_title(factors, language)),
            self.loadings: self._figures.loadings(survey, factors, place, **style),
            self.scree_head: element("h2", self.say("factor_lab.scree_title")),
            self.scree: self._figures.scree(advice, factors, **style),
            self.phi_head: element("h2", self.say("factor_lab.phi_title")),
            self.phi: self._figures.phi(survey, factors, place, **style),
            self.table_head: element("h2", self.say("factor_lab.congruence_title")),
            self.table: congruence_table(place, survey.instrument, language),
            self.foot: footnotes(survey, factors, advice, self.kind.value, language),
            self.status: element("p", status_words(factors, place, self.rotation.value, language), role="status"),
        }
        for widget, markup in shown.items():
            if widget.value != markup:
                widget.value = markup
        if self.page.value:  # there is a reader, who may ask more
            self._later.begin(list(self._ahead(asked)), wait=REST, spare=True)

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language; what they offer follows the survey."""
        for name in ("battery", "n_factors", "rotation", "kind", "language"):
            getattr(self, name).description = self.say(f"factor_lab.{name}")
        self.surveys.speak()
        rotations = [(self.say(f"factor_lab.{name}"), name) for name in ROTATIONS]
        self.set_options(self.rotation, rotations, self.rotation.value)

    def _offer(self, survey: Survey) -> None:
        """What can be chosen for this survey; choices that are still possible are kept."""
        there = [(self.say(f"factor_lab.{name}"), name) for name in batteries(survey)]
        self.set_options(self.battery, there, self.battery.value)
        ways = [(self.say(f"factor_lab.{name}"), name) for name in kinds(self.battery.value)]
        self.set_options(self.kind, ways, self.kind.value)
        counts = [(str(count), count) for count in numbers(survey)]
        self.set_options(self.n_factors, counts, self.n_factors.value)

    def _ahead(self, asked: Question) -> Iterator[Callable[[], None]]:
        """The answers to what may be asked next, and new artists where they need some, in pieces of a moment each."""
        survey, style = self.survey(), self._style()
        for near in self.study.nearby(asked):
            yield partial(self._answer, near)
            if (near.battery, near.n_factors) != (asked.battery, asked.n_factors):
                yield partial(self._figures.prepare, self.study, near, survey, style)

    def _answer(self, asked: Question) -> None:
        """Compute, and keep."""
        self.study.place(asked)

    def _style(self) -> dict[str, Any]:
        """What every figure is drawn with."""
        language, survey = self.language.value, self.survey()
        return {"width": self.width, "language": language, "source": source_line(survey, self.solution().n, language)}

    def _computed(self, piece: Callable[[], None]) -> bool:
        """Run a piece of what may be asked next; what fails there is said when it is asked."""
        try:
            piece()
        except Exception as error:
            log.info("computing ahead: %s", error)
        return True
