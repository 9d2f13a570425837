"""The project itself: what it installs, what it says of itself, what importing it costs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DESIGN_CARD = [
    "jupyterlab",
    "voila",
    "ipywidgets",
    "pandas",
    "seaborn",
    "matplotlib",
    "factor_analyzer",
    "scikit-learn",
]


def requirements(lines):
    """Package -> version bound, from lines such as "pandas>=3.0"."""
    found = (re.fullmatch(r"([\w.\-]+)\s*([<>=!~].*)?", line.strip()) for line in lines)
    return {match[1].lower(): match[2] or "" for match in found if match}


def environment():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    return requirements(line.strip().removeprefix("- ") for line in lines if line.strip().startswith("- "))


def test_the_conda_environment_names_the_design_cards_packages_with_the_projects_bounds():
    declared = requirements(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
    conda = environment()
    for package in (*DESIGN_CARD, "pytest", "nbval"):
        assert conda[package] == declared[package], package
    assert conda["python"] == PROJECT["requires-python"]


def test_the_conda_environment_installs_the_project_itself():
    assert "- -e .[dev]" in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_every_dependency_is_pinned_in_the_constraints_by_name_and_version_only():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.\-]+==[\w.\-+!]+", line) for line in lines)
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    declared = requirements(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
    assert {name.replace("_", "-") for name in declared} <= pinned


def test_every_make_command_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"serve", "test"} <= commands
    for command in commands:
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def tracked_texts():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so the files of the project cannot be listed")
    suffixes = {
        ".py",
        ".pyi",
        ".md",
        ".toml",
        ".ipynb",
        ".yml",
        ".yaml",
        ".txt",
        ".cff",
        ".ini",
        ".R",
        ".html",
        ".j2",
        "",
    }
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in suffixes and path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_holds_a_path_of_one_machine_or_a_registrys_address():
    machine = re.compile(r"(?<![\w./])/(root|home|work)/[\w.]|(extra-)?index-" + "url|--find-" + "links")
    assert [name for name, text in tracked_texts() if machine.search(text)] == []


def test_importing_gapkit_is_light():
    heavy = ("matplotlib", "seaborn", "sklearn", "ipywidgets", "scipy.stats")
    code = f"import sys, gapkit; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_resolves_and_has_a_docstring():
    import gapkit

    for name in gapkit.__all__:
        assert getattr(gapkit, name).__doc__, name


def test_the_version_is_the_same_everywhere():
    import gapkit

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert gapkit.__version__ == PROJECT["version"]
    assert f"version: {PROJECT['version']}" in citation


def test_the_readmes_picture_shows_the_gaps_of_the_bundled_study_as_they_are_now():
    import gapkit
    from gapkit.show.text import number

    picture = (ROOT / "docs" / "hotel_gaps.svg").read_text(encoding="utf-8")
    gaps = gapkit.gap_scores(gapkit.datasets.load("hotel"))
    for dimension, row in gaps.dimensions.iterrows():
        name = gapkit.load_instrument("servqual").label(dimension)
        assert f">{name}</text>" in picture
        assert f"gap {number(row['gap'])}, 95% interval {number(row['low'])} to {number(row['high'])}" in picture
    assert "docs/hotel_gaps.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
