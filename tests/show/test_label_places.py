"""Labels of a crowded map: near their marks, inside, and on top of nothing."""

import numpy as np
import pytest

from gapkit.show.plots.label_places import boxes, covered, label_places

SHEET = (0.0, 0.0, 400.0, 300.0)


def test_a_lone_label_stands_right_of_its_mark():
    place = label_places(np.array([[50.0, 50.0]]), np.array([[30.0, 12.0]]), bounds=SHEET)
    assert place.tolist() == [[72.0, 50.0]]  # 7 points away from its left edge: 50 + 7 + 15


def test_at_the_right_edge_it_goes_to_the_left():
    place = label_places(np.array([[395.0, 50.0]]), np.array([[30.0, 12.0]]), bounds=SHEET)
    assert place.tolist() == [[373.0, 50.0]]


@pytest.mark.parametrize("seed", range(6))
def test_thirty_labels_in_a_crowd_cover_neither_each_other_nor_a_mark_nor_what_is_taken(seed):
    rng = np.random.default_rng(seed)
    marks = np.array([200, 150]) + rng.normal(scale=45, size=(30, 2))
    sizes = np.column_stack([rng.uniform(20, 45, 30), np.full(30, 13.0)])
    taken = np.array([[2.0, 280.0, 110.0, 298.0]])
    own = boxes(label_places(marks, sizes, bounds=SHEET, taken=taken), sizes)
    assert (own[:, :2] >= 0).all()
    assert (own[:, 2:] <= SHEET[2:]).all()
    shared = covered(own, own)
    np.fill_diagonal(shared, 0)
    assert shared.max() < 1e-9
    assert covered(own, boxes(marks, np.full((30, 2), 8.0))).max() < 1e-9
    assert covered(own, taken).max() < 1e-9


def test_a_sheet_too_small_for_a_label_still_gives_it_a_place_inside_as_far_as_it_can_be():
    place = label_places(np.array([[10.0, 10.0]]), np.array([[100.0, 12.0]]), bounds=(0, 0, 40, 40))
    assert np.isfinite(place).all()


def test_shared_area_is_that_of_the_overlap():
    assert covered(np.array([0.0, 0.0, 4.0, 4.0]), np.array([[2.0, 3.0, 9.0, 9.0], [5.0, 5.0, 6.0, 6.0]])).tolist() == [
        2,
        0,
    ]
