"""What can be wrong with answers: each check collects its faults, none raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .faults import Faults
from .instrument import Scale
from .naming import battery_name, cut, name_columns, name_rows, quoted
from .numerals import MISSING_WORDS, to_number
from .phrase import joined, phrase, plural, sentences
from .readers import RawTable
from .wording import Wordings

POINTS = 100.0
ROUNDING = 0.5  # how far a split of 100 points may be off: thirds are typed as 33, 33, 33 or 33.3
USUAL_IDS = ("id", "respondent_id", "respondentid", "response id", "responseid", "respondent id", "序号", "答卷编号")


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
        where = table.headers[j] or phrase("column {number}", number=j + 1)
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
        codes = joined(dict.fromkeys(map(_code, cells.unique())))
        named = name_columns(where for where, _ in coded)
        dropped.append(("answers", named, len(cells), phrase("coded as no answer ({codes})", codes=codes)))
    return pd.DataFrame(answers)


def _code(cell: object) -> str:
    """A code for no answer as it stands in the file: a number plain, a text quoted."""
    return f"{float(str(cell)):g}" if _is_number(cell) else phrase('"{word}"', word=cut(str(cell).strip()))


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
    if words:
        first = phrase('If {words} means "no answer", pass missing={codes!r}.', words=quoted(words), codes=words)
    else:
        first = plural(
            len(rows),
            "Correct it in the file; answers must be numbers or words of the scale.",
            "Correct them in the file; answers must be numbers or words of the scale.",
        )
    more = [phrase("Correct the others in the file.")] if words and len(words) < len(seen) else []
    if other := next((text for text in seen if text not in words and any(map(str.isalpha, text))), None):
        more.append(phrase("If they name points of the scale, say which: labels={{{word!r}: ...}}.", word=other))
    shown = quoted(seen[:3])
    what = plural(
        len(rows),
        "{count} answer that is not a number ({words})",
        "{count} answers that are not numbers ({words})",
        words=shown,
    )
    such = phrase("{count} answers that are not numbers (such as {words})", count=len(rows), words=shown)
    faults.add(
        "not_a_number",
        what,
        where,
        rows=name_rows(rows),
        count=len(rows),
        remedy=sentences(first, *more),
        together=(such, sentences(first.again(), *more)),
    )


def _add_outside(
    values: np.ndarray, rows: np.ndarray, where: str, scale: Scale, faults: Faults, *, points: bool
) -> None:
    """Numbers outside the scale, or outside the 100 points that were to be split, with what may be meant."""
    seen = sorted(set(values.tolist()))
    usual = [value for value in seen if value in (9, 99, 999, 0, -1, -9, -99, 8, 88) or not np.isfinite(value)] or seen[
        :1
    ]
    code = f"{usual[-1]:g}"
    remedy = sentences(
        phrase('If {code} means "no answer", pass missing=[{code}].', code=code),
        phrase("Otherwise correct the points.")
        if points
        else phrase("If another scale was used, pass scale=(lowest, highest)."),
    )
    what = plural(len(values), "{count} answer outside {scale}", "{count} answers outside {scale}", scale=scale)
    rows_named, together = name_rows(rows), (what, remedy)
    faults.add("out_of_range", what, where, rows=rows_named, count=len(values), remedy=remedy, together=together)


def check_allocations(points: pd.DataFrame, faults: Faults, dropped: list[tuple[str, str, int, str]]) -> pd.DataFrame:
    """Allocations must sum to 100; a blank beside a full 100 is a zero, a respondent without any is NaN."""
    answered = points.notna().any(axis=1)
    total = points.sum(axis=1)
    wrong = answered & ((total - POINTS).abs() > ROUNDING)
    if wrong.any():
        what = plural(
            int(wrong.sum()),
            "{count} allocation does not sum to {points:g} (row {row} sums to {total:g})",
            "{count} allocations do not sum to {points:g} (row {row} sums to {total:g})",
            points=POINTS,
            row=points.index[wrong][0],
            total=total[wrong].iloc[0],
        )
        faults.add(
            "allocation_sum",
            what,
            phrase("the points for {dimensions}", dimensions=", ".join(points.columns)),
            rows=name_rows(points.index[wrong]),
            count=int(wrong.sum()),
            remedy=phrase("Correct the points, or leave all of that respondent's points empty."),
        )
    blanks = points.isna() & answered.to_numpy()[:, None]
    if blanks.to_numpy().any() and not wrong.any():
        why = phrase("read as 0, since the others sum to 100")
        dropped.append(("blanks", phrase("allocations"), int(blanks.to_numpy().sum()), why))
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
            phrase("id {ids} stands in {number} rows", ids=shown, number=len(doubled))
            if len(values) == 1
            else phrase("ids that stand in several rows ({ids})", ids=shown),
            phrase("the column {column}", column=name),
            rows=name_rows(doubled.index),
            count=len(values),
            remedy=phrase("Keep one row for each respondent, or give each respondent an id of their own."),
        )


def check_weight(people: pd.DataFrame, faults: Faults) -> None:
    """Survey weights: numbers above zero, for everyone."""
    if "weight" not in people:
        return
    weight = pd.to_numeric(people["weight"], errors="coerce")
    wrong = ~(weight > 0) | ~np.isfinite(weight)
    if wrong.any():
        what = plural(
            int(wrong.sum()),
            "{count} survey weight that is missing or not above zero",
            "{count} survey weights that are missing or not above zero",
        )
        faults.add(
            "weight",
            what,
            phrase("the column {column}", column="weight"),
            rows=name_rows(people.index[wrong]),
            count=int(wrong.sum()),
            remedy=phrase("Give every respondent a weight above zero, or delete the rows or the column."),
        )


def check_scales(
    batteries: Mapping[str, pd.DataFrame], scales: Mapping[str, Scale], told: Iterable[str], faults: Faults
) -> None:
    """Expectations and perceptions must be on one scale; a gap between two scales means nothing."""
    if not {"expectations", "perceptions"} <= batteries.keys():
        return
    high, low = scales["expectations"], scales["perceptions"]
    if (high.low, high.high) != (low.low, low.high):
        what = phrase("expectations on {expected} but perceptions on {perceived}", expected=high, perceived=low)
        remedy = phrase(
            "Ask both on one scale, or put both on one before loading; a gap between two scales means nothing."
        )
        faults.add("scales_differ", what, phrase("the card"), remedy=remedy)
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
            phrase(
                "the {small} never exceed {most:g} while the {large} reach {top:g}",
                small=battery_name(small),
                most=top[small],
                large=battery_name(large),
                top=top[large],
            ),
            "",
            remedy=phrase(
                "If both were asked on {scale}, say so: scale=({low:g}, {high:g}). Otherwise ask both on one scale, or "
                "put both on one before loading; a gap between two scales means nothing.",
                scale=high,
                low=high.low,
                high=high.high,
            ),
        )
