"""What managers and staff of the six simulated hotels say about the causes of the gaps, with a planted truth."""

from __future__ import annotations

from .hotel_plan import SEED, N
from .population import population
from .simulate import draw
from .survey import Survey
from .truth import Truth

USUAL = 5.2
"""Mean answer where nothing is wrong."""
WEAK = {
    "A": {},
    "B": {"gap1_research": -1.6, "gap1_upward": -1.8, "gap1_layers": -1.1},
    "C": {"gap2_commitment": -1.0, "gap2_goals": -1.8, "gap2_routines": -1.5, "gap2_feasibility": -0.8},
    "D": {"gap3_teamwork": -1.2, "gap3_control": -1.4, "gap3_conflict": -1.5, "gap3_clarity": -1.3, "gap3_tools": -0.6},
    "E": {"gap4_exchange": -1.7, "gap4_restraint": -1.5},
    "F": {"gap1_upward": -0.6, "gap2_goals": -0.6, "gap3_supervision": -0.7, "gap4_exchange": -0.7},
}
"""How far the mean of a cause lies below the usual one, by hotel: each hotel's story has its causes."""


def causes(seed: int = SEED) -> Survey:
    """The instrument "antecedents", answered by as many people in each hotel as there are managers and staff.

    Simulated, like the six hotels it belongs to: `WEAK` is what was planted.

    Parameters
    ----------
    seed : int

    Returns
    -------
    Survey
        `respondents` holds the hotel.

    Examples
    --------
    >>> causes()
    <Survey Causes in six hotels, simulated: 220 respondents, antecedents (perceptions)>
    """
    people = {hotel: N["managers"][hotel] + N["staff"][hotel] for hotel in WEAK}
    truth = Truth(
        expectations=USUAL, gaps={hotel: weak | {"other": 0.0} for hotel, weak in WEAK.items()}, ceiling=None,
        loadings=0.75, factor_correlations=0.3, groups=people, group="hotel", batteries=("perceptions",), missing=0.02,
        importance=None, outcomes=(),
    )  # fmt: skip
    return draw(population(truth, "antecedents"), n=people, seed=(seed, 9), title="Causes in six hotels").survey()
