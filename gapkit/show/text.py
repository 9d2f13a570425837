"""Every word that a reader sees, in their language, and how numbers are written."""

from __future__ import annotations

import math
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
"""What stands where there is no number."""


@cache
def languages() -> dict[str, str]:
    """The languages there are: code -> its own name, English first.

    Examples
    --------
    >>> languages()["zh-Hans"]
    '简体中文'
    """
    codes = sorted((path.stem for path in LOCALES.glob("*.toml")), key=lambda code: (code != "en", code))
    return {code: _strings(code)["language.name"] for code in codes}


@cache
def _strings(language: str) -> dict[str, str]:
    """The strings of one language, flat: "table.key" -> text."""
    path = LOCALES / f"{language}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in LOCALES.glob("*.toml")))
        raise ValueError(f'there are no texts in the language "{language}"; there are: {known}.')
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{name}.{key}": value for name, table in tables.items() for key, value in table.items()}


def text(key: str, language: str = "en", **values: object) -> str:
    """One text in one language, with its placeholders filled in.

    Parameters
    ----------
    key : str
        Table and key of ``locales/<language>.toml``, such as "figure.expectation".
    language : str
        "en", "zh-Hans" or "zh-Hant".
    **values
        What stands in the text's placeholders. Numbers come already written, see `number`.

    Raises
    ------
    KeyError
        No such key. A test keeps the languages' keys and placeholders alike.
    ValueError
        No such language.

    Examples
    --------
    >>> text("figure.perception", "zh-Hans")
    '感知 (P)'
    """
    strings = _strings(language)
    if key not in strings:
        raise KeyError(f'no text "{key}" in locales/{language}.toml')
    return strings[key].format(**values)


def number(value: float, digits: int = 2, *, signed: bool = False) -> str:
    """A number as it is shown: rounded here and nowhere else, with a real minus sign.

    Parameters
    ----------
    value : float
        NaN is shown as a dash.
    digits : int
        Decimals.
    signed : bool
        Whether positive numbers get a plus: for gaps, where the direction is the message.

    Examples
    --------
    >>> number(-1.2345), number(0.5, signed=True), number(float("nan"))
    ('−1.23', '+0.50', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    rounded = round(value, digits) + 0.0  # adding zero turns -0.0 into 0.0
    return f"{rounded:{'+' if signed and rounded else ''}.{digits}f}".replace("-", MINUS)


def interval(low: float, high: float, digits: int = 2) -> str:
    """An interval as it is shown.

    Examples
    --------
    >>> interval(-1.3, -1.1)
    '[−1.30, −1.10]'
    """
    return f"[{number(low, digits)}, {number(high, digits)}]"


def count(value: float) -> str:
    """A count as it is shown; thousands are marked from 10,000 on.

    Examples
    --------
    >>> count(1187), count(50_000_000)
    ('1187', '50,000,000')
    """
    return f"{value:,.0f}" if value >= 10_000 else f"{value:.0f}"


def percent(share: float, digits: int = 0) -> str:
    """A share as a percentage.

    Examples
    --------
    >>> percent(0.4375), percent(0.4375, 1)
    ('44%', '43.8%')
    """
    return f"{number(100 * share, digits)}%" if math.isfinite(share) else NOTHING


def plain(value: object, limit: int = 60) -> str:
    r"""A name that came from a file, fit to stand in a line of text.

    Line breaks, control characters (which would break an SVG) and direction overrides (which would reorder the text
    around them) are removed, and long names are cut with an ellipsis. It is not escaped: see `gapkit.show.markup`.

    Examples
    --------
    >>> plain("two\nlines\x00"), plain("a" * 100, limit=5)
    ('two lines', 'aaaa…')
    """
    spaced = " ".join(str(value).split())
    # Cc control, Cf format (zero-width joiners and bidi overrides among them), Co private use, Cs lone surrogates
    kept = "".join(character for character in spaced if unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs"))
    return kept if len(kept) <= limit else f"{kept[: limit - 1].rstrip()}…"
