"""Which end of a scale is the best, and which items look as if they were worded the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .instrument import Instrument
from .wording import Wordings

FEWEST = 20  # respondents for whom a correlation says anything
MOST = 20_000  # rows looked at, evenly spaced: a hint needs no more
AGAINST = -0.3


def directions(
    wordings: Wordings, numbers: dict[str, pd.DataFrame], instrument: Instrument
) -> tuple[pd.DataFrame, bool | None]:
    """What labels say about the scale's direction, and items that run against the others of their dimension."""
    rows: list[dict[str, Any]] = []
    kinds = {kind for kind, *_ in wordings.evidence}
    low, high = instrument.scale.low, instrument.scale.high
    said = {kind: example for kind, example, *_ in reversed(wordings.evidence)}
    descending = None
    if "against" in kinds and "same" not in kinds:
        descending = instrument.scale.ascending
        rows.append(
            _said("scale", f"{low:g} is the best" if descending else f"{high:g} is the best", 0.95, said["against"])
        )
    elif "same" in kinds and "against" not in kinds:
        best = high if instrument.scale.ascending else low
        rows.append(_said("scale", f"{best:g} is the best", 0.95, said["same"]))
    else:
        why = f'labels such as "{next(iter(said.values()))}"' if said else "only digits, or words without digits"
        question = f"Is {low:g} the best answer or the worst? Not said in the file: descending = true, or false."
        rows.append(_said("scale", "not said in the file: as in the instrument", 0.5, why, question * bool(said)))
    turned = {
        battery: answers.assign(**{i.id: -answers[i.id] for i in instrument.items if i.reversed and i.id in answers})
        for battery, answers in numbers.items()
    }
    for id, r in against_the_others(turned, instrument).items():
        what = f"worded the other way round? (r = {r:.2f} with the rest of its dimension)"
        question = (
            f'{id} runs against its dimension: if it is worded the other way round, add reversed = ["{id}", ...].'
        )
        rows.append(_said(id, what, min(0.65, 0.3 + abs(r) / 2), "correlations in every battery", question))
    return pd.DataFrame(rows), descending


def _said(what: str, direction: str, confidence: float, why: str, question: str = "") -> dict[str, Any]:
    """One row of the table of directions."""
    return {"what": what, "direction": direction, "confidence": confidence, "why": why, "question": question}


def against_the_others(numbers: Mapping[str, pd.DataFrame], instrument: Instrument) -> dict[str, float]:
    """Items whose correlation with the rest of their dimension is clearly negative in every battery.

    Parameters
    ----------
    numbers : mapping of battery to DataFrame (n x items)
        With the items turned that are known to be worded the other way round.
    instrument : Instrument

    Returns
    -------
    dict
        Item -> its mean correlation with the others of its dimension, the one nearest to zero of the batteries.
    """
    found: dict[str, list[float]] = {}
    for battery, answers in numbers.items():
        if battery == "importance":
            continue
        some = answers.iloc[:: max(1, len(answers) // MOST)]
        for dimension in instrument.dimensions:
            own = some[[id for id in dimension.items if id in some]]
            if own.shape[1] < 3 or len(own.dropna()) < FEWEST:
                continue
            # the mean of the correlations with the others, so that one turned item does not spoil its neighbours' sum
            mean_r = (own.corr().sum() - 1) / (own.shape[1] - 1)
            for id, r in mean_r.items():
                found.setdefault(str(id), []).append(float(r))
    return {id: max(each) for id, each in found.items() if max(each) <= AGAINST}
