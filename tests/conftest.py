"""What tests of more than one room are about."""

import pytest


@pytest.fixture(scope="session")
def hotel():
    """The simulated hotels' guests."""
    import gapkit as gk

    return gk.datasets.load("hotel")


@pytest.fixture(scope="session")
def three_planted():
    """A truth with three segments of 40, 35 and 25 %: let down on the rooms, on promises, or on the staff."""
    import pandas as pd

    from gapkit.survey.truth import Segment, Truth

    kinds = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
    soft = set(kinds[2:])
    correlations = pd.DataFrame(
        [[1.0 if a == b else 0.85 if {a, b} <= soft else 0.3 for b in kinds] for a in kinds], kinds, kinds
    )
    planted = (("rooms", 0.4, {"tangibles"}), ("promises", 0.35, {"reliability"}), ("staff", 0.25, soft))
    return Truth(
        expectations=6.2,
        gaps=-0.9,
        factor_correlations=correlations,
        loadings=0.85,
        missing=0.02,
        segments=tuple(
            Segment(name, share, perceptions={kind: -1.3 * (kind in own) for kind in kinds})
            for name, share, own in planted
        ),
    )


@pytest.fixture
def three_blocks():
    """Three times fifty people, each with two of three columns: a goes against b, both go with y. No data are so."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    blocks = []
    for first, second, sign in (("a", "b", -1), ("a", "y", 1), ("b", "y", 1)):
        x = rng.standard_normal(50)
        blocks.append(pd.DataFrame({first: x, second: sign * x + 0.3 * rng.standard_normal(50)}))
    return pd.concat(blocks, ignore_index=True)
