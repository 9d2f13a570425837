"""Many readers at once, and readers who come and go: served or asked to wait, and nothing is left behind."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def measured(script, *arguments):
    """What a script of benchmarks/ prints."""
    command = [sys.executable, "-m", f"benchmarks.{script}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, env=os.environ, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    return done.stdout


def test_visitors_who_come_all_at_once_are_served_or_asked_to_wait_and_the_cap_holds(plain_boards):
    told = measured(
        "visitors", "--boards", plain_boards, "--board", "plain", "--visitors", 9, "--places", 5, "--pool", 0
    )
    assert "served 5, asked to wait 4" in told
    assert "kernels while all were there: 5" in told
    assert re.search(r"kernels \d+ s after all had left: 0", told)


@pytest.mark.parametrize("pool", [0, 1], ids=["a kernel for each page", "a kernel ready"])
def test_pages_that_are_opened_and_closed_without_a_pause_leave_no_kernel_behind(plain_boards, pool):
    places = ("--boards", plain_boards, "--board", "plain", "--readers", 2, "--places", 3, "--pool", pool)
    told = measured("soak", *places, "--seconds", 60)
    most, left = (int(number) for number in re.findall(r"kernels: (\d+) at most, .* (\d+) after", told)[0])
    assert most <= 3 + pool + 2
    assert left <= pool
