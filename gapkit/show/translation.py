"""What the other rooms say, in the reader's language: faults, reasons, and how something was computed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..survey.instrument import Instrument
from ..survey.phrase import Joined, Phrase
from ..survey.survey import Survey
from .markup import Markup, element
from .text import text

PHRASES = Path(__file__).parent / "phrases"
"""A file for each room: English template, and the same in each other language."""
LEFT_OUT = ("respondents", "answers", "battery", "columns", "blanks")


@cache
def _templates(language: str) -> dict[str, str]:
    """English template -> the one of a language."""
    entries = [
        entry
        for file in sorted(PHRASES.glob("*.toml"))
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["phrases"]
    ]
    return {entry["en"]: entry[language] for entry in entries if language in entry}


def translated(said: object, language: str) -> str:
    """A text in a language, where it was made as a phrase and there is a translation; else as it is.

    Parameters
    ----------
    said : str
        What a result, a fault or an error says. Not escaped and not cut: see `plain` and `element`.
    language : str
        One of ``gapkit.show.text.languages()``.

    Examples
    --------
    >>> from gapkit.survey.phrase import phrase, sentences
    >>> said = sentences(phrase("Correct this entry, or take it out."), "as it is")
    >>> translated(said, "en"), translated(said, "zh-Hans")
    ('Correct this entry, or take it out. as it is', '请更正此项，或将其删除。as it is')
    """
    if language == "en":
        return str(said)
    if isinstance(said, Joined):
        return _in_a_row(said, language)
    if isinstance(said, Phrase) and (template := _templates(language).get(said.template)) is not None:
        return template.format(**{name: _value(value, language) for name, value in said.values.items()})
    return str(said)


def message(error: BaseException) -> str:
    """What an error says, still a phrase where it was raised with one; see `translated`."""
    return error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)


def spoken(tag: str, said: object, language: str, **attributes: object) -> Markup:
    """An element with a text in a language, or marked as English where there is no translation.

    Examples
    --------
    >>> spoken("p", "Unheard of.", "zh-Hans")
    '<p lang="en">Unheard of.</p>'
    """
    return element(tag, translated(said, language), lang=foreign(said, language), **attributes)


def left_out(survey: Survey, language: str) -> Iterator[tuple[str, str, int, str]]:
    """What was left out of a survey, row by row: what, where, how many and why, in a language."""
    for what, where, number, why in survey.dropped.itertuples(index=False, name=None):
        name = text(f"report.left_{what}", language) if what in LEFT_OUT else str(what)
        yield name, translated(where, language), number, translated(why, language)


def foreign(said: object, language: str) -> str | None:
    """The ``lang`` of a text on a page: "en" where it stays English on one of another language, else None."""
    return "en" if language != "en" and translated(said, language) == str(said) else None


def _value(value: object, language: str) -> object:
    """What stands in a placeholder: words translated, numbers as they are, so that the template can round them."""
    if isinstance(value, Instrument):
        return value.title(language)
    return translated(value, language) if isinstance(value, Phrase | Joined) else value


def _in_a_row(said: Joined, language: str) -> str:
    """Parts in a row with the marks of the language; sentences of one that ends them with 。 follow without a space."""
    parts = [translated(part, language) for part in said.parts]
    if said.between == " ":
        return "".join(part if part.endswith("。") else f"{part} " for part in parts).rstrip()
    templates = _templates(language)
    between = templates.get(said.between, said.between)
    if said.last and len(parts) > 1:
        return f"{between.join(parts[:-1])}{templates.get(said.last, said.last)}{parts[-1]}"
    return between.join(parts)
