"""What a file really is, whatever its name ends in, and how large it may be."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile, ZipInfo

from .phrase import Phrase, phrase

MAX_FILE_BYTES = 512 * 1024**2
"""Largest file that is read: half a gigabyte, about five million respondents with 44 answers each as CSV."""
MAX_UNPACKED_BYTES = 1024**3
"""Largest total of what a zipped workbook may unpack to, counted while unpacking and not only as declared."""
MAX_PACKING_RATIO = 500
"""A part of a workbook that unpacks to more than this many times its packed size (and to over 32 MB) is refused."""
MAX_PARTS = 10_000
"""Most files a zipped workbook may hold."""

ENDINGS = {
    "csv": "csv", "tsv": "csv", "txt": "csv", "tab": "csv", "dat": "csv",
    "xlsx": "xlsx", "xlsm": "xlsx", "ods": "ods",
    "sav": "sav", "zsav": "sav", "dta": "dta", "parquet": "parquet", "pq": "parquet",
}  # fmt: skip
"""Endings that are read, and the format each one promises."""

NAMES = {
    "csv": phrase("plain text"),
    "xlsx": phrase("an Excel workbook (.xlsx)"),
    "ods": phrase("an OpenDocument spreadsheet (.ods)"),
    "sav": phrase("an SPSS file (.sav)"),
    "dta": phrase("a Stata file (.dta)"),
    "parquet": phrase("a Parquet file"),
}
READABLE = phrase("CSV, TSV, XLSX, ODS, SAV, DTA or Parquet")
UNPACK = phrase("Unpack it and give the file inside.")
EXPORT = phrase("Export the answers as {formats}.", formats=READABLE)
UNLOCK = phrase("Save it without the password first.")

# What is met in practice but not read: what it is, and what to do about it.
_GIVE = phrase("Give the answers as {formats}.", formats=READABLE)
_FOREIGN: tuple[tuple[bytes, Phrase, Phrase], ...] = (
    (b"%PDF", phrase("this is a PDF"), phrase("Export the answers themselves as {formats}.", formats=READABLE)),
    (b"\x1f\x8b", phrase("this is a gzip archive"), UNPACK),
    (b"7z\xbc\xaf\x27\x1c", phrase("this is a 7-Zip archive"), UNPACK),
    (b"Rar!", phrase("this is a RAR archive"), UNPACK),
    (
        b"SQLite format 3",
        phrase("this is an SQLite database"),
        phrase("Export the table of answers as {formats}.", formats=READABLE),
    ),
    (b"{\\rtf", phrase("this is a word-processor document (RTF)"), EXPORT),
    (b"\x89PNG", phrase("this is a picture (PNG)"), _GIVE),
    (b"\xff\xd8\xff", phrase("this is a picture (JPEG)"), _GIVE),
    (
        b"RDX",
        phrase("this is an R workspace"),
        phrase("Write the data frame with write.csv() in R and give that file."),
    ),
)
_RESAVE = phrase("Open it in a spreadsheet program and save it as .xlsx or CSV.")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|script|style|\?xml|!--)", re.IGNORECASE)


class ReaderFault(ValueError):
    """A file that cannot be read as a table of answers.

    Parameters
    ----------
    where : str
        The file, and the row or byte in it where that is known.
    what : str
        What is wrong.
    remedy : str
        What to do about it.

    Examples
    --------
    >>> str(ReaderFault("hotel.csv, row 4", "7 cells where the header has 6", "Quote cells that hold a comma."))
    'hotel.csv, row 4: 7 cells where the header has 6. Quote cells that hold a comma.'
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        self.where, self.what, self.remedy = where, what, remedy
        super().__init__(phrase("{where}: {what}. {remedy}", where=where, what=what, remedy=remedy))

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Three parts in, three parts out: faults cross process borders."""
        return type(self), (self.where, self.what, self.remedy)


def in_row(name: str, row: int) -> Phrase:
    """A row of a file, as faults name it."""
    return phrase("{file}, {rows}", file=name, rows=phrase("row {rows}", rows=row))


def in_words(size: float) -> str:
    """A number of bytes as a person says it."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:,.0f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def check_size(name: str, size: int, *, max_bytes: int = MAX_FILE_BYTES) -> None:
    """Refuse an empty file and one that is larger than the stated limit, before it is read."""
    if size == 0:
        empty = phrase("the file is empty (0 bytes)")
        raise ReaderFault(name, empty, phrase("Export the answers again and give that file."))
    if size > max_bytes:
        remedy = phrase(
            "Leave out columns that are not answers, split the file, or pass a larger max_bytes if memory allows."
        )
        what = phrase("the file has {size}; at most {most} are read", size=in_words(size), most=in_words(max_bytes))
        raise ReaderFault(name, what, remedy)


def file_format(name: str, data: bytes) -> str:
    """The format of `data`, told by its content and held against the ending of its name.

    Returns one of "csv", "xlsx", "ods", "sav", "dta", "parquet".
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    found = _format_of(name, data)
    promised = ENDINGS.get(ending)
    if promised == found or (promised is None and ending != "xls"):
        return found
    stem = PurePath(name).stem or "answers"
    raise ReaderFault(
        name,
        phrase("the name ends in .{ending} but the content is {kind}", ending=ending, kind=NAMES[found]),
        phrase(
            "Rename it to {file}, or export it again as .{ending}.",
            file=f"{stem}.{found}",
            ending=ending if promised else "xlsx",
        ),
    )


def _format_of(name: str, data: bytes) -> str:
    """The format told by the first bytes alone; what gapkit does not read is a fault with its own advice."""
    head = data[:512]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped_format(name, data)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"$FL2", b"$FL3")):
        return "sav"
    # Stata 13 and later say so in words; up to Stata 12 the release, the byte order and a filetype of 1 come first.
    if head.startswith(b"<stata_dta>") or (
        len(head) > 3 and 102 <= head[0] <= 115 and head[1] in (1, 2) and head[2:4] == b"\x01\x00"
    ):
        return "dta"
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReaderFault(name, phrase("the workbook is protected by a password"), UNLOCK)
        raise ReaderFault(name, phrase("this is an old binary workbook (.xls, Excel 97-2003)"), _RESAVE)
    for signature, what, remedy in _FOREIGN:
        if head.startswith(signature):
            raise ReaderFault(name, what, remedy)
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        what = phrase("this is a web page or XML, as some tools save under the name of a spreadsheet")
        raise ReaderFault(name, what, _RESAVE)
    return "csv"


def _zipped_format(name: str, data: bytes) -> str:
    """Which kind of workbook a zip file holds; its sizes are checked before anything parses it."""
    broken = ReaderFault(
        name,
        phrase("the zipped workbook is cut short or damaged"),
        phrase("Download or export it again; do not edit it as text."),
    )
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError, LookupError) as error:
        raise broken from error
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS:
        what = phrase("the zip file holds {parts:,} parts", parts=len(parts))
        raise ReaderFault(name, what, phrase("At most {most:,} are read.", most=MAX_PARTS))
    if any(part.flag_bits & 0x1 for part in parts):
        raise ReaderFault(name, phrase("the zip file is protected by a password"), UNLOCK)
    _check_unpacked(name, data, parts, broken)
    if "xl/workbook.bin" in names:
        raise ReaderFault(name, phrase("this is a binary workbook (.xlsb)"), _RESAVE)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if "word/document.xml" in names:
        raise ReaderFault(name, phrase("this is a word-processor document (.docx)"), EXPORT)
    listed = ", ".join(sorted(names)[:3]) or phrase("nothing")
    raise ReaderFault(name, phrase("this is a zip archive (it holds {names}), not a workbook", names=listed), UNPACK)


def _check_unpacked(name: str, data: bytes, parts: list[ZipInfo], broken: ReaderFault) -> None:
    """Refuse a workbook whose parts unpack to more than the limit, as declared and as they really are."""
    remedy = phrase("A workbook of answers is far smaller; save the sheet as CSV if it is really meant.")
    limit = in_words(MAX_UNPACKED_BYTES)
    declared = sum(part.file_size for part in parts)
    if declared > MAX_UNPACKED_BYTES:
        what = phrase("the workbook unpacks to {size}; at most {most} are read", size=in_words(declared), most=limit)
        raise ReaderFault(name, what, remedy)
    total = 0
    for part in parts:
        size = 0
        for piece in unpacked_pieces(data, part, broken):
            size += piece
            total += piece
            if total > MAX_UNPACKED_BYTES:
                what = phrase("the workbook unpacks to more than {most}, and hides it", most=limit)
                raise ReaderFault(name, what, remedy)
            if size > 32 * 1024**2 and size > MAX_PACKING_RATIO * max(part.compress_size, 1):
                what = phrase(
                    "part {part!r} of the workbook unpacks to more than {times} times its packed size",
                    part=part.filename,
                    times=MAX_PACKING_RATIO,
                )
                raise ReaderFault(name, what, remedy)
        if size != part.file_size:
            raise broken


def unpacked_pieces(data: bytes, part: ZipInfo, broken: ReaderFault) -> Iterator[int]:
    """Sizes of the pieces one part really unpacks to, whatever it declares; a megabyte is held at a time."""
    start = part.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or len(data) < start + 30:
        raise broken
    # The local header's own name and extra field may differ in length from those in the central directory.
    start += (
        30
        + int.from_bytes(data[start + 26 : start + 28], "little")
        + int.from_bytes(data[start + 28 : start + 30], "little")
    )
    if part.compress_type == 0:
        yield min(part.compress_size, len(data) - start)
        return
    if part.compress_type != 8:
        raise broken
    unpacker = zlib.decompressobj(-15)
    packed = data[start : start + part.compress_size]
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(packed, 1024**2)
            packed = unpacker.unconsumed_tail
            if not piece and not packed:
                break
            yield len(piece)
    except zlib.error as error:
        raise broken from error
    if not unpacker.eof:
        raise broken
