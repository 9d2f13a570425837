"""How far a scenario moves each dimension, and how much of that the end of the scale forbids."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measure.means import checked_weights
from ..survey.survey import Survey
from .scenario import Scenario, moved

COLUMNS = pd.Index(["asked", "attained", "missing"])
SPECK = 1e-9
"""What is left of a shift by rounding in the last bits."""


def dimension_moves(survey: Survey, scenario: Scenario, *, of: str = "perceptions") -> pd.DataFrame:
    """What a scenario asks of each dimension and what the scale lets it have.

    Each number is the mean over the dimension's items of the item's own (see `attained`), counted over all who
    answered the item: a shift of 1 for a tenth of the respondents is 0.1.

    Parameters
    ----------
    survey : Survey
    scenario : Scenario
    of : str
        "perceptions" or "expectations".

    Returns
    -------
    DataFrame
        One row a dimension: ``asked`` and ``attained`` (scale points), ``missing`` (asked - attained; 0 where the end
        of the scale forbids nothing).

    Raises
    ------
    ScenarioError
        As for `apply`.

    Examples
    --------
    Everybody stands half a point below the end of the scale, so no dimension can gain more.

    >>> from gapkit import Scenario, Survey, load_instrument
    >>> servqual = load_instrument("servqual")
    >>> P = pd.DataFrame([[7] * 22, [6] * 22], columns=servqual.item_ids)
    >>> moves = dimension_moves(Survey(servqual, perceptions=P), Scenario({"empathy": 0.75, "assurance": 0.25}))
    >>> moves.loc[["assurance", "empathy"]].to_numpy().tolist()
    [[0.25, 0.25, 0.0], [0.75, 0.5, 0.25]]
    """
    instrument = survey.instrument
    answered = np.isfinite(survey.battery(of).to_numpy(float))
    weights = checked_weights(survey.weights)
    everybody = answered.sum(axis=0) if weights is None else weights @ answered
    asked, attained = np.zeros((2, len(instrument.items)))
    for move in moved(survey, scenario)[1]:
        if move.of != of:
            continue
        own = np.isfinite(move.answers)
        concerned = own.sum(axis=0) if move.weights is None else move.weights @ own
        share = np.divide(concerned, everybody[move.items], out=np.zeros(len(move.items)), where=concerned > 0)
        asked[move.items] += share * move.asked
        attained[move.items] += share * move.attained
    place = {id: j for j, id in enumerate(instrument.item_ids)}
    items = [[place[id] for id in dimension.items] for dimension in instrument.dimensions]
    columns = [np.array([values[own].mean() for own in items]) for values in (asked, attained)]
    missing = columns[0] - columns[1]
    columns.append(np.where(np.abs(missing) > SPECK, missing, 0.0))
    index = pd.Index(instrument.dimension_ids, name="dimension")
    return pd.DataFrame(np.column_stack(columns), index=index, columns=COLUMNS)
