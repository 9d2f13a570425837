"""The board that asks whether the dimensions hold: turn the number of factors, the rotation, the correlations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from ipywidgets import Box, Dropdown

from ...measure.congruence import Congruence, congruence
from ...measure.correlation import correlation
from ...measure.factor_fit import most_factors
from ...measure.factors import Factors, efa
from ...measure.retention import Retention, retention
from ...survey import datasets
from ...survey.survey import Survey
from ..markup import element
from ..plots.canvas import new_figure, to_svg
from ..plots.factor_words import describe_loadings, describe_phi, describe_scree
from ..plots.factors import LoadingHeat, factor_diagram, loading_heat, loadings_height
from ..plots.scree import Scree
from ..text import plain
from .board import Board, html, style_sheet
from .factor_lab_words import (
    congruence_table,
    factor_names,
    factor_tiles,
    footnotes,
    heading,
    loadings_title,
    source_line,
    status_words,
    troubles,
)
from .gap_explorer import DATASETS, offered
from .pieces import tiles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BATTERIES = ("perceptions", "expectations", "gaps")
ROTATIONS = ("oblimin", "geomin", "promax", "varimax", "quartimax", "none")
KINDS = ("polychoric", "pearson")
MOST_FACTORS = 8
DRAWS = 300
SMALL_FIGURE = 300.0
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class Question(NamedTuple):
    """The state of the controls, in no language."""

    data: str
    battery: str
    n_factors: int
    rotation: Any
    kind: Any


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

    Examples
    --------
    >>> board = FactorLab()
    >>> board.n_factors.value = 3
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self._surveys: dict[str, Survey] = dict(surveys or {})
        self._names = offered() if surveys is None else list(self._surveys)
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._heats: dict[tuple[Any, ...], tuple[Figure, LoadingHeat]] = {}
        self._shown = self._names[0]
        self.data = Dropdown(options=[(name, name) for name in self._names])
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
        for control in controls:
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
        parts = [style_sheet(), self.page, top, bar, self.alert, self.status, self.tiles, body, self.foot]
        self.children = [part for part in parts if part is not None]
        self.attempt(self._begin)

    # read

    def survey(self) -> Survey:
        """The survey that is chosen, loaded on first use."""
        name = self.data.value
        if name not in self._surveys:
            self._surveys[name] = datasets.load(name)
        return self._surveys[name]

    def question(self) -> Question:
        """The state of the controls."""
        return Question(self.data.value, self.battery.value, self.n_factors.value, self.rotation.value, self.kind.value)

    # compute

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        """What was computed before is not computed again."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def answers(self) -> pd.DataFrame:
        """The answers that are analysed."""
        survey, battery = self.survey(), self.battery.value
        table = (survey.gaps if battery == "gaps" else survey.battery(battery)).copy()
        table.attrs["source"] = str(survey.source)
        return table

    def matrix(self, kind: Any) -> pd.DataFrame:
        """Correlations of one kind."""
        key = ("matrix", self.data.value, self.battery.value, kind)
        return self._once(key, lambda: correlation(self.answers(), kind=kind, weights=self.survey().weights))

    def advice(self) -> Retention:
        """How many factors exceed chance; Pearson correlations, for which chance is quick to draw and known best."""
        key = ("advice", self.data.value, self.battery.value)
        return self._once(key, lambda: retention(self.matrix("pearson"), seed=0, draws=DRAWS))

    def solution(self) -> Factors:
        """The factor solution for the controls as they stand."""
        asked = self.question()
        settings = {"n_factors": asked.n_factors, "rotation": asked.rotation}
        return self._once(("solution", *asked), lambda: efa(self.matrix(asked.kind), **settings))

    def place(self) -> Congruence:
        """The solution held against the instrument's dimensions."""
        factors = self.solution()
        return self._once(("place", *self.question()), lambda: congruence(factors.loadings, self.survey().instrument))

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
        survey = self._loaded()
        self._offer(survey)
        language, factors, place, advice = self.language.value, self.solution(), self.place(), self.advice()
        source = source_line(survey, factors, language)
        shown = {
            self.heading: heading(survey, language),
            self.tiles: tiles(factor_tiles(factors, place, advice, DRAWS, language)),
            self.note: troubles(survey.instrument, factors, language),
            self.loadings_head: element("h2", loadings_title(factors, language)),
            self.loadings: self._drawn_loadings(survey, factors, place, source),
            self.scree_head: element("h2", self.say("factor_lab.scree_title")),
            self.scree: self._drawn_scree(advice, factors, source),
            self.phi_head: element("h2", self.say("factor_lab.phi_title")),
            self.phi: self._drawn_phi(survey, factors, place, source),
            self.table_head: element("h2", self.say("factor_lab.congruence_title")),
            self.table: congruence_table(place, survey.instrument, language),
            self.foot: footnotes(survey, factors, advice, self.kind.value, language),
            self.status: element("p", status_words(factors, place, self.rotation.value, language), role="status"),
        }
        for widget, markup in shown.items():
            if widget.value != markup:
                widget.value = markup

    def _loaded(self) -> Survey:
        """The chosen survey; where it cannot be had, the control goes back to the one that is shown."""
        try:
            survey = self.survey()
        except Exception:
            with self.quietly():
                self.data.value = self._shown
            raise
        self._shown = self.data.value
        return survey

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language; what they offer follows the survey."""
        for name in ("data", "battery", "n_factors", "rotation", "kind", "language"):
            getattr(self, name).description = self.say(f"factor_lab.{name}")
        names = [(self.say(DATASETS[name]) if name in DATASETS else plain(name), name) for name in self._names]
        self.set_options(self.data, names, self.data.value)
        rotations = [(self.say(f"factor_lab.{name}"), name) for name in ROTATIONS]
        self.set_options(self.rotation, rotations, self.rotation.value)

    def _offer(self, survey: Survey) -> None:
        """What can be chosen for this survey; choices that are still possible are kept."""
        there = [name for name in BATTERIES if name in survey.batteries]
        if {"perceptions", "expectations"} <= set(there):
            there.append("gaps")
        batteries = [(self.say(f"factor_lab.{name}"), name) for name in there]
        self.set_options(self.battery, batteries, self.battery.value)
        # gaps take more values than a rating scale has, too many for polychoric correlations
        kinds = [
            (self.say(f"factor_lab.{name}"), name) for name in KINDS if (self.battery.value, name) != ("gaps", KINDS[0])
        ]
        self.set_options(self.kind, kinds, self.kind.value)
        most = min(MOST_FACTORS, most_factors(len(survey.instrument.items)))
        counts = [(str(count), count) for count in range(1, most + 1)]
        self.set_options(self.n_factors, counts, self.n_factors.value)

    def _drawn_loadings(self, survey: Survey, factors: Factors, place: Congruence, source: str) -> str:
        """The heat map as SVG; the artists of each number of factors are kept while the items are the same."""
        language, instrument = self.language.value, survey.instrument
        names = {item: instrument.label(item, language) for item in factors.loadings.index}
        expected = place.expected.reindex(factors.loadings.index, fill_value=False)
        marks: dict[str, Any] = {"communalities": factors.communalities, "expected": expected, "language": language}
        key = (self.width, factors.loadings.shape[1], *names.values())
        if key not in self._heats:
            if len(self._heats) == MOST_FACTORS:
                self._heats.clear()
            figure, axes = new_figure(self.width, loadings_height(len(names)))
            groups = [instrument.item(item).dimension for item in names]
            labels = list(names.values())
            heat = loading_heat(axes, factors.loadings, labels=labels, groups=groups, source=source, **marks)
            self._heats[key] = figure, heat
        else:
            self._heats[key][1].update(factors.loadings, source=source, **marks)
        said = describe_loadings(factors.loadings, labels=names, language=language, source=source)
        title = loadings_title(factors, language)
        return to_svg(self._heats[key][0], title=title, description=said, name="gk-loadings", themed=True)

    def _drawn_scree(self, advice: Retention, factors: Factors, source: str) -> str:
        """The eigenvalues against chance; for another number of factors only the line is moved."""
        language = self.language.value

        def draw() -> tuple[Figure, Scree]:
            """The artists for this key."""
            figure, axes = new_figure(self.width, SMALL_FIGURE)
            return figure, Scree(axes, advice.eigenvalues, language=language, source=source)

        figure, drawn = self._once(("scree", self.data.value, self.battery.value, language, self.width), draw)
        drawn.choose(factors.loadings.shape[1], language=language)
        said = describe_scree(advice.eigenvalues, language=language, source=source)
        return to_svg(figure, title=self.say("factor_lab.scree_title"), description=said, name="gk-scree", themed=True)

    def _drawn_phi(self, survey: Survey, factors: Factors, place: Congruence, source: str) -> str:
        """The factors and their correlations."""
        language = self.language.value
        names = factor_names(place, survey.instrument, language)
        figure, axes = new_figure(self.width, SMALL_FIGURE)
        factor_diagram(axes, factors.phi, labels=list(names.values()), language=language, source=source)
        spoken = {factor: f"{factor} {name}".strip() for factor, name in names.items()}
        said = describe_phi(factors.phi, labels=spoken, language=language, source=source)
        return to_svg(figure, title=self.say("factor_lab.phi_title"), description=said, name="gk-phi", themed=True)
