"""The files of a firm's own study: customers first, then whoever was asked inside the firm, one panel at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ipywidgets import Box, Dropdown

from ...measure.positions import SURVEYS, USUAL
from ...survey.instrument import load_instrument
from ...survey.survey import Survey
from ..markup import Markup, element
from ..text import count, text
from .board import Board, html
from .five_gaps_study import CAUSES, ROLES, Study
from .own_survey import OwnSurvey

CUSTOMERS = "customers"
LETTERS = {role: letter.lower() for letter, role in SURVEYS.items()}
READ_FROM = {SURVEYS[letter]: battery for letter, battery in USUAL.items()}
"""The battery that holds a role's answers."""
WHOSE = (CUSTOMERS, *ROLES, CAUSES)
QUESTIONNAIRE = "antecedents"
"""What those are asked who are asked about causes."""


class StudyFiles(Box):
    """Whose file is asked for, and the panel that takes it; a panel inside the firm is made when it is first opened.

    Parameters
    ----------
    board : Board
    customers : OwnSurvey
        The panel for the customers' file.
    changed : function
        Draws the board for other files; where it raises, the files before stay.

    Attributes
    ----------
    whose : Dropdown
        "customers", "managers", "standards", "staff", "promises" or "causes".
    given : dict
        Role -> Survey, of those inside the firm whose file was given.
    changes : int
        How often that has changed.
    """

    def __init__(self, board: Board, customers: OwnSurvey, *, changed: Callable[[], None]) -> None:
        self._board, self._changed = board, changed
        self._panels = {CUSTOMERS: customers}
        self._open = customers
        self.given: dict[str, Survey] = {}
        self.changes = 0
        self.whose = Dropdown(options=[("", role) for role in WHOSE])
        self.about = html("", "gk-note-box")
        self.whose.observe(self._opened, "value")
        head = Box([self.whose, self.about])
        head.add_class("gk-whose")
        self._head = head
        super().__init__([head, customers])
        self.add_class("gk-study-files")

    def panel(self, role: str) -> OwnSurvey:
        """The panel for a role's file."""
        if role not in self._panels:
            self._panels[role] = OwnSurvey(
                self._board,
                partial(self._take, role),
                needs=(READ_FROM.get(role, "perceptions"),),
                title=f"five_gaps.title_{role}",
                taken="five_gaps.file_taken",
            )
            if role == CAUSES:
                self._ask_about_causes(self._panels[role])
            else:
                asked = self._panels[CUSTOMERS].fields.instrument.value
                offered = self._panels[role].fields.instrument
                if asked in [value for _, value in offered.options]:
                    offered.value = asked  # a chain has one questionnaire
        return self._panels[role]

    def _ask_about_causes(self, panel: OwnSurvey) -> None:
        """Causes have a questionnaire of their own, and no other."""
        asked = load_instrument(QUESTIONNAIRE)
        panel.fields.instruments = {asked.id: asked}
        with self._board.quietly():
            panel.fields.instrument.options = [(asked.title(str(self._board.language.value)), asked.id)]

    def draw(self, *, opened: bool, study: Study | None) -> None:
        """Words in the board's language; open only while a study of one's own is chosen.

        Parameters
        ----------
        opened : bool
        study : Study or None
            What was given so far; None while there is no customers' file.
        """
        language = str(self._board.language.value)
        self.layout.display = None if opened else "none"
        self.whose.description = text("five_gaps.file_of", language)
        roles = [(self._said(role, study, language), role) for role in WHOSE]
        self._board.set_options(self.whose, roles, self.whose.value)
        self._show()
        read_from = READ_FROM.get(self.whose.value)
        lines = [text(f"five_gaps.asks_{self.whose.value}", language)]
        if read_from:
            lines.append(text("five_gaps.read_from", language, battery=text(f"report.battery_{read_from}", language)))
        if study is None and self.whose.value != CUSTOMERS:
            lines.append(text("five_gaps.customers_first", language))
        self.about.value = element("p", text("describe.between", language).join(lines), class_="gk-note")

    def _said(self, role: str, study: Study | None, language: str) -> str:
        """A role, and how many of it were read."""
        name = text(f"five_gaps.file_{role}", language)
        survey = self.given.get(role) if role != CUSTOMERS or study is None else study.customers
        if survey is None:
            return name
        return text("five_gaps.file_there", language, name=name, n=count(survey.n))

    def _show(self) -> None:
        """Only the panel that is asked for is in the page."""
        panel = self.panel(self.whose.value)
        if self._open is not panel:
            self._open = panel
            self.children = (self._head, panel)
        panel.show(self.layout.display is None)

    def _opened(self, _change: object) -> None:
        """Another role's file is asked for."""
        if not self._board.quiet:
            self._board.attempt(self._changed)

    def _take(self, role: str, survey: Survey | None) -> None:
        """A role's file was given, or taken away."""
        before = dict(self.given)
        self.changes += 1
        self.given.pop(role, None)
        if survey is not None:
            self.given[role] = survey
        try:
            self._changed()
        except Exception:
            self.given, self.changes = before, self.changes + 1
            self._changed()
            raise


def unmeasured_words(study: Study, language: str) -> Markup:
    """Which gaps are not measured, and whose answers they lack; empty where all are."""
    between, lacking = text("five_gaps.list", language), study.unmeasured
    if not lacking:
        return element("p", "")
    gaps = [
        text("five_gaps.gap_lacks", language, gap=text(f"five_gaps.short_{gap[-1]}", language), who=between.join(names))
        for gap, roles in lacking.items()
        if (names := [text(f"five_gaps.who_{LETTERS[role]}", language) for role in roles])
    ]
    return element("p", text("five_gaps.unmeasured", language, gaps=between.join(gaps)))
