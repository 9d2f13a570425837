"""Pages opened and closed without a pause: are there ever more kernels than pages and pool? ``make soak``.

Readers come and go at once, closing properly, breaking off while the page is made, or never opening the channel.
Exit status 1 when a page did not come, or when, after the last has gone, more kernels are left than the pool holds.
"""

import argparse
import random
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from benchmarks.visiting import Server, serving, visit

BROKEN_OFF = 0.4
"""Share of the readers who hang up while the page is made."""
AFTERWARDS = 40
"""Seconds: a page that was fetched and never opened is kept for 30."""


def break_off(server: Server, board: str, after: float) -> None:
    """Ask for a page and hang up after so many seconds, with luck while its kernel starts."""
    place = urlsplit(server.address)
    with socket.create_connection((str(place.hostname), int(place.port or 80)), 10) as line:
        line.sendall(f"GET /voila/render/{board}.ipynb HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        time.sleep(after)


def reader(server: Server, board: str, until: float, seed: int, counted: dict[str, int]) -> None:
    """One reader after the other."""
    chance = random.Random(seed)
    while time.monotonic() < until:
        if chance.random() < BROKEN_OFF:
            break_off(server, board, chance.uniform(0.05, 1.5))
            counted["broken off"] += 1
            continue
        made = visit(server, board)
        counted[str(made.status)] = counted.get(str(made.status), 0) + 1
        time.sleep(chance.random())
        made.leave()
        if made.status == 503:
            time.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--places", type=int, default=6)
    parser.add_argument("--board", default="gap_explorer")
    parser.add_argument("--boards", default=None, help="a folder of boards; gapkit's own when left out")
    parser.add_argument("--pool", type=int, default=1)
    given = parser.parse_args()
    folder = [given.boards] if given.boards else []
    counted = {"broken off": 0}
    with serving(*folder, "--max-sessions", str(given.places), "--pool", str(given.pool)) as server:
        until = time.monotonic() + given.seconds
        with ThreadPoolExecutor(given.readers) as crowd:
            seeds = range(given.readers)
            readers = [crowd.submit(reader, server, given.board, until, seed, counted) for seed in seeds]
            most = 0
            while not all(one.done() for one in readers):
                most = max(most, server.kernels())
                time.sleep(0.5)
        for one in readers:
            one.result()  # a page that did not come ends the run with its error
        last = time.monotonic()
        fewest = server.kernels()
        with_pool = given.pool * server.boards()
        while (left := server.kernels()) > with_pool and time.monotonic() - last < AFTERWARDS:
            time.sleep(0.5)
        print(", ".join(f"{name}: {count}" for name, count in counted.items()))
        print(f"kernels: {most} at most, {fewest} when the last left, {left} after {time.monotonic() - last:.0f} s")
        print(f"places {given.places}, pool {with_pool}")
    if left > with_pool or most > given.places + with_pool + given.readers:
        sys.exit("more kernels than pages and pool")


if __name__ == "__main__":
    main()
