"""The bundled study as planned: six hotels, each with one thing wrong, and what is planted about them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from .instrument import load_instrument
from .population import Population, population
from .truth import Outcome, Segment, Truth

SEED = 1985
"""The year the gap model was published; the bundled files come from this seed."""
TITLES = {
    "customers": "Hotel guests",
    "managers": "Hotel managers",
    "standards": "Hotel standards audit",
    "staff": "Hotel contact staff",
    "promises": "Hotel promises audit",
}
N = {
    "customers": {"A": 260, "B": 230, "C": 210, "D": 200, "E": 170, "F": 130},
    "managers": {"A": 8, "B": 8, "C": 7, "D": 7, "E": 6, "F": 4},
    "standards": dict.fromkeys("ABCDEF", 12),
    "staff": {"A": 36, "B": 34, "C": 32, "D": 30, "E": 26, "F": 22},
    "promises": dict.fromkeys("ABCDEF", 10),
}
"""Who answered, by hotel. Four managers of hotel F are too few to be shown alone: that is meant to hurt."""
GUEST_SHARES = {"A": 0.40, "B": 0.12, "C": 0.18, "D": 0.14, "E": 0.10, "F": 0.06}
"""The hotels' parts of all guests; guests were sampled otherwise, so they carry weights."""
CARELESS_SHARE = 0.03
MISSING_SHARE = 0.04
"""Shares of guests who answer without care, and of guests' answers left out."""
STORIES = {
    "A": "healthy",
    "B": "its managers do not know what guests expect (Gap 1)",
    "C": "it has no standards to speak of (Gap 2)",
    "D": "it does not deliver what it has set itself (Gap 3)",
    "E": "it promises more than it delivers (Gap 4)",
    "F": "mixed: a little of everything",
}
DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
EXPECTED = (5.6, 6.4, 6.2, 6.3, 5.9)
CEILING = (0.22, 0.57, 0.47, 0.51, 0.34)
"""Guests' mean expectations by dimension, and the share of them at the top of the scale: alike in all hotels."""
STEPS = ("M-E", "S-M", "D-S", "P-D", "C-D")
LINKS = {
    ("A", "tangibles"): (0.0, -0.1, 0.0, -0.1, 0.1),
    ("A", "reliability"): (-0.1, 0.0, -0.1, -0.1, 0.1),
    ("A", "responsiveness"): (-0.1, -0.1, 0.0, -0.1, 0.1),
    ("A", "assurance"): (0.0, -0.1, -0.1, -0.1, 0.1),
    ("A", "empathy"): (-0.1, 0.0, -0.1, -0.1, 0.1),
    ("B", "tangibles"): (-0.4, -0.1, 0.0, -0.1, 0.1),
    ("B", "reliability"): (-0.8, -0.1, -0.1, -0.1, 0.2),
    ("B", "responsiveness"): (-1.1, 0.0, -0.1, -0.1, 0.1),
    ("B", "assurance"): (-1.0, -0.1, 0.0, -0.1, 0.1),
    ("B", "empathy"): (-1.2, 0.0, 0.0, -0.1, 0.1),
    ("C", "tangibles"): (-0.1, -0.5, 0.1, -0.1, 0.1),
    ("C", "reliability"): (0.0, -1.0, 0.0, -0.2, 0.1),
    ("C", "responsiveness"): (-0.1, -1.1, 0.0, -0.1, 0.2),
    ("C", "assurance"): (-0.1, -1.0, 0.1, -0.1, 0.1),
    ("C", "empathy"): (-0.1, -1.1, 0.1, -0.1, 0.2),
    ("D", "tangibles"): (0.0, 0.0, -0.4, -0.1, 0.1),
    ("D", "reliability"): (-0.1, 0.0, -1.3, -0.1, 0.2),
    ("D", "responsiveness"): (0.0, -0.1, -1.1, -0.1, 0.2),
    ("D", "assurance"): (-0.1, 0.0, -1.0, -0.1, 0.1),
    ("D", "empathy"): (-0.1, 0.0, -0.9, -0.1, 0.1),
    ("E", "tangibles"): (-0.1, -0.1, -0.2, -0.6, 1.1),
    ("E", "reliability"): (-0.2, -0.2, -0.2, -0.8, 0.8),
    ("E", "responsiveness"): (-0.2, -0.2, -0.2, -0.9, 1.0),
    ("E", "assurance"): (-0.2, -0.2, -0.2, -0.8, 0.9),
    ("E", "empathy"): (-0.1, -0.1, -0.2, -0.9, 1.1),
    ("F", "tangibles"): (-0.3, -0.2, -0.2, -0.2, 0.5),
    ("F", "reliability"): (-0.4, -0.3, -0.5, -0.2, 0.4),
    ("F", "responsiveness"): (-0.4, -0.4, -0.3, -0.3, 0.5),
    ("F", "assurance"): (-0.3, -0.3, -0.4, -0.3, 0.5),
    ("F", "empathy"): (-0.4, -0.3, -0.3, -0.2, 0.5),
}
"""The planted steps of the chain by hotel and dimension, in scale points: P - E is the sum of the first four."""
ITEM_EXPECTED = (0.1, 0.2, -0.1, -0.2, 0.05, -0.1, 0.1, 0.05, -0.1, -0.1, 0.1, 0.05, -0.05, 0.05, 0.1, -0.05, -0.1,
                 0.1, -0.1, -0.05, 0.15, -0.1)  # fmt: skip
ITEM_DELIVERED = (0.1, -0.2, 0.2, -0.1, -0.2, 0.1, -0.1, 0.0, 0.2, 0.1, -0.2, 0.1, 0.0, 0.0, 0.1, 0.1, -0.2,
                  0.0, 0.1, -0.1, -0.1, 0.1)  # fmt: skip
"""How items differ from their dimension, in what is expected and in what is delivered; 0 in sum over a dimension."""
LOADINGS = (0.82, 0.86, 0.84, 0.80, 0.88, 0.84, 0.87, 0.86, 0.80, 0.84, 0.88, 0.76, 0.86, 0.88, 0.84, 0.87, 0.82,
            0.88, 0.87, 0.76, 0.84, 0.80)  # fmt: skip
CORRELATIONS = (
    (1.00, 0.26, 0.24, 0.24, 0.22),
    (0.26, 1.00, 0.30, 0.28, 0.25),
    (0.24, 0.30, 1.00, 0.90, 0.88),
    (0.24, 0.28, 0.90, 1.00, 0.89),
    (0.22, 0.25, 0.88, 0.89, 1.00),
)
"""Total factor correlations inside a hotel: three of the five dimensions can hardly be told apart."""
REVERSED = ("q12", "q20")
SOFT = ("responsiveness", "assurance", "empathy")
SEGMENTS = (
    Segment(
        "surroundings", 0.34, {"tangibles": 0.8, "other": 0}, {"tangibles": -0.95, "other": 0},
        dict(zip(DIMENSIONS, (26, 27, 19, 16, 12), strict=True)),
    ),
    Segment(
        "promises", 0.36, {"reliability": 0.5, "other": 0}, {"reliability": -1.15, "other": 0},
        dict(zip(DIMENSIONS, (8, 44, 20, 18, 10), strict=True)),
    ),
    Segment(
        "attention", 0.30, dict.fromkeys(SOFT, 0.4) | {"other": 0}, dict.fromkeys(SOFT, -1.15) | {"other": 0},
        dict(zip(DIMENSIONS, (8, 24, 26, 20, 22), strict=True)),
    ),
)  # fmt: skip
"""Three kinds of guests, each expecting more of one thing and finding less of it than the others do."""
OUTCOMES = (
    Outcome("overall", 1, 7, 5.1, dict(zip(DIMENSIONS, (0.08, 0.36, 0.22, 0.10, 0.14), strict=True)), 0.7),
    Outcome("satisfaction", 1, 7, 5.2, dict(zip(DIMENSIONS, (0.12, 0.30, 0.18, 0.08, 0.24), strict=True)), 0.8),
    Outcome("recommend", 0, 10, 7.2, dict(zip(DIMENSIONS, (0.15, 0.70, 0.35, 0.20, 0.30), strict=True)), 1.3),
)
LEVELS = (Segment("executive", 0.2, -0.6), Segment("department head", 0.4, 0.0), Segment("supervisor", 0.4, 0.4))
"""Managers by level: the further from the counter, the lower they take expectations to be."""
CHAIN = {"customers": ("E", "P"), "managers": ("M",), "standards": ("S",), "staff": ("D",), "promises": ("C",)}
"""The letters of the chain that each kind of respondent rates; they head the columns of the files, too."""
ASKED = {"managers": ("expectations", 0.8), "standards": ("expectations", 0.7), "staff": ("perceptions", 1.0),
         "promises": ("expectations", 0.6)}  # fmt: skip
"""Battery and spread of the firm's own ratings: what should be or is said to be, and what is delivered."""


def links() -> pd.DataFrame:
    """The planted steps, hotels and dimensions x M-E, S-M, D-S, P-D, C-D, and the P-E they add up to."""
    index = pd.MultiIndex.from_tuples(list(LINKS), names=["hotel", "dimension"])
    table = pd.DataFrame(list(LINKS.values()), index=index, columns=list(STEPS))
    return table.assign(**{"P-E": table[["M-E", "S-M", "D-S", "P-D"]].sum(axis=1)})


def planted() -> dict[str, pd.DataFrame]:
    """Planted mean answers, hotels x items: E, M, S, D, P of the chain and the promises C."""
    instrument = load_instrument("servqual")
    own = [DIMENSIONS.index(item.dimension or "") for item in instrument.items]
    step = {name: np.reshape([link[k] for link in LINKS.values()], (-1, 5))[:, own] for k, name in enumerate(STEPS)}
    chain = {"E": np.zeros_like(step["M-E"]) + np.array(EXPECTED)[own] + ITEM_EXPECTED}
    chain["M"] = chain["E"] + step["M-E"]
    chain["S"] = chain["M"] + step["S-M"]
    chain["D"] = chain["S"] + step["D-S"] + ITEM_DELIVERED
    chain["P"] = chain["D"] + step["P-D"]
    chain["C"] = chain["D"] + step["C-D"]
    columns = list(instrument.item_ids)
    return {name: pd.DataFrame(values, index=list(STORIES), columns=columns) for name, values in chain.items()}


@cache
def people(kind: str = "customers", *, careless: float = CARELESS_SHARE, missing: float = MISSING_SHARE) -> Population:
    """The population behind one of the five files; `careless` and `missing` concern the guests alone."""
    return population(_guests(careless, missing) if kind == "customers" else _firm(kind))


def _guests(careless: float, missing: float) -> Truth:
    """What is planted in the guests' answers."""
    chain, instrument = planted(), load_instrument("servqual")
    own = [DIMENSIONS.index(item.dimension or "") for item in instrument.items]
    top = np.array(CEILING)[own] + 0.6 * np.array(ITEM_EXPECTED)
    return Truth(
        expectations=_nested(chain["E"]),
        gaps=_nested(chain["P"] - chain["E"]),
        ceiling=dict(zip(instrument.item_ids, top, strict=True)),
        spread=1.1,
        loadings=dict(zip(instrument.item_ids, LOADINGS, strict=True)),
        factor_correlations=pd.DataFrame(CORRELATIONS, DIMENSIONS, DIMENSIONS),
        battery_correlation=0.2,
        groups=GUEST_SHARES,
        group="hotel",
        segments=SEGMENTS,
        careless=careless,
        missing=missing,
        outcomes=OUTCOMES,
        concentration=14.0,
        reversed=REVERSED,
    )


def _firm(kind: str) -> Truth:
    """What is planted in one of the firm's own ratings."""
    battery, spread = ASKED[kind]
    return Truth(
        expectations=_nested(planted()[CHAIN[kind][0]]),
        gaps=0.0,
        ceiling=None,
        spread=spread,
        groups=N[kind],
        group="hotel",
        segments=LEVELS if kind == "managers" else (),
        missing=0.01 if kind in ("managers", "staff") else 0.0,
        outcomes=(),
        importance=None,
        batteries=(battery,),
    )


def _nested(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """A table of hotels x items as planted values by hotel and item."""
    return {str(hotel): dict(zip(map(str, row.index), row.tolist(), strict=True)) for hotel, row in table.iterrows()}
