"""The search for the best confirmatory model: its likelihood, where the search begins, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gapkit.measure.extraction import extract

Floats = NDArray[np.floating]
Places = Sequence[NDArray[np.integer]]

STEPS = 300
"""Scoring steps before a search is given up; those that end at a minimum took at most 100."""
DECREMENT = 1e-14
"""Fall of the discrepancy still to be expected at which a search ends."""


class Model(NamedTuple):
    """A confirmatory model with the factors' variances at 1.

    Attributes
    ----------
    loadings : array (k,)
        Of each item on its own factor.
    phi : array (m, m)
        Covariances, and so correlations, of the factors.
    unique : array (k,)
        Variances of the items' errors.
    """

    loadings: Floats
    phi: Floats
    unique: Floats


class Searched(NamedTuple):
    """The best model that was found.

    Attributes
    ----------
    model : Model
    minimum : float
        Its discrepancy.
    converged : bool
    held : bool
        The errors' variances had to be held from falling below 0.
    errors : array (k,)
        Standard errors of the loadings for one respondent; those for n are smaller by sqrt(n).
    """

    model: Model
    minimum: float
    converged: bool
    held: bool
    errors: Floats


def search(correlations: Floats, places: Places) -> Searched:
    """The lowest discrepancy of several searches that let the errors' variances fall below 0, as lavaan does.

    Where none of these ends, as the discrepancy falls on and on while a variance goes to minus infinity, the variances
    are held at 0 or above.

    Parameters
    ----------
    correlations : array (k, k)
    places : sequence of arrays
        Rows of the items of each factor. The error of a factor's only item is 0.
    """
    begun = starts(correlations, places)
    for held in (False, True):
        found = [_descended(correlations, places, start, held=held) for start in begun]
        ended = [each for each in found if each.converged]
        if ended:
            break
    return min(ended or found, key=lambda each: each.minimum)


def starts(correlations: Floats, places: Places) -> list[Model]:
    """Where searches begin: no item of a factor is singled out, so that the order of the items plays no part."""
    k = len(correlations)
    factored, centred, alike = np.empty(k), np.empty(k), np.full(k, 0.7)
    for own in places:
        block = correlations[np.ix_(own, own)]
        first = np.linalg.eigh(block)[1][:, -1]
        signs = np.where(first * np.copysign(1, first.sum()) < 0, -1.0, 1.0)
        centred[own] = 0.5 * signs
        if len(own) > 2:
            factored[own] = np.clip(extract(block, 1).loadings[:, 0], -0.9, 0.9)
        else:
            factored[own] = np.sqrt(np.clip(np.abs(block[0, -1]), 0.1, 0.8)) * signs
    return [_started(correlations, places, loadings) for loadings in (factored, centred, alike)]


def _started(correlations: Floats, places: Places, loadings: Floats) -> Model:
    """Loadings with the errors and factor correlations that go with them."""
    loadings = loadings.copy()
    unique = 1 - loadings**2
    for own in places:
        if len(own) == 1:
            loadings[own], unique[own] = 1.0, 0.0
    spread = _spread(loadings, places)
    weights = spread / (spread**2).sum(axis=0)
    phi = np.clip(weights.T @ correlations @ weights, -0.8, 0.8)
    np.fill_diagonal(phi, 1.0)
    return Model(loadings, phi, unique)


def _spread(loadings: Floats, places: Places) -> Floats:
    """Loadings as a pattern (k, m), each item on its own factor."""
    pattern = np.zeros((len(loadings), len(places)))
    for factor, own in enumerate(places):
        pattern[own, factor] = loadings[own]
    return pattern


def implied_by(model: Model, places: Places) -> Floats:
    """The correlations that a model gives."""
    pattern = _spread(model.loadings, places)
    return pattern @ model.phi @ pattern.T + np.diag(model.unique)


def discrepancy(correlations: Floats, implied: Floats) -> float:
    """log|Sigma| - log|R| + tr(R inv(Sigma)) - k; infinite where Sigma is no covariance matrix."""
    try:
        np.linalg.cholesky(implied)
    except np.linalg.LinAlgError:
        return np.inf
    ratio = np.linalg.solve(implied, correlations)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(implied))


def _descended(correlations: Floats, places: Places, start: Model, *, held: bool) -> Searched:
    """Fisher scoring, damped (Levenberg and Marquardt) where a full step would lead up."""
    model, damping, converged = start, 1e-3, False
    minimum = discrepancy(correlations, implied_by(model, places))
    for _ in range(STEPS):
        gradient, information, free = _slope(correlations, places, model, held=held)
        curvature = information[np.ix_(free, free)]
        step = np.zeros(len(gradient))
        step[free] = np.linalg.lstsq(curvature + damping * np.diag(np.diag(curvature)), -gradient[free], rcond=1e-14)[0]
        if -gradient @ step < DECREMENT:
            converged = True
            break
        tried = _moved(model, places, step, held=held)
        value = discrepancy(correlations, implied_by(tried, places))
        if value < minimum:
            model, minimum, damping = tried, value, damping / 10
        elif damping > 1e10:
            converged = bool(-gradient @ step < 1e-10)
            break
        else:
            damping *= 10
    return Searched(model, minimum, converged, held, _standard_errors(correlations, places, model))


def _slope(
    correlations: Floats, places: Places, model: Model, *, held: bool
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Gradient, expected second derivatives, and which parameters may move: loadings, errors, factor correlations."""
    k = len(correlations)
    pattern = _spread(model.loadings, places)
    common = pattern @ model.phi
    home = np.empty(k, int)
    for factor, own in enumerate(places):
        home[own] = factor
    each, (a, b) = np.arange(k), np.triu_indices(len(places), 1)
    change = np.zeros((2 * k + len(a), k, k))
    change[each, each, :] = common[:, home].T
    change[k + each, each, each] = 0.5
    change[2 * k :] = pattern.T[a][:, :, None] * pattern.T[b][:, None, :]
    change += change.swapaxes(1, 2)
    implied = implied_by(model, places)
    turned = np.linalg.solve(implied, change)  # inv(Sigma) dSigma
    excess = np.eye(k) - np.linalg.solve(implied, correlations)  # inv(Sigma) (Sigma - R)
    gradient = np.einsum("ij,aji->a", excess, turned)
    flat = turned.reshape(len(turned), -1)
    information = flat @ turned.swapaxes(1, 2).reshape(len(turned), -1).T
    free = np.ones(len(turned), bool)
    alone = [own[0] for own in places if len(own) == 1]
    free[k + np.array(alone, int)] = False
    if held:
        free[k : 2 * k] &= (model.unique > 0) | (gradient[k : 2 * k] < 0)
    return gradient, information, free


def _moved(model: Model, places: Places, step: Floats, *, held: bool) -> Model:
    """The model a step further."""
    k, (a, b) = len(model.loadings), np.triu_indices(len(places), 1)
    phi = model.phi.copy()
    phi[a, b] += step[2 * k :]
    phi[b, a] = phi[a, b]
    unique = model.unique + step[k : 2 * k]
    return Model(model.loadings + step[:k], phi, np.maximum(unique, 0) if held else unique)


def _standard_errors(correlations: Floats, places: Places, model: Model) -> Floats:
    """Of the loadings for one respondent, from the expected information; endless where nothing determines them."""
    _, information, free = _slope(correlations, places, model, held=False)
    information = information[np.ix_(free, free)] / 2
    size = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    variance = (vectors**2 / np.maximum(values, 1e-12)).sum(axis=1) / size**2
    errors = np.zeros(len(free))
    errors[free] = np.sqrt(variance)
    return errors[: len(model.loadings)]
