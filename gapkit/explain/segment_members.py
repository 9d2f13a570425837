"""Who is in which segment: probabilities of a survey's respondents, and a survey that knows its segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ..survey.survey import Survey
from .silhouettes import silhouettes

if TYPE_CHECKING:
    from .segments import Segments

COLUMN = "segment"


def posterior_of(segments: Segments, survey: Survey) -> pd.DataFrame:
    """The probabilities of a survey's respondents, in their order; NaN for those who could not be placed.

    ValueError where the segments were found in other respondents.
    """
    posterior = segments.posterior
    strangers = posterior.index.difference(survey.respondents.index)
    if len(strangers) or not len(posterior):
        raise ValueError(
            f"{survey.source}: {len(strangers)} of the {len(posterior)} respondents that the segments were found in "
            "are not in this survey. Give the survey they were found in; assign(segments, survey) says where new "
            "respondents belong."
        )
    return posterior.reindex(survey.respondents.index)


def with_segments(segments: Segments, survey: Survey, *, column: str = COLUMN) -> Survey:
    """The survey with each respondent's segment as a column, to group by and to ask "what if" about.

    Parameters
    ----------
    segments : Segments
    survey : Survey
        The one that the segments were found in.
    column : str
        What to call the column.

    Returns
    -------
    Survey
        Respondents who could not be placed have no value in the column.

    Raises
    ------
    ValueError
        Other respondents, or there is such a column already.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> quick = {"max_segments": 3, "draws": 19, "resamples": 0, "progress": False}
    >>> found = gk.segment(survey, on="gaps", centre="person", method="kmeans", n_segments=3, **quick)
    >>> placed = gk.with_segments(found, survey)
    >>> after = gk.apply(placed, gk.Scenario({"reliability": 0.4}, where={"segment": "S1"}))
    >>> gk.gap_scores(after, by="segment").dimensions.shape[0]
    15
    """
    if column in survey.respondents:
        raise ValueError(f'there is a column "{column}" among the respondents already; give another one with column=.')
    posterior = posterior_of(segments, survey)
    known = posterior.notna().all(axis=1)
    place = pd.Series(None, index=posterior.index, dtype=object)
    place[known] = posterior.columns.to_numpy()[posterior[known].to_numpy(float).argmax(axis=1)]
    return replace(survey, respondents=survey.respondents.assign(**{column: place}))


def member_silhouettes(segments: Segments) -> pd.Series:
    """How much nearer each respondent is to the own segment than to the next one, from -1 to 1.

    Returns
    -------
    Series
        One value a respondent, squared-Euclidean, in the scores that the segments were found in. Their weighted mean is
        the table's ``silhouette_sqeuclidean``. NaN throughout where everybody is in one segment.

    Examples
    --------
    >>> import gapkit as gk
    >>> quick = {"max_segments": 2, "n_segments": 2, "draws": 19, "resamples": 0, "progress": False}
    >>> found = gk.segment(gk.datasets.load("hotel"), method="kmeans", **quick)
    >>> bool(member_silhouettes(found).between(-1, 1).all())
    True
    """
    modal = segments.posterior.to_numpy(float).argmax(axis=1)
    index = segments.posterior.index
    if (modal == modal[0]).all():
        return pd.Series(float("nan"), index=index, name="silhouette")
    scores = segments.found.features @ segments.basis.axes
    return pd.Series(silhouettes(scores, modal), index=index, name="silhouette")
