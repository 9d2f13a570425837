"""Sentences that remember how they were made, so that the last room can say them in another language.

gapkit speaks English. What a result, a fault or a table of what was left out says is an English text like any other: it
is printed, compared and searched as one. Where it is made with the functions below, it also keeps its template and its
values, and `gapkit.show.translation` finds the same template in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Phrase(str):
    """An English text with the template and the values it was made of; copies and pickles keep them.

    Parameters
    ----------
    english : str
        The text.
    template : str
        What a translation is looked up by; of a phrase with a number in it, the form for many.
    values : dict
        What stands in the placeholders: numbers, names, or phrases.

    Examples
    --------
    >>> said = phrase("{share:.0%} of {whose}", share=0.25, whose=phrase("the answers"))
    >>> said, said.template
    ('25% of the answers', '{share:.0%} of {whose}')
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, english: str, template: str = "", values: Mapping[str, Any] | None = None) -> Phrase:
        """A str that knows more."""
        made = super().__new__(cls, english)
        made.template, made.values = template, values or {}
        return made

    def __deepcopy__(self, memo: Any) -> Phrase:
        """Itself, as nothing of it changes: the attrs of tables are copied at every step."""
        return self

    def again(self, **values: Any) -> Phrase:
        """The same with some other values; of a phrase with a number, the form for many.

        Examples
        --------
        >>> plural(1, "{count} row", "{count} rows").again(count=5)
        '5 rows'
        """
        return phrase(self.template, **{**self.values, **values})


class Joined(str):
    """Texts one after the other, kept apart so that each can be said in another language.

    Parameters
    ----------
    english : str
        The whole.
    parts : tuple of str
        Phrases, or plain texts that are the same in any language.
    between, last : str
        What stands between two of them, and before the last one.
    """

    parts: tuple[str, ...]
    between: str
    last: str

    def __new__(cls, english: str, parts: tuple[str, ...] = (), between: str = "", last: str = "") -> Joined:
        """A str that knows its parts."""
        made = super().__new__(cls, english)
        made.parts, made.between, made.last = parts, between, last
        return made

    def __deepcopy__(self, memo: Any) -> Joined:
        """Itself, as nothing of it changes."""
        return self


def phrase(template: str, /, **values: Any) -> Phrase:
    """A text made of a template and values, as ``template.format(**values)`` makes it.

    Parameters
    ----------
    template : str
        A literal: a test collects the templates and fails where one has no translation.
    **values
        Numbers unrounded, the template rounds them; names; or phrases, which are translated in their turn.

    Examples
    --------
    >>> phrase("at most {most:,} rows", most=50_000)
    'at most 50,000 rows'
    """
    return Phrase(template.format(**values), template, values)


def plural(count: float, one: str, many: str, /, **values: Any) -> Phrase:
    """A text about one thing or many, which may name the number as ``{count}``; looked up by the form for many.

    Examples
    --------
    >>> plural(1, "{count} row", "{count} rows"), plural(3, "{count} row", "{count} rows")
    ('1 row', '3 rows')
    """
    values = {"count": count, **values}
    return Phrase((one if count == 1 else many).format(**values), many, values)


def joined(parts: Iterable[str], *, between: str = ", ", last: str = "") -> Joined:
    """Names or phrases in a row; `last`, where given, stands before the last one.

    Examples
    --------
    >>> joined(["E", "P", "I"], last=" and ")
    'E, P and I'
    """
    kept = tuple(parts)
    english = between.join(kept)
    if last and len(kept) > 1:
        english = f"{between.join(kept[:-1])}{last}{kept[-1]}"
    return Joined(english, kept, between, last)


def sentences(*parts: str) -> Joined:
    """Sentences one after the other; empty ones are left out.

    Examples
    --------
    >>> sentences("Mean gaps.", "", "Unweighted.")
    'Mean gaps. Unweighted.'
    """
    return joined((part for part in parts if part), between=" ")
