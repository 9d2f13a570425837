"""Where the labels of points go, so that none covers another label, a point, or what stands in the corners."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

NEAREST, STEP, FARTHEST = 7.0, 7.0, 420.0
"""Points between a mark and its label: tried in steps, the nearest free place is taken."""
ANGLES = np.deg2rad([0, 180, 90, 270, 45, 135, 315, 225, 22, 158, 338, 202, 67, 113, 293, 247])
"""Right of the mark first, then left, above, below, and the slants."""
MARK = 5.0
"""Half the side of the square that a mark keeps free."""
SWEEPS = 2


def label_places(
    marks: Floats, sizes: Floats, *, bounds: tuple[float, float, float, float], taken: Floats | None = None
) -> Floats:
    """The centre of each mark's label, (n x 2), near its mark and clear of everything else.

    Labels in a crowd choose first. Each takes the nearest place that is free; where the sheet is so full that there is
    none, the one that covers least.

    Parameters
    ----------
    marks : array, (n x 2)
        x and y in points.
    sizes : array, (n x 2)
        Width and height of each label in points.
    bounds : (left, bottom, right, top)
        Labels stay inside.
    taken : array, (m x 4), optional
        Boxes (left, bottom, right, top) that are taken already.

    Examples
    --------
    >>> label_places(np.array([[50.0, 50.0]]), np.array([[20.0, 10.0]]), bounds=(0, 0, 100, 100)).tolist()
    [[67.0, 50.0]]
    """
    n = len(marks)
    centres = np.full((n, 2), np.nan)
    fixed = np.concatenate([boxes(marks, np.full((n, 2), 2 * MARK)), np.empty((0, 4)) if taken is None else taken])
    crowd = (np.abs(marks[:, None] - marks[None]).max(axis=2) < 40).sum(axis=1)
    order = np.argsort(-crowd, kind="stable")
    for _ in range(SWEEPS):
        for i in order:
            others = np.isfinite(centres[:, 0]) & (np.arange(n) != i)
            obstacles = np.concatenate([fixed, boxes(centres[others], sizes[others])])
            centres[i] = _nearest_free(marks[i], sizes[i], obstacles, bounds)
    return centres


def boxes(centres: Floats, sizes: Floats) -> Floats:
    """Boxes (left, bottom, right, top) around centres."""
    return np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1)


def covered(box: Floats, others: Floats) -> Floats:
    """The area that a box, or each of several (... x 4), shares with each of the others (m x 4)."""
    low = np.maximum(box[..., None, :2], others[:, :2])
    high = np.minimum(box[..., None, 2:], others[:, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0.0), axis=-1))


def _nearest_free(mark: Floats, size: Floats, obstacles: Floats, bounds: tuple[float, float, float, float]) -> Floats:
    """The nearest place whose box is free and inside; else the one that covers least."""
    away = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
    distance = np.arange(NEAREST, FARTHEST, STEP)[:, None, None]
    # the label's edge, not its centre, keeps the distance
    centres = (mark + away * (distance + size / 2)).reshape(-1, 2)
    around = boxes(centres, np.broadcast_to(size, centres.shape))
    inside = (around[:, :2] >= bounds[:2]).all(axis=1) & (around[:, 2:] <= bounds[2:]).all(axis=1)
    if not inside.any():
        return np.clip(mark, np.array(bounds[:2]) + size / 2, np.array(bounds[2:]) - size / 2)
    centres, around = centres[inside], around[inside]
    shared = covered(around, obstacles).sum(axis=1)
    free = shared < 1e-9
    return centres[int(np.argmax(free))] if free.any() else centres[int(np.argmin(shared))]
