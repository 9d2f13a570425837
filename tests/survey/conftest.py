"""Miniature exports: the same answers laid out as each survey tool writes them, in English and Chinese."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import pytest

ITEMS = ("E1", "E2", "P1", "P2")
ANSWERS = (("7", "6", "5", "4"), ("7", "7", "", "6"), ("5", "", "3", "2"), ("6", "5", "6", "5"), ("1", "2", "3", "4"))
COMMENTS = {
    "en": ("All good", "Too loud, too late", 'They said "no"', "First line\nsecond line", ""),
    "zh": ("都很好", "太吵，太晚", '他们说"不"', "第一行\n第二行", ""),
}
QUESTIONS = {
    "en": {
        "E1": ("What an excellent hotel offers", "Rooms are clean"),
        "E2": ("What an excellent hotel offers", "Staff are polite"),
        "P1": ("What this hotel offers", "Rooms are clean"),
        "P2": ("What this hotel offers", "Staff are polite"),
    },
    "zh": {
        "E1": ("您对优秀酒店的期望", "房间干净"),
        "E2": ("您对优秀酒店的期望", "员工有礼貌"),
        "P1": ("您对本酒店的感受", "房间干净"),
        "P2": ("您对本酒店的感受", "员工有礼貌"),
    },
}
COMMENT = {"en": "Anything else?", "zh": "还有其他意见吗？"}


@dataclass(frozen=True)
class Miniature:
    """An export as rows of cells, and where its answers stand."""

    style: str
    rows: list[list[str]]
    header_rows: int
    first: int
    names: tuple[str, ...]
    questions: tuple[str, ...]

    def csv(self, encoding: str = "utf-8", delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
        """As delimited text."""
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(self.rows)
        return text.getvalue().encode(encoding)

    def xlsx(self) -> bytes:
        """As a workbook in which numbers are numbers."""
        book = openpyxl.Workbook()
        for row in self.rows:
            book.active.append([int(cell) if cell.isdigit() and len(cell) < 10 else cell or None for cell in row])
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def ods(self) -> bytes:
        """As an OpenDocument spreadsheet, padded to the sheet's edge as LibreOffice does."""
        return ods_file(self.rows)


def ods_file(rows: list[list[str]], extra: str = "") -> bytes:
    """The smallest OpenDocument spreadsheet that programs open."""
    spaces = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
    declared = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    body = "".join(
        "<table:table-row>" + "".join(map(_ods_cell, row)) + '<table:table-cell table:number-columns-repeated="1000"/>'
        "</table:table-row>"
        for row in rows
    )
    padding = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {declared} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Answers">{body}{extra}{padding}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return file.getvalue()


def _ods_cell(text: str) -> str:
    """A number as a number, a text as a text with one paragraph a line."""
    if not text:
        return "<table:table-cell/>"
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    lines = "".join(f"<text:p>{line}</text:p>" for line in safe.split("\n"))
    kind = f'office:value-type="float" office:value="{text}"' if text.isdigit() else 'office:value-type="string"'
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"


def _miniature(
    style: str, language: str, known: list[list[str]], people: list[list[str]], **options: object
) -> Miniature:
    """Columns the tool adds, then the four answers, then a comment. The headers of the latter come per style."""
    names = tuple(options["names"])  # type: ignore[arg-type]
    headers = [list(row) for row in options.get("headers", [[*names, COMMENT[language]]])]  # type: ignore[union-attr]
    answers = options.get("answers", ANSWERS)
    rows = [[*above, *of] for above, of in zip(known, headers, strict=True)]
    for person, given, comment in zip(people, answers, COMMENTS[language], strict=True):  # type: ignore[arg-type]
        rows.append([*person, *given, comment])
    return Miniature(style, rows, len(headers), len(known[0]), names, tuple(options.get("questions", names)))  # type: ignore[arg-type]


def plain(language: str = "en") -> Miniature:
    """Codes as headers and nothing else."""
    people = [[str(i)] for i in range(1, 6)]
    return _miniature("plain", language, [["id"]], people, names=ITEMS, questions=("",) * 4)


def google_forms(language: str) -> Miniature:
    """A timestamp in the owner's language; a grid writes "question [row]"."""
    stamp, noon = {"en": ("Timestamp", "AM"), "zh": ("时间戳记", "上午")}[language]
    names = [f"{question} [{row}]" for question, row in QUESTIONS[language].values()]
    people = [[f"2026/03/0{i} 9:15:0{i} {noon} GMT+8"] for i in range(1, 6)]
    return _miniature("google_forms", language, [[stamp]], people, names=names)


def qualtrics(language: str, *, header_rows: int = 3) -> Miniature:
    """Codes, texts "question - row", and import ids as JSON."""
    codes = "StartDate|EndDate|Status|IPAddress|Progress|Duration (in seconds)|Finished|RecordedDate|ResponseId"
    said = {
        "en": "Start Date|End Date|Response Type|IP Address|Progress|Duration|Finished|Recorded Date|Response ID",
        "zh": "开始日期|结束日期|答复类型|IP 地址|进度|持续时间(秒)|已完成|记录日期|答复 ID",
    }[language]
    ids = [
        "startDate",
        "endDate",
        "status",
        "ipAddress",
        "progress",
        "duration",
        "finished",
        "recordedDate",
        "_recordId",
    ]
    imported = [
        json.dumps({"ImportId": i, "timeZone": "Asia/Shanghai"} if "Date" in i else {"ImportId": i}) for i in ids
    ]
    names = ["Q1_1", "Q1_2", "Q2_1", "Q2_2"]
    texts = [f"{question} - {row}" for question, row in QUESTIONS[language].values()]
    headers = [[*names, "Q3"], [*texts, COMMENT[language]]]
    headers.append([json.dumps({"ImportId": f"QID{name[1:]}"}) for name in [*names, "Q3_TEXT"]])
    person = "2026-03-0{0} 09:10:00|2026-03-0{0} 09:15:00|0|203.0.113.7|100|300|1|2026-03-0{0} 09:15:01|R_{0}abcdefghij"
    known = [codes.split("|"), said.split("|"), imported][:header_rows]
    return _miniature(
        "qualtrics", language, known, _people(person), names=names, questions=texts, headers=headers[:header_rows]
    )


def qualtrics_legacy(language: str) -> Miniature:
    """V1, V2, ... and short names; the second row says what they are."""
    codes = [f"V{i}" for i in range(1, 11)]
    said = "ResponseID|ResponseSet|Name|ExternalDataReference|EmailAddress|IPAddress|Status|StartDate|EndDate|Finished"
    person = (
        "R_{0}abcdefghij|Default Response Set|Anonymous|||203.0.113.7|0|2015-03-18 09:5{0}:14|2015-03-18 09:5{0}:41|1"
    )
    names = ["Q1_1", "Q1_2", "Q2_1", "Q2_2"]
    texts = [f"{question}-{row}" for question, row in QUESTIONS[language].values()]
    headers = [[*names, "Q3"], [*texts, COMMENT[language]]]
    return _miniature(
        "qualtrics_legacy", language, [codes, said.split("|")], _people(person),
        names=names, questions=texts, headers=headers,
    )  # fmt: skip


def limesurvey(language: str, *, headings: str = "code", codes: str = "A{}") -> Miniature:
    """Headings as codes, as full texts or as both; answers as codes such as A3, or N/A where not shown."""
    fields = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"]
    said = {
        "en": "Response ID|Date submitted|Last page|Start language|Seed|Date started|Date last action",
        "zh": "答复 ID|提交日期|最后一页|起始语言|种子|开始日期|最后操作日期",
    }[language].split("|")
    names = ["G01Q01[SQ001]", "G01Q01[SQ002]", "G01Q02[SQ001]", "G01Q02[SQ002]"]
    texts = [f"{question} [{row}]" for question, row in QUESTIONS[language].values()]
    by_code, by_text = ([*fields], [*names, "G02Q03"]), ([*said], [*texts, COMMENT[language]])
    both = tuple(
        [f"{code}. {text}" for code, text in zip(*pair, strict=True)] for pair in zip(by_code, by_text, strict=True)
    )
    known, headers = {"code": by_code, "full": by_text, "codetext": both}[headings]
    person = "{0}|2026-03-0{0} 09:15:00|2|en|1812345678|2026-03-0{0} 09:10:00|2026-03-0{0} 09:15:00"
    answers = [[codes.format(cell) if cell else "N/A" for cell in row] for row in ANSWERS]
    return _miniature(
        "limesurvey", language, [known], _people(person), answers=answers, headers=[headers],
        names=texts if headings == "full" else names, questions=("",) * 4 if headings == "code" else texts,
    )  # fmt: skip


def surveymonkey(language: str) -> Miniature:
    """Questions in the first row, once for all their columns; rows of the matrix in the second."""
    fields = "Respondent ID|Collector ID|Date Created|Date Modified|IP Address|Email Address|First Name|Last Name"
    asked = list(QUESTIONS[language].values())
    above = [asked[0][0], "", asked[2][0], "", COMMENT[language]]
    below = [*(row for _, row in asked), "Open-Ended Response"]
    person = "11890000{0}|414000001|03/0{0}/2026 09:10:00 AM|03/0{0}/2026 09:15:00 AM|203.0.113.7|||"
    names = [f"{question} [{row}]" for question, row in asked]
    known = [fields.split("|"), [""] * 8]
    return _miniature("surveymonkey", language, known, _people(person), names=names, headers=[above, below])


def wenjuanxing(language: str, *, by_number: bool = False) -> Miniature:
    """Serial number, time, duration and origin, then numbered questions; a matrix writes "question—row"."""
    fields = "序号|提交答卷时间|所用时间|来源|来源详情|来自IP"
    asked = [f"{question}—{row}" for question, row in QUESTIONS[language].values()]
    names = [f"{number}、{text}" for number, text in zip((1, 1, 2, 2), asked, strict=True)]
    person = "{0}|2026/3/{0} 9:15:00|10{0}秒|手机提交|直接访问|203.0.113.7(北京-北京)"
    answers = [[cell or ("-3" if by_number else "(跳过)") for cell in row] for row in ANSWERS]
    headers = [[*names, f"3、{COMMENT[language]}"]]
    return _miniature(
        "wenjuanxing", language, [fields.split("|")], _people(person),
        names=names, questions=asked, headers=headers, answers=answers,
    )  # fmt: skip


def _people(person: str) -> list[list[str]]:
    """What the tool knows of five respondents, from a pattern with the number of the respondent."""
    return [person.format(number).split("|") for number in range(1, 6)]


def _all(language: str) -> dict[str, Miniature]:
    """Every miniature in one language."""
    return {
        "plain": plain(language),
        "google_forms": google_forms(language),
        "qualtrics": qualtrics(language),
        "qualtrics, two rows": qualtrics(language, header_rows=2),
        "qualtrics_legacy": qualtrics_legacy(language),
        "limesurvey, codes": limesurvey(language),
        "limesurvey, new answer codes": limesurvey(language, codes="AO0{}"),
        "limesurvey, full texts": limesurvey(language, headings="full", codes="{}"),
        "limesurvey, codes and texts": limesurvey(language, headings="codetext"),
        "surveymonkey": surveymonkey(language),
        "wenjuanxing": wenjuanxing(language),
        "wenjuanxing, by number": wenjuanxing(language, by_number=True),
    }


MINIATURES = {f"{name} ({language})": made for language in QUESTIONS for name, made in _all(language).items()}


@pytest.fixture(params=MINIATURES)
def miniature(request: pytest.FixtureRequest) -> Miniature:
    """Each miniature export in turn."""
    return MINIATURES[request.param]


@pytest.fixture
def miniatures() -> dict[str, Miniature]:
    """All miniature exports by name."""
    return MINIATURES


@pytest.fixture
def answers() -> tuple[tuple[str, ...], ...]:
    """The answers that every miniature holds, "" where there is none."""
    return ANSWERS


@pytest.fixture(name="ods_file")
def _ods_file() -> Callable[..., bytes]:
    """The maker of OpenDocument spreadsheets."""
    return ods_file
