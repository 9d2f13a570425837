"""From a file to a checked Survey: the one door, and the only place that distrusts data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .assembly import Assembly
from .card import READING, Card, CardError, load_card
from .card_columns import column_rules, expected, label_faults, read_scale
from .faults import Faults
from .instrument import Instrument, InstrumentError, load_instrument
from .phrase import phrase
from .readers import RawTable, ReaderFault, read_table
from .survey import Survey, SurveyError


def load_survey(
    path: Any,
    instrument: str | Path | Instrument | None = None,
    *,
    card: str | Path | Mapping[str, Any] | Card | None = None,
    columns: Mapping[str, Any] | None = None,
    missing: Sequence[Any] | None = None,
    reversed: Sequence[str] | None = None,
    scale: tuple[float, float] | None = None,
    descending: bool | None = None,
    labels: Mapping[str, float] | None = None,
    id: str | None = None,
    weight: str | None = None,
    respondents: Mapping[str, str] | None = None,
    title: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    style: str | None = None,
) -> Survey:
    """Read a survey file, check everything, and return a `Survey` - or one error that lists every fault.

    Parameters
    ----------
    path : str, Path, DataFrame, or (name, bytes)
        CSV, TSV, XLSX and the other formats of `read_table`; a DataFrame of answers; an upload.
    instrument : str, Path or Instrument, optional
        What was asked. May stand in the card instead.
    card : str, Path, dict or Card, optional
        What the file does not say itself; by default the TOML file of the same name beside it, if there is one.
    columns : dict, optional
        Battery -> a code ("E" finds E1, e01, E_1), a regular expression with a group for the item's number, a list of
        headers in item order, or a dict item -> header. By default the codes E, P, M (minimum), D (desired),
        I (importance).
    missing : sequence, optional
        Codes that mean "no answer", such as ``[9]`` or ``["NA"]``. Otherwise only an empty cell is taken for one.
    reversed : sequence of item ids, optional
        Items worded the other way round; turned in every battery, once: ``low + high - x``.
    scale : (low, high), optional
        The scale this survey used, where it is not the instrument's.
    descending : bool, optional
        True where the lowest digit in the file is the best answer (1 = strongly agree): everything is then turned.
    labels : dict, optional
        Wording -> digit, for answers in words that the instrument's own labels do not know. Words that it knows, in
        any of its languages, and forms such as "7 = strongly agree" are read without it.
    id, weight : str, optional
        The columns of the respondents' ids (checked for doubles) and of the survey weights.
    respondents : dict, optional
        Name -> column of what to keep about respondents. By default every column that is not an answer.
    title : str, optional
        The survey's name on figures; by default the card's, else the file's.
    encoding, delimiter, decimal, sheet, style : str, optional
        How to read the file. What is not given is guessed, and the guess reported on ``survey.source``.

    Returns
    -------
    Survey
        Indexed by the row numbers that a spreadsheet shows ("row").

    Raises
    ------
    SurveyError
        Every fault at once: what, where, what to do; as a table in ``.faults``.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({f"{half}{n}": [7, 6, 5] for half in "EP" for n in range(1, 23)})
    >>> load_survey(answers, instrument="servqual", title="three people")
    <Survey three people: 3 respondents, servqual (expectations, perceptions)>
    """
    name = file_name(path)
    faults = Faults()
    told = _card(path, card, faults, name)
    wrong: list[str] = []
    rules, allocations = column_rules(columns or {}, wrong)
    faults.add_keys(wrong, where=phrase("the argument {name}", name="columns"))
    unclear = label_faults(labels or {})
    faults.add_keys(unclear, where=phrase("the argument {name}", name="labels"))
    unfit: list[str] = []
    used = None if scale is None else read_scale(scale, "scale", unfit)
    if isinstance(missing, (str, int, float)):
        unfit.append(phrase("missing: expected a list of codes such as [{codes!r}], found {codes!r}", codes=missing))
    if respondents is not None and not isinstance(respondents, Mapping):
        unfit.append(expected("respondents", phrase('a dict, name: column, such as {{"branch": "Q3"}}'), respondents))
    faults.add_keys(unfit, where=phrase("the arguments"))
    if unclear or unfit:
        raise SurveyError(faults.table, file=name)
    told = told.given(
        instrument=instrument,
        missing=None if missing is None else tuple(missing),
        reversed=None if reversed is None else tuple(reversed),
        scale=used,
        descending=descending,
        labels=labels,
        columns=rules or None,
        allocations=allocations or None,
        respondents=respondents,
        id=id,
        weight=weight,
        title=title,
    )
    asked = _instrument(told, faults, name)
    reading = {"encoding": encoding, "delimiter": delimiter, "decimal": decimal, "sheet": sheet, "style": style}
    table = raw_table(
        path, {**told.file, **{key: value for key, value in reading.items() if value is not None}}, faults, name
    )
    if asked is None or table is None:
        raise SurveyError(faults.table, file=name)
    return Assembly(name, told, asked, table, faults).survey()


def file_name(path: Any) -> str:
    """What to call the file in messages."""
    if isinstance(path, pd.DataFrame):
        return phrase("the DataFrame")
    return str(path[0]) if isinstance(path, tuple) else Path(path).name


def _card(path: Any, card: Any, faults: Faults, name: str) -> Card:
    """The given card, or the one beside the file."""
    beside = Path(path).with_suffix(".toml") if isinstance(path, (str, Path)) else None
    if card is None and beside is not None and beside.is_file():
        card = beside
    try:
        return load_card(card)
    except CardError as error:
        faults.add_keys(error.faults, where=Path(card).name if isinstance(card, (str, Path)) else phrase("the card"))
        raise SurveyError(faults.table, file=name) from error


def _instrument(card: Card, faults: Faults, name: str) -> Instrument | None:
    """The instrument as this survey asked it."""
    if card.instrument is None:
        faults.add(
            "no_instrument",
            phrase("it is not said which instrument was asked"),
            "",
            remedy=phrase(
                'Pass instrument="servqual" (on the command line: --instrument servqual), '
                'or put instrument = "servqual" in a card {card} beside the file.',
                card=f"{Path(name).stem}.toml",
            ),
        )
        return None
    try:
        return load_instrument(card.instrument).asked(scale=card.scale, reversed=card.reversed)
    except InstrumentError as error:
        what, _, shipped = str(error).partition('". Shipped: ')
        if shipped:
            faults.add("instrument", f'{what}"', "", remedy=phrase("Name one of these: {names}", names=shipped))
        else:
            remedy = phrase("Correct the instrument's file, or name another instrument.")
            faults.add("instrument", what.rstrip("."), "", remedy=remedy)
    except KeyError as error:
        what = phrase("{key}: {fault}", key="reversed", fault=error.args[0])
        faults.add("card", what, phrase("the card"), remedy=phrase("Name items of the instrument."))
    return None


def raw_table(path: Any, reading: Mapping[str, Any], faults: Faults, name: str) -> RawTable | None:
    """The file's cells as text."""
    if isinstance(path, pd.DataFrame):
        return _from_frame(path)
    known = ", ".join(READING)
    wrong = [key for key in reading if key not in READING]
    unknown = [phrase("{key}: expected {expected}", key=f"file.{key}", expected=known) for key in wrong]
    faults.add_keys(unknown, where=phrase("the card"))
    if unknown:
        return None
    try:
        return read_table(path, **reading)
    except ReaderFault as fault:
        faults.add("unreadable", fault.what, fault.where if fault.where != name else "", remedy=fault.remedy)
    return None


def _from_frame(frame: pd.DataFrame) -> RawTable:
    """A DataFrame in memory as a raw table; "row 2" is its first row, as if it stood in a sheet below its header."""
    cells = frame.reset_index(drop=True)
    cells.columns = pd.RangeIndex(len(frame.columns))
    headers = tuple(map(str, frame.columns))
    return RawTable(
        cells=cells,
        headers=headers,
        questions=("",) * len(headers),
        first_row=2,
        rows=np.arange(2, len(frame) + 2),
        format="DataFrame",
        encoding=None,
        delimiter=None,
        decimal=".",
        sheet=None,
        style="plain",
        guessed=(),
        sha256="",
        value_labels={},
        user_missing={},
        notes=(),
    )
