"""How the answers of each item spread over the scale."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..survey.survey import Survey
from .means import checked_weights


def answer_shares(survey: Survey, *, of: str = "perceptions") -> pd.DataFrame:
    """Share of the answers on each scale point: what stacked Likert bars show.

    Parameters
    ----------
    survey : Survey
        Survey weights in ``respondents["weight"]`` are used.
    of : str
        The battery, such as "perceptions" or "expectations".

    Returns
    -------
    DataFrame, items x scale points
        Each row sums to 1 over the item's answers; a row of NaN where nobody answered. ``attrs["n"]`` holds the
        respondents who answered anything. Answers between two whole points (3.5) count half on each side.

    Raises
    ------
    ValueError
        The battery was not asked, or the scale does not run over whole points.

    Examples
    --------
    >>> import gapkit as gk
    >>> shares = answer_shares(gk.datasets.load("hotel"), of="expectations")
    >>> shares.shape, bool((shares.sum(axis=1).round(12) == 1).all())
    ((22, 7), True)
    """
    answers, scale = survey.battery(of), survey.instrument.scale
    if not (float(scale.low).is_integer() and float(scale.high).is_integer()):
        raise ValueError(f"the scale {scale} does not run over whole points; shares per point need one that does.")
    points = np.arange(int(scale.low), int(scale.high) + 1)
    values, weights = answers.to_numpy(float), checked_weights(survey.weights)
    w = np.ones(len(values)) if weights is None else weights
    near = np.clip(1 - np.abs(values[:, :, None] - points), 0, None)  # a whole answer is 1 on its own point
    total = np.einsum("n,nkp->kp", w, np.nan_to_num(near))
    answered = total.sum(axis=1, keepdims=True)
    share = np.divide(total, answered, out=np.full_like(total, np.nan), where=answered > 0)
    table = pd.DataFrame(share, index=pd.Index(answers.columns, name="item"), columns=pd.Index(points, name="point"))
    table.attrs["n"] = int(answers.notna().any(axis=1).sum())
    return table
