"""How likely bytes are as text in each of the legacy encodings.

Nearly any pair of high bytes is *some* character in each of the East Asian sets. What tells them apart is how often the
language uses it: frequent characters cost little, rare, unassigned and misplaced ones much. Costs are minus log
probabilities, in nats, so the cost of a text is the sum over its characters and a difference of 3 is odds of 20 to 1.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

LEGACY = ("gb18030", "big5", "cp949", "shift_jis", "cp1252")
"""Encodings without a signature that are told apart by what the text would say."""

# Python's names for the supersets that programs really write under the usual names.
CODECS = {"gb18030": "gb18030", "big5": "cp950", "cp949": "cp949", "shift_jis": "cp932", "cp1252": "cp1252"}
_LISTS = {"gb18030": "simplified", "big5": "traditional", "cp949": "korean", "shift_jis": "japanese"}

# Costs in nats of one character: the core of a language (about 60 syllables or 150 ideographs make half of any text),
# its common characters, the rest of the set's first level, its second level.
_COSTS = {
    "gb18030": (5.6, 7.4, 10.3, 11.8),
    "big5": (5.6, 7.4, 10.3, 11.8),
    "cp949": (4.8, 6.9, 9.8, 12.5),
    "shift_jis": (4.6, 7.0, 9.5, 11.5),
}
_RARE, _IMPOSSIBLE = 14.0, 20.0
_PUNCTUATION, _WIDE_ASCII, _SYMBOL, _ASCII = 6.5, 8.0, 11.0, 3.0
_HALF_WIDTH_KANA, _HALF_WIDTH_WORD = 5.0, 5.0
_BETWEEN_LETTERS = 3.0
_PRIOR = {"gb18030": 0.0, "big5": 0.5, "cp949": 0.5, "shift_jis": 0.5, "cp1252": 0.0}
_UNREADABLE = 40.0

_EAST_ASIAN_POINTS = set("，。、：；？！（）“”《》—…·【】「」『』～〜％①②③④⑤⑥⑦⑧⑨⑩　")
WESTERN_POINTS = set("“”‘’–—…•€£°«»¿¡´·§©®™\xa0½¼²³ºª")


def text_cost(encoding: str, tokens: list[bytes]) -> float:
    """Minus the log probability of the tokens when read in an encoding: lower is likelier."""
    total = _PRIOR[encoding]
    codec = CODECS[encoding]
    for token in tokens:
        try:
            text = token.decode(codec)
        except UnicodeDecodeError:
            total += _UNREADABLE + 5 * len(token)
            continue
        total += _western_cost(text) if encoding == "cp1252" else _east_asian_cost(text, encoding)
    return total


def _east_asian_cost(text: str, encoding: str) -> float:
    """Cost of one stretch of text under the language that an East Asian set was made for."""
    total = 0.0
    for before, character, after in zip(" " + text[:-1], text, text[1:] + " ", strict=True):
        total += _character_cost(character, encoding)
        if character > "\x7f" and before.isascii() and after.isascii() and before.isalpha() and after.isalpha():
            total += _BETWEEN_LETTERS
    return total + (_HALF_WIDTH_WORD if any(map(_is_half_width, text)) else 0.0)


@cache
def _character_cost(character: str, encoding: str) -> float:
    """Cost of one character: by how often the language uses it, then by the set's own levels."""
    if character.isascii():
        return _ASCII if character.isprintable() else _IMPOSSIBLE
    often, common, _, _ = _COSTS[encoding]
    if character in _characters(_LISTS[encoding], "often"):
        return often
    if character in _characters(_LISTS[encoding], "common"):
        return common
    if character in _EAST_ASIAN_POINTS:
        return _PUNCTUATION
    if "\uff01" <= character <= "\uff5e":
        return _WIDE_ASCII
    if unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs"):
        return _IMPOSSIBLE
    return _by_level(character, encoding)


def _by_level(character: str, encoding: str) -> float:
    """Cost by where the set's makers put a character: first level, second level, extensions."""
    _, _, level_one, level_two = _COSTS[encoding]
    ideograph = "\u4e00" <= character <= "\u9fff"
    if encoding == "cp949":
        if "\uac00" <= character <= "\ud7a3":  # the 2,350 syllables of KS X 1001, or one of the 8,822 added later
            return level_one if len(_encoded(character, "euc_kr")) == 2 else level_two
        return level_two if ideograph else _SYMBOL
    if encoding == "shift_jis" and _is_half_width(character):
        return _HALF_WIDTH_KANA
    if not ideograph:
        return _SYMBOL
    standard, first, last = {
        "gb18030": ("gb2312", 0xB0, 0xD7),
        "big5": ("big5", 0xA4, 0xC6),
        "shift_jis": ("shift_jis", 0x88, 0x98),
    }[encoding]
    lead = _encoded(character, standard)[:1]
    if not lead:
        return _RARE
    return level_one if first <= lead[0] <= last else level_two


def _is_half_width(character: str) -> bool:
    """Whether a character is one of the single-byte katakana of old Japanese systems."""
    return "\uff61" <= character <= "\uff9f"


def _encoded(character: str, codec: str) -> bytes:
    """A character's bytes in a set; none when the set lacks it."""
    return character.encode(codec, errors="ignore")


@cache
def _characters(language: str, level: str) -> frozenset[str]:
    """The characters of one language that texts use often, or that surveys commonly use."""
    lists = tomllib.loads(files(__package__).joinpath("characters.toml").read_text(encoding="utf-8"))
    return frozenset("".join(lists[language][level].split()))


def _western_cost(text: str) -> float:
    """Cost of one stretch of text as Western European: accented letters stand among plain ones."""
    total = 0.0
    for before, character, after in zip(" " + text[:-1], text, text[1:] + " ", strict=True):
        if character.isascii():
            total += _ASCII
        elif character in WESTERN_POINTS:
            total += _PUNCTUATION
        elif not character.isalpha():
            total += _SYMBOL
        else:
            total += 8.0 if character < "À" else 4.5 if character.islower() else 6.0
            if character.isupper() and before.islower():
                total += 6.0
            if before > "\x7f" or after > "\x7f":
                both_small = character.islower() and not (before.isupper() or after.isupper())
                total += 1.5 if both_small else 4.0
    return total + (0.0 if any(c.isascii() and c.isalpha() for c in text) else 3.0)
