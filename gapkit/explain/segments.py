"""Groups of customers that are really there: how many, who they are, and whether one group is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from ..survey.result import Result
from ..survey.survey import Survey
from .driver_inputs import check_choice
from .mixtures import STRUCTURES
from .segment_basis import Basis, Level, On
from .segment_search import Searched, respondents_of, searched
from .segment_tables import chances_of, shown
from .segment_words import method_of, reason_of

Technique = Literal["profiles", "kmeans"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Segments(Result):
    """Segments of a survey; see `segment`.

    Parameters
    ----------
    table : DataFrame, one row per number of segments
        Profiles: `log_likelihood`, `parameters`, `bic` and `icl` (smaller is better), `entropy` (1: everybody placed
        for sure). k-means: `within` (sum of squares), `explained`. Both: `silhouette_sqeuclidean` (mean), `smallest`
        (share of the smallest segment), `level_share`, `stability` (lowest mean Jaccard of a segment), `starts`, those
        `followed` to the end and `converged`, `optima` (different ones among these). Of the test against one segment
        less: `gain` (twice the log-likelihood, or the log of the sum of squares), `gain_null` (its mean in surveys
        drawn with one population less), `draws`, and `p` of the larger of what this and the next segment add; NaN
        where no test was needed.
    n_segments : int
        The number shown in the other fields.
    recommended : int
        What the tests say; 1 means: no segments.
    reason : str
        Why.
    posterior : DataFrame, respondents used x segments
        Chance of each respondent to belong to "S1" (the largest), "S2", ...; 0 or 1 for k-means.
    membership : Series
        The segment of the highest chance.
    centres : DataFrame, segments x features
        Means, in the units of the answers (person-centred ones where `centre` is "person").
    stability : DataFrame, one row per segment
        `share`, `n`, `jaccard` (mean over resampled surveys), `reading` by the rule of Hennig's fpc (`segment`, Notes).
    within : DataFrame, (segment, feature) x features
        Covariances inside the segments.
    on, level, technique, centre, structure
        As asked for; `structure` is None for k-means.
    features : list of str
    level_share : float
        Part of the difference between the segments that is level: everybody of a segment answering higher or lower on
        everything. For one segment, that of the best split into two. 0 after person-centring.
    """

    table: pd.DataFrame
    n_segments: int
    recommended: int
    reason: str
    posterior: pd.DataFrame
    membership: pd.Series
    centres: pd.DataFrame
    stability: pd.DataFrame
    within: pd.DataFrame
    on: On
    level: Level
    technique: Technique
    centre: str | None
    structure: str | None
    features: list[str]
    level_share: float
    basis: Basis = field(repr=False)
    found: Searched = field(repr=False)

    @property
    def headline(self) -> str:
        """The recommended number, its sizes and its stability."""
        sizes = ", ".join(f"{share:.0%}" for share in self.stability["share"])
        shown = "" if self.n_segments == self.recommended else f"; shown: {self.n_segments} ({sizes})"
        if self.recommended == 1:
            return f"no segments: one population explains the answers{shown}; n = {self.n}"
        told = shown or f" ({sizes}), lowest stability {self.stability['jaccard'].min():.2f}"
        return f"{self.recommended} segments{told}; n = {self.n}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What is read first; `posterior` has a row for every respondent."""
        return {"table": self.table, "centres": self.centres, "stability": self.stability}

    @property
    def every_segment(self) -> pd.DataFrame:
        """`stability` of every number of segments that was fitted, index (segments, segment)."""
        return pd.concat({k: self.choose(k).stability for k in self.table.index}, names=["segments"])

    def choose(self, n_segments: int) -> Segments:
        """The same search with another number of segments shown; nothing is computed again."""
        if n_segments not in self.table.index:
            there = ", ".join(map(str, self.table.index))
            raise ValueError(f"n_segments={n_segments} was not fitted; there are {there}. Raise max_segments.")
        return replace(self, **shown(self.found, self.basis, n_segments))


def segment(
    survey: Survey,
    *,
    on: On = "perceptions",
    level: Level = "dimensions",
    n_segments: int | None = None,
    method: Technique = "profiles",
    centre: Literal["person"] | None = None,
    covariance: str = "EEE",
    max_segments: int = 8,
    starts: int = 20,
    draws: int = 99,
    resamples: int = 50,
    seed: int = 0,
    grid_above: int = 200_000,
    progress: bool | Callable[[float], None] = True,
    cancel: Callable[[], bool] | None = None,
) -> Segments:
    """Find groups of respondents, and say when there are none.

    Parameters
    ----------
    survey : Survey
        Survey weights reach every number.
    on : {"perceptions", "gaps", "expectations", "importance"}
        What people are grouped by. Importance is the 100 points where items were not rated.
    level : {"dimensions", "items"}
        A dimension's score is the mean of the items answered; who has no answer to some dimension is left out. An
        unanswered item is filled in from the respondent's other answers to its dimension, moved as the item is.
    n_segments : int, optional
        The number to show; None shows the recommended one. All numbers up to `max_segments` are fitted and compared.
    method : {"profiles", "kmeans"}
        Latent profiles (a Gaussian mixture: everybody belongs to every segment with some chance) or k-means.
    centre : {None, "person"}
        "person" takes each respondent's own mean out first: what is left is the shape of the answers, not whether
        somebody ticks high or low throughout.
    covariance : str
        Of latent profiles, by mclust's names: "EII", "VII", "EEI", "VVI", "EEE" or "VVV". "EEE" lets scores go
        together inside segments, alike in all; without that (EII to VVI) a single population whose dimensions
        correlate is cut into slices.
    max_segments : int
    starts : int
        Starts per number of segments; only those that converge count.
    draws : int
        Surveys drawn for each test, at most. A test ends early when it cannot become significant any more, when none of
        49 draws gained as much, or when the gain is out of reach. 0: no tests, BIC decides.
    resamples : int
        Bootstrap samples for stability; 0 leaves it out.
    seed : int
    grid_above : int
        Above so many respondents, those on the same half-point cell are clustered together, with their number; not
        where there would be nearly as many cells as respondents, as with many items. Tests and chances to belong to a
        segment are of respondents.
    progress : bool or callable
        A bar where it takes longer than a second, or a function that is told the share done.
    cancel : callable, optional
        Asked between fits; when it says True, `SegmentsCancelled` is raised.

    Returns
    -------
    Segments

    Raises
    ------
    ValueError
        Unknown choices, fewer than two features that vary, too few respondents.
    SegmentsCancelled

    Notes
    -----
    The number of segments is the smallest k for which one more adds no more than it adds in surveys of k populations
    (5 % level). These are drawn with the items' own shares of every scale point and their own (polychoric)
    correlations, by population, and scored in the same way, missing answers and all [1]_. Two more are tried with one
    more, as of three groups around a middle the second alone may show nothing. BIC and ICL stand beside: on skewed
    scales with an end both see groups in a single population, as normal curves fit it badly.

    A test ends as soon as its outcome is settled [5]_; the table and `method` say how many surveys were drawn.

    Stability is read as fpc's ``clusterboot`` says [2]_: a mean Jaccard from .85 is a highly stable segment, from .75 a
    stable one, from .6 a pattern whose members are doubtful; one below .6 is not to be trusted.

    References
    ----------
    .. [1] McLachlan, G. J. (1987). On bootstrapping the likelihood ratio test statistic for the number of components in
       a normal mixture. Applied Statistics, 36, 318-324.
    .. [2] Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics & Data Analysis,
       52, 258-271.
    .. [3] Biernacki, C., Celeux, G., & Govaert, G. (2000). Assessing a mixture model for clustering with the integrated
       completed likelihood. IEEE Transactions on Pattern Analysis and Machine Intelligence, 22, 719-725.
    .. [4] Scrucca, L., Fop, M., Murphy, T. B., & Raftery, A. E. (2016). mclust 5: clustering, classification and
       density estimation using Gaussian finite mixture models. The R Journal, 8, 289-317.
    .. [5] Besag, J., & Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika, 78, 301-304.

    Examples
    --------
    >>> import gapkit as gk
    >>> hotel = gk.datasets.load("hotel")
    >>> found = segment(hotel, on="gaps", centre="person", max_segments=4, resamples=10, draws=19, progress=False)
    >>> found.recommended
    3
    """
    check_choice("on", on, ("perceptions", "gaps", "expectations", "importance"))
    check_choice("level", level, ("dimensions", "items"))
    check_choice("method", method, ("profiles", "kmeans"))
    check_choice("covariance", covariance, STRUCTURES)
    if centre not in (None, "person"):
        raise ValueError(f'centre={centre!r} is not known; choose None or "person".')
    if n_segments is not None and n_segments < 1:
        raise ValueError(f"n_segments={n_segments}: at least 1 segment is needed.")
    people, basis = respondents_of(survey, on=on, level=level, centre=centre)
    found = searched(
        people,
        basis,
        structure=covariance if method == "profiles" else None,
        most=max(max_segments, n_segments or 1),
        starts=starts,
        draws=draws,
        resamples=resamples,
        seed=seed,
        grid_above=grid_above,
        progress=progress,
        cancel=cancel,
    )
    return Segments(
        n=len(people.index),
        source=f"{survey.source}, n = {len(people.index)}",
        method=method_of(found, basis, starts=starts, draws=draws, resamples=resamples, seed=seed),
        table=found.table,
        recommended=found.recommended,
        reason=reason_of(found, basis),
        on=on,
        level=level,
        technique=method,
        centre=centre,
        structure=found.structure,
        features=basis.features,
        basis=basis,
        found=found,
        **shown(found, basis, n_segments or found.recommended),
    )


def assign(segments: Segments, survey: Survey) -> pd.DataFrame:
    """Chances of another survey's respondents to belong to the segments.

    Parameters
    ----------
    segments : Segments
    survey : Survey
        Of the same instrument, or one with the same dimensions (for ``level="items"``: items). Scored as the first was.

    Returns
    -------
    DataFrame, n x segments
        Rows add up to 1; NaN for respondents without a score on every feature. 0 and 1 for k-means, by nearest centre.

    Examples
    --------
    >>> import gapkit as gk
    >>> hotel = gk.datasets.load("hotel")
    >>> found = segment(hotel, max_segments=2, n_segments=2, resamples=0, draws=19, progress=False)
    >>> chances = assign(found, hotel)
    >>> bool(np.allclose(chances.loc[found.posterior.index], found.posterior))
    True
    """
    basis, k = segments.basis, segments.n_segments
    names = survey.instrument.dimension_ids if basis.level == "dimensions" else survey.instrument.item_ids
    if tuple(names) != basis.names or survey.instrument.item_ids != basis.items:
        raise ValueError(
            f"{survey.source}: the segments were found in answers to other {basis.level} ({', '.join(basis.names)}) "
            f"than this survey has ({', '.join(names)}). Give a survey of the same instrument."
        )
    features = basis.features_of(basis.points_of(survey))
    known = np.isfinite(features).all(axis=1)
    chances = np.full((survey.n, k), np.nan)
    chances[known] = chances_of(features[known], segments.found, basis, k)
    return pd.DataFrame(chances, index=survey.respondents.index, columns=segments.posterior.columns)
