"""The board that asks where inside the firm it goes wrong: pick a branch, see the chain, causes, what could help."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd
from ipywidgets import Box, Dropdown

from ...decide.actions import actions_for
from ...measure.antecedents import Antecedents, antecedents
from ...measure.chain import FiveGaps, five_gaps
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
from .five_gaps_words import actions_card, causes_card, footnotes, gap_tiles, heading, source_line, status_words
from .pieces import tiles

ALL = ""
"""All branches together."""
ROLES = ("managers", "standards", "staff", "promises")
MINIMUM_N = 5
STACKED = {"display": "grid", "grid_gap": "16px", "align_content": "flex-start", "min_width": "0", "width": "100%"}


class Study:
    """The surveys of one study, and their five gaps, computed on first use.

    Parameters
    ----------
    surveys : mapping
        "customers", and of "managers", "standards", "staff", "promises" those there are; "causes" holds the answers
        to the instrument "antecedents".
    by : str
        The column of the branch, in every survey.
    """

    def __init__(self, surveys: Mapping[str, Survey], by: str) -> None:
        self.surveys, self.by = dict(surveys), by

    @property
    def customers(self) -> Survey:
        """The customers' survey."""
        return self.surveys["customers"]

    @cached_property
    def roles(self) -> dict[str, Any]:
        """The surveys inside the firm."""
        return {role: self.surveys[role] for role in ROLES if role in self.surveys}

    @cached_property
    def whole(self) -> FiveGaps:
        """All branches together, less those who are too few to be shown: else subtraction would give them away."""
        few = self.grouped.suppressed
        hidden = {
            role: few.loc[few["what"].str.startswith(role), "group"].unique() for role in ("customers", *self.roles)
        }
        shown = {role: self._without(role, list(branches)) for role, branches in hidden.items()}
        return five_gaps(shown.pop("customers"), **shown)

    def _without(self, role: str, branches: list[Any]) -> Any:
        """One survey without the respondents of some branches."""
        survey = self.surveys[role]
        few = survey.respondents[self.by].isin(branches)
        return survey.without(few, why=f"fewer than {MINIMUM_N} in {self.by}") if branches else survey

    @cached_property
    def grouped(self) -> FiveGaps:
        """Branch by branch."""
        return five_gaps(self.customers, **self.roles, by=self.by, minimum_n=MINIMUM_N)

    @cached_property
    def causes(self) -> tuple[Antecedents | None, Antecedents | None]:
        """What people say about causes: by branch, and all together."""
        asked = self.surveys.get("causes")
        if asked is None:
            return None, None
        return antecedents(asked, five=self.grouped, minimum_n=MINIMUM_N), antecedents(asked)


class FiveGapsBoard(Board):
    """Choose a branch and a dimension; see the model with its numbers, the chain, possible causes and actions.

    Parameters
    ----------
    surveys : mapping or None
        "customers", "managers", "standards", "staff", "promises", "causes" -> Survey; only the first is needed. None
        shows the simulated hotels that come with gapkit.
    by : str
        The column that holds the branch, in every survey.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    branch, score, language : Dropdown
        The controls; set their `value` to move the board without a browser.
    tiles, model, waterfall, branches, causes, actions, foot, alert : HTML
        What is shown.

    Examples
    --------
    >>> board = FiveGapsBoard()
    >>> board.branch.value = "B"
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, by: str = "hotel", language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self._given = (surveys, by)
        self._drawn: dict[tuple[str, str, int], str] = {}
        self.branch, self.score = Dropdown(options=[("", ALL)]), Dropdown(options=[("", "overall")])
        self.heading, self.tiles, self.foot = html("", "gk-heading"), html("", "gk-five"), html("", "gk-foot")
        self.model_head, self.model = html("", "gk-card-head"), html("", "gk-chart")
        self.waterfall_head, self.waterfall = html("", "gk-card-head"), html("", "gk-chart")
        self.branches_head, self.branches = html("", "gk-card-head"), html("", "gk-chart")
        self.causes, self.actions = html("", "gk-text"), html("", "gk-text")
        for control in (self.branch, self.score):
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
        top, bar = Box([self.heading, self.language]), Box([self.branch, self.score])
        named = [
            (top, "top"),
            (bar, "controls"),
            (first, "body"),
            (second, "body"),
            *((card, "card") for card in cards),
        ]
        for box, name in named:
            box.add_class(f"gk-{name}")
        parts = [style_sheet(), self.page, top, bar, self.alert, self.status, self.tiles, first, second, self.foot]
        self.children = [part for part in parts if part is not None]
        self.attempt(self._respeak)

    @cached_property
    def study(self) -> Study:
        """The study that is shown; the bundled one is loaded on first use."""
        surveys, by = self._given
        if surveys is None:
            from ...survey import datasets
            from ...survey.hotel_causes import causes

            roles = {role: datasets.load(f"hotel_{role}") for role in ROLES}
            surveys = {"customers": datasets.load("hotel"), **roles, "causes": causes()}
        return Study(surveys, by)

    def five(self) -> FiveGaps:
        """The five gaps of the branch that is chosen."""
        return self.study.grouped.branch(self.branch.value) if self.branch.value != ALL else self.study.whole

    def _read_compute_draw(self) -> None:
        """The body of every callback; nothing is written before everything is computed."""
        study, language = self.study, self.language.value
        self._offer()
        branch, score, five = self.branch.value, self.score.value, self.five()
        source = source_line(five, study.customers, study.by, str(branch), language)
        asked, everyone = study.causes
        instrument = study.surveys["causes"].instrument if "causes" in study.surveys else None
        causes = causes_card(five, score, asked, everyone, instrument, branch, language)
        shown = {
            self.heading: heading(study.customers, language),
            self.tiles: tiles(gap_tiles(five, score, MINIMUM_N, language)),
            self.model: self._model(five, score, source),
            self.waterfall: self._waterfall(five, score, source),
            self.causes: causes,
            self.actions: actions_card(actions_for(five, language=language), language),
            self.branches: self._branches_kept(score),
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
        for control, key in ((self.branch, "branch"), (self.score, "score"), (self.language, "language")):
            control.description = self.say(f"five_gaps.{key}")

    def _offer(self) -> None:
        """What can be chosen; choices are kept."""
        language, grouped = self.language.value, self.study.grouped
        branches = [(plain(group), group) for group in grouped.groups]
        self.set_options(self.branch, [(self.say("five_gaps.all_branches"), ALL), *branches], self.branch.value)
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
        key = (score, self.language.value, self.width)
        if key not in self._drawn:
            self._drawn[key] = self._branches(score)
        return self._drawn[key]

    def _branches(self, score: str) -> str:
        """The gaps of every branch."""
        language, grouped, study = self.language.value, self.study.grouped, self.study
        source = source_line(study.whole, study.customers, study.by, ALL, language)
        figure, axes = new_figure(self.width, BRANCHES_HEIGHT)
        gap_branches(axes, grouped, score=score, language=language, source=source)
        table = pd.DataFrame(branch_gaps(grouped, score).xs("value", axis=1, level=1))
        labels = [text(f"five_gaps.{gap}", language) for gap in table.index]
        said = describe_heat(
            table, labels=labels, columns=[str(name) for name in table], language=language, source=source
        )
        return to_svg(figure, title=self.say("five_gaps.by_branch"), description=said, name="gk-branches", themed=True)
