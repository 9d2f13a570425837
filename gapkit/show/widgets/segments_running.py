"""A board whose answers take long: one search at a time in the background, its progress, and a way out of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any

from ipywidgets import Box, Button

from ...survey.survey import Survey
from ..markup import element
from .board import Board, html
from .segments_search import Question, Search
from .segments_words import progress_bar

if TYPE_CHECKING:
    from ...explain.segments import Segments


class SearchingBoard(Board):
    """What a board with a search in the background needs; a subclass says what is asked and draws what was found.

    The page and the search write one at a time. A newer question calls the older search off; what was found once is
    kept. When a search is called off or fails, the controls go back to what is shown. Under Voila the first search
    begins when the page says that it is there: a busy kernel would keep the reader waiting for it.

    Parameters
    ----------
    draw, speak, language
        As for `Board`.
    settings : mapping
        For `segment`.

    Attributes
    ----------
    cancel, again : Button
        Call the search off; begin it again.
    progress : HTML
        How far the search is.
    """

    def __init__(
        self, *, draw: Callable[[], None], speak: Callable[[], None], language: str, settings: Mapping[str, Any]
    ) -> None:
        super().__init__(draw=lambda: self._alone(draw), speak=speak, language=language)
        self._settings = dict(settings)
        self._found: dict[Question, Segments] = {}
        self._search: Search | None = None
        self._shown: Question | None = None
        self._page_is_there = "VOILA_BASE_URL" not in os.environ
        self._lock = RLock()
        self.progress, self.cancel, self.again = html("", "gk-far"), Button(), Button()
        self.run = Box([self.progress, self.cancel, self.again])
        self.run.add_class("gk-run")
        self.cancel.on_click(lambda _: self.attempt(lambda: self._alone(self._call_off)))
        self.again.on_click(lambda _: self.attempt(self._draw))

    @property
    def busy(self) -> bool:
        """Whether a search is under way."""
        return self._search is not None

    def wait(self, seconds: float = 60.0) -> bool:
        """Wait for the search that is under way; whether there is none any more."""
        search = self._search
        return search is None or search.wait(seconds)

    def show_question(self, question: Question) -> None:
        """Put the controls where a question was asked, without being called back; for a subclass."""
        raise ValueError(f"this board cannot go back to {question}.")

    def begin(self, question: Question, survey: Survey) -> None:
        """Search for the answer to a question, unless that is being done."""
        if not self._page_is_there or (self._search is not None and self._search.question == question):
            return
        self.stop()
        self._search = Search(question, survey, self._settings, moved=self._moved, ended=self._ended)
        self._search.start()

    def _page_changed(self, change: dict[str, Any]) -> None:
        """The page tells that it is there, its width and language."""
        first, self._page_is_there = not self._page_is_there, True
        super()._page_changed(change)
        if first and not self.busy:  # where neither width nor language is another one, nothing was drawn
            self.attempt(self._draw)

    def stop(self) -> None:
        """Call off what is searched, if anything; its thread ends at its next step and is not heard again."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def show_progress(self) -> None:
        """How far the search is, and what can be done about it."""
        busy, language = self.busy, self.language.value
        share = self._search.share if self._search is not None else 0.0
        waiting = element("p", self.say("segments_board.stopped")) if self._shown is None else ""
        self.progress.value = progress_bar(share, language) if busy or not self._page_is_there else waiting
        self.cancel.layout.display = "" if busy else "none"
        self.again.layout.display = "" if self._page_is_there and not busy and self._shown is None else "none"
        self.run.layout.display = "" if busy or self._shown is None else "none"

    def _alone(self, action: Callable[[], None]) -> None:
        """An action that nothing else may interrupt."""
        with self._lock:
            action()

    def _call_off(self) -> None:
        """The reader's way out."""
        self.stop()
        if self._shown is None:
            self.show_progress()
        else:
            self.show_question(self._shown)
            self._draw()
        self.status.value = element("p", self.say("segments_board.stopped"), role="status")

    def _moved(self, search: Search, share: float) -> None:
        """The search is further on; told from its thread."""
        with self._lock:
            if search is self._search:
                self.progress.value = progress_bar(share, self.language.value)

    def _ended(self, search: Search) -> None:
        """The search has ended; told from its thread."""
        with self._lock:
            if search.found is not None:
                self._found[search.question] = search.found
            if search is not self._search:
                return
            self._search = None
            if search.error is not None:
                self._failed(search.error)
            else:
                self.attempt(self._draw)

    def _failed(self, error: Exception) -> None:
        """Say what went wrong, over what was shown before."""
        if self._shown is not None:
            self.show_question(self._shown)
            self.attempt(self._draw)
        else:
            self.show_progress()

        def fail() -> None:
            raise error

        self.attempt(fail)
