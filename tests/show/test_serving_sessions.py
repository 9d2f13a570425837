"""Pool, cap, queue and sweeping, with pages and kernels that are only pretended."""

import asyncio

import pytest

from gapkit.show import serving_sessions
from gapkit.show.serving_sessions import FAILED_PAGE, Session, Sessions, unbroken

BOARD = "a.ipynb"


class House:
    """Sessions whose kernels start when told to, and a list of what was started and ended."""

    def __init__(self, **given):
        self.started, self.ended, self.go = [], [], asyncio.Event()
        self.sessions = Sessions([BOARD], make=self.make, end=self.end, **given)

    async def make(self, session):
        yield "head "
        await self.sessions.turn(session)
        self.started.append(session)
        await self.go.wait()
        yield "body"

    async def end(self, kernel_id):
        self.ended.append(kernel_id)

    async def page(self, session):
        return "".join([html async for html in self.sessions.read(session)])


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


def run(story):
    """Tell a story in a loop of its own."""
    asyncio.run(asyncio.wait_for(story(), 10))


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(serving_sessions, "monotonic", lambda: Clock.now)
    return Clock


def test_a_reader_gets_the_page_as_far_as_it_is_and_then_the_rest():
    async def story():
        house = House(pool=0)
        session = house.sessions.admit(BOARD)
        pieces = house.sessions.read(session)
        assert await anext(pieces) == "head "
        house.go.set()
        assert await anext(pieces) == "body"
        assert [piece async for piece in pieces] == []

    run(story)


def test_the_pool_is_handed_out_and_filled_again(monkeypatch):
    monkeypatch.setattr(serving_sessions, "REFILL_AFTER", 0.0)

    async def story():
        house = House(pool=1)
        house.go.set()
        house.sessions.fill()
        await settle()
        (ready,) = house.started
        assert house.sessions.readers == 0
        assert house.sessions.admit(BOARD) is ready
        assert await house.page(ready) == "head body"
        await settle()
        assert len(house.started) == 2
        assert house.sessions.readers == 1

    run(story)


def test_no_more_readers_than_places(monkeypatch):
    monkeypatch.setattr(serving_sessions, "REFILL_AFTER", 0.0)

    async def story():
        house = House(pool=2, limit=3)
        house.go.set()
        house.sessions.fill()
        sessions = [house.sessions.admit(BOARD) for _ in range(3)]
        assert all(sessions)
        assert house.sessions.admit(BOARD) is None
        house.sessions.drop(sessions[0])
        assert house.sessions.admit(BOARD) is not None
        assert house.sessions.admit(BOARD) is None

    run(story)


def test_few_kernels_start_at_once_and_those_of_readers_first():
    async def story():
        house = House(pool=3, starts=2)
        house.sessions.fill()
        await settle()
        assert len(house.started) == 2, "the pool's third waits"
        pooled = set(house.started)
        readers = [house.sessions.admit(BOARD) for _ in range(4)]
        await settle()
        assert {reader for reader in readers if reader in pooled} == pooled, "what is furthest goes first"
        assert len(house.started) == 2
        house.sessions.fill()
        house.go.set()
        await settle()
        assert house.started.index(readers[3]) < 4, "the pool was filled after the readers"

    run(story)


def test_a_closed_page_frees_its_kernel_soon_a_lost_connection_later(clock):
    async def story():
        house = House(pool=0)
        house.go.set()
        for closed, patience in ((True, serving_sessions.AFTER_CLOSED), (False, serving_sessions.AFTER_LOST)):
            session = house.sessions.admit(BOARD)
            await house.page(session)
            house.sessions.connected(session.kernel_id)
            clock.now += 10_000
            house.sessions.sweep()
            assert house.sessions.readers == 1, "an open page is never ended"
            house.sessions.disconnected(session.kernel_id, closed=closed)
            clock.now += patience - 0.1
            house.sessions.sweep()
            assert house.sessions.readers == 1
            clock.now += 0.2
            house.sessions.sweep()
            assert house.sessions.readers == 0
            await settle()
            assert house.ended[-1] == session.kernel_id

    run(story)


def test_a_page_that_comes_back_in_time_keeps_its_kernel(clock):
    async def story():
        house = House(pool=0)
        house.go.set()
        session = house.sessions.admit(BOARD)
        await house.page(session)
        house.sessions.connected(session.kernel_id)
        house.sessions.disconnected(session.kernel_id, closed=False)
        clock.now += serving_sessions.AFTER_LOST / 2
        house.sessions.connected(session.kernel_id)
        clock.now += 10_000
        house.sessions.sweep()
        assert house.sessions.readers == 1

    run(story)


def test_a_page_that_was_sent_and_never_connects_is_given_up_unless_it_gives_signs_of_life(clock):
    async def story():
        house = House(pool=0)
        house.go.set()
        quiet, loading = house.sessions.admit(BOARD), house.sessions.admit(BOARD)
        for session in (quiet, loading):
            await house.page(session)
        clock.now += serving_sessions.UNTIL_CONNECTED - 1
        house.sessions.seen(loading.kernel_id)
        clock.now += 2
        house.sessions.sweep()
        await settle()
        assert house.ended == [quiet.kernel_id]

    run(story)


def test_a_kernel_in_the_pool_is_kept_however_long_nobody_comes(clock):
    async def story():
        house = House(pool=1)
        house.go.set()
        house.sessions.fill()
        await settle()
        clock.now += 1_000_000
        house.sessions.sweep()
        session = house.sessions.admit(BOARD)
        house.sessions.sweep()
        assert house.ended == []
        assert await house.page(session) == "head body"
        house.sessions.sweep()
        assert house.ended == [], "and is not old when it is handed out"

    run(story)


def test_a_kernel_that_died_in_the_pool_is_handed_to_nobody():
    async def story():
        house = House(pool=1)
        house.go.set()
        house.sessions.fill()
        await settle()
        (dead,) = house.started
        house.sessions.died(dead.kernel_id)
        session = house.sessions.admit(BOARD)
        assert session is not dead
        assert await house.page(session) == "head body"

    run(story)


def test_a_page_whose_kernel_dies_while_it_is_made_ends_with_the_banner():
    async def story():
        house = House(pool=0)
        session = house.sessions.admit(BOARD)
        pieces = house.sessions.read(session)
        assert await anext(pieces) == "head "
        house.sessions.died(session.kernel_id)
        assert [piece async for piece in pieces] == [FAILED_PAGE]

    run(story)


def test_a_board_that_fails_ends_with_the_banner_and_is_not_started_over_and_over(caplog):
    async def story():
        house = House(pool=1)

        async def fail(session):
            house.started.append(session)
            yield "head "
            raise RuntimeError("no kernel")

        house.sessions._make = fail
        house.sessions.fill()
        await settle()
        assert len(house.started) == 1
        assert house.ended == [house.started[0].kernel_id]
        assert await house.page(house.sessions.admit(BOARD)) == "head " + FAILED_PAGE

    run(story)
    assert "a.ipynb could not be made" in caplog.text


def test_a_proxy_hears_something_while_a_page_is_made(monkeypatch):
    monkeypatch.setattr(serving_sessions, "HEARTBEAT_EVERY", 0.01)

    async def story():
        house = House(pool=0)
        session = house.sessions.admit(BOARD)
        pieces = house.sessions.read(session)
        assert await anext(pieces) == "head "
        assert "voila_heartbeat" in await anext(pieces)

    run(story)


def test_a_reader_who_leaves_while_the_page_is_made_frees_the_place_and_the_turn():
    async def story():
        house = House(pool=0, limit=1, starts=1)
        first = house.sessions.admit(BOARD)
        await settle()
        assert house.started == [first]
        house.sessions.drop(first)
        await settle()
        assert house.ended == [first.kernel_id]
        second = house.sessions.admit(BOARD)
        await settle()
        assert house.started == [first, second]

    run(story)


def test_every_session_has_an_id_that_cannot_be_guessed():
    ids = {Session(BOARD).kernel_id for _ in range(100)}
    assert len(ids) == 100
    assert all(id[14] == "4" for id in ids), "uuid4"


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_start_that_nobody_waits_for_any_more_is_finished_and_then_undone(succeeds):
    told = []

    async def start():
        told.append("begun")
        await asyncio.sleep(0.02)
        told.append("process there")
        if not succeeds:
            raise OSError("no memory")

    async def end():
        told.append("ended")

    async def leave():
        waiting = asyncio.ensure_future(unbroken(start(), undo=end))
        await asyncio.sleep(0.005)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.sleep(0.05)

    asyncio.run(leave())
    assert told == ["begun", "process there", "ended"]


def test_a_start_that_is_waited_for_is_not_undone():
    async def start():
        return "kernel"

    async def end():
        raise AssertionError("ended")

    assert asyncio.run(unbroken(start(), undo=end)) == "kernel"
