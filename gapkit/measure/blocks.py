"""A table of any make, read as blocks of rows small enough that float32 sums of scale points are exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

ROWS = 131_072
SMALL = 11  # 11 * 11 * 131,072 < 2**24: every sum of products of such scale points is a whole number float32 holds
WHOLE = 1024  # whole numbers up to here stay uncentred: their float64 sums are exact over 8,000 million rows
PRINTED = 1e6  # six decimals: what money, seconds and shares are recorded with


@dataclass(frozen=True)
class Block:
    """Some rows, stored column by column: centred values (0 where unanswered), 1 where answered, and the weights.

    To be used up before the next block is read: a stream's blocks share one piece of memory.
    """

    values: NDArray[Any]
    answered: NDArray[Any] | None
    centre: NDArray[np.float64]
    weights: NDArray[np.float64] | None


class ColumnError(ValueError):
    """A column that cannot be counted: it is missing, holds text, or is a weight that is no weight."""


def exact_difference(first: NDArray[np.float64], second: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """First minus second, free of the error that storing decimals in binary leaves in each of the two.

    10000000.1 - 10000000.2 is -0.09999999962747097 in binary arithmetic. Where both numbers are the stored form of a
    decimal with at most six places, the difference is taken between the whole numbers of millionths.
    """
    with np.errstate(over="ignore"):
        a, b = np.rint(first * PRINTED), np.rint(np.asarray(second) * PRINTED)
    decimal = (a / PRINTED == first) & (b / PRINTED == second) & (np.abs(a) < 2**53) & (np.abs(b) < 2**53)
    return np.where(decimal, (a - b) / PRINTED, first - second)


def provisional_centre(values: NDArray[np.float64]) -> float:
    """A number near the middle of a column: 0 for small whole numbers, else the mean as the column would print it."""
    if len(values) == 0:
        return 0.0
    if np.abs(values).max() <= WHOLE and np.array_equal(np.rint(values), values):
        return 0.0
    return printed_mean(float(values.mean()), bool(np.all(np.rint(values * PRINTED) / PRINTED == values)))


def printed_mean(mean: float, decimal: bool) -> float:
    """The mean, rounded to six places when the column itself is recorded in decimals."""
    return round(mean, 6) if decimal else mean


def blocks_of(
    source: Any, columns: Sequence[str] | None, weights: str | ArrayLike | None
) -> Iterator[tuple[list[str], Block]]:
    """Read a DataFrame or any Arrow stream block by block; each block comes with its column names."""
    if isinstance(source, pd.DataFrame) and all(
        isinstance(kind, np.dtype) and kind.kind in "iufb" for kind in source.dtypes
    ):
        yield from _frame_blocks(source, columns, weights)
    else:
        yield from _stream_blocks(source, columns, weights)


def _chosen(available: Sequence[str], columns: Sequence[str] | None, weights: object) -> list[str]:
    """The columns to count: those asked for, or all but the weights."""
    named_weights = [weights] if isinstance(weights, str) else []
    asked = list(columns) if columns is not None else [name for name in available if name not in named_weights]
    absent = [str(name) for name in [*asked, *named_weights] if name not in available]
    if absent:
        raise ColumnError(
            f"The table has no column {', '.join(absent)}. It has: {', '.join(map(str, available))}. "
            "Check the spelling, or choose from these with columns=[...]."
        )
    if not asked:
        raise ColumnError("There is no column to count. Name some with columns=[...].")
    return asked


def _frame_blocks(
    frame: pd.DataFrame, columns: Sequence[str] | None, weights: str | ArrayLike | None
) -> Iterator[tuple[list[str], Block]]:
    """Blocks of a numeric DataFrame, without a copy of the whole."""
    names = _chosen(list(frame.columns), columns, weights)
    answers = frame[names]
    given = frame[weights] if isinstance(weights, str) else weights
    weight = None if given is None else checked_weights(np.asarray(given, dtype=float), len(frame))
    for start in range(0, max(len(frame), 1), ROWS):
        rows = slice(start, start + ROWS)
        raw = answers.iloc[rows].to_numpy(dtype=float).T
        yield names, _centred(raw, ~np.isnan(raw), None if weight is None else weight[rows])


def _stream_blocks(
    source: Any, columns: Sequence[str] | None, weights: str | ArrayLike | None
) -> Iterator[tuple[list[str], Block]]:
    """Blocks of an Arrow stream, cut at the same rows however the stream is: results are bit-identical."""
    import pyarrow as pa

    reader = source if isinstance(source, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(source)
    names = _chosen(reader.schema.names, columns, weights)
    if weights is not None and not isinstance(weights, str):
        raise ColumnError("Weights for a stream are one of its columns: pass the column's name, weights='weight'.")
    for name in names if weights is None else [*names, weights]:
        _refuse_text(name, reader.schema.field(name).type)
    desk = np.empty((2, len(names), ROWS), dtype=np.float32)
    held: list[Any] = []
    rows = 0
    for batch in reader:
        held.append(batch)
        rows += batch.num_rows
        while rows >= ROWS:
            table = pa.Table.from_batches(held)
            yield names, _arrow_block(table.slice(0, ROWS), names, weights, desk)
            held = table.slice(ROWS).to_batches()
            rows -= ROWS
    yield names, _arrow_block(pa.Table.from_batches(held, schema=reader.schema), names, weights, desk)


def _refuse_text(name: str, kind: Any) -> None:
    """Raise on a column that holds no numbers."""
    import pyarrow as pa

    numeric = (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )
    if not (numeric or pa.types.is_null(kind)):
        raise ColumnError(
            f"Column {name} holds {kind}, not numbers. Leave it out with columns=[...], "
            "or turn its answers into scale points first."
        )


def _arrow_block(table: Any, names: list[str], weights: str | None, desk: NDArray[np.float32]) -> Block:
    """One block of an Arrow table; columns of small whole numbers go straight to float32, on the desk given."""
    import pyarrow as pa

    columns = [table.column(name).combine_chunks() for name in names]
    if weights is None and all(pa.types.is_integer(column.type) for column in columns):
        filled = [(c.fill_null(0) if c.null_count else c).to_numpy(zero_copy_only=False) for c in columns]
        if all(len(c) == 0 or (c.min() >= -SMALL and c.max() <= SMALL) for c in filled):
            return _small_block(columns, filled, desk)
    raw = np.stack([_floats(column) for column in columns])
    given = None if weights is None else _floats(table.column(weights).combine_chunks())
    weight = None if given is None else checked_weights(given, table.num_rows)
    return _centred(raw, ~np.isnan(raw), weight)


def _small_block(columns: list[Any], filled: list[NDArray[Any]], desk: NDArray[np.float32]) -> Block:
    """A block of scale points laid out on the desk, 0 where unanswered."""
    values, answered = desk[:, :, : len(filled[0])]
    complete = not any(column.null_count for column in columns)
    for row, (column, points) in enumerate(zip(columns, filled, strict=True)):
        values[row] = points
        if complete:
            continue
        if np.count_nonzero(points) == len(points) - column.null_count:
            np.not_equal(points, 0, out=answered[row])  # no answer is 0, so 0 means unanswered
        else:
            answered[row] = column.is_valid().to_numpy(zero_copy_only=False)
    return Block(values, None if complete else answered, np.zeros(len(columns)), None)


def _floats(column: Any) -> NDArray[np.float64]:
    """An Arrow column as float64, missing as NaN."""
    import pyarrow as pa

    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)


def checked_weights(weights: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Weights as they are, or an error that says what is wrong with them."""
    if weights.shape != (rows,):
        raise ColumnError(f"{rows} respondents need {rows} weights, one each; got an array of shape {weights.shape}.")
    bad = np.flatnonzero(~(weights >= 0) | np.isinf(weights))
    if len(bad):
        raise ColumnError(
            f"{len(bad)} weights are missing, negative or infinite (rows {', '.join(map(str, bad[:5] + 1))}). "
            "A weight is a number of at least 0; give 0 to leave a respondent out."
        )
    return weights


def _centred(raw: NDArray[np.float64], answered: NDArray[np.bool_], weights: NDArray[np.float64] | None) -> Block:
    """A block from raw values: float32 where that is exact, otherwise float64 about a provisional centre."""
    complete = bool(answered.all())
    filled = raw if complete else np.where(answered, raw, 0.0)
    small = filled.size == 0 or (np.abs(filled).max() <= SMALL and np.array_equal(np.rint(filled), filled))
    if small:
        kind = np.float32 if weights is None else np.float64
        return Block(filled.astype(kind), None if complete else answered.astype(kind), np.zeros(len(raw)), weights)
    if np.isinf(filled).any():
        raise ColumnError(f"Column {int(np.flatnonzero(np.isinf(filled).any(axis=1))[0]) + 1} holds an infinite value.")
    centre = np.array([provisional_centre(column[here]) for column, here in zip(raw, answered, strict=True)])
    deviations = exact_difference(filled, centre[:, None])
    if complete:
        return Block(deviations, None, centre, weights)
    return Block(np.where(answered, deviations, 0.0), answered.astype(float), centre, weights)
