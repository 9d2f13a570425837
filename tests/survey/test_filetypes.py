"""What a file really is: by content, not by name, and never larger than it may be."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest

from gapkit.survey import filetypes
from gapkit.survey.filetypes import ReaderFault, file_format
from gapkit.survey.readers import read_table


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["E1", "P1"])
    book.active.append([7, 6])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
FOREIGN = {
    "answers.csv": (
        workbook(),
        "the name ends in .csv but the content is an Excel workbook (.xlsx). Rename it to answers.xlsx",
    ),
    "answers.xlsx": (b"E1,P1\n7,6\n", "the name ends in .xlsx but the content is plain text. Rename it to answers.csv"),
    "tabs.xls": (b"E1\tP1\n7\t6\n", "the name ends in .xls but the content is plain text. Rename it to tabs.csv"),
    "page.xls": (b"\n<html><table><tr><td>7</td></tr></table></html>", "this is a web page or XML, as some tools save"),
    "page.csv": (b"<?xml version='1.0'?><a/>", "Open it in a spreadsheet program and save it as .xlsx or CSV."),
    "old.xls": (
        OLE,
        "this is an old binary workbook (.xls, Excel 97-2003). "
        "Open it in a spreadsheet program and save it as .xlsx or CSV.",
    ),
    "locked.xlsx": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "the workbook is protected by a password. Save it without",
    ),
    "paper.csv": (
        b"%PDF-1.7\n",
        "this is a PDF. Export the answers themselves as CSV, TSV, XLSX, ODS, SAV, DTA or Parquet.",
    ),
    "answers.csv.gz": (b"\x1f\x8b\x08\x00", "this is a gzip archive. Unpack it and give the file inside."),
    "picture.csv": (b"\x89PNG\r\n\x1a\n", "this is a picture (PNG). Give the answers as"),
    "letter.docx": (
        zipped({"word/document.xml": b"<w/>"}),
        "this is a word-processor document (.docx). Export the answers",
    ),
    "binary.xlsb": (
        zipped({"xl/workbook.bin": b"x"}),
        "this is a binary workbook (.xlsb). Open it in a spreadsheet program and save",
    ),
    "many.zip": (zipped({"a.csv": b"E1\n7\n"}), "this is a zip archive (it holds a.csv), not a workbook. Unpack it"),
    "cut.xlsx": (workbook()[:2000], "the zipped workbook is cut short or damaged. Download or export it again"),
    "stub.xlsx": (b"PK\x03\x04", "the zipped workbook is cut short or damaged."),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_not_what_its_ending_says_is_refused_with_advice(name):
    data, message = FOREIGN[name]
    with pytest.raises(ReaderFault) as fault:
        read_table((name, data))
    assert str(fault.value).startswith(f"{name}: ")
    assert message in str(fault.value)


def test_a_name_without_a_known_ending_is_judged_by_its_content_alone():
    assert file_format("upload", workbook()) == "xlsx"
    assert file_format("export.2026-03-01", b"E1,P1\n7,6\n") == "csv"


def test_html_inside_a_header_does_not_make_a_web_page():
    assert file_format("a.csv", b"<b>E1</b>,P1\n7,6\n") == "csv"


def test_a_workbook_that_declares_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(filetypes, "MAX_UNPACKED_BYTES", 10_000)
    data = zipped({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": bytes(50_000)})
    with pytest.raises(ReaderFault, match="the workbook unpacks to 50 kB; at most 10 kB are read"):
        read_table(("bomb.xlsx", data))


def test_a_workbook_that_declares_less_than_it_holds_is_refused_too(monkeypatch):
    monkeypatch.setattr(filetypes, "MAX_UNPACKED_BYTES", 10_000)
    content = bytes(50_000)
    data = zipped({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": content})
    lie = data.replace(struct.pack("<L", len(content)), struct.pack("<L", 10))
    assert lie != data
    with pytest.raises(ReaderFault, match="the workbook unpacks to more than 10 kB, and hides it"):
        read_table(("bomb.xlsx", lie))


def test_a_part_that_unpacks_to_hundreds_of_times_its_size_is_refused():
    data = zipped({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": bytes(40 * 1024**2)})
    assert len(data) < 50_000
    with pytest.raises(
        ReaderFault, match=r"part 'xl/worksheets/sheet1\.xml' of the workbook unpacks to more than 500 times"
    ):
        read_table(("bomb.xlsx", data))


def test_a_false_size_within_the_limit_is_damage():
    data = zipped({"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": b"y" * 777})
    with pytest.raises(ReaderFault, match="cut short or damaged"):
        read_table(("odd.xlsx", data.replace(struct.pack("<L", 777), struct.pack("<L", 776))))


def test_a_zip_file_with_thousands_of_parts_is_refused(monkeypatch):
    monkeypatch.setattr(filetypes, "MAX_PARTS", 3)
    with pytest.raises(ReaderFault, match=r"the zip file holds 4 parts\. At most 3 are read"):
        read_table(("a.xlsx", zipped({str(i): b"" for i in range(4)})))


def test_a_workbook_part_with_a_password_is_told():
    data = bytearray(zipped({"xl/workbook.xml": b"x"}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # the flag of an encrypted part in the central directory
    with pytest.raises(ReaderFault, match="the zip file is protected by a password"):
        read_table(("a.xlsx", bytes(data)))


def test_an_unknown_way_of_packing_is_damage_and_not_an_error():
    data = bytearray(zipped({"xl/workbook.xml": b"x" * 50}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 10] = 99
    with pytest.raises(ReaderFault, match="cut short or damaged"):
        read_table(("a.xlsx", bytes(data)))
