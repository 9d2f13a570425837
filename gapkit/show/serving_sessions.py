"""Who has which kernel: the pool, the cap, the queue at the start, and freeing what no page uses any more."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

log = logging.getLogger("gapkit")
Made = TypeVar("Made")

# Seconds that a kernel is kept while no page holds its channel: until a page that was sent connects; after a page
# was closed; after a connection was lost, as the page tries again for a while.
UNTIL_CONNECTED, AFTER_CLOSED, AFTER_LOST = 30.0, 1.0, 15.0
SWEEP_EVERY = 1.0
# A reader's own page is drawn first, then the next kernel is made ready for somebody else. A board that fails, or a
# machine without memory, is not asked again at once.
REFILL_AFTER, REFILL_AFTER_FAILURE = 1.5, 30.0
# A proxy gives up on a page of which it hears nothing; this often a page that is being made says that it is.
HEARTBEAT_EVERY, HEARTBEAT = 10.0, "<script>window.voila_heartbeat()</script>\n"
FAILED_PAGE = "<script>window.gapkit.end()</script>\n"


@dataclass(eq=False)
class Session:
    """One kernel with the page that was made in it: ready in the pool, being made, or a reader's."""

    board: str
    kernel_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    snippets: list[str] = field(default_factory=list)
    """The page so far."""
    taken: bool = False
    made: bool = False
    """Nothing more will be added to the page."""
    failed: bool = False
    being_read: bool = False
    connections: int = 0
    patience: float = UNTIL_CONNECTED
    seen: float = 0.0
    """When a page last gave a sign of life."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    may_start: asyncio.Event = field(default_factory=asyncio.Event)
    maker: asyncio.Task[None] | None = None


_undoing: set[asyncio.Future[None]] = set()


async def unbroken(work: Awaitable[Made], *, undo: Callable[[], Awaitable[None]]) -> Made:
    """Work that is not broken off half-way: where nobody waits for it any more, it is finished and then undone.

    A kernel's start that is cancelled loses hold of the process it has just made.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:

        async def end() -> None:
            try:
                await task
            except Exception as error:
                log.debug("a start that nobody waited for: %s", error)
            await undo()

        ending = asyncio.ensure_future(end())
        _undoing.add(ending)
        ending.add_done_callback(_undoing.discard)
        raise


class Sessions:
    """The sessions of a server: at most `limit` readers, and `pool` kernels ready for each board.

    Parameters
    ----------
    boards : iterable of str
        The notebooks.
    make : function
        Session -> the snippets of its page; awaits `turn` before it starts a kernel.
    end : function
        Ends a kernel by its id; it may be gone already.
    pool : int
        Kernels that wait for readers, for each board.
    limit : int
        Readers at once.
    starts : int
        Kernels that start at once; more would only make each other wait.
    """

    def __init__(
        self,
        boards: Iterable[str],
        *,
        make: Callable[[Session], AsyncIterator[str]],
        end: Callable[[str], Awaitable[None]],
        pool: int = 1,
        limit: int = 40,
        starts: int = 2,
    ) -> None:
        self.boards = tuple(boards)
        self.pool, self.limit, self.starts = pool, limit, starts
        self._make, self._end = make, end
        self._all: dict[str, Session] = {}
        self._queue: list[Session] = []
        self._starting: set[Session] = set()
        self._ending: set[asyncio.Future[None]] = set()
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def readers(self) -> int:
        """How many sessions readers have."""
        return sum(session.taken for session in self._all.values())

    def open(self) -> None:
        """Begin: fill the pool, and look after closed pages from now on."""
        self._sweeper = asyncio.get_running_loop().create_task(self._sweep_for_ever())
        self.fill()

    def fill(self) -> None:
        """Make kernels ready until each board has its pool."""
        for board in self.boards:
            ready = sum(session.board == board and not session.taken for session in self._all.values())
            for _ in range(self.pool - ready):
                self._begin(board)

    def admit(self, board: str) -> Session | None:
        """A session for a reader: one from the pool where there is one; None when as many as may are here."""
        if self.readers >= self.limit:
            return None
        ready = [session for session in self._all.values() if session.board == board and not session.taken]
        session = max(ready, key=lambda one: one.made) if ready else self._begin(board)
        session.taken = session.being_read = True
        session.seen = monotonic()
        asyncio.get_running_loop().call_later(REFILL_AFTER, self.fill)
        return session

    async def read(self, session: Session) -> AsyncIterator[str]:
        """The page of a session, in the pieces in which it is made."""
        place = 0
        while True:
            session.changed.clear()
            if place < len(session.snippets):
                yield "".join(session.snippets[place:])
                place = len(session.snippets)
            elif session.made:
                break
            else:
                try:
                    await asyncio.wait_for(session.changed.wait(), HEARTBEAT_EVERY)
                except TimeoutError:
                    yield HEARTBEAT
        if session.failed:
            yield FAILED_PAGE
        session.being_read, session.seen = False, monotonic()

    async def turn(self, session: Session) -> None:
        """Wait until this session may start its kernel: a few at once, those of readers first."""
        self._queue.append(session)
        self._let_in()
        await session.may_start.wait()

    def seen(self, kernel_id: str) -> None:
        """A page gave a sign of life."""
        if session := self._all.get(kernel_id):
            session.seen = monotonic()

    def connected(self, kernel_id: str) -> None:
        """A page opened its channel."""
        if session := self._all.get(kernel_id):
            session.connections += 1

    def disconnected(self, kernel_id: str, *, closed: bool) -> None:
        """A channel ended: closed by its page, or lost on the way."""
        if session := self._all.get(kernel_id):
            session.connections -= 1
            session.patience = AFTER_CLOSED if closed else AFTER_LOST
            session.seen = monotonic()

    def is_readers(self, kernel_id: str) -> bool:
        """Whether a kernel belongs to a reader; those in the pool are nobody's yet."""
        session = self._all.get(kernel_id)
        return session is not None and session.taken

    def drop(self, session: Session) -> None:
        """End a session, whatever it is doing."""
        if self._all.pop(session.kernel_id, None) is None:
            return
        session.made = True
        session.changed.set()
        if session.maker is not None:
            session.maker.cancel()
        self._leave_queue(session)
        ending = asyncio.ensure_future(self._finish(session.kernel_id))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        if not session.taken:
            asyncio.get_running_loop().call_later(REFILL_AFTER_FAILURE, self.fill)

    def died(self, kernel_id: str) -> None:
        """A kernel is no more."""
        if session := self._all.get(kernel_id):
            session.failed = True
            self.drop(session)

    def sweep(self) -> None:
        """End the sessions of which no page has been heard for as long as they are kept."""
        now = monotonic()
        for session in list(self._all.values()):
            idle = session.taken and not session.being_read and not session.connections
            if idle and now - session.seen > session.patience:
                self.drop(session)

    async def close(self) -> None:
        """Begin nothing more."""
        self.pool = self.limit = 0
        tasks = [task for task in (self._sweeper, *(one.maker for one in self._all.values())) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, board: str) -> Session:
        """A new session; its page is made from now on."""
        session = Session(board)
        self._all[session.kernel_id] = session
        session.maker = asyncio.get_running_loop().create_task(self._make_page(session))
        return session

    async def _make_page(self, session: Session) -> None:
        """Make the page of a session, snippet by snippet."""
        try:
            async for snippet in self._make(session):
                session.snippets.append(snippet)
                session.changed.set()
        except Exception:
            log.exception("the board %s could not be made", session.board)
            session.failed = True
        session.made = True
        session.changed.set()
        self._leave_queue(session)
        if session.failed and not session.taken:
            self.drop(session)

    def _let_in(self) -> None:
        """As many starts as may be at once."""
        while self._queue and len(self._starting) < self.starts:
            first = min(self._queue, key=lambda session: not session.taken)
            self._queue.remove(first)
            self._starting.add(first)
            first.may_start.set()

    def _leave_queue(self, session: Session) -> None:
        """A session has started, or never will."""
        with suppress(ValueError):
            self._queue.remove(session)
        self._starting.discard(session)
        self._let_in()

    async def _finish(self, kernel_id: str) -> None:
        """End a kernel; whatever goes wrong with one that is leaving is no reader's concern."""
        try:
            await self._end(kernel_id)
        except Exception as error:
            log.debug("while ending a kernel: %s", error)

    async def _sweep_for_ever(self) -> None:
        """Sweep now and then."""
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            self.sweep()
