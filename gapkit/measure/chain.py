"""The five gaps: from four kinds of respondents to one chain, with what is not measured said aloud."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..survey.instrument import Instrument
from ..survey.result import Result
from ..survey.survey import Survey
from .chain_faults import MEANING, SURVEYS
from .chain_method import chain_method
from .labelled_tables import rows_of, table_of
from .levels import points
from .links import CHECK_COLUMNS, GAPS, LINK_COLUMNS, chain_rows, gap_5, gap_rows
from .means import check_confidence, column_means
from .positions import (
    POSITIONS,
    Mapped,
    Position,
    Standing,
    group_names,
    positions,
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FiveGaps(Result):
    """The five gaps of a service; see `five_gaps`.

    Parameters
    ----------
    gaps : DataFrame
        One row per score and gap (and group).
    chain : DataFrame
        The links from expectation to perception, in order.
    means : DataFrame
        Where each position stands.
    identity : DataFrame
        The sum of the links against Gap 5.
    importance : DataFrame
        Mean share of each dimension in the customers' 100 points; NaN where nobody split them.
    suppressed : DataFrame
        What is not shown: group, what, reason.
    title : str
        The customers' survey, without numbers of respondents.
    """

    gaps: pd.DataFrame
    chain: pd.DataFrame
    means: pd.DataFrame
    identity: pd.DataFrame
    importance: pd.DataFrame
    suppressed: pd.DataFrame
    instrument: Instrument
    title: str
    by: str | None = None
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """The overall gaps in one line, or how many groups there are."""
        if self.by is not None:
            return f"five gaps by {self.by}: {', '.join(map(str, self.groups))}; n = {self.n} customers"
        overall = self.gaps.xs("overall")
        said = [
            f"Gap {name[-1]} {row.value:+.2f}" if row.status == "measured" else f"Gap {name[-1]} {row.status}"
            for name, row in zip(overall.index, overall.itertuples(), strict=True)
        ]
        return f"{', '.join(said)}; n = {self.n} customers"

    @property
    def groups(self) -> list[Hashable]:
        """The groups in order; empty without ``by=``."""
        return [] if self.by is None else list(dict.fromkeys(self.gaps.index.get_level_values(0)))

    def branch(self, group: Hashable) -> FiveGaps:
        """The result of one group, without the others' rows."""
        if group not in self.groups:
            raise ValueError(
                f'there is no group "{group}" here; there are: {", ".join(map(str, self.groups)) or "none"}.'
            )
        names = ("gaps", "chain", "means", "identity", "importance")
        tables = {name: getattr(self, name) for name in names}
        own = {name: table[table.index.get_level_values(0) == group].droplevel(0) for name, table in tables.items()}
        hidden = self.suppressed[self.suppressed["group"] == group].reset_index(drop=True)
        counts = own["means"]["n"].groupby(level="position").max()
        seen = {letter: int(counts[letter]) for letter in POSITIONS if counts[letter] > 0}
        source = source_line(f"{self.title}, {self.by} {group}", seen)
        return replace(self, **own, suppressed=hidden, by=None, n=seen.get("E", 0), source=source)


def five_gaps(
    customers: Survey,
    *,
    managers: Survey | None = None,
    standards: Survey | None = None,
    staff: Survey | None = None,
    promises: Survey | None = None,
    by: str | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
    mapping: Mapping[str, Mapped] | None = None,
) -> FiveGaps:
    r"""The five gaps of the service-quality model, each from its own data, with intervals.

    Six positions, on one scale, item by item: E what customers expect, M what managers believe they expect, S what
    the standards lay down, D what contact staff deliver, C what is promised, P what customers perceive. Gap 1 = M - E
    (knowledge), Gap 2 = S - M (standards), Gap 3 = D - S (delivery), Gap 4 = C - D (overpromise: *positive* when more
    is promised than delivered), Gap 5 = P - E (customers).

    Parameters
    ----------
    customers : Survey
        With expectations and perceptions; both are taken over the same pairs, as in `gap_scores`.
    managers, standards, staff, promises : Survey, optional
        Made with the same items. Managers, standards and promises are read from "expectations" and staff from
        "perceptions"; a survey with one battery is read from that one. Standards and promises are audits of documents,
        a row an auditor (or document). What is absent is "not measured", never imputed.
    by : str, optional
        A column of every survey's respondents, such as "hotel": one chain per group.
    confidence : float
        Of the intervals.
    minimum_n : int
        With ``by=``, means over fewer customers, managers or staff are suppressed. Audits are documents and not
        people: they are always shown. What is suppressed can still be worked out by subtraction where numbers of all
        branches together are published too (the board leaves those few people out of both).
    mapping : dict, optional
        Role -> ((low, high) of its scale, (low, high) of the customers'), such as
        ``{"managers": ((1, 5), (1, 7))}``: a linear mapping. Without one, different scales are refused.

    Returns
    -------
    FiveGaps
        ``gaps`` (index score, gap): between, n_from, n_to, value, se, low, high, t, df, p, p_holm, status ("measured",
        "not measured" or "suppressed") and note. ``chain`` (index score, link): E -> M -> S -> D -> P over the
        positions there are, the last link "delivery to perception"; where a position is missing the neighbouring links
        are one, named by its ends ("standard to perception"). ``means`` (index score, position), ``identity`` (the sum
        of the links, Gap 5, their difference), ``importance``, ``suppressed``. A group's name stands first in each
        index with ``by=``. Scale points throughout.

    Raises
    ------
    ChainError
        Other items, another scale without a mapping, no battery to read, or no column to group by.

    Notes
    -----
    The sum (M - E) + (S - M) + (D - S) + (P - D) = P - E holds for any numbers: it is an identity of measurement and
    no law of service. Parasuraman et al. (1985) call Gap 5 a function of the others, not their sum, and their Gap 4,
    promise against delivery, is not a link of this chain.

    Gaps between different people have the standard error of independent samples, :math:`\sqrt{se_a^2 + se_b^2}`, with
    Welch's degrees of freedom; Gap 5 (and a link from E straight to P) is paired within customers. Links that share a
    position are correlated (a low M pulls Gap 1 down and Gap 2 up): read one interval at a time.

    References
    ----------
    .. [1] Parasuraman, A., Zeithaml, V. A., & Berry, L. L. (1985). A conceptual model of service quality and its
       implications for future research. Journal of Marketing, 49(4), 41-50.
    .. [2] Welch, B. L. (1947). The generalization of Student's problem when several different population variances are
       involved. Biometrika, 34, 28-35.

    Examples
    --------
    >>> import gapkit as gk
    >>> servqual = gk.load_instrument("servqual")
    >>> def answers(*rows):
    ...     return pd.DataFrame([[row] * 22 for row in rows], columns=servqual.item_ids)
    >>> customers = gk.Survey(servqual, expectations=answers(7, 6), perceptions=answers(4, 5))
    >>> five = five_gaps(customers, managers=gk.Survey(servqual, expectations=answers(6, 5)))
    >>> five
    <FiveGaps: Gap 1 -1.00, Gap 2 not measured, Gap 3 not measured, Gap 4 not measured, Gap 5 -2.00; n = 2 customers>
    >>> five.chain.loc["empathy", "value"].to_dict()
    {'expectation to belief': -1.0, 'belief to perception': -1.0}
    """
    check_confidence(confidence)
    if minimum_n < 1:
        raise ValueError(f"minimum_n must be at least 1, not {minimum_n}.")
    given = {"customers": customers, "managers": managers, "standards": standards, "staff": staff, "promises": promises}
    made, said = positions(given, by=by, mapping=mapping)
    scores = [*customers.instrument.dimension_ids, "overall"]
    dimensions, names, split = scores[:-1], group_names(made, by), points(customers)
    gaps, means, importance, links, checks, hidden = [], [], [], [], [], []
    for group in names:
        standing = {letter: position.standing(group, minimum_n) for letter, position in made.items()}
        customer_gap = gap_5(made["E"], made["P"], group, standing["E"], confidence)
        gaps.append(gap_rows(standing, customer_gap, confidence))
        means.append(_mean_rows(standing, len(scores)))
        importance.append(_importance(split, made["E"], group, minimum_n))
        own_links, own_checks = chain_rows(scores, standing, customer_gap, confidence)
        links += [(group, *row) for row in own_links]
        checks += [(group, *row) for row in own_checks]
        hidden += _hidden(group, standing, scores, minimum_n)
    grouped = {} if by is None else {by: names}
    counts = {letter: int(position.counted.sum()) for letter, position in made.items()}
    return FiveGaps(
        gaps=table_of(gaps, grouped | {"score": scores, "gap": list(GAPS)}),
        chain=rows_of(links, [by, *LINK_COLUMNS], index=2),
        means=table_of(means, grouped | {"score": scores, "position": list(POSITIONS)}),
        identity=rows_of(checks, [by, *CHECK_COLUMNS], index=1),
        importance=table_of(importance, grouped | {"dimension": dimensions}),
        suppressed=pd.DataFrame(hidden, columns=["group", "what", "reason"]),
        instrument=customers.instrument,
        by=by,
        confidence=confidence,
        title=str(customers.source),
        n=counts["E"],
        source=source_line(str(customers.source), counts),
        method=chain_method(made, said, by, confidence, minimum_n),
    )


def source_line(title: str, counts: Mapping[str, int]) -> str:
    """The source with the number of respondents behind each position."""
    others = [f"{SURVEYS[letter]} n = {counts[letter]}" for letter in ("M", "S", "D", "C") if letter in counts]
    return ", ".join([title, f"n = {counts.get('E', 0)}", *others])


def _mean_rows(standing: Mapping[str, Standing], width: int) -> dict[str, np.ndarray]:
    """Where each position stands, score by score; NaN where it is not measured."""
    empty = np.full(width, np.nan)
    nothing = Standing(empty, empty, empty, empty, np.full(width, "not measured", dtype=object))
    own = [standing.get(letter, nothing) for letter in POSITIONS]
    columns = {key: np.column_stack([getattr(one, key) for one in own]).ravel() for key in Standing._fields}
    return {"what": np.tile(np.array(list(MEANING.values()), dtype=object), width)} | columns


def _importance(split: np.ndarray, E: Position, group: Hashable | None, minimum_n: int) -> dict[str, np.ndarray]:
    """Mean share of each dimension in the customers' points; NaN where nobody, or too few of a group, split them."""
    rows = E.rows(group)
    means = column_means(split[rows], None if E.weights is None else E.weights[rows])
    enough = means.n >= (1 if group is None else minimum_n)
    return {"n": np.where(enough, means.n, np.nan), "share": np.where(enough, means.mean / 100, np.nan)}


def _hidden(
    group: Hashable | None, standing: Mapping[str, Standing], scores: list[str], minimum_n: int
) -> list[tuple[Hashable, str, str]]:
    """What of a group is not shown; never how many there are."""
    rows = []
    for letter, own in standing.items():
        small = own.status == "suppressed"
        names = [SURVEYS[letter]] if small.all() else [f"{SURVEYS[letter]}, {scores[j]}" for j in np.flatnonzero(small)]
        rows += [(group, name, f"fewer than {minimum_n}") for name in names]
    return list(dict.fromkeys(rows))
