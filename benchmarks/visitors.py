"""How long do visitors wait who come all at once? ``python -m benchmarks.visitors --visitors 40``.

Every visitor fetches a board's page and asks its kernel for the widgets' states. Printed: seconds until the page was
complete and until the kernel answered, median and slowest; how many were served, how many were asked to wait; and the
kernels that are left after all have gone.
"""

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.visiting import serving, visit

PATIENCE = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--places", type=int, default=None, help="places on the server; one for each when left out")
    parser.add_argument("--pool", type=int, default=1)
    parser.add_argument("--board", default="gap_explorer")
    parser.add_argument("--boards", default=None, help="a folder of boards; gapkit's own when left out")
    given = parser.parse_args()
    places = given.places or given.visitors
    folder = [given.boards] if given.boards else []
    with serving(*folder, "--max-sessions", str(places), "--pool", str(given.pool)) as server:
        server.settle(given.pool)
        with ThreadPoolExecutor(given.visitors) as everyone:
            visits = list(everyone.map(lambda _: visit(server, given.board), range(given.visitors)))
        served = [made for made in visits if made.status == 200]
        print(f"visitors {given.visitors}, places {places}, pool {given.pool}")
        print(f"served {len(served)}, asked to wait {sum(made.status == 503 for made in visits)}")
        for name, times in (
            ("page complete", [made.page for made in served]),
            ("kernel answered", [made.answered for made in served]),
        ):
            print(f"{name}: median {statistics.median(times):.1f} s, slowest {max(times):.1f} s")
        print(f"kernels while all were there: {server.kernels()}")
        for made in served:
            made.leave()
        gone = time.monotonic()
        while (left := server.kernels()) > given.pool * server.boards() and time.monotonic() - gone < PATIENCE:
            time.sleep(0.2)
        print(f"kernels {time.monotonic() - gone:.0f} s after all had left: {left}")


if __name__ == "__main__":
    main()
