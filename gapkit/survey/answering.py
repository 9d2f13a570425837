"""How people fill in a questionnaire: without care, with answers left out, in fives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .population import Population
from .truth import TruthError

CARELESS = ("straightline", "random", "identical")
"""The kinds of careless answering: one point for everything, any point, perceptions copied from expectations."""
CHIPS = 20
"""Respondents lay out their 100 points in this many equal parts: fives, as people do."""


def carelessly(
    people: Population, answers: dict[str, np.ndarray], shape: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Overwrite the answers of the careless, in the words as asked; returns 0 or 1 + the kind of each respondent."""
    share, scale = people.truth.careless, people.instrument.scale
    each = share if isinstance(share, Mapping) else dict.fromkeys(CARELESS, share / len(CARELESS))
    if unknown := sorted(set(each) - set(CARELESS)):
        raise TruthError(f'careless: "{unknown[0]}" is not known; there are {", ".join(CARELESS)}.')
    ends = np.cumsum([round(each.get(kind, 0.0) * shape[1]) for kind in CARELESS])
    rank = rng.random(shape).argsort(axis=1).argsort(axis=1)
    kind = np.where(rank < ends[-1], np.searchsorted(ends, rank, side="right") + 1, 0)
    straight, anything, copied = (kind == number for number in (1, 2, 3))
    turned = np.isin(people.instrument.item_ids, people.truth.reversed)
    one = rng.integers(int(np.ceil((scale.low + scale.high) / 2)), int(scale.high) + 1, size=int(straight.sum()))
    first = next(iter(answers.values()))
    for table in answers.values():
        table[straight] = np.where(turned, scale.turn(one[:, None]), one[:, None])
        table[anything] = rng.integers(int(scale.low), int(scale.high) + 1, size=(int(anything.sum()), len(turned)))
        table[copied] = first[copied]
    return np.asarray(kind)


def in_chips(people: Population, segment: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Points of 100 by dimension, by Polya's urn: each chip likes company, the mean shares stay exactly as planted."""
    share = people.importance() / 100
    counts, strength = np.zeros((len(segment), share.shape[1])), people.truth.concentration
    for chip in range(CHIPS):
        chance = np.cumsum((strength * share[segment] + counts) / (strength + chip), axis=1)[:, :-1]
        chosen = (rng.random((len(segment), 1)) >= chance).sum(axis=1)
        counts[np.arange(len(segment)), chosen] += 1
    return counts * (100 / CHIPS)


def leave_out(answers: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Answers with a share of them missing completely at random."""
    return np.where(rng.random(answers.shape) < share, np.nan, answers).astype(answers.dtype)
