"""Which survey a board shows: one that comes with it, or a file of the reader's own; the same on every board."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from ipywidgets import Dropdown

from ...survey import datasets
from ...survey.survey import Survey
from ..text import plain
from .board import Board
from .own_survey import OWN, OwnSurvey

DATASETS = {"hotel": "gap_explorer.hotel", "kservqual": "gap_explorer.kservqual"}


def offered() -> list[str]:
    """The data sets that are on this machine; a board never fetches one.

    Examples
    --------
    >>> offered()[0]
    'hotel'
    """
    folder = os.environ.get("GAPKIT_DATA")
    here = []
    for name in DATASETS:
        dataset = datasets.DATASETS[name]
        if dataset.address is None or (folder and (Path(folder) / dataset.file).is_file()):
            here.append(name)
    return here


class SurveyChoice:
    """The surveys of a board, the control that chooses one, and the panel for a file of the reader's own.

    Nothing is lost: until there is a file, and after it was taken away, the survey stays that was shown before; a file
    that the board cannot show leaves what is shown, and its panel open.

    Parameters
    ----------
    board : Board
    surveys : mapping of name to Survey, or None
        What can be chosen. None offers the data sets that are on this machine.
    changed : function
        Draws the board for another survey; where it raises, the survey before is drawn again.
    forget : function
        Told the `name` of a file that is gone, so that the board lets go of what it computed of it.
    needs : sequence of str
        The batteries that the board cannot do without.
    names : iterable of str, optional
        Data sets to be offered, where not all of them suit the board.
    title, taken : str
        Keys of the panel's heading, and of what is said when a file was taken.

    Attributes
    ----------
    data : Dropdown
        What is chosen; the value `OWN` opens the panel.
    own : OwnSurvey
        The panel.

    Examples
    --------
    >>> from gapkit.show.widgets import FactorLab
    >>> board = FactorLab()
    >>> board.data.value = OWN
    >>> board.surveys.name  # there is no file yet
    'hotel'
    """

    def __init__(
        self,
        board: Board,
        surveys: Mapping[str, Survey] | None,
        *,
        changed: Callable[[], None],
        forget: Callable[[str], None],
        needs: Sequence[str] = ("perceptions",),
        names: Iterable[str] | None = None,
        title: str = "own_survey.title",
        taken: str = "own_survey.shown",
    ) -> None:
        self._board, self._changed, self._forget = board, changed, forget
        self._surveys: dict[str, Survey] = dict(surveys or {})
        if names is None:
            names = offered() if surveys is None else self._surveys
        self._names = [*names, OWN]
        self._before = self._at = self._shown = self._names[0]
        self._files: list[str] = []
        self._given = 0
        self.data = Dropdown(options=[(name, name) for name in self._names])
        self.own = OwnSurvey(board, self._take, needs=needs, title=title, taken=taken)
        # also where the board itself goes back to what is shown
        self.data.observe(lambda _: self.own.show(self.is_own), "value")
        board.watch(self.data)

    @property
    def is_own(self) -> bool:
        """Whether a file of the reader's own is chosen, be it there or not."""
        return bool(self.data.value == OWN)

    @property
    def has_own(self) -> bool:
        """Whether what is chosen is a file of the reader's own that is there."""
        return self.is_own and bool(self._files)

    @property
    def name(self) -> str:
        """What the survey is called in whatever is kept of it: every file of the reader's own has another name."""
        if not self.is_own:
            return str(self.data.value)
        return self._files[-1] if self._files else self._before

    def survey(self) -> Survey:
        """The survey that is chosen, loaded on first use."""
        name = self.name
        if name not in self._surveys:
            self._surveys[name] = datasets.load(name)
        return self._surveys[name]

    def loaded(self) -> Survey:
        """The survey that is chosen; where it cannot be had, the control goes back to the one that is shown."""
        try:
            survey = self.survey()
        except Exception:
            with self._board.quietly():
                self.data.value = self._at
            raise
        self._board.another_survey = self.name != self._shown
        self._at, self._shown = self.data.value, self.name
        if not self.is_own:
            self._before = self._at
        return survey

    def back_to(self, name: str) -> None:
        """Choose again what was shown; a file that is not shown after all is let go, and its panel stays open."""
        if name in self._files:
            self._let_go(self._files[self._files.index(name) + 1 :])
            value = OWN
        elif self.is_own:
            self._let_go(list(self._files))
            self._before, value = name, OWN
        else:
            value = name
        with self._board.quietly():
            self.data.value = self._at = value

    def title(self) -> str:
        """What the survey that is chosen is called."""
        return plain(self.survey().source.title, 90) if self.has_own else self._title(self.name)

    def speak(self) -> None:
        """Names in the board's language; the choice stays."""
        self.data.description = self._board.say("own_survey.data")
        self._board.set_options(self.data, [(self._title(name), name) for name in self._names], self.data.value)

    def _title(self, name: str) -> str:
        """What can be chosen, as it is called."""
        known = DATASETS | {OWN: "own_survey.choice"}
        return self._board.say(known[name]) if name in known else plain(name)

    def _take(self, survey: Survey | None) -> None:
        """The reader gave a survey of their own, or took it away; the one before it is kept until the next."""
        if survey is None:
            gone, self._files = self._files, []
            try:
                self._changed()
            finally:
                self._let_go(gone)
            return
        self._given += 1
        name = f"{OWN} {self._given}"
        self._surveys[name] = survey
        self._files.append(name)
        try:
            self._changed()
        except Exception:
            self._files.remove(name)
            try:
                self._changed()
            finally:
                self._let_go([name])
            raise
        self._let_go(self._files[:-2])

    def _let_go(self, files: Sequence[str]) -> None:
        """Keep nothing of some files."""
        for name in files:
            if name in self._files:
                self._files.remove(name)
            self._surveys.pop(name, None)
            self._forget(name)
