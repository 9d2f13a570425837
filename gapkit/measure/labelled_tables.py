"""Tables put together once from the numbers of all groups, on an index that keeps the order given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def table_of(parts: list[dict[str, np.ndarray]], labels: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Columns of all groups on the product of the labels, in the order given; sorted, so rows are found quickly."""
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    if len(labels) == 1:
        return pd.DataFrame(columns, index=pd.Index(next(iter(labels.values())), name=next(iter(labels))))
    codes: Any = np.indices([len(values) for values in labels.values()]).reshape(len(labels), -1)
    levels: Any = list(labels.values())
    return pd.DataFrame(columns, index=pd.MultiIndex(levels=levels, codes=codes, names=list(labels)))


def rows_of(rows: list[tuple[Any, ...]], columns: list[str | None], *, index: int) -> pd.DataFrame:
    """Rows of all groups on an index of the group, where there is one, and the first columns."""
    by = columns[0]
    table = pd.DataFrame(rows, columns=["", *columns[1:]] if by is None else columns)
    keys = columns[by is None : index + 1]
    parts = [pd.factorize(table[key]) for key in keys]
    table = table[columns[index + 1 :]]
    if len(parts) == 1:
        return table.set_axis(pd.Index(parts[0][1].take(parts[0][0]), name=keys[0]))
    levels: Any = [labels for _, labels in parts]
    codes: Any = [places for places, _ in parts]
    return table.set_axis(pd.MultiIndex(levels=levels, codes=codes, names=keys))
