"""What a column's name and question say about the battery and the item it holds, and how surely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .instrument import Instrument
from .phrase import joined, phrase

CODES = {
    "expectations": ("e", "ex", "exp", "expect", "expected", "expectation", "expectations", "期望", "期待", "기대"),
    "perceptions": (
        "p",
        "per",
        "perc",
        "percep",
        "perceived",
        "perception",
        "perceptions",
        "perf",
        "performance",
        "servperf",
        "感知",
        "知覺",
        "实际",
        "實際",
        "인지",
        "지각",
    ),
    "minimum": ("m", "min", "minimum", "最低", "최소"),
    "desired": ("d", "des", "desired", "理想", "희망"),
    "importance": ("i", "im", "imp", "importance", "重要", "重要性", "중요", "중요도"),
}
WORDS = {
    "expectations": r"\bexpect|\bshould\b|\bexcellent\b|\bought\b|期望|期待|应该|應該|应当|기대|야\s*한다",
    "perceptions": r"\bperce|\bactual|\bexperienced\b|\breceived\b|感知|知覺|实际|實際|实感|인지|지각|실제",
    "minimum": r"\bminimum\b|\badequate\b|\btolerable\b|最低|可接受|최소",
    "desired": r"\bdesired?\b|\bwish|\bideal|希望|理想|희망|바라는",
    "importance": r"\bimportan|重要|중요",
}
OUTCOMES = r"satisf|recommend|loyal|overall|again|intention|满意|滿意|推荐|推薦|总体|總體|整體|再次|만족|추천|전반|계속"
RESPONDENT = (
    r"(?<![a-z])(?:gender|sex|age|education|income|occupation|profession|nationality|marital|birth)(?![a-z])"
    "|性别|性別|年龄|年齡|学历|學歷|教育程度|收入|职业|職業|婚姻|国籍|國籍|성별|나이|연령|학력|소득|직업"
)
_BRACKET = re.compile(r"[(\[（【〔]([^)\]）】〕]*)[)\]）】〕]")
_PAIR = re.compile(r"\s*(?:[^\W\d_]{0,3}\s*)(\d{1,2})\s*[-_–.]\s*(\d{1,2})\s*[.)、:：]?\s*(?=\D)")
_LEADING = re.compile(r"\s*(?:[^\W\d_]{0,3}\s*)(\d{1,2})\s*[.)、:：]\s*(?=\D)")
_CODE = re.compile(r"[\w\s.\-\[\]()（）:]{1,28}")
_SMALL = {"the", "and", "for", "its", "that", "with", "are", "one", "there", "when", "them", "their"}


class Clue(NamedTuple):
    """What something points to ("" for nothing), how surely (0 to 1), and why."""

    value: str
    confidence: float
    why: str


NOTHING = Clue("", 0.0, "")


class Code(NamedTuple):
    """A short column name taken apart: what stands before the last number, and that number."""

    stem: tuple[str, ...]
    number: int


def runs(header: str) -> list[str]:
    """The letters and numbers of a short column name; none for a sentence.

    Examples
    --------
    >>> runs("E_q01"), runs("q1_e"), runs("How clean was the room, on the whole?")
    (['e', 'q', '01'], ['q', '1', 'e'], [])
    """
    plain = unicodedata.normalize("NFKC", header).strip().casefold()
    parts = re.findall(r"[^\W\d_]+|\d+", plain)
    return parts if _CODE.fullmatch(plain) and len(parts) <= 5 else []


def code_of(header: str) -> Code | None:
    """Stem and number of a column name such as E1, Q1_2 or EXP[SQ003].

    Examples
    --------
    >>> code_of("Q2_07"), code_of("q1_e"), code_of("hotel")
    (Code(stem=('q', '2'), number=7), Code(stem=('q', 'e'), number=1), None)
    """
    parts = runs(header)
    last = max((i for i, part in enumerate(parts) if part.isdigit()), default=None)
    if last is None:
        return None
    stem = [part for i, part in enumerate(parts) if i != last and part != "sq"]
    return Code(tuple(str(int(part)) if part.isdigit() else part for part in stem), int(parts[last]))


def id_in(header: str, instrument: Instrument) -> tuple[str, list[str]]:
    """An item's own id inside a column name (q1 for q01), and the rest of the name; "" where there is none."""
    parts = runs(header)
    ids = {(re.sub(r"\d+$", "", item.id).casefold(), item.number): item.id for item in instrument.items}
    for i in range(len(parts) - 1):
        if parts[i + 1].isdigit() and (id := ids.get((parts[i], int(parts[i + 1])))):
            return id, parts[:i] + parts[i + 2 :]
    return "", parts


def battery_in_code(parts: Iterable[str]) -> Clue:
    """The battery that the letters of a column name stand for."""
    for part in parts:
        for battery, codes in CODES.items():
            if part in codes:
                return Clue(battery, 0.95, phrase('"{word}" in its name', word=part))
    return NOTHING


def battery_in_words(text: str) -> Clue:
    """The battery that a question speaks of: words in brackets weigh more, words of two batteries cancel out.

    Examples
    --------
    >>> battery_in_words("1-1. 키오스크는 ... (기대 설문)")[:2], battery_in_words("Hotels should be clean")[:2]
    (('expectations', 0.95), ('expectations', 0.8))
    """
    for part, sure in ((" ".join(_BRACKET.findall(text)), 0.95), (text, 0.8)):
        found = {battery: match.group() for battery, words in WORDS.items() if (match := re.search(words, part, re.I))}
        if len(found) == 1:
            battery, word = next(iter(found.items()))
            return Clue(battery, sure, phrase('"{word}" in its text', word=word.strip()))
        if found:
            said = joined((phrase('"{word}"', word=word.strip()) for word in found.values()), between=" and ")
            return Clue("", 0.0, phrase("its text speaks of {words}", words=said))
    if re.search(OUTCOMES, text, re.I):
        return Clue("", 0.0, phrase("it asks for an outcome"))
    return Clue("", 0.0, phrase("it asks about the respondent")) if re.search(RESPONDENT, text, re.I) else NOTHING


def numbers_in_text(text: str) -> tuple[int, int | None] | None:
    """What stands before a question: the item's number, and that of the asking ("5-1. ...") or None ("5. ...").

    Examples
    --------
    >>> numbers_in_text("9-1.Kiosks ..."), numbers_in_text("Q12. Staff ...")
    ((9, 1), (12, None))
    """
    if pair := _PAIR.match(text):
        return int(pair[1]), int(pair[2])
    return (int(found[1]), None) if (found := _LEADING.match(text)) else None


def similar_item(text: str, instrument: Instrument) -> Clue:
    """The item whose short label, in any language, a question's words cover best and clearly better than others'.

    A label of a single word is no clue: too many questions hold it.
    """
    said = _pieces(text)
    scores = []
    for item in instrument.items:
        covered = [len(own & said) / len(own) for label in item.labels.values() if len(own := _pieces(label)) > 1]
        scores.append((max(covered, default=0.0), item.id))
    (best, id), second = max(scores), sorted(scores)[-2][0] if len(scores) > 1 else 0.0
    if best < 0.6 or best - second < 0.2:
        return NOTHING
    return Clue(id, 0.55 + 0.4 * best, phrase('worded like "{label}"', label=instrument.label(id)))


@lru_cache(maxsize=4096)
def _pieces(text: str) -> frozenset[str]:
    """What a text is compared by: stems of words, and pairs of East Asian characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = {word[:5] for word in re.findall(r"[a-z]{3,}", plain) if word not in _SMALL}
    wide = re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+", plain)
    return frozenset(words | {part[i : i + 2] for part in wide for i in range(len(part) - 1)})


def is_one_to(numbers: Sequence[int], k: int) -> bool:
    """Whether the numbers are 1 to k, each once."""
    return sorted(numbers) == list(range(1, k + 1))
