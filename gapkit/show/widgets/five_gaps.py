"""The board that asks where inside the firm it goes wrong: pick a branch, see the chain, causes, what could help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from ipywidgets import Box, Dropdown

from ...decide.actions import actions_for
from ...measure.chain import FiveGaps
from ...survey.survey import Survey
from ..markup import element
from ..plots.branches import BRANCHES_HEIGHT, branch_gaps, gap_branches
from ..plots.canvas import new_figure, to_svg
from ..plots.chain_words import describe_chain, score_name
from ..plots.model import gap_model
from ..plots.waterfall import gap_waterfall, waterfall_height
from ..plots.words import describe_heat
from ..text import plain, text
from .board import Board, html, style_sheet
from .downloads import ReportDownloads
from .five_gaps_files import CUSTOMERS, StudyFiles, unmeasured_words
from .five_gaps_study import MINIMUM_N, TOGETHER, Study, bundled_roles
from .five_gaps_words import actions_card, causes_card, chain_source, footnotes, gap_tiles, status_words
from .pieces import tiles
from .survey_choice import SurveyChoice
from .survey_words import heading

ALL = ""
"""All branches together."""
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class FiveGapsBoard(Board):
    """Choose a branch and a dimension; see the model with its numbers, the chain, possible causes and actions.

    Parameters
    ----------
    surveys : mapping or None
        "customers", "managers", "standards", "staff", "promises", "causes" -> Survey; only the first is needed. None
        shows the simulated hotels that come with gapkit.
    by : str
        The column that holds the branch, in every survey. For files of a reader's own it is chosen on the board.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, by, branch, score, language : Dropdown
        The controls; set their `value` to move the board without a browser.
    tiles, model, waterfall, branches, causes, actions, foot, alert : HTML
        What is shown.
    surveys, own, files : SurveyChoice, OwnSurvey, StudyFiles
        What can be chosen; the panel for a customers' file of the reader's own, and those for files from inside the
        firm: ``board.files.panel("managers")``.
    report : ReportDownloads
        A button that makes a report on the customers' survey.

    Examples
    --------
    >>> board = FiveGapsBoard()
    >>> board.branch.value = "B"
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, by: str = "hotel", language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self._inside = None if surveys is None else {role: surveys[role] for role in surveys if role != CUSTOMERS}
        self._by = by
        self._kept: tuple[tuple[Any, ...], Study] | None = None
        self._drawn: dict[tuple[str, str, int], str] = {}
        shown = None if surveys is None else {surveys[CUSTOMERS].source.title: surveys[CUSTOMERS]}
        named: dict[str, Any] = {"names": ["hotel"] if shown is None else None, "title": "five_gaps.title_customers"}
        needs = ("expectations", "perceptions")
        self.surveys = SurveyChoice(self, shown, changed=self._draw, forget=self._forget, needs=needs, **named)
        self.data, self.own = self.surveys.data, self.surveys.own
        self.files = StudyFiles(self, self.own, changed=self._draw)
        self.report = ReportDownloads(self, self.surveys.survey)
        self.by = Dropdown(options=[("", by)])
        self.branch, self.score = Dropdown(options=[("", ALL)]), Dropdown(options=[("", "overall")])
        self.heading, self.tiles, self.foot = html("", "gk-heading"), html("", "gk-five"), html("", "gk-foot")
        self.note = html("", "gk-hint")
        self.model_head, self.model = html("", "gk-card-head"), html("", "gk-chart")
        self.waterfall_head, self.waterfall = html("", "gk-card-head"), html("", "gk-chart")
        self.branches_head, self.branches = html("", "gk-card-head"), html("", "gk-chart")
        self.causes, self.actions = html("", "gk-text"), html("", "gk-text")
        controls = [self.by, self.branch, self.score]
        for control in controls:
            self.watch(control)
        heads = [
            (self.model_head, self.model),
            (self.waterfall_head, self.waterfall),
            (self.branches_head, self.branches),
        ]
        cards = [Box(pair) for pair in (*heads, (self.causes,), (self.actions,))]
        model, waterfall, branches, causes, actions = cards
        stack = Box([branches, causes], layout=STACKED)
        first, second = Box([model, waterfall]), Box([stack, actions])
        top, bar = Box([self.heading, self.language]), Box([self.data, *controls, self.note])
        boxes = [
            (top, "top"),
            (bar, "controls"),
            (first, "body"),
            (second, "body"),
            *((card, "card") for card in cards),
        ]
        for box, name in boxes:
            box.add_class(f"gk-{name}")
        self.add_class("gk-five-gaps")
        parts = [style_sheet(), self.page, top, bar, self.files, self.alert, self.status, self.tiles, first, second]
        parts += [self.report, self.foot]
        self.children = [part for part in parts if part is not None]
        self.attempt(self._respeak)

    @property
    def study(self) -> Study:
        """The study that is chosen; what was computed of it is kept until there is another."""
        key = (self.surveys.name, self.surveys.has_own, self.files.changes, self.by.value)
        if self._kept is None or self._kept[0] != key:
            self._kept, self._drawn = (key, Study(self._surveys_of(), self.by.value)), {}
        return self._kept[1]

    def _surveys_of(self) -> dict[str, Survey]:
        """The surveys of the study that is chosen; files of the reader's own stand by themselves."""
        if self.surveys.has_own:
            inside = self.files.given
        else:
            self._inside = bundled_roles() if self._inside is None else self._inside
            inside = self._inside
        return {CUSTOMERS: self.surveys.survey(), **inside}

    def _chosen(self) -> Study:
        """The study that is chosen, by the column of branches that it has."""
        self.surveys.loaded()
        own = self.surveys.has_own
        first = (self.say("five_gaps.together"), TOGETHER) if own else (plain(self._by), self._by)
        columns = [name for name in Study(self._surveys_of(), TOGETHER).columns if name != first[1]]
        self.set_options(self.by, [first, *((plain(name), name) for name in columns)], self.by.value)
        study = self.study
        self.files.draw(opened=self.surveys.is_own, study=study if own else None)
        return study

    def _forget(self, name: str) -> None:
        """Keep nothing of a survey that is gone."""
        if self._kept is not None and self._kept[0][0] == name:
            self._kept, self._drawn = None, {}

    def five(self) -> FiveGaps:
        """The five gaps of the branch that is chosen."""
        return self.study.grouped.branch(self.branch.value) if self.branch.value != ALL else self.study.whole

    def _read_compute_draw(self) -> None:
        """The body of every callback; nothing is written before everything is computed."""
        study, language = self._chosen(), self.language.value
        self._offer(study)
        branch, score, five = self.branch.value, self.score.value, self.five()
        source = chain_source(five, study.customers, study.by, str(branch), language)
        asked, everyone = study.causes
        instrument = study.surveys["causes"].instrument if "causes" in study.surveys else None
        causes = causes_card(five, score, asked, everyone, instrument, branch, MINIMUM_N, language)
        shown = {
            self.heading: heading(study.customers, "five_gaps", language),
            self.tiles: tiles(gap_tiles(five, score, MINIMUM_N, language)),
            self.model: self._model(five, score, source),
            self.waterfall: self._waterfall(five, score, source),
            self.causes: causes,
            self.actions: actions_card(actions_for(five, language=language), language),
            self.branches: self._branches_kept(score),
            self.note: unmeasured_words(study, language),
            self.foot: footnotes(five, score, source, MINIMUM_N, language),
            self.status: element("p", status_words(five, score, str(branch), language), role="status"),
        }
        part = plain(f"{study.by} {branch}") if branch else self.say("five_gaps.all_branches")
        where = f"{part} · {score_name(five, score, language)}"
        for head, key in ((self.model_head, "model"), (self.waterfall_head, "waterfall")):
            shown[head] = element("h2", f"{self.say(f'five_gaps.{key}')} · {where}")
        by_branch = f"{self.say('five_gaps.by_branch')} · {score_name(five, score, language)}"
        shown[self.branches_head] = element("h2", by_branch)
        for widget, markup in shown.items():
            widget.value = markup

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language."""
        for name in ("by", "branch", "score", "language"):
            getattr(self, name).description = self.say(f"five_gaps.{name}")
        self.surveys.speak()

    def _offer(self, study: Study) -> None:
        """What can be chosen; choices are kept."""
        language, grouped = self.language.value, study.grouped
        branches = [(plain(group), group) for group in grouped.groups]
        self.set_options(self.branch, [(self.say("five_gaps.all_branches"), ALL), *branches], self.branch.value)
        self.branch.disabled = not branches
        names = ["overall", *grouped.instrument.dimension_ids]
        self.set_options(self.score, [(score_name(grouped, name, language), name) for name in names], self.score.value)

    def _model(self, five: FiveGaps, score: str, source: str) -> str:
        """The model's diagram."""
        language, width = self.language.value, self.width
        return gap_model(five, score=score, width=width, language=language, source=source, name="gk-model", themed=True)

    def _waterfall(self, five: FiveGaps, score: str, source: str) -> str:
        """The chain as steps."""
        language = self.language.value
        figure, axes = new_figure(self.width, waterfall_height(five, self.width, score=score))
        gap_waterfall(axes, five, score=score, language=language, source=source)
        said = describe_chain(five, score=score, language=language, source=source)
        return to_svg(figure, title=self.say("five_gaps.waterfall"), description=said, name="gk-waterfall", themed=True)

    def _branches_kept(self, score: str) -> str:
        """The figure of all branches, drawn anew only where a score, language or width was not seen before."""
        if not self.study.by:
            return element("p", self.say("five_gaps.no_branches"), class_="gk-note")
        key = (score, self.language.value, self.width)
        if key not in self._drawn:
            self._drawn[key] = self._branches(score)
        return self._drawn[key]

    def _branches(self, score: str) -> str:
        """The gaps of every branch."""
        language, grouped, study = self.language.value, self.study.grouped, self.study
        source = chain_source(study.whole, study.customers, study.by, ALL, language)
        figure, axes = new_figure(self.width, BRANCHES_HEIGHT)
        gap_branches(axes, grouped, score=score, language=language, source=source)
        table = pd.DataFrame(branch_gaps(grouped, score).xs("value", axis=1, level=1))
        labels = [text(f"five_gaps.{gap}", language) for gap in table.index]
        said = describe_heat(
            table, labels=labels, columns=[str(name) for name in table], language=language, source=source
        )
        return to_svg(figure, title=self.say("five_gaps.by_branch"), description=said, name="gk-branches", themed=True)
