"""How every comparison with R runs it."""

import shutil
import subprocess

import pytest


@pytest.fixture(scope="session")
def run_r():
    """Run Rscript and have what it prints; what it complains of goes into the failure, a lacking package is a skip."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")

    def run(*arguments):
        command = ["Rscript", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if "there is no package called" in done.stderr:
            pytest.skip(done.stderr.strip().splitlines()[-1])
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
