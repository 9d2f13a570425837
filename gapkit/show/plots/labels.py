"""How wide a text is, and where it breaks: enough to lay out labels that a browser will draw with its own fonts."""

from __future__ import annotations

import re
import unicodedata

_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMW@%")
_MINIMUM_CHARACTERS = 3
# CJK radicals to Hangul, and the full-width forms: a line may break before and after each of them
_WIDE_RANGE = "\u2e80-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
_PIECE = re.compile(rf"[{_WIDE_RANGE}]\s*|[^\s{_WIDE_RANGE}]+\s*|\s+")


def _advance(character: str) -> float:
    """About how many ems a character takes in a sans-serif font, on the generous side."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 0.96
    return 0.7 if character.isupper() else 0.61


def text_width(text: str, size: float) -> float:
    """The estimated width of a line in points.

    Examples
    --------
    >>> text_width("可靠性", 10)
    30.0
    """
    return size * sum(map(_advance, text))


def wrap(text: str, width: float, size: float, *, lines: int = 2) -> list[str]:
    """Break a label into lines no wider than `width` points; what does not fit ends in an ellipsis.

    Latin text breaks at spaces, Chinese and Japanese between any two characters.

    Examples
    --------
    >>> wrap("Sincere effort when there is a problem", 140, 11)
    ['Sincere effort when', 'there is a problem']
    >>> wrap("遇到问题尽心解决", 50, 10)
    ['遇到问题尽', '心解决']
    """
    room, rows, used = width / size, [""], 0.0
    for piece in _pieces(text):
        advance = sum(map(_advance, piece.rstrip()))
        if rows[-1] and used + advance > room:
            rows.append("")
            used = 0.0
        rows[-1] += piece
        used += sum(map(_advance, piece))
    rows = [row.strip() for row in rows]
    kept, left = rows[:lines], rows[lines:]
    if left:
        kept[-1] = f"{kept[-1]} {left[0]}…"
    return [_cut(row, width, size) for row in kept]


def _pieces(text: str) -> list[str]:
    """What a line may break between: words with the spaces after them, and single wide characters."""
    return _PIECE.findall(text)


def _cut(text: str, width: float, size: float) -> str:
    """A line cut with an ellipsis where it is too wide."""
    room = width / size
    if sum(map(_advance, text)) <= room:
        return text
    kept, used = 0, _advance("…")
    for character in text.rstrip("…"):
        used += _advance(character)
        if used > room and kept >= _MINIMUM_CHARACTERS:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…"
