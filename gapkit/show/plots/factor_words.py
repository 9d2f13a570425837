"""What the figures of a factor analysis show, in words computed from their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from ..text import number, plain, text


def describe_loadings(
    loadings: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    salient: float = 0.3,
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `loading_heat`: for each factor the items with salient loadings, strongest first.

    Examples
    --------
    >>> loadings = pd.DataFrame({"F1": [0.8, 0.1], "F2": [0.0, -0.7]}, index=["q01", "q02"])
    >>> describe_loadings(loadings, source="Ten guests")
    'F1: q01 0.80. F2: q02 −0.70. Ten guests.'
    """
    sentences = []
    for name in loadings.columns:
        column = loadings[name]
        column = column[column.abs() >= salient].sort_values(key=np.abs, ascending=False)
        items = [f"{plain((labels or {}).get(str(item), str(item)))} {number(value)}" for item, value in column.items()]
        key = "factors.describe_factor" if items else "factors.describe_empty"
        listed = text("factors.between", language).join(items)
        sentences.append(text(key, language, name=plain(name), items=listed, salient=number(salient, 1)))
    return _joined(sentences, source, language)


def describe_scree(
    eigenvalues: pd.DataFrame,
    *,
    of: Literal["common", "component"] = "common",
    language: str = "en",
    source: str = "",
) -> str:
    """The text alternative of `scree`: the eigenvalues beyond chance, and the first that is not.

    Examples
    --------
    >>> values = {"common": [2.0, 0.1], "common_mean": [0.3, 0.2], "common_high": [0.4, 0.3]}
    >>> describe_scree(pd.DataFrame(values, index=[1, 2]), source="Ten guests")
    'Eigenvalues beyond chance: 1 (2.00). The next is 0.10, chance reaches 0.30. Ten guests.'
    """
    table = eigenvalues.loc[eigenvalues[of].notna()]
    observed, high = table[of].to_numpy(float), table[f"{of}_high"].to_numpy(float)
    beyond = observed > high
    kept = int(np.argmin(beyond)) if not beyond.all() else len(beyond)
    values = text("factors.between", language).join(number(value) for value in observed[:kept])
    sentences = [
        text("factors.describe_beyond" if kept else "factors.describe_none", language, count=kept, values=values)
    ]
    if kept < len(observed):
        ends = {"next": number(observed[kept]), "chance": number(high[kept])}
        sentences.append(text("factors.describe_next", language, **ends))
    return _joined(sentences, source, language)


def describe_phi(
    phi: pd.DataFrame, *, labels: Mapping[str, str] | None = None, language: str = "en", source: str = ""
) -> str:
    """The text alternative of `factor_diagram`: every pair's correlation, strongest first.

    Examples
    --------
    >>> describe_phi(pd.DataFrame([[1, 0.4], [0.4, 1]], index=["F1", "F2"], columns=["F1", "F2"]))
    'F1 with F2: 0.40.'
    """
    names = [plain((labels or {}).get(name, name)) for name in phi.index]
    values = phi.to_numpy(float)
    pairs = [(values[i, j], names[i], names[j]) for i in range(len(names)) for j in range(i + 1, len(names))]
    pairs.sort(key=lambda pair: -abs(pair[0]))
    sentences = [
        text("factors.describe_pair", language, first=first, second=second, value=number(value))
        for value, first, second in pairs
    ]
    return _joined(sentences or [text("factors.one_factor", language)], source, language)


def _joined(sentences: list[str], source: str, language: str) -> str:
    """Sentences and the source line as one text."""
    stop = text("describe.stop", language)
    return text("describe.between", language).join([*sentences, f"{plain(source, 300)}{stop}"] if source else sentences)
