"""Mangled files of every format: a table or a fault, never another error and never a silent loss.

`GAPKIT_FUZZ=20000` runs so many examples of each property instead of a few hundred.
"""

from __future__ import annotations

import csv
import io
import os
import random
import zipfile
from functools import cache

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gapkit.survey.readers import RawTable, ReaderFault, read_table, to_number

EXAMPLES = int(os.environ.get("GAPKIT_FUZZ", "300"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

FORMATS = [
    "utf-8.csv",
    "gb18030.csv",
    "big5.csv",
    "utf-16.tsv",
    "book.xlsx",
    "book.ods",
    "a.sav",
    "a.zsav",
    "a.dta",
    "a.parquet",
]
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=8)
ENDS = [b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80"]


def mangled(data: bytes, seed: int) -> bytes:
    """The bytes with a few of them flipped, cut out, put in, repeated or overwritten by extreme numbers."""
    chance, content = random.Random(seed), bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(6):
            case 0 if at < len(content):
                content[at] ^= 1 << chance.randrange(8)
            case 1:
                del content[at : at + chance.choice([1, 2, 4, 100])]
            case 2:
                content[at:at] = chance.randbytes(chance.choice([1, 2, 5]))
            case 3:
                del content[at:]
            case 4:
                content[at:at] = content[at : at + chance.randrange(200)]
            case _:
                content[at : at + 4] = chance.choice([*ENDS, b'"', b",", b";", b"\r", b"\n", b"\x00", b"|"])
    return bytes(content)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Sound files of every format, made once."""
    folder = tmp_path_factory.mktemp("sound")
    frame = pd.DataFrame(
        {"E1": [7.0, 6.0, 9.0], "t": ["a", "", "北京"], "day": pd.to_datetime(["2026-03-01", "2026-03-02", None])}
    )
    labels = {"variable_value_labels": {"E1": {7.0: "strongly agree"}}}
    pyreadstat.write_sav(frame, folder / "a.sav", missing_ranges={"E1": [9]}, **labels)
    pyreadstat.write_sav(frame, folder / "a.zsav", compress=True, **labels)
    pyreadstat.write_dta(frame, folder / "a.dta", **labels)
    frame.to_parquet(folder / "a.parquet")
    return folder


@pytest.fixture
def make(sound, miniatures):
    """The bytes of a sound file: by format, and by miniature where a format has a layout."""
    names = sorted(miniatures)

    @cache
    def made(kind: str, which: int) -> bytes:
        export = miniatures[names[which % len(names)]]
        match kind.split("."):
            case [_, "xlsx"]:
                return export.xlsx()
            case [_, "ods"]:
                return export.ods()
            case ["big5", _]:
                return miniatures["plain (en)"].csv("big5")
            case [encoding, "csv"]:
                return export.csv(encoding)
            case [encoding, "tsv"]:
                return export.csv(encoding, delimiter="\t")
        return (sound / kind).read_bytes()

    return made


def outcome(name: str, data: bytes) -> RawTable | ReaderFault:
    """The table, or the fault; any other error fails the test that called."""
    try:
        return read_table((name, data))
    except ReaderFault as fault:
        return fault


def is_sound(found: RawTable | ReaderFault, name: str) -> bool:
    """A table with a name per column and a number per row, or a fault that says where, what and what to do."""
    if isinstance(found, ReaderFault):
        return str(found) == f"{found.where}: {found.what}. {found.remedy}" and found.where.startswith(name)
    return found.cells.shape == (len(found.rows), len(found.headers)) and len(found.rows) > 0


@fuzzed
@given(kind=st.sampled_from(FORMATS), which=st.integers(0, 99), seed=st.integers(0, 2**32))
def test_a_mangled_file_gives_a_table_or_a_fault(make, kind, which, seed):
    assert is_sound(outcome(kind, mangled(make(kind, which), seed)), kind)


@fuzzed
@given(kind=st.sampled_from(["book.xlsx", "book.ods"]), which=st.integers(0, 99), seed=st.integers(0, 2**32))
def test_a_workbook_mangled_inside_a_sound_zip_file_gives_a_table_or_a_fault(make, kind, which, seed):
    whole, file = zipfile.ZipFile(io.BytesIO(make(kind, which))), io.BytesIO()
    victim = random.Random(seed).choice([*whole.namelist(), "xl/worksheets/sheet1.xml", "content.xml"])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in whole.namelist():
            archive.writestr(part, mangled(whole.read(part), seed) if part == victim else whole.read(part))
    assert is_sound(outcome(kind, file.getvalue()), kind)


@fuzzed
@given(data=st.binary(max_size=300), ending=st.sampled_from(["csv", "xlsx", "ods", "sav", "dta", "parquet", "xls", ""]))
@example(data=b"PK\x05\x06" + bytes(18), ending="xlsx")
@example(data=b"$FL2" + bytes(400), ending="sav")
@example(data=b"PAR1PAR1", ending="parquet")
@example(data=b"sep=\n\n", ending="csv")
@example(data=b"\xff\xfe\x00", ending="csv")
def test_junk_gives_a_table_or_a_fault(data, ending):
    assert is_sound(outcome(f"junk.{ending}", data), f"junk.{ending}")


@fuzzed
@given(seed=st.integers(0, 2**32), which=st.integers(0, 99), delimiter=st.sampled_from(",;\t|"))
def test_no_cell_of_a_mangled_csv_file_is_lost(make, seed, which, delimiter):
    # CP437 gives every byte a meaning, so that only the layout is at stake.
    data = mangled(make("utf-8.csv", which).replace(b",", delimiter.encode()), seed).replace(b"\x00", b"")
    try:
        table = read_table(("a.csv", data), encoding="cp437", delimiter=delimiter, style="plain")
    except ReaderFault:
        return
    records = list(csv.reader(io.StringIO(data.decode("cp437"), newline=""), delimiter=delimiter, strict=True))
    written = sum(cell.strip() != "" for record in records for cell in record)
    kept = sum(bool(cell.strip()) for cell in table.headers)
    kept += sum(cell is not None and cell.strip() != "" for cell in table.cells.to_numpy(dtype=object).ravel())
    assert kept == written


@fuzzed
@given(
    table=st.integers(1, 6).flatmap(
        lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_what_is_written_is_read_back_cell_by_cell(table, delimiter, encoding):
    text = io.StringIO()
    header = [f"q{i}" for i in range(len(table[0]))]
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *table])
    filled = [(i + 2, row) for i, row in enumerate(table) if any(cell.strip() for cell in row)]
    if not filled:
        return
    read = read_table(
        ("a.csv", text.getvalue().encode(encoding)), encoding=encoding, delimiter=delimiter, style="plain"
    )
    assert read.cells.map(lambda cell: "" if cell is None else cell).to_numpy().tolist() == [row for _, row in filled]
    assert read.rows.tolist() == [number for number, _ in filled]


@fuzzed
@given(cells=st.lists(st.one_of(st.none(), TEXTS, st.floats().map(str), st.integers().map(str)), max_size=20))
def test_every_cell_is_a_number_or_text_or_unanswered_and_only_one_of_them(cells):
    for decimal in (".", ","):
        numbers, text = to_number(pd.Series(cells, dtype=object), decimal=decimal)
        empty = pd.Series([cell is None or not cell.strip() for cell in cells], dtype=bool)
        assert (numbers.notna().astype(int) + text.astype(int) + empty.astype(int) == 1).all()
