"""Zone of tolerance: perception between the least one would accept and what one would wish for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..survey.naming import battery_name
from ..survey.phrase import joined, phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .groups import Numbers, grouped, level_tables
from .level_scores import common_method, left_out, share
from .levels import answer_counts, levels_of, respondent_scores
from .means import check_confidence, checked_weights, column_means, t_interval

BATTERIES = ("minimum", "desired", "perceptions")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ZoneOfTolerance(Result):
    """Adequacy and superiority with their intervals; see `zone_of_tolerance`."""

    items: pd.DataFrame
    dimensions: pd.DataFrame
    overall: pd.DataFrame
    suppressed: pd.DataFrame | None = None
    by: str | None = None
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """Adequacy and superiority overall, and where that stands."""
        if self.by is not None:
            return f"zone of tolerance by {self.by}, {len(self.overall)} groups, n = {self.n}"
        row = self.overall.iloc[0]
        place = {"unsettled": "place in the zone unsettled", "inverted": "the zone itself is inverted"}
        status = place.get(row["status"], f"{row['status']} the zone of tolerance")
        return f"overall adequacy {row['MSA']:.2f}, superiority {row['MSS']:.2f}: {status}, n = {self.n}"


def zone_from_means(minimum: pd.Series, desired: pd.Series, perceived: pd.Series) -> pd.DataFrame:
    """Adequacy, superiority, width and position from means, measured here or printed elsewhere.

    Parameters
    ----------
    minimum, desired, perceived : Series
        Mean minimum, desired and perceived service with one index, scale points.

    Returns
    -------
    DataFrame
        MSA (adequacy, perceived - minimum), MSS (superiority, perceived - desired), width (desired - minimum) and
        position (MSA / width: 0 at the minimum, 1 at the desired level; NaN where the zone has no width).

    Examples
    --------
    >>> one = pd.Series([5.70]), pd.Series([7.72]), pd.Series([6.92])
    >>> zone_from_means(*one).round(2).iloc[0].tolist()
    [1.22, -0.8, 2.02, 0.6]
    """
    adequacy = perceived - minimum
    superiority = perceived - desired
    width = desired - minimum
    position = adequacy / width.where(width > 1e-9)  # rounding noise is no width
    return pd.DataFrame({"MSA": adequacy, "MSS": superiority, "width": width, "position": position})


def zone_of_tolerance(
    survey: Survey,
    *,
    by: str | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
    alongside: Sequence[str] | None = None,
) -> ZoneOfTolerance:
    """Where perceptions stand between the minimum that is accepted and the level that is desired.

    Everything rests on triples: an item counts when the respondent answered minimum, desired and perception.

    Parameters
    ----------
    survey : Survey
        With the batteries minimum, desired and perceptions. Survey weights reach every mean and share.
    by, confidence, minimum_n, alongside
        As in `gap_scores`.

    Returns
    -------
    ZoneOfTolerance
        ``items``, ``dimensions``, ``overall``: DataFrames with the columns n, minimum, desired, P (means), MSA with
        MSA_low, MSA_high (adequacy and its t interval), MSS with MSS_low, MSS_high (superiority), width, position
        (0 = at the minimum, 1 = at the desired level), status, inversions and inversion_share.

        ``status`` is what the intervals settle: "below" (all of the MSA interval under 0), "above" (all of the MSS
        interval over 0), "inside" (adequacy over 0 and superiority under 0), else "unsettled"; "inverted" where the
        mean minimum is not under the mean desired level. ``inversions`` counts item answers whose minimum is higher
        than the desired level, ``inversion_share`` is their share. They stay in the means; many of them say that the
        question was not understood.

    Raises
    ------
    ValueError
        One of the three batteries is not in the survey. Expectations never stand in for the desired level.

    References
    ----------
    .. [1] Parasuraman, A., Zeithaml, V. A., & Berry, L. L. (1994). Alternative scales for measuring service quality.
       Journal of Retailing, 70(3), 201-230.

    Examples
    --------
    >>> import pandas as pd
    >>> from gapkit import Survey, load_instrument
    >>> asked = load_instrument("zone_of_tolerance")
    >>> flat = lambda *levels: pd.DataFrame([[level] * 22 for level in levels], columns=asked.item_ids)
    >>> zone = zone_of_tolerance(Survey(asked, minimum=flat(5, 6), desired=flat(8, 8), perceptions=flat(7, 7)))
    >>> zone.overall[["MSA", "MSS", "position", "status"]]
             MSA  MSS  position     status
    score
    overall  1.5 -1.0       0.6  unsettled
    """
    check_confidence(confidence)
    _check_batteries(survey)
    levels, weights = levels_of(survey), checked_weights(survey.weights)
    complete = np.logical_and.reduce([survey.battery(name).notna().to_numpy() for name in BATTERIES])
    triples = {name: survey.battery(name).where(complete) for name in BATTERIES}
    minimum, desired, perceived = (respondent_scores(survey, triples[name]) for name in BATTERIES)
    inverted, answered = (
        answer_counts(survey, flags) for flags in ((triples["minimum"] > triples["desired"]).to_numpy(), complete)
    )

    def numbers(rows: np.ndarray) -> Numbers:
        w = None if weights is None else weights[rows]
        means = [column_means(scores[rows], w) for scores in (minimum, desired, perceived)]
        zone = zone_from_means(*(pd.Series(of.mean) for of in means))
        out = {"n": means[0].n, "minimum": means[0].mean, "desired": means[1].mean, "P": means[2].mean}
        for name, reference in (("MSA", minimum), ("MSS", desired)):
            se = column_means(perceived[rows] - reference[rows], w).se
            out[name] = zone[name].to_numpy()
            out[f"{name}_low"], out[f"{name}_high"] = t_interval(out[name], se, means[0].n - 1, confidence)
        out["width"], out["position"] = zone["width"].to_numpy(), zone["position"].to_numpy()
        out["status"] = _status(out)
        out["inversions"] = inverted[rows].sum(0).astype(int)
        out["inversion_share"] = share(inverted[rows], answered[rows], w)
        return out

    counted = complete.any(axis=1) & (True if weights is None else weights > 0)
    groups = grouped(
        survey, numbers, levels, by=by, minimum_n=minimum_n, counted=counted, scores=minimum, alongside=alongside
    )
    tables = level_tables(groups, levels)
    del tables["weighted"]  # importance says nothing about a zone
    method = sentences(
        phrase(
            "adequacy MSA = perception - minimum, superiority MSS = perception - desired, on triples (an item counts "
            "where all three were answered; {share:.1%} of the triples are incomplete).",
            share=1 - complete.mean(),
        ),
        left_out(counted, phrase("any triple")),
        phrase("Answers with minimum > desired are counted as inversions and kept."),
        phrase("Status as far as the intervals settle it."),
        common_method(survey, groups, confidence),
    )
    return ZoneOfTolerance(
        **tables,
        suppressed=groups.suppressed if by else None,
        by=by,
        confidence=confidence,
        n=groups.n,
        source=f"{survey.source}, n = {groups.n}",
        method=method,
    )


def _check_batteries(survey: Survey) -> None:
    """ValueError unless minimum, desired and perceptions were asked."""
    absent = [name for name in BATTERIES if name not in survey.batteries]
    if not absent:
        return
    needs = phrase(
        "{source}: a zone of tolerance needs minimum, desired and perceptions; {absent} not in this survey, which has "
        "{there}.",
        source=survey.source,
        absent=joined(map(battery_name, absent), between=" and "),
        there=joined(map(battery_name, survey.batteries)),
    )
    hint = (
        phrase(
            "Expectations are not taken for the desired level: if that is what was asked, give those columns as "
            '"desired" in the card.'
        )
        if "desired" in absent and survey.expectations is not None
        else ""
    )
    raise ValueError(sentences(needs, hint))


def _status(out: Numbers) -> np.ndarray:
    """Below, inside or above the zone where the intervals settle it, else "unsettled"."""
    return np.select(
        [
            out["width"] <= 0,
            out["MSA_high"] < 0,
            out["MSS_low"] > 0,
            (out["MSA_low"] > 0) & (out["MSS_high"] < 0),
        ],
        ["inverted", "below", "above", "inside"],
        default="unsettled",
    )
