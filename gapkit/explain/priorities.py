"""Priorities under every defensible choice: what ranks high whichever way it is computed, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..measure.means import checked_weights
from ..survey.naming import level_name
from ..survey.phrase import joined, phrase, sentences
from ..survey.result import Result
from ..survey.screening import screen
from ..survey.survey import Survey
from .choices import CHOICE_NAMES, CHOICES, all_ranks, columns_of, open_choices


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Priorities(Result):
    """Ranks under all choices; see `priorities`.

    Parameters
    ----------
    dimensions, items : DataFrame, one row per dimension or item
        `first` and `top_three`, the share of choices in which it ranks there; `best`, `median` and `worst` rank.
    influence : DataFrame, choices x (dimensions, items)
        Mean change of rank when only this choice is answered the other way; NaN where there was no choice.
    dimension_ranks, item_ranks : DataFrame, one row per combination of choices
        Index: one level per choice; columns: `n` respondents, then the rank of every dimension or item (1 = first).
    """

    dimensions: pd.DataFrame
    items: pd.DataFrame
    influence: pd.DataFrame
    dimension_ranks: pd.DataFrame
    item_ranks: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that are short enough to be shown."""
        return {"dimensions": self.dimensions, "items": self.items, "influence": self.influence}

    @property
    def headline(self) -> str:
        """What is robust, and which choice matters most."""
        ranks = self.dimension_ranks.drop(columns="n")
        top, most = self.dimensions["first"].idxmax(), self.influence["dimensions"]
        always = [str(name) for name in ranks if (ranks[name] <= 3).all()]
        never = [str(name) for name in ranks if not (ranks[name] <= 3).any()]
        said = [f"{top} ranks first in {int((ranks[top] == 1).sum())} of {len(ranks)} choices"]
        said.append(f"in the top three whatever the choice: {', '.join(always) or 'none'}")
        said.append(f"never in it: {', '.join(never) or 'none'}")
        if most.notna().any():
            said.append(f"the choice that moves ranks most: {most.idxmax()} ({most.max():.1f} places on average)")
        return "; ".join(said)

    def robust(self, *, share: float = 0.9, level: str = "dimensions") -> list[str]:
        """Dimensions or items in the top three in at least this share of the choices, most often first."""
        if level not in ("dimensions", "items"):
            raise ValueError(f'level="{level}" is not known; choose "dimensions" or "items".')
        table = self.dimensions if level == "dimensions" else self.items
        ordered = table.sort_values(["top_three", "first", "median"], ascending=[False, False, True], kind="stable")
        return list(ordered.index[ordered["top_three"] >= share])


def priorities(survey: Survey, *, outcome: str | None = "overall", flagged: ArrayLike | None = None) -> Priorities:
    """The rank of every dimension and item under every combination of defensible choices.

    A priority is importance x shortfall. The choices: importance stated or derived (Johnson's shares of R squared of
    the outcome); SERVQUAL (shortfall of expectations, -gap) or SERVPERF (shortfall of the scale's top); survey weights
    on or off; everybody or without those flagged by screening; mean or median, of stated importance and of the score;
    pairwise (whoever answered) or complete (whoever answered everything used). Where perceptions exceed expectations
    the shortfall is negative, and what matters most ranks last.

    Parameters
    ----------
    survey : Survey
        With perceptions.
    outcome : str or None
        A numeric column of ``survey.respondents`` for derived importance; None leaves derived importance out.
    flagged : array of bool, length n, optional
        Who is left out under "screened"; by default whom ``screen(survey)`` flags by any filter.

    Returns
    -------
    Priorities
        A choice that the survey cannot give, or that would change nothing, is not counted; `method` names it. The
        shares are over choices, not probabilities: they say how far the order depends on the analyst.

    Raises
    ------
    ValueError
        Neither importance nor an outcome is there, or nothing can be computed.

    References
    ----------
    .. [1] Steegen, S., Tuerlinckx, F., Gelman, A., & Vanpaemel, W. (2016). Increasing transparency through a multiverse
       analysis. Perspectives on Psychological Science, 11, 702-712.

    Examples
    --------
    >>> import gapkit as gk
    >>> found = priorities(gk.datasets.load("hotel"))
    >>> len(found.dimension_ranks), bool(found.dimensions["first"].sum() <= 1)
    (64, True)
    """
    if flagged is None:
        screening = screen(survey)
        flags, rule = screening.flagged().to_numpy(), phrase("flagged by any filter of {call}", call="screen(survey)")
    else:
        flags, rule = np.asarray(flagged, dtype=bool), phrase("flagged as given")
    if flags.shape != (survey.n,):
        raise ValueError(f"flagged must hold one True or False for each of the {survey.n} respondents.")
    weights = checked_weights(survey.weights)
    shares, ranks, influence, notes = {}, {}, {}, []
    for level in ("dimensions", "items"):
        columns = columns_of(survey, level=level, outcome=outcome, weights=weights, flagged=flags)
        given, own = open_choices(columns)
        table, counts, failed = all_ranks(columns, given)
        notes += [note for note in own if note not in notes]
        if failed:
            notes.append(
                phrase(
                    "{failed} combinations could not be computed for {level}: {choices}.",
                    failed=len(failed),
                    level=level_name(level),
                    choices="; ".join(failed),
                )
            )
        shares[level], influence[level] = _shares(table, level), _influence(table)
        ranks[level] = pd.concat([counts, table], axis=1)
    return Priorities(
        n=survey.n,
        source=f"{survey.source}, n = {survey.n}",
        method=sentences(
            phrase(
                "Priority = importance x shortfall, ranked under {dimensions} combinations of choices for dimensions "
                "and {items} for items ({choices}); equal priorities share the mean of their ranks. Items without "
                "ratings take an equal part of their dimension's stated importance.",
                dimensions=len(ranks["dimensions"]),
                items=len(ranks["items"]),
                choices=joined(CHOICE_NAMES.values()),
            ),
            phrase("Screened: without the {flagged} respondents {rule}.", flagged=int(flags.sum()), rule=rule),
            *notes,
        ),
        dimensions=shares["dimensions"],
        items=shares["items"],
        influence=pd.DataFrame(influence).reindex(list(CHOICES)).rename_axis("choice"),
        dimension_ranks=ranks["dimensions"],
        item_ranks=ranks["items"],
    )


def _shares(ranks: pd.DataFrame, level: str) -> pd.DataFrame:
    """In what share of the choices each is first or in the top three, and how far its rank goes."""
    columns = {
        "first": (ranks == 1).mean(),
        "top_three": (ranks <= 3).mean(),
        "best": ranks.min(),
        "median": ranks.median(),
        "worst": ranks.max(),
    }
    return pd.DataFrame(columns).rename_axis(level[:-1])


def _influence(ranks: pd.DataFrame) -> pd.Series:
    """Mean absolute change of rank between combinations that differ in one choice only."""
    found = {}
    for choice in ranks.index.names:
        answers = ranks.index.unique(choice)
        if len(answers) == 2:
            one, other = (ranks.xs(answer, level=choice) for answer in answers)
            both = one.index.intersection(other.index)
            found[choice] = float((one.loc[both] - other.loc[both]).abs().to_numpy().mean()) if len(both) else np.nan
    return pd.Series(found, dtype=float)
