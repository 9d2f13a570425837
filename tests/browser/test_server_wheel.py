"""gapkit as others install it: from a wheel, served from an empty directory."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A new environment with gapkit from its wheel; what gapkit needs is lent by the environment of the tests."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    venv.create(folder / "new", symlinks=os.name == "posix", with_pip=False)
    python = folder / "new" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", ask], text=True).strip())
    (wheel,) = folder.glob("gapkit-*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    # a path in a .pth file lends packages, but not the editable gapkit, which is a .pth file itself
    (packages / "lent.pth").write_text(subprocess.check_output([sys.executable, "-c", ask], text=True))
    return python


def test_a_wheel_serves_its_boards_from_an_empty_directory(installed, serve_boards, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(installed))
    running = serve_boards("--pool", 0, JUPYTER_PATH=str(Path(sys.prefix) / "share" / "jupyter"))
    where = psutil.Process(running.process.pid).cwd()
    with urlopen(running.address, timeout=60) as answer:
        landing = answer.read().decode()
    for board in (ROOT / "dashboards").glob("*.ipynb"):
        assert f"voila/render/{board.name}" in landing
    with urlopen(running.board("gap_explorer"), timeout=120) as answer:
        html = answer.read().decode()
    assert "widget-view+json" in html
    config = re.search(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    kernel = json.loads(config[1])["kernelId"]
    children = psutil.Process(running.process.pid).children(recursive=True)
    (process,) = [child for child in children if any(kernel in part for part in child.cmdline())]
    assert Path(process.cmdline()[0]).is_relative_to(installed.parents[1]), "the board runs in the new environment"
    assert [file.name for file in Path(where).iterdir()] == ["voila.json"], "nothing is written where it is started"


def test_what_is_served_comes_from_the_wheel(installed, tmp_path):
    told = subprocess.check_output(
        [installed, "-c", "import gapkit.show.serve as s; print(s.__file__, s.boards_folder())"],
        cwd=tmp_path,
        text=True,
    )
    served, boards = told.split()
    assert Path(served).is_relative_to(installed.parents[1])
    assert Path(boards).is_relative_to(installed.parents[1])
