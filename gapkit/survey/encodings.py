"""Which encoding a text file is in, and its text.

A byte order mark or valid UTF-8 settles it for most files. The legacy sets of East Asia do not: nearly any pair of high
bytes is *some* character in each of them. So every candidate reads the file, and the reading is kept under which the
text would be most likely: frequent characters cost little, rare, unassigned and misplaced ones much.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .filetypes import ReaderFault, in_row
from .phrase import phrase
from .plausibility import CODECS, LEGACY, WESTERN_POINTS, text_cost

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

_SAMPLE = 60_000
_SURE = 3.0
_LEGIBLE = 3.8
"""Nats per byte below which a reading in an East Asian set is made of frequent characters."""
_IMPLAUSIBLE = 6.5
"""Nats per byte above which a reading is no text: in legible text a character of two bytes costs 5 to 10."""


@dataclass(frozen=True)
class Encoding:
    """The encoding a file is in, and how that is known.

    Parameters
    ----------
    name : str
        As Python and as people know it: "utf-8", "gb18030", "big5", "cp949", "shift_jis", "cp1252", ...
    guessed : bool
        False when given or when the file's first bytes say so.
    sure : bool
        False when another encoding would read the text nearly as well.
    """

    name: str
    guessed: bool
    sure: bool = True


def decode(name: str, data: bytes, *, encoding: str | None = None) -> tuple[str, Encoding]:
    r"""The text of `data`, without its byte order mark, and the encoding it was read in.

    Parameters
    ----------
    name : str
        The file's name, for errors.
    data : bytes
        All of the file.
    encoding : str, optional
        Read in this encoding and no other. Guessed when left out.

    Raises
    ------
    ReaderFault
        When the bytes are not text, or not text in the encoding given; it names the byte and the row.

    Examples
    --------
    >>> text, found = decode("hotel.csv", "门店,满意度\n北京,7\n".encode("gb18030"))
    >>> text.splitlines()[0], found.name, found.guessed
    ('门店,满意度', 'gb18030', True)
    """
    found = Encoding(_known(name, encoding), guessed=False) if encoding else guess_encoding(name, data)
    codec = CODECS.get(found.name, found.name)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(name, data, found, error.start) from error
    except UnicodeError as error:
        what = phrase("the text is not {encoding} ({error})", encoding=found.name, error=error)
        raise ReaderFault(name, what, phrase("Pass encoding= with the right one.")) from error
    if "\x00" in text:
        at = text.index("\x00")
        row = text.count("\n", 0, at) + 1
        remedy = phrase("Export it again as CSV in UTF-8; a file copied while it was being written can look like this.")
        raise ReaderFault(in_row(name, row), phrase("there are zero bytes (NUL) in the text"), remedy)
    return text.removeprefix("\ufeff"), found


def guess_encoding(name: str, data: bytes) -> Encoding:
    """The encoding `data` is most likely in, from its first bytes, its validity and what the text would say."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Encoding(codec, guessed=False)
    if b"\x00" in data:
        return _without_mark(name, data)
    if data.isascii():
        return Encoding("utf-8", guessed=True)
    tokens = _tokens(data)
    costs = {candidate: text_cost(candidate, tokens) for candidate in LEGACY}
    best, second = sorted(costs, key=costs.__getitem__)[:2]
    if _is_utf8(data, tokens, costs[best]):
        return Encoding("utf-8", guessed=True)
    length = sum(map(len, tokens))
    if costs[best] > _IMPLAUSIBLE * length + 10 or (best == "cp1252" and _mostly_high(tokens)):
        return _single_byte(name, data)
    return Encoding(best, guessed=True, sure=costs[second] - costs[best] > _SURE)


def _is_utf8(data: bytes, tokens: list[bytes], rival: float) -> bool:
    """Whether the bytes are UTF-8: valid throughout and not by accident, or valid but for a few damaged places."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        valid = sum(_reads(token, "utf-8") for token in tokens)
        # Damage must not turn a UTF-8 file into confident nonsense: it is reported as damaged UTF-8 instead.
        return valid >= 3 and valid >= 0.8 * len(tokens)
    # Two-byte sequences alone can be an accident of a few GB18030 or CP949 characters; longer ones hardly are.
    if len(tokens) > 4 or any(character > "\u07ff" for character in text):
        return True
    words = [token.decode("utf-8") for token in tokens]
    if all(_looks_latin(word) for word in words):
        return True
    high = sum(byte > 0x7F for token in tokens for byte in token)
    return rival > _LEGIBLE * high


def _looks_latin(word: str) -> bool:
    """Whether the letters outside ASCII are Latin ones among plain ones, or only usual signs."""
    plain = any(character.isascii() and character.isalpha() for character in word)
    strange = [character for character in word if not character.isascii() and character not in WESTERN_POINTS]
    return not strange or (plain and all(unicodedata.name(c, "").startswith("LATIN") for c in strange))


def _mostly_high(tokens: list[bytes]) -> bool:
    """Whether words are made of high bytes, as in Cyrillic or Greek: Western words are mostly plain letters."""
    text = b"".join(tokens)
    high = sum(byte > 0x7F for byte in text)
    return high >= 8 and high > sum(map(str.isalpha, text.decode("ascii", "ignore")))


def _reads(token: bytes, codec: str) -> bool:
    """Whether the bytes are valid in an encoding."""
    try:
        token.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _tokens(data: bytes) -> list[bytes]:
    """The distinct stretches of bytes that hold anything outside ASCII, in order, up to a sample.

    They are cut at bytes below the digits, at colons and at semicolons, which are never half of a character in any of
    the sets; said twice is evidence once.
    """
    seen: dict[bytes, None] = {}
    size = 0
    for found in re.finditer(rb"[^\x00-\x2f:;]*[\x80-\xff][^\x00-\x2f:;]*", data):
        token = found.group()[:2000]
        if token not in seen:
            seen[token] = None
            size += len(token)
            if size > _SAMPLE:
                break
    return list(seen)


def _without_mark(name: str, data: bytes) -> Encoding:
    """UTF-16 without a byte order mark, told by zero bytes on one side of the pairs; otherwise not text."""
    sample = data[: _SAMPLE // 2 * 2]
    best, share = "", 0.0
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample.decode(codec, errors="replace")
        sane = sum(character in "\t\r\n" or (character.isprintable() and character != "\ufffd") for character in text)
        plain = sum(character in "\t\r\n" or " " <= character <= "~" for character in text)
        if plain and "\x00" not in text and sane / len(text) > 0.9 and plain / len(text) > share:
            best, share = codec, plain / len(text)
    if best:
        return Encoding(best, guessed=True)
    at = data.index(b"\x00")
    row = data.count(b"\n", 0, at) + 1
    remedy = phrase(
        "Give a table of answers as CSV, XLSX, ODS, SAV, DTA or Parquet; if it is a CSV file, export it again."
    )
    what = phrase("there are zero bytes (NUL) in the text, the first at byte {byte}", byte=at)
    raise ReaderFault(in_row(name, row), what, remedy)


def _single_byte(name: str, data: bytes) -> Encoding:
    """What charset-normalizer thinks of a text that none of our own candidates explains."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE]).best()
    if found is None or found.encoding.startswith("utf") or found.percent_chaos > 15:
        what = phrase("the encoding of the text cannot be told, or it is not text at all")
        remedy = phrase("Save it as CSV in UTF-8, or pass encoding= with the one it was written in.")
        raise ReaderFault(name, what, remedy)
    return Encoding(found.encoding, guessed=True, sure=False)


def _known(name: str, encoding: str) -> str:
    """The given encoding under its usual name, or a fault when Python knows none of that name."""
    try:
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        remedy = phrase("Use utf-8, utf-16, gb18030, big5, cp949, shift_jis or cp1252.")
        raise ReaderFault(name, phrase("there is no encoding {encoding!r}", encoding=encoding), remedy) from error
    return encoding


def _undecodable(name: str, data: bytes, found: Encoding, at: int) -> ReaderFault:
    """The fault for a byte that is not text in the encoding."""
    row = len(re.findall(rb"\r\n|\r|\n", data[:at])) + 1
    about = {"encoding": found.name, "byte": at, "value": data[at]}
    if found.guessed:
        what = phrase("the file seems to be in {encoding}, but byte {byte} ({value:#04x}) is not", **about)
    else:
        what = phrase("the file was said to be in {encoding}, but byte {byte} ({value:#04x}) is not", **about)
    remedy = phrase("Save it again as UTF-8, or pass encoding= with the right one.")
    return ReaderFault(in_row(name, row), what, remedy)
