"""What can be wrong with answers: each check collects its faults, none raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .instrument import Scale
from .naming import counted, cut, name_columns, name_rows, quoted
from .numerals import MISSING_WORDS, to_number
from .readers import RawTable
from .survey import make_faults
from .wording import Wordings

TOGETHER = 4  # columns with the same kind of fault before they are told in one sentence
POINTS = 100.0
ROUNDING = 0.5  # how far a split of 100 points may be off: thirds are typed as 33, 33, 33 or 33.3
USUAL_IDS = ("id", "respondent_id", "respondentid", "response id", "responseid", "respondent id", "序号", "答卷编号")


class Faults:
    """Faults collected on one run through the door."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, code: str, what: str, where: str, *, remedy: str, rows: str = "", count: int = 1) -> None:
        """One fault: what, where, what to do."""
        self.rows.append({"code": code, "what": what, "where": where, "rows": rows, "count": count, "remedy": remedy})

    def add_keys(self, faults: Iterable[str], *, where: str) -> None:
        """Wrong keys of a card."""
        for fault in faults:
            self.add("card", fault, where, remedy="Correct this entry, or take it out.")

    @property
    def table(self) -> pd.DataFrame:
        """The faults, one a row; the same fault in many columns is told once."""
        merged: list[dict[str, Any]] = []
        for code in dict.fromkeys(row["code"] for row in self.rows):
            same = [row for row in self.rows if row["code"] == code]
            if len(same) <= TOGETHER or code not in ("out_of_range", "not_a_number"):
                merged += same
                continue
            columns = [row["where"] for row in same]
            kind = same[0]["what"].split(" ", 1)[1]
            kind = kind.replace("answer outside", "answers outside").replace("(", "(such as ", 1)
            kind = kind.replace("answer that is not a number", "answers that are not numbers")
            places = "; ".join(f"{cut(row['where'])}: {row['rows']}" for row in same[:2])
            count = sum(row["count"] for row in same)
            merged.append(
                {
                    "code": code,
                    "what": f"{count} {kind}",
                    "where": f"{len(columns)} columns: {name_columns(columns)}",
                    "rows": f"{places}; and so on",
                    "count": count,
                    "remedy": same[0]["remedy"].replace("Correct it in", "Correct them in"),
                }
            )
        return make_faults(merged)


def answers_of(
    table: RawTable,
    place: Mapping[str, int],
    scale: Scale,
    missing: Sequence[Any],
    faults: Faults,
    dropped: list[tuple[str, str, int, str]],
    wordings: Wordings | None = None,
) -> pd.DataFrame:
    """The answers of some columns as numbers on a scale, NaN = unanswered; faults for what is neither.

    Codes in `missing` become NaN and are recorded in `dropped`; `wordings` reads answers given in words.
    """
    rows = np.asarray(table.rows)
    words = {str(code).strip() for code in missing}
    numbers_missing = {float(code) for code in missing if _is_number(code)}
    answers: dict[str, np.ndarray] = {}
    coded: list[tuple[str, pd.Series]] = []
    for id, j in place.items():
        numbers, no_number = to_number(table.cells[j], decimal=table.decimal or ".")
        values, texts = np.array(numbers, dtype=float), np.array(no_number, dtype=bool)
        where = table.headers[j] or f"column {j + 1}"
        no_answer = np.zeros(len(values), dtype=bool)
        if words and texts.any():
            no_answer |= texts & table.cells[j].astype(str).str.strip().isin(words).to_numpy()
        declared = table.user_missing.get(j, [])
        if declared:
            no_answer |= np.isin(values, [code for code in declared if not isinstance(code, str)])
            no_answer |= table.cells[j].isin([code for code in declared if isinstance(code, str)]).to_numpy()
        if wordings is not None:
            wordings.note_codes(table.value_labels.get(j, {}), scale, where, missing=declared)
            if (spoken := texts & ~no_answer).any():
                values[spoken] = wordings.read(table.cells[j][spoken], scale, where)
                texts &= np.isnan(values)
        if numbers_missing:
            no_answer |= np.isin(values, list(numbers_missing))
        if no_answer.any():
            coded.append((where, table.cells[j][no_answer]))
        values[no_answer], texts[no_answer] = np.nan, False
        if texts.any():
            _add_texts(table.cells[j][texts], rows[texts], where, faults)
        outside = (values < scale.low) | (values > scale.high)
        if outside.any():
            _add_outside(values[outside], rows[outside], where, scale, faults, points=wordings is None)
        answers[id] = np.where(outside, np.nan, values)
    if coded:
        cells = pd.concat([cells for _, cells in coded])
        codes = ", ".join(dict.fromkeys(map(_code, cells.unique())))
        named = name_columns(where for where, _ in coded)
        dropped.append(("answers", named, len(cells), f"coded as no answer ({codes})"))
    return pd.DataFrame(answers)


def _code(cell: object) -> str:
    """A code for no answer as it stands in the file: a number plain, a text quoted."""
    return f"{float(str(cell)):g}" if _is_number(cell) else f'"{cut(str(cell).strip())}"'


def _is_number(code: Any) -> bool:
    """Whether a missing code is a number, or a text that reads as one."""
    try:
        float(code)
    except (TypeError, ValueError):
        return False
    return True


def _add_texts(cells: pd.Series, rows: np.ndarray, where: str, faults: Faults) -> None:
    """Texts where numbers belong, with what may be meant."""
    seen = list(dict.fromkeys(str(cell).strip() for cell in cells))
    words = [word for word in seen if word.casefold() in {usual.casefold() for usual in MISSING_WORDS}]
    remedy = (
        f'If {quoted(words)} means "no answer", pass missing={words!r}.'
        if words
        else f"Correct {'it' if len(rows) == 1 else 'them'} in the file; answers must be numbers or words of the scale."
    )
    if words and len(words) < len(seen):
        remedy += " Correct the others in the file."
    if other := next((text for text in seen if text not in words and any(map(str.isalpha, text))), None):
        remedy += f" If they name points of the scale, say which: labels={{{other!r}: ...}}."
    what = f"{counted(len(rows), 'answer that is not a number', 'answers that are not numbers')} ({quoted(seen[:3])})"
    faults.add("not_a_number", what, where, rows=name_rows(rows), count=len(rows), remedy=remedy)


def _add_outside(
    values: np.ndarray, rows: np.ndarray, where: str, scale: Scale, faults: Faults, *, points: bool
) -> None:
    """Numbers outside the scale, or outside the 100 points that were to be split, with what may be meant."""
    seen = sorted(set(values.tolist()))
    usual = [value for value in seen if value in (9, 99, 999, 0, -1, -9, -99, 8, 88) or not np.isfinite(value)] or seen[
        :1
    ]
    code = f"{usual[-1]:g}"
    remedy = f'If {code} means "no answer", pass missing=[{code}]. ' + (
        "Otherwise correct the points." if points else "If another scale was used, pass scale=(lowest, highest)."
    )
    what = counted(len(values), f"answer outside {scale}", f"answers outside {scale}")
    faults.add("out_of_range", what, where, rows=name_rows(rows), count=len(values), remedy=remedy)


def check_allocations(points: pd.DataFrame, faults: Faults, dropped: list[tuple[str, str, int, str]]) -> pd.DataFrame:
    """Allocations must sum to 100; a blank beside a full 100 is a zero, a respondent without any is NaN."""
    answered = points.notna().any(axis=1)
    total = points.sum(axis=1)
    wrong = answered & ((total - POINTS).abs() > ROUNDING)
    if wrong.any():
        example = f"row {points.index[wrong][0]} sums to {total[wrong].iloc[0]:g}"
        what = (
            counted(int(wrong.sum()), "allocation does not", "allocations do not") + f" sum to {POINTS:g} ({example})"
        )
        faults.add(
            "allocation_sum",
            what,
            f"the points for {', '.join(points.columns)}",
            rows=name_rows(points.index[wrong]),
            count=int(wrong.sum()),
            remedy="Correct the points, or leave all of that respondent's points empty.",
        )
    blanks = points.isna() & answered.to_numpy()[:, None]
    if blanks.to_numpy().any() and not wrong.any():
        dropped.append(
            ("blanks", "allocations", int(blanks.to_numpy().sum()), "read as 0, since the others sum to 100")
        )
    return points.mask(blanks, 0.0)


def check_ids(people: pd.DataFrame, column: str | None, faults: Faults) -> None:
    """Each respondent once."""
    usual = [name for name in people if str(name).strip().casefold() in USUAL_IDS]
    name = column if column in people else "id" if "id" in people else (usual[0] if usual else None)
    if name is None:
        return
    ids = people[name].dropna()
    doubled = ids[ids.duplicated(keep=False)]
    if len(doubled):
        values = list(dict.fromkeys(doubled))
        shown = ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values[:5])
        shown += ", ..." if len(values) > 5 else ""
        faults.add(
            "duplicated_id",
            f"id {shown} stands in {len(doubled)} rows"
            if len(values) == 1
            else f"ids that stand in several rows ({shown})",
            f"the column {name}",
            rows=name_rows(doubled.index),
            count=len(values),
            remedy="Keep one row for each respondent, or give each respondent an id of their own.",
        )


def check_weight(people: pd.DataFrame, faults: Faults) -> None:
    """Survey weights: numbers above zero, for everyone."""
    if "weight" not in people:
        return
    weight = pd.to_numeric(people["weight"], errors="coerce")
    wrong = ~(weight > 0) | ~np.isfinite(weight)
    if wrong.any():
        kind = counted(int(wrong.sum()), "survey weight that is", "survey weights that are")
        faults.add(
            "weight",
            f"{kind} missing or not above zero",
            "the column weight",
            rows=name_rows(people.index[wrong]),
            count=int(wrong.sum()),
            remedy="Give every respondent a weight above zero, or delete the rows or the column.",
        )


def check_scales(
    batteries: Mapping[str, pd.DataFrame], scales: Mapping[str, Scale], told: Iterable[str], faults: Faults
) -> None:
    """Expectations and perceptions must be on one scale; a gap between two scales means nothing."""
    if not {"expectations", "perceptions"} <= batteries.keys():
        return
    high, low = scales["expectations"], scales["perceptions"]
    remedy = "Ask both on one scale, or put both on one before loading; a gap between two scales means nothing."
    if (high.low, high.high) != (low.low, low.high):
        faults.add("scales_differ", f"expectations on {high} but perceptions on {low}", "the card", remedy=remedy)
        return
    top = {
        name: float(np.nanmax(batteries[name].to_numpy(float), initial=-np.inf))
        for name in ("expectations", "perceptions")
    }
    n = {name: int(batteries[name].notna().to_numpy().sum()) for name in top}
    if "expectations" in told or min(n.values()) < 200:
        return
    small, large = sorted(top, key=top.__getitem__)
    at_top = (batteries[small] == top[small]).to_numpy().sum() / n[small]
    if top[small] <= top[large] - 2 and at_top > 0.15:
        faults.add(
            "scales_differ",
            f"the {small} never exceed {top[small]:g} while the {large} reach {top[large]:g}",
            "",
            remedy=f"If both were asked on {high}, say so: scale=({high.low:g}, {high.high:g}). Otherwise "
            + remedy[0].lower()
            + remedy[1:],
        )
