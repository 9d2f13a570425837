"""The board that asks what comes first and what a budget should buy: map, robustness, plan, each with its doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import Dropdown

from ...decide.actions import load_actions
from ...decide.plan import Plan
from ...explain.quadrants import RULES
from ...survey.survey import Survey
from ..markup import Markup, element
from ..text import count, plain
from ..translation import translated
from .board import Board, html
from .downloads import ReportDownloads
from .later import Later
from .pieces import Tile, tiles
from .plan_desk import DRAWS, ONLY_RESEARCH
from .plan_editor import PlanEditor
from .plan_table import CostTable
from .plan_words import action_table, assumed_note, plan_tiles, status_words, unit_words
from .priorities_layout import CONTROLS, HEADS, arranged, show_ranks
from .priorities_shown import mapped, weighed
from .priorities_study import NO_OUTCOME, PrioritiesStudy, Question
from .priorities_unweighed import unused_outcomes
from .priorities_view import PrioritiesView
from .priorities_words import (
    choices_table,
    footnotes,
    labels_of,
)
from .survey_choice import SurveyChoice
from .survey_words import heading, source_line

REST = 0.25
"""Seconds that the reader's hand rests before a plan's draws are begun."""


class PrioritiesBoard(Board):
    """Choose what importance means and where to cut; move the budget; change what actions cost and add.

    Parameters
    ----------
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the simulated hotel survey, and the real kiosk survey where it lies in the
        folder that the environment variable GAPKIT_DATA names.
    language : str
        "en", "zh-Hans" or "zh-Hant"; can be switched on the board.

    Attributes
    ----------
    data, level, importance, outcome, rule, language : Dropdown
        The controls above the map; set their `value` to move the board without a browser.
    editor : PlanEditor
        The controls of the plan: `budget`, and `action`, `cost`, `effect`, `sd`, `ruling` of one action, and `reset`.
    costs : CostTable
        Costs and effects of the reader's own for all actions, as a file.
    tiles, map, table, robustness, choices, frontier, probabilities, actions, foot, alert : HTML
        What is shown. What takes longer than a moment follows when the reader's hand rests; `busy` says so.
    surveys, own : SurveyChoice, OwnSurvey
        What can be chosen, and the panel for a file of the reader's own.
    report : ReportDownloads
        A button that makes a report on the survey.

    Examples
    --------
    >>> board = PrioritiesBoard()
    >>> board.editor.budget.value = 0
    >>> board.alert.value
    ''
    """

    def __init__(self, surveys: Mapping[str, Survey] | None = None, *, language: str = "en") -> None:
        super().__init__(draw=self._read_compute_draw, speak=self._label_controls, language=language)
        self.surveys = SurveyChoice(self, surveys, changed=self._draw, forget=self._forget)
        self.data, self.own = self.surveys.data, self.surveys.own
        self.report = ReportDownloads(self, self.surveys.survey)
        self._studies: dict[str, PrioritiesStudy] = {}
        self._view, self._later = PrioritiesView(), Later(self._guarded)
        self.level = Dropdown(options=[("", name) for name in ("dimensions", "items")])
        self.importance = Dropdown(options=[("", name) for name in ("stated", "derived")])
        self.outcome = Dropdown(options=[("", "overall")])
        self.rule = Dropdown(options=[("", name) for name in RULES])
        self.editor = PlanEditor(changed=self._edited)
        plannable = [action for action in load_actions() if action.gaps != ONLY_RESEARCH]
        self.costs = CostTable(self, plannable, changed=self._draw)
        self.heading, self.hint, self.tiles = html("", "gk-heading"), html("", "gk-hint"), html()
        self.note, self.busy, self.foot = html("", "gk-text"), html("", "gk-busy"), html("", "gk-foot")
        self.plan_head, self.choices = html("", "gk-section-head"), html("", "gk-table")
        self.heads = {name: html("", "gk-card-head") for name in HEADS}
        self.map, self.robustness, self.frontier, self.probabilities = (html("", "gk-chart") for _ in range(4))
        self.table, self.actions = html("", "gk-table", "gk-wrapped-heads"), html("", "gk-table", "gk-wide-names")
        for name in CONTROLS[1:]:
            self.watch(getattr(self, name))
        self.children = arranged(self)
        self.attempt(self._respeak)

    # read

    def study(self) -> PrioritiesStudy:
        """The survey that is chosen, with what was computed of it."""
        survey, name = self.surveys.loaded(), self.surveys.name
        if name not in self._studies:
            self._studies[name] = PrioritiesStudy(survey)
        self._studies[name].desk.use_table(self.costs.given)
        return self._studies[name]

    def _forget(self, name: str) -> None:
        """Keep nothing of a survey that is gone."""
        self._studies.pop(name, None)
        self._view.forget(name)

    def question(self) -> Question:
        """The state of the controls above the map."""
        return Question(self.surveys.name, *(getattr(self, name).value for name in CONTROLS[1:]))

    # draw

    def _read_compute_draw(self) -> None:
        """The body of every callback: the map at once, what takes longer after it."""
        self._later.begin([])
        study = self.study()
        self._offer(study)
        asked, language = self.question(), self.language.value
        self._write(
            {
                self.heading: heading(study.survey, "priorities", language),
                self.note: assumed_note(study.desk.costed(), language),
                **mapped(self, self._view, study, asked),
            }
        )
        show_ranks(self, study.ranked(asked))
        self._refuse_conflict(study)
        self._quick(study, asked)
        pieces: list[Callable[[], None]] = []
        if not study.desk.frontier_known(study.worth(asked)):
            pieces.append(lambda: self._quick(study, asked, solve=True))
        if study.ranked(asked) and not study.ranks_known(asked.outcome):
            pieces.append(lambda: self._ranks(study, asked))
        if not study.desk.known(study.worth(asked), self.editor.budget.value):
            pieces.append(lambda: self._plan(study, asked))
        self._later.begin(pieces, wait=REST)

    def _quick(self, study: PrioritiesStudy, asked: Question, *, solve: bool = False) -> None:
        """What is known already of ranks and plan; with `solve` the frontier is solved first."""
        worth, budget = study.worth(asked), float(self.editor.budget.value)
        if study.ranks_known(asked.outcome):
            self._ranks(study, asked)
        elif study.ranked(asked):
            self._waiting(self.robustness, "ranking_note")
            self.choices.value = ""
        if study.desk.known(worth, budget):
            self._plan(study, asked)
        elif solve or study.desk.frontier_known(worth):
            self._show_plan(study, asked, study.desk.quick(worth, budget))
        else:
            for widget in (self.frontier, self.probabilities, self.actions):
                self._waiting(widget, "frontier_note")
            self._tiles(study, asked, None)
            self.busy.value = self._working("frontier_note")

    def _ranks(self, study: PrioritiesStudy, asked: Question) -> None:
        """The ranks under every choice."""
        ranks, language = study.ranks(asked.outcome), self.language.value
        labels = labels_of(study.survey, asked.level, language)
        shown: dict[Any, str]
        if ranks is None:
            why = translated(study.unranked(asked.outcome), language)
            shown = {self.robustness: element("p", self.say("priorities.unranked", why=why)), self.choices: Markup("")}
        else:
            source = source_line(study.survey, ranks.n, language)
            own = {"width": self.width, "language": language, "source": source}
            shown = {
                self.robustness: self._view.robustness(ranks, asked, labels, **own),
                self.choices: choices_table(ranks, asked.level, language),
            }
        self._write(shown)
        self._tiles(study, asked, self._plan_shown(study, asked))

    def _plan(self, study: PrioritiesStudy, asked: Question) -> None:
        """The plan with its draws."""
        self._show_plan(study, asked, study.desk.solved(study.worth(asked), float(self.editor.budget.value)))

    def _show_plan(self, study: PrioritiesStudy, asked: Question, found: Plan) -> None:
        """A plan, with or without its draws."""
        language, desk, worth = self.language.value, study.desk, study.worth(asked)
        source = source_line(study.survey, found.n, language)
        own = {"width": self.width, "language": language, "source": source}
        drawn = desk.known(worth, found.budget)
        rules = {id: rule for rule in ("must", "never") for id in desk.ruled(rule)}
        waiting = element("p", self.say("priorities.drawing_note", draws=DRAWS), class_="gk-waiting")
        unit = unit_words(worth, desk.weighted, language)
        self._write(
            {
                self.frontier: self._view.frontier(found, unit, **own),
                self.probabilities: self._view.probabilities(found, desk, **own) if drawn else waiting,
                self.actions: action_table(found, desk.costed(), desk.actions, rules, language),
                self.busy: Markup("") if drawn else self._working("drawing_note"),
                self.status: element("p", status_words(found, unit, language), role="status"),
            }
        )
        self._tiles(study, asked, found)

    def _plan_shown(self, study: PrioritiesStudy, asked: Question) -> Plan | None:
        """The plan as far as it is known."""
        worth, budget = study.worth(asked), float(self.editor.budget.value)
        if study.desk.known(worth, budget):
            return study.desk.solved(worth, budget)
        return study.desk.quick(worth, budget) if study.desk.frontier_known(worth) else None

    def _tiles(self, study: PrioritiesStudy, asked: Question, found: Plan | None) -> None:
        """The four numbers to know, as far as they are known."""
        language = self.language.value
        labels = labels_of(study.survey, asked.level, language)
        parts, methods = weighed(study, asked, labels, language)
        if found is None:
            note = self.say("priorities.frontier_note")
            parts += [Tile(self.say(f"priorities.{key}"), "…", note, key) for key in ("gain", "best")]
        else:
            unit = unit_words(study.worth(asked), study.desk.weighted, language)
            parts += plan_tiles(found, study.desk.costed(), unit, language)
        methods += [study.desk.costed().method, *([found.method] if found is not None else [])]
        question = None if study.map(asked) is None else asked
        self._write({self.tiles: tiles(parts), self.foot: footnotes(study.survey, question, methods, language)})

    # small matters

    def _refuse_conflict(self, study: PrioritiesStudy) -> None:
        """ValueError in the reader's language where what must be done costs more than the budget."""
        budget = float(self.editor.budget.value)
        conflict = study.desk.conflict(budget)
        if conflict is not None:
            names = self.say("priorities.list").join(
                study.desk.actions[id].text(self.language.value) for id in conflict[0]
            )
            values = {"budget": count(budget), "cost": count(conflict[1]), "names": names}
            self.busy.value = ""
            raise ValueError(self.say("priorities.conflict", **values))

    def _edited(self) -> None:
        """The budget, or an action's numbers, were changed."""
        if not self._quiet:
            self.attempt(self._draw)

    def _guarded(self, piece: Callable[[], None]) -> bool:
        """Run one of the later pieces; tell whether it went well."""
        self.attempt(piece)
        return not self.alert.value

    def _write(self, shown: Mapping[Any, str]) -> None:
        """Only what changed goes to the page."""
        for widget, markup in shown.items():
            if widget.value != markup:
                widget.value = markup

    def _waiting(self, widget: Any, key: str) -> None:
        """A line in the place of what is still being computed."""
        widget.value = element("p", self.say(f"priorities.{key}"), class_="gk-waiting")

    def _working(self, key: str) -> Markup:
        """What is being computed, said aloud."""
        return element("p", self.say(f"priorities.{key}", draws=DRAWS), role="status", class_="gk-working")

    def _label_controls(self) -> None:
        """Names of the controls in the chosen language; what they offer follows the survey."""
        for name in (*CONTROLS[1:], "language"):
            getattr(self, name).description = self.say(f"priorities.{name}")
        self.surveys.speak()
        levels = [(self.say(f"priorities.{name}"), name) for name in ("dimensions", "items")]
        self.set_options(self.level, levels, self.level.value)
        rules = [(self.say(f"priority_map.{rule.replace(' ', '_')}"), rule) for rule in RULES]
        self.set_options(self.rule, rules, self.rule.value)
        for name in HEADS:
            self.heads[name].value = element("h2", self.say(f"priorities.{name}"))
        self.plan_head.value = element("h2", self.say("priorities.plan_title"))

    def _offer(self, study: PrioritiesStudy) -> None:
        """What can be chosen for this survey; choices that are still possible are kept."""
        kinds = [(self.say(f"priorities.{kind}"), kind) for kind in study.importances(self.level.value)]
        nothing = [(self.say("priorities.no_importance"), "stated")]
        self.set_options(self.importance, kinds or nothing, self.importance.value)
        outcomes = [(plain(name), name) for name in study.outcomes]
        if not outcomes:
            unused = unused_outcomes(study.survey, self.language.value)
            outcomes = [(self.say(f"priorities.{'no_usable_outcome' if unused else 'no_outcome'}"), NO_OUTCOME)]
        self.set_options(self.outcome, outcomes, self.outcome.value)
        with self.quietly():
            self.editor.offer(study.desk, self.language.value)
            self.costs.draw(self.language.value)
