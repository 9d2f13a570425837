"""Mangled files: nothing but SurveyError comes out of the door, and answers in = answers kept + answers reported.

A few thousand files in every run; ``GAPKIT_FUZZ=50000`` (as ``make fuzz`` sets it) for as many as wanted.
"""

import csv
import io
import os
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gapkit as gk
from gapkit.survey.readers import ReaderFault

EXAMPLES = int(os.environ.get("GAPKIT_FUZZ", 2000))
SERVQUAL = gk.load_instrument("servqual")
WORDS = SERVQUAL.scale.labels["zh-Hans"]
# SERVQUAL's first dimension alone: few columns are loaded many times faster than many, and no less is checked.
ASKED = replace(SERVQUAL, items=SERVQUAL.items[:4], dimensions=SERVQUAL.dimensions[:1])
MISSING = [9, "NA", "跳过"]
CELLS = (
    "", " ", "7", "0", "9", "99", "-1", "3.5", "3,5", "７", "1e3", "1e999", "NA", "跳过", "#N/A", "nan", "inf",
    "7 = 非常同意", "1 = strongly agree", "strongly agree", "매우 그렇다", "5 stars", '"', '""', "'", "=1+1",
    "\t", ";", ",", "a,b", "\n", "\r", "\x00", "\ufeff", "\u202e", "𝟕", "é", "E1", "P22", "guest", "sep=;", "x" * 300,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "cp1252", "utf-16", "big5", "cp949", "shift_jis", "latin-1")


def clean(n=8):
    """A small file of answers as rows of text: 8 answers, a group in two languages, a weight."""
    rng = np.random.default_rng(11)
    header = ["guest", "门店", *[f"{half}{k}" for half in "EP" for k in (1, 2, 3, 4)], "weight"]
    rows = [header]
    for i in range(n):
        answered = [str(point) for point in rng.integers(1, 8, 8)]
        answered[i] = ["", WORDS[int(answered[i])], f"{answered[i]} = {WORDS[int(answered[i])]}", "9"][i % 4]
        rows.append([f"G{i}", "北京" if i % 2 else "Zürich, Altstadt", *answered, "1.5"])
    return rows


CLEAN = clean()


def as_bytes(rows, delimiter=",", encoding="utf-8", ending="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


@st.composite
def mangled_rows(draw):
    """The clean rows with some cells replaced, rows moved, doubled, dropped, cut short or made longer."""
    rows = [list(row) for row in CLEAN]
    for kind in draw(
        st.lists(st.sampled_from(["cell", "cell", "cell", "swap", "double", "drop", "short", "long"]), max_size=4)
    ):
        at = draw(st.integers(0, len(rows) - 1))
        if kind == "cell" and rows[at]:
            rows[at][draw(st.integers(0, len(rows[at]) - 1))] = draw(st.sampled_from(CELLS))
        elif kind == "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[at], rows[other] = rows[other], rows[at]
        elif kind == "double":
            rows.insert(at, list(rows[at]))
        elif kind == "drop" and len(rows) > 1:
            rows.pop(at)
        elif kind == "short":
            rows[at] = rows[at][: draw(st.integers(0, len(rows[at])))]
        elif kind == "long":
            rows[at] = [*rows[at], *draw(st.lists(st.sampled_from(CELLS), max_size=3))]
    return rows


@st.composite
def mangled_bytes(draw):
    """Those rows as a file: any delimiter, encoding and line ending, then bytes flipped, cut out, or cut off."""
    data = bytearray(
        as_bytes(
            draw(mangled_rows()),
            draw(st.sampled_from(",;\t|")),
            draw(st.sampled_from(ENCODINGS)),
            draw(st.sampled_from(["\r\n", "\n", "\r"])),
        )
    )
    for kind in draw(st.lists(st.sampled_from(["flip", "insert", "cut", "truncate", "other"]), max_size=3)):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        if kind == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=4))
        elif kind == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif kind == "truncate":
            del data[at:]
        elif kind == "other":
            data[at:at] = "满意,é".encode(draw(st.sampled_from(ENCODINGS)), errors="replace")
    return bytes(data)


def loaded(name, data, **arguments):
    """The survey, or None where the door refused the file in proper form; any other exception is the test's failure."""
    try:
        return gk.load_survey((name, data), instrument=ASKED, missing=MISSING, weight="weight", **arguments)
    except gk.SurveyError as error:
        refused = error
    assert str(refused).startswith(f"{name}: ")
    assert len(refused.faults)
    assert refused.faults[["code", "what", "remedy"]].map(lambda text: bool(str(text).strip())).all(axis=None)
    return None


def answers_in(survey, data):
    """Filled cells under the answers' headers, read with nothing but the csv module."""
    codec = {"shift_jis": "cp932", "big5": "cp950"}.get(survey.source.encoding, survey.source.encoding)
    text = data.decode(codec).removeprefix("\ufeff")
    if said := re.match(r'"?sep=(.)"?\r?(\n|\r|$)', text, re.IGNORECASE):
        text = text[said.end() :]
    rows = [
        row
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=survey.source.delimiter)
        if any(cell.strip() for cell in row)
    ]
    places = [j for j, name in enumerate(rows[0]) if re.fullmatch(r"\s*[EPep][\s_.\-]*0*[1-4]\s*", name)]
    return sum(bool(row[j].strip()) for row in rows[1:] for j in places if j < len(row)), len(rows) - 1


def kept_and_reported(survey):
    kept = sum(int(battery.notna().to_numpy().sum()) for battery in survey.batteries.values())
    dropped = survey.dropped
    return kept + int(dropped.loc[dropped["what"] == "answers", "count"].sum())


def test_the_clean_file_loads_so_that_the_fuzzing_starts_from_something():
    survey = loaded("hotel.csv", as_bytes(CLEAN))
    assert survey.n == 8
    assert (kept_and_reported(survey), 8) == answers_in(survey, as_bytes(CLEAN)) == (8 * 8 - 2, 8)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mangled_bytes())
def test_a_mangled_csv_is_refused_in_proper_form_or_loaded_without_losing_an_answer(data):
    survey = loaded("hotel.csv", data)
    if survey is not None:
        filled, rows = answers_in(survey, data)
        assert kept_and_reported(survey) == filled
        assert survey.n == rows
        for battery in survey.batteries.values():
            assert np.nanmin(battery.to_numpy(), initial=1) >= 1
            assert np.nanmax(battery.to_numpy(), initial=7) <= 7


@settings(max_examples=EXAMPLES // 6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mangled_bytes())
def test_reading_alone_raises_nothing_but_its_own_fault(data):
    try:
        table = gk.read_table(("hotel.csv", data))
    except ReaderFault as fault:
        told = fault.where, fault.what, fault.remedy
    else:
        told = table.format, table.style, table.sha256
        assert len(table.cells) == len(table.rows)
        assert table.cells.shape[1] == len(table.headers) == len(table.questions)
    assert all(told)


@settings(max_examples=EXAMPLES // 10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.xlsx", "a.sav", "a.dta", "a.parquet", "a.ods", "a"])
)
def test_noise_under_any_name_is_refused_in_proper_form(data, name):
    assert loaded(name, data) is None


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    """The clean answers in the binary formats."""
    import pyreadstat

    folder = tmp_path_factory.mktemp("fuzz")
    frame = pd.DataFrame(CLEAN[1:], columns=CLEAN[0]).rename(columns={"门店": "hotel"})
    answered = [name for name in frame if re.fullmatch(r"[EP]\d+", name)]
    digits = frame.assign(**{c: pd.to_numeric(frame[c], errors="coerce") for c in [*answered, "weight"]})
    frame.to_excel(folder / "hotel.xlsx", index=False)
    digits.to_parquet(folder / "hotel.parquet")
    pyreadstat.write_sav(digits, folder / "hotel.sav", variable_value_labels={"E1": {1: WORDS[1], 7: WORDS[7]}})
    pyreadstat.write_dta(digits, folder / "hotel.dta")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_each_binary_format_loads_clean(binaries):
    assert set(binaries) == {"hotel.dta", "hotel.parquet", "hotel.sav", "hotel.xlsx"}
    for name, data in binaries.items():
        assert loaded(name, data).n == 8


@settings(max_examples=EXAMPLES // 6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mangled_binary_file_is_refused_in_proper_form_or_loaded(binaries, data):
    name = data.draw(st.sampled_from(sorted(binaries)))
    content = bytearray(binaries[name])
    for kind in data.draw(
        st.lists(st.sampled_from(["flip", "flip", "cut", "truncate", "zero"]), min_size=1, max_size=3)
    ):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        if kind == "flip" and content:
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 64))]
        elif kind == "truncate":
            del content[at:]
        elif kind == "zero":
            content[at : at + 16] = bytes(16)
    survey = loaded(name, bytes(content))
    assert survey is None or survey.n >= 1
