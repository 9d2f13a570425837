"""What takes a board longer than a moment: done piece by piece between the reader's moves, never in their way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

PAUSE = 0.02
"""Seconds between two pieces, in which what the reader did meanwhile is answered."""

Guard = Callable[[Callable[[], None]], bool]
"""Runs a piece and tells whether it went well."""


class Later:
    """Pieces of work that wait for the kernel to be free; a new list of them replaces what is left of the old one.

    Without an event loop, as in a test, the pieces are done at once.

    Parameters
    ----------
    guard : callable
        Runs each piece; where it fails, the rest is dropped.

    Examples
    --------
    >>> done = []
    >>> Later(lambda piece: piece() is None).begin([lambda: done.append(1), lambda: done.append(2)])
    >>> done
    [1, 2]
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._round = 0

    def begin(self, pieces: Sequence[Callable[[], None]], *, wait: float = 0.0, spare: bool = False) -> None:
        """Forget what was still to do; do these, one after the other, after some seconds without a new beginning.

        What is `spare` can be left undone, and is where there is no event loop.
        """
        self._round += 1
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for piece in () if spare else pieces:
                if not self._guard(piece):
                    return
            return
        loop.call_later(wait, self._next, self._round, list(pieces))

    def _next(self, own_round: int, pieces: list[Callable[[], None]]) -> None:
        """One piece, and then, if it went well and nothing new was begun, the next."""
        if own_round != self._round or not pieces:
            return
        if self._guard(pieces[0]):
            asyncio.get_running_loop().call_later(PAUSE, self._next, own_round, pieces[1:])
