"""What a search for segments did and why it says what it says, in sentences."""

from __future__ import annotations

import numpy as np

from .segment_basis import Basis
from .segment_fits import FOLLOWED
from .segment_found import Searched
from .segment_tables import MOSTLY_LEVEL
from .segment_tests import LEVEL, OneMore


def reason_of(found: Searched, basis: Basis) -> str:
    """Why so many segments."""
    k, tests = found.recommended, found.tests
    said = []
    if not tests:
        named = f"BIC names {k}" if found.structure and len(found.table) > 1 else "one segment"
        said.append(f"Not tested: {named}.")
    else:
        if k > 1:
            said.append(_gained(tests[k - 2], k - 1))
        if len(tests) >= k:
            said.append(_gained(tests[k - 1], k) + (" No segments." if k == 1 else ""))
        else:
            said.append(f"{k} is the most that was tried; more may be needed.")
        if found.structure is not None and len(found.table) > 1:
            said.append(f"BIC alone would name {found.table['bic'].idxmin()}, ICL {found.table['icl'].idxmin()}.")
    share = float(found.table["level_share"].get(max(k, 2), np.nan))
    if basis.centre is None and k > 1 and share >= MOSTLY_LEVEL:
        said.append(
            f"{share:.0%} of the difference between them is level: they tick higher or lower throughout, which may be "
            "response style."
        )
        said.append(_within_persons(found))
    return " ".join(part for part in said if part)


def _gained(test: OneMore, k: int) -> str:
    """What more segments than k add, beside what they add where there are k populations."""
    more = int(((test.gain - test.null.mean(axis=0)) / np.maximum(test.null.std(axis=0), 1e-12)).argmax())
    gain, usual = test.gain[more], test.null[:, more].mean()
    subject = ("One segment more than", "Two segments more than")[more]
    verb, surely = ("improves", "improve")[more], "more than" if test.p <= LEVEL else "no more than"
    return (
        f"{subject} {k} {verb} the fit by {gain:.3g}, {surely} in surveys drawn from {k} population{'s' * (k > 1)} "
        f"with the same answers and correlations ({usual:.3g} on average, p = {test.p:.2g})."
    )


def _within_persons(found: Searched) -> str:
    """What is left when everybody's own level is taken out."""
    test = found.own_level_out
    if test is None:
        return 'Compare with centre="person".'
    if test.p > LEVEL:
        return f"With each respondent's own level taken out, no segments remain (p = {test.p:.2g})."
    return f'With each respondent\'s own level taken out, segments remain (p = {test.p:.2g}): use centre="person".'


def method_of(found: Searched, basis: Basis, *, starts: int, draws: int, resamples: int, seed: int) -> str:
    """Exactly what was done."""
    n = len(found.people.index)
    what = {"dimensions": "dimension scores (means of the items answered)", "items": "items"}[basis.level]
    if basis.split:
        what = "100 points of importance"
    elif basis.level == "items":
        what += " (unanswered ones filled in from the respondent's other answers to the dimension)"
    centred = ", each respondent's own mean taken out" if basis.centre else ""
    shape = f"Gaussian mixtures by EM, covariances {found.structure}" if found.structure else "k-means"
    followed = f", the best {FOLLOWED} followed to the end" if starts > FOLLOWED else ""
    said = [
        f"Segments by {basis.on}, {what}{centred}: {', '.join(basis.features)}.",
        f"{shape}, {starts} starts{followed}, seed {seed}.",
    ]
    if found.people.left_out:
        said.append(f"{found.people.left_out} respondents without every score, or with weight 0, left out.")
    if found.people.still:
        said.append(f"Left out, as they do not vary or were not answered: {', '.join(found.people.still)}.")
    if found.people.weighted:
        said.append(
            f"Weighted by survey weights (effective n {found.people.weights.sum():.1f}, which BIC and ICL take)."
        )
    if found.cells:
        said.append(f"Clustered were {found.cells} cells of a grid with the number of respondents in each.")
    if found.tests:
        sample = f" on a random {found.tested} of the {n} respondents" if found.tested < n else ""
        said.append(
            f"Tests at {LEVEL:.0%} against up to {draws} surveys drawn from as many populations as the smaller number, "
            f"with the items' own shares and {found.tests[0].kind} correlations{sample}."
        )
    lost = [
        f"{k} ({tried - kept:g})"
        for k, tried, kept in zip(found.table.index, found.table["followed"], found.table["converged"], strict=True)
        if kept < tried
    ]
    if lost:
        said.append(f"Starts that did not converge, by number of segments: {', '.join(lost)}.")
    if resamples:
        said.append(f"Stability from {resamples} bootstrap samples of respondents, mean Jaccard read by Hennig's rule.")
    return " ".join(said)
