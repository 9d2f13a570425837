"""Every reader-facing word: the same keys and placeholders in each language, and none that is missing or idle."""

import ast
import re
import string
import tomllib
from functools import cache
from pathlib import Path

import pytest

import gapkit
from gapkit.show.serve import boards_folder
from gapkit.show.text import LOCALES, languages, number, plain, text

PACKAGE = Path(gapkit.__file__).parent
SOURCES = [*sorted((PACKAGE / "show").rglob("*.py")), PACKAGE / "cli.py"]


@cache
def strings(language):
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{name}.{key}": value for name, table in tables.items() for key, value in table.items()}


@cache
def nodes():
    """Every node of the code of the show room."""
    return [node for source in SOURCES for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))]


def placeholders(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def literals():
    """Every string constant of the show room, docstrings included."""
    return {node.value for node in nodes() if isinstance(node, ast.Constant)}


def patterns():
    """What keys made at run time look like: the f-strings of the show room, a hole for any word."""
    made = [node for node in nodes() if isinstance(node, ast.JoinedStr)]
    holes = [
        "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
        for node in made
    ]
    return [re.compile(part) for part in holes if re.match(r"[a-z_]+\\\.", part)]


def asked_keys():
    """The keys that code asks for with a literal: text("a.b", ...) or self.say("a.b", ...)."""
    keys = set()
    for node in nodes():
        named = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
        if named in ("text", "say") and node.args and isinstance(node.args[0], ast.Constant):
            keys.add(node.args[0].value)
    return {key for key in keys if isinstance(key, str) and "." in key}


OTHERS = sorted(set(languages()) - {"en"})


def test_there_are_english_and_simplified_chinese():
    assert next(iter(languages())) == "en"
    assert languages()["zh-Hans"] == "简体中文"


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_keys_of_english(language):
    assert set(strings(language)) == set(strings("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_the_placeholders_of_the_english_one(language):
    english = strings("en")
    differing = {key for key, words in strings(language).items() if placeholders(words) != placeholders(english[key])}
    assert differing == set()


@pytest.mark.parametrize("language", list(languages()))
def test_no_text_is_empty_or_carries_a_format_of_its_own(language):
    for key, words in strings(language).items():
        assert words or key == "describe.between", key
        assert all(not spec and not conversion for _, name, spec, conversion in string.Formatter().parse(words) if name)


def test_the_code_asks_for_no_key_that_is_missing():
    assert asked_keys() - set(strings("en")) == set()


def test_no_text_lies_idle():
    boards = {f"board.{file.stem}{part}" for file in boards_folder().glob("*.ipynb") for part in ("", "_sentence")}
    idle = set(strings("en")) - literals() - boards
    made = patterns()
    assert {key for key in idle if not any(pattern.fullmatch(key) for pattern in made)} == set()


def test_every_board_has_a_title_and_a_sentence():
    for file in boards_folder().glob("*.ipynb"):
        assert f"board.{file.stem}" in strings("en")
        assert f"board.{file.stem}_sentence" in strings("en")


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_words_is_left_in_english(language):
    # signs, abbreviations and placeholders alone are the same in any language
    worded = {key: words for key, words in strings("en").items() if re.search("[a-z]{2}", re.sub(r"{\w+}", "", words))}
    assert {key for key, words in worded.items() if strings(language)[key] == words} == set()


def test_a_missing_key_is_named():
    with pytest.raises(KeyError, match=r"no text \"figure\.nonsense\" in locales/en\.toml"):
        text("figure.nonsense")


def test_a_missing_language_says_which_there_are():
    with pytest.raises(ValueError, match='no texts in the language "tlh"; there are: en, zh-Hans'):
        text("figure.gap", "tlh")


def test_a_negative_zero_is_shown_as_zero():
    assert number(-0.001, signed=True) == "0.00"


def test_a_number_that_is_not_there_is_a_dash():
    assert number(float("inf")) == "–"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x00b\x1b[31m", "ab[31m"),
        ("left\u202eright", "leftright"),
        ("  two\r\n lines\t", "two lines"),
        ("\ud800half", "half"),
        (3.5, "3.5"),
    ],
)
def test_names_from_files_lose_what_would_break_a_page(given, shown):
    assert plain(given) == shown
