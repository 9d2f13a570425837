"""Every speed benchmark in turn: ``make bench``, or ``python -m benchmarks scoring factors`` for some of them."""

import runpy
import sys
from pathlib import Path

from tqdm.auto import tqdm

HERE = Path(__file__).parent

if __name__ == "__main__":
    there = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    chosen = sys.argv[1:] or list(there)
    if unknown := [name for name in chosen if name not in there]:
        sys.exit(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(there)}")
    sys.argv = sys.argv[:1]
    for name in tqdm(chosen, desc="benchmarks"):
        print(f"\n== {name}\n", flush=True)
        runpy.run_path(str(there[name]), run_name="__main__")
