"""A long search in the background of a board: it reports how far it is, and can be called off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ...survey.survey import Survey

if TYPE_CHECKING:
    from ...explain.segments import Segments

PATIENCE = 0.2
"""Seconds between two reports of progress: more often would only make the page busy."""


class Question(NamedTuple):
    """What a search is about, in no language."""

    data: str
    on: Any
    centre: Any
    technique: Any


class Search:
    """One search for segments in a thread of its own.

    Parameters
    ----------
    question : Question
    survey : Survey
    settings : dict
        Passed on to `segment`.
    moved : function
        Told the share that is done, at most five times a second, from the thread.
    ended : function
        Told this search when it has ended; then `found`, `error` or `cancelled` is set.
    """

    def __init__(
        self,
        question: Question,
        survey: Survey,
        settings: dict[str, Any],
        *,
        moved: Callable[[Search, float], None],
        ended: Callable[[Search], None],
    ) -> None:
        self.question, self.share = question, 0.0
        self.found: Segments | None = None
        self.error: Exception | None = None
        self._survey, self._settings, self._moved, self._ended = survey, settings, moved, ended
        self._stop, self._told = Event(), monotonic()
        self._thread = Thread(target=self._work, name="gapkit-segments", daemon=True)

    @property
    def cancelled(self) -> bool:
        """Whether it was called off."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Call it off: it ends at the next fit, and what it found so far is dropped."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended; whether it has."""
        with suppress(RuntimeError):  # called from the search itself, or before it began
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        """The whole of it."""
        # here and not before: what a search needs is read from disk while the page already shows its controls
        from ...explain.segment_search import SegmentsCancelled
        from ...explain.segments import segment

        question = self.question
        asked = {"on": question.on, "centre": question.centre or None, "method": question.technique}
        try:
            self.found = segment(
                self._survey, **asked, **self._settings, progress=self._report, cancel=self._stop.is_set
            )
        except SegmentsCancelled:
            self._stop.set()
        except Exception as error:  # it is shown on the board, where a thread's own report would be lost
            self.error = error
        self._ended(self)

    def _report(self, share: float) -> None:
        """Tell how far it is, now and then."""
        self.share = share
        if not self.cancelled and monotonic() - self._told >= PATIENCE:
            self._told = monotonic()
            self._moved(self, share)
