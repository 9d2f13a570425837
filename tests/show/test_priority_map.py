"""The importance-performance map: quadrants, regions, labels, and its text alternative."""

import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

import gapkit as gk
from gapkit.explain.quadrants import Quadrants, quadrants_of
from gapkit.show.plots import describe_map, map_height, new_figure, priority_map, to_svg
from gapkit.show.plots.label_places import covered

RULES = ("grand means", "medians", "midpoints")
NAMES = {"waiting": "Waiting time", "rooms": "Rooms", "tone": "Tone", "price": "Price"}


def found(importance=(6, 5, 2, 3), performance=(3, 6, 6, 2), se=0.1, correlation=0.0):
    """Waiting: important and bad. Rooms: important and good. Tone: neither matters nor lacks. Price: little matter."""
    names = pd.Index(NAMES, name="item")
    x, y = (pd.Series(values, index=names, dtype=float) for values in (importance, performance))
    table, cuts = quadrants_of(x, y, midpoints=(4, 4))
    columns = {"importance": x, "importance_se": se, "performance": y, "performance_se": 2 * se}
    return Quadrants(
        positions=pd.DataFrame(columns | {"correlation": correlation}, index=names),
        quadrants=table,
        cuts=cuts,
        changed=table[table.ne(table["midpoints"], axis=0).any(axis=1)],
        certainty=pd.DataFrame(1.0, index=names, columns=list(RULES)),
        n=20,
        source="Twenty guests",
        method="By hand.",
    )


def drawn(given, width=640.0, **words):
    figure, axes = new_figure(width, map_height(width))
    return axes, priority_map(axes, given, **words), to_svg(figure, title="t", description="d", name="n")


def texts(svg):
    return [node.text for node in ET.fromstring(svg).iter() if node.tag.endswith(("}text", "}tspan")) and node.text]


def test_every_mark_stands_in_its_quadrant():
    _, spots, svg = drawn(found(), rule="midpoints", labels=NAMES)
    assert {spot.name: spot.quadrant for spot in spots} == {
        "Waiting time": "concentrate here", "Rooms": "keep it up", "Tone": "possible overkill", "Price": "low priority",
    }  # fmt: skip
    assert {"Waiting time", "Concentrate here", "Keep it up", "Low priority", "Possible overkill"} <= set(texts(svg))


def test_marks_whose_quadrant_depends_on_the_rule_are_hollow():
    given = found(importance=(6, 5, 4.5, 3), performance=(3, 6, 6, 2))  # 4.5: above 4, below the mean 4.625 and median
    axes, spots, _ = drawn(given, rule="midpoints")
    assert [spot.name for spot in spots if spot.changes] == list(given.changed.index)
    assert "tone" in given.changed.index
    hollow = [
        point
        for line in axes.child_axes[0].lines
        if line.get_marker() == "o" and line.get_markerfacecolor() != line.get_markeredgecolor()
        for point in zip(*line.get_data(), strict=True)
    ]
    assert sorted(hollow) == sorted((spot.performance, spot.importance) for spot in spots if spot.changes)


def test_an_ellipse_reaches_as_far_as_the_chi_square_says():
    axes, _, _ = drawn(found(se=0.1), confidence=0.95)
    regions = [line.get_xydata() for line in axes.child_axes[0].lines if len(line.get_xydata()) == 61]
    assert len(regions) == 4
    spread = np.ptp(regions[0], axis=0) / 2
    assert spread == pytest.approx([0.2 * 2.4477, 0.1 * 2.4477], abs=1e-3)  # sqrt of 5.991, the 95 % point, 2 df


def test_a_correlated_ellipse_holds_the_promised_share_of_draws():
    given = found(correlation=0.7)
    axes, _, _ = drawn(given, confidence=0.9)
    region = next(line.get_xydata() for line in axes.child_axes[0].lines if len(line.get_xydata()) == 61)
    covariance = np.array([[0.04, 0.7 * 0.02], [0.7 * 0.02, 0.01]])
    points = np.random.default_rng(0).multivariate_normal([3, 6], covariance, size=20_000)
    away = np.linalg.solve(covariance, (region - [3, 6]).T)
    distance = np.einsum("ij,ji->i", region - [3, 6], away)
    assert distance == pytest.approx(np.full(61, distance[0]))  # one contour of the density
    own = points - [3, 6]
    inside = np.einsum("ij,ji->i", own, np.linalg.solve(covariance, own.T)) <= distance[0]
    assert inside.mean() == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("width", [330.0, 640.0, 1100.0])
@pytest.mark.parametrize("level", ["items", "dimensions"])
def test_labels_do_not_overlap_on_the_hotels_map(hotel_quadrants, level, width, rule):
    _, spots, _ = drawn(hotel_quadrants[level], width=width, rule=rule)
    own = np.array([spot.label for spot in spots])
    shared = covered(own, own)
    np.fill_diagonal(shared, 0)
    assert shared.max() < 1e-9
    assert own.min() > 0
    assert own[:, 2].max() < width


@pytest.fixture(scope="module")
def hotel_quadrants():
    hotel = gk.datasets.load("hotel")
    return {level: gk.quadrants(hotel, level=level, draws=50) for level in ("items", "dimensions")}


def test_a_rule_that_there_is_not_is_named():
    with pytest.raises(ValueError, match='no cut rule "mode"; choose one of grand means, medians, midpoints'):
        drawn(found(), rule="mode")


def test_nothing_known_of_the_spread_draws_marks_without_regions():
    _, spots, _ = drawn(found(se=np.nan, correlation=np.nan))
    assert len(spots) == 4


def test_chinese_and_markup_are_only_words():
    _, _, svg = drawn(found(), language="zh-Hans", labels={"waiting": "<b>等候</b>"}, source="二十位客人")
    assert {"重点改进", "二十位客人"} <= set(texts(svg))
    assert "<b>" not in svg


def test_the_text_alternative_names_quadrants_cuts_and_what_changes():
    given = found(importance=(6, 5, 4.5, 3), performance=(3, 6, 6, 2))
    said = describe_map(given, rule="midpoints", labels=NAMES, source="Twenty guests")
    assert said.startswith("Cut at importance 4.00 and performance 4.00 (Midpoints). Concentrate here: Waiting time (")
    assert "The quadrant depends on the cut rule for: Tone." in said
    assert said.endswith("Twenty guests.")
    assert describe_map(found(), rule="midpoints", language="zh-Hans").endswith("没有哪一项的象限取决于划分规则。")
