"""A word of caution in the place of the number that it is about."""

from __future__ import annotations

from ..markup import Markup, element


def caution(words: str) -> Markup:
    """Words that the style sheet sets apart, for eyes and not by colour alone.

    Examples
    --------
    >>> str(caution("Caution: extrapolation."))
    '<span class="gk-caution">Caution: extrapolation.</span>'
    """
    return element("span", words, class_="gk-caution")
