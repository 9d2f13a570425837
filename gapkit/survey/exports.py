"""Layouts in which survey tools export answers: how many header rows there are and what they say.

A style settles three things only: which rows are header, what each column is called and asks, and which cells are the
tool's own words for "not answered". Everything else stays as it is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from .filetypes import ReaderFault
from .phrase import phrase

_TIMESTAMPS = {
    "timestamp", "时间戳记", "时间戳", "時間戳記", "타임스탬프", "タイムスタンプ", "zeitstempel", "horodateur",
    "marca temporal", "carimbo de data/hora", "informazioni cronologiche", "tijdstempel", "отметка времени",
    "sygnatura czasowa", "tidstempel",
}  # fmt: skip
_QUALTRICS_CODES = {"startdate", "enddate", "status", "progress", "finished", "recordeddate", "responseid"}
_LEGACY_NAMES = {"responseid", "responseset", "externaldatareference", "startdate", "enddate", "finished"}
_LIMESURVEY_CODES = {"submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"}
_LIMESURVEY_TEXTS = {
    "date submitted", "last page", "start language", "seed", "date started", "date last action",
    "提交日期", "最后一页", "起始语言", "开始语言", "种子", "开始日期", "最后操作日期",
}  # fmt: skip
_SURVEYMONKEY_IDS = ({"respondent id", "受访者 id", "受访者id"}, {"collector id", "收集器 id", "收集器id"})
_WHOLE_QUESTION = {
    "",
    "response",
    "open-ended response",
    "回复",
    "答复",
    "开放式回复",
    "开放式答复",
    "回覆",
    "開放式回覆",
}
_CODE_AND_TEXT = re.compile(r"([A-Za-z][\w\[\]-]*)\s*[.:]\s+(.*)", re.DOTALL)
_ANSWER_CODE = re.compile(r"AO?0*(\d+)")
_QUESTION_NUMBER = re.compile(r"\s*\d+\s*[、.．]\s*")

_Rows = list[list[str]]


@dataclass(frozen=True)
class Style:
    """One layout of export.

    Parameters
    ----------
    tool : str
        The program that writes it.
    rows : callable
        Header rows of the file whose first three rows are given; 0 when the rows are not in this layout.
    columns : callable
        From the header rows, a name and a question text per column.
    unanswered : tuple of str
        What the tool writes where a question was skipped or not shown.
    """

    tool: str
    rows: Callable[[_Rows], int]
    columns: Callable[[_Rows], tuple[list[str], list[str]]]
    unanswered: tuple[str, ...] = ()


def recognise(top: _Rows) -> str:
    """The style of a file from its first three rows; "plain" when it looks like none of the tools'.

    Examples
    --------
    >>> recognise([["Timestamp", "How clean was the room?"], ["2026/03/01 9:15:00", "6"]])
    'google_forms'
    >>> recognise([["E1", "P1"], ["7", "6"]])
    'plain'
    """
    return next((name for name, style in STYLES.items() if name != "plain" and style.rows(top)), "plain")


def header_rows(name: str, style: str, top: _Rows) -> int:
    """How many header rows a file of a style has; a fault when the style is unknown or does not fit."""
    if style not in STYLES:
        remedy = phrase("The styles are {styles}.", styles=", ".join(STYLES))
        raise ReaderFault(name, phrase("there is no export style {style!r}", style=style), remedy)
    count = STYLES[style].rows(top)
    if count == 0:
        what = phrase("the file is not laid out as {tool} exports are", tool=STYLES[style].tool)
        remedy = phrase("Leave style out to have it recognised (this looks {style!r}).", style=recognise(top))
        raise ReaderFault(name, what, remedy)
    return count


def name_columns(style: str, header: _Rows) -> tuple[list[str], list[str]]:
    """A name and a question text per column ("" where the export has none), from the header rows."""
    return STYLES[style].columns(header)


def read_codes(style: str, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """LimeSurvey's answer codes A1, A2 or AO01, AO02 as their numbers; other cells and other styles as they are."""
    if style != "limesurvey":
        return cells, []
    codes = {column: codes for column in cells if (codes := _numbers_of_codes(cells[column])) is not None}
    if not codes:
        return cells, []
    note = phrase(
        "answer codes such as A3 are read as their numbers in {read} of {columns} columns",
        read=len(codes),
        columns=cells.shape[1],
    )
    return pd.concat([codes.get(column, cells[column]) for column in cells], axis=1), [note]


def _numbers_of_codes(column: pd.Series) -> pd.Series | None:
    """The numbers of answer codes, where every filled cell of the column is one; else None."""
    unanswered = STYLES["limesurvey"].unanswered
    numbers = {}
    for text in pd.unique(column.dropna()):
        found = _ANSWER_CODE.fullmatch(text)
        if found is None and text not in unanswered:
            return None
        numbers[text] = found.group(1) if found else text
    if not any(text not in unanswered for text in numbers):
        return None
    return column.map(numbers).astype(object).where(column.notna(), None)


def declared_missing(style: str, cells: pd.DataFrame) -> dict[int, list[float | str]]:
    """Which of the tool's words for "not answered" occur in each column."""
    words = STYLES[style].unanswered
    if not words:
        return {}
    declared: dict[int, list[float | str]] = {}
    for place in range(cells.shape[1]):
        written = set(pd.unique(cells[place]))
        # On a scale from -3 to 3 the number -3 is an answer.
        found = [_as_code(word) for word in words if word in written and not (word == "-3" and "-1" in written)]
        if found:
            declared[place] = found
    return declared


def _as_code(word: str) -> float | str:
    """A declared code as a number where it is one."""
    return float(word) if word.lstrip("-").isdigit() else word


def _lower(row: list[str]) -> list[str]:
    """Header texts for comparison."""
    return [cell.strip().casefold() for cell in row]


def _row(top: _Rows, index: int) -> list[str]:
    """A row for comparison; empty when the file has fewer."""
    return _lower(top[index]) if index < len(top) else []


def _plain_rows(top: _Rows) -> int:
    """One header row, whatever stands in it."""
    return min(len(top), 1)


def _google_rows(top: _Rows) -> int:
    """One header row that starts with the timestamp in the form owner's language."""
    return int(bool(_row(top, 0)) and _row(top, 0)[0] in _TIMESTAMPS)


def _qualtrics_rows(top: _Rows) -> int:
    """Codes, then question texts, then the import ids as JSON; the last row is sometimes deleted."""
    codes, texts, ids = _row(top, 0), _row(top, 1), _row(top, 2)
    named = [cell for cell in ids if cell]
    if named and all("importid" in cell and cell.startswith("{") for cell in named):
        return 3
    known = [place for place, code in enumerate(codes) if code in _QUALTRICS_CODES and place < len(texts)]
    # Below "StartDate" stands "Start Date" in some language; in a file without the second row a date stands there.
    told = all(texts[place] and not any(map(str.isdigit, texts[place])) for place in known)
    dated = any(codes[place] in ("startdate", "enddate", "recordeddate") for place in known)
    return 2 if len(known) >= 3 and told and dated else 0


def _legacy_rows(top: _Rows) -> int:
    """Codes V1, V2, ... and short names, then what they are, then the answers."""
    numbered = sum(re.fullmatch(r"v\d+", code) is not None for code in _row(top, 0))
    return 2 if numbered >= 3 and len(_LEGACY_NAMES & set(_row(top, 1))) >= 3 else 0


def _limesurvey_rows(top: _Rows) -> int:
    """One header row: codes, full texts, or both with a separator."""
    header = set(_row(top, 0))
    split = {found.group(1) for cell in header if (found := _CODE_AND_TEXT.fullmatch(cell))}
    named = [len(_LIMESURVEY_CODES & header), len(_LIMESURVEY_CODES & split), len(_LIMESURVEY_TEXTS & header)]
    return int(max(named) >= 2 and "responseid" not in header)


def _surveymonkey_rows(top: _Rows) -> int:
    """Questions, then rows of the matrix or "Response", blank below what is known of the respondent."""
    header = set(_row(top, 0))
    if not all(names & header for names in _SURVEYMONKEY_IDS):
        return 0
    return 2 if len(top) > 1 and not "".join(_row(top, 1)[:1]) else 1


def _wenjuanxing_rows(top: _Rows) -> int:
    """One header row that starts with the serial number and the time of submission."""
    return int({"序号", "提交答卷时间"} <= set(_row(top, 0)))


def _plain_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Names only."""
    return header[0], [""] * len(header[0])


def _question_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Question texts stand as names."""
    return header[0], [text.strip() for text in header[0]]


def _two_row_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Codes in the first row, texts in the second."""
    return header[0], [text.strip() for text in header[1]]


def _limesurvey_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Codes and texts taken apart where both are given."""
    split = [_CODE_AND_TEXT.fullmatch(cell.strip()) for cell in header[0]]
    if sum(found is not None and found.group(1).casefold() in _LIMESURVEY_CODES for found in split) >= 2:
        names = [found.group(1) if found else cell for found, cell in zip(split, header[0], strict=True)]
        return names, [found.group(2).strip() if found else "" for found in split]
    texts = len(_LIMESURVEY_TEXTS & set(_lower(header[0]))) >= 2
    return _question_columns(header) if texts else _plain_columns(header)


def _surveymonkey_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Question and row of the matrix as "question [row]"; a question holds until the next one."""
    if len(header) == 1:
        return _question_columns(header)
    names, question = [], ""
    for above, below in zip(*header[:2], strict=True):
        question = above.strip() or (question if below.strip() else "")
        whole = below.strip().casefold() in _WHOLE_QUESTION
        names.append(question if whole else f"{question} [{below.strip()}]" if question else below.strip())
    return names, list(names)


def _wenjuanxing_columns(header: _Rows) -> tuple[list[str], list[str]]:
    """Questions are numbered "1、"; the question text goes without the number."""
    return header[0], [_QUESTION_NUMBER.sub("", text, count=1).strip() for text in header[0]]


STYLES = {
    "plain": Style("plain", _plain_rows, _plain_columns),
    "google_forms": Style("Google Forms", _google_rows, _question_columns),
    "qualtrics": Style("Qualtrics", _qualtrics_rows, _two_row_columns),
    "qualtrics_legacy": Style("older Qualtrics", _legacy_rows, _two_row_columns),
    "limesurvey": Style("LimeSurvey", _limesurvey_rows, _limesurvey_columns, ("N/A",)),
    "surveymonkey": Style("SurveyMonkey", _surveymonkey_rows, _surveymonkey_columns),
    "wenjuanxing": Style("Wenjuanxing (问卷星)", _wenjuanxing_rows, _wenjuanxing_columns, ("(跳过)", "(空)", "-3")),
}
"""The layouts that are recognised and can be given as `style`."""
