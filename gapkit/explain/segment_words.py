"""What a search for segments did and why it says what it says, in sentences."""

from __future__ import annotations

import numpy as np

from ..survey.naming import battery_name
from ..survey.phrase import joined, phrase, plural, sentences
from .segment_basis import Basis
from .segment_caution import STABLE, cautions
from .segment_fits import FOLLOWED
from .segment_found import Searched
from .segment_names import TELLING
from .segment_tables import MOSTLY_LEVEL, shown
from .segment_tests import LEVEL, OneMore

KIND_NAMES = {"polychoric": phrase("polychoric"), "normal-score": phrase("normal-score")}


def reason_of(found: Searched, basis: Basis) -> str:
    """Why so many segments."""
    k, tests = found.recommended, found.tests
    said: list[str] = []
    if not tests:
        by_bic = found.structure and len(found.table) > 1
        said.append(
            phrase("Not tested: BIC names {segments}.", segments=k) if by_bic else phrase("Not tested: one segment.")
        )
    else:
        if k > 1:
            said.append(_gained(tests[k - 2], k - 1))
        if len(tests) >= k:
            said.append(_gained(tests[k - 1], k))
            said.append(phrase("No segments.") if k == 1 else "")
        else:
            said.append(phrase("{segments} is the most that was tried; more may be needed.", segments=k))
        if found.structure is not None and len(found.table) > 1:
            alone = {"bic": found.table["bic"].idxmin(), "icl": found.table["icl"].idxmin()}
            said.append(phrase("BIC alone would name {bic}, ICL {icl}.", **alone))
    share = float(found.table["level_share"].get(max(k, 2), np.nan))
    if basis.centre is None and k > 1 and share >= MOSTLY_LEVEL:
        said.append(
            phrase(
                "{share:.0%} of the difference between them is level: they tick higher or lower throughout, which may "
                "be response style.",
                share=share,
            )
        )
        said.append(_within_persons(found))
    elif basis.centre is None and k > 1:
        said.append(phrase("{share:.0%} of the difference between them is level.", share=share))
    if k > 1:
        said += _cautioned(found, basis)
    return sentences(*said)


def _cautioned(found: Searched, basis: Basis) -> list[str]:
    """What asks for caution in the segments recommended: too few people in one, or not found again."""
    told = cautions(shown(found, basis, found.recommended)["stability"])
    said: list[str] = []
    if told["small"].any():
        least = int(told["n"].to_numpy().argmin())
        few = told.iloc[least][["n", "share", "half"]].to_dict()
        about = {str(key): value for key, value in few.items()} | {"segment": told.index[least], "telling": TELLING}
        said.append(
            phrase(
                "Caution: {segment}, the smallest, has {n:.0f} respondents ({share:.0%}); a mean of so few is known to "
                "±{half:.2f} standard deviations, more than the {telling:g} that name a segment.",
                **about,
            )
        )
    if told["unstable"].any():
        weak = told["jaccard"][told["unstable"]]
        named = ", ".join(f"{segment} {value:.2f}" for segment, value in weak.items())
        said.append(
            phrase(
                "Caution: not found again reliably (mean Jaccard below {least:g}): {segments}.",
                least=STABLE,
                segments=named,
            )
        )
    return said


def _gained(test: OneMore, k: int) -> str:
    """What more segments than k add, beside what they add where there are k populations."""
    more = int(((test.gain - test.null.mean(axis=0)) / np.maximum(test.null.std(axis=0), 1e-12)).argmax())
    gain, usual = test.gain[more], test.null[:, more].mean()
    about = {
        "segments": k,
        "gain": gain,
        "surveys": plural(k, "surveys drawn from {count} population", "surveys drawn from {count} populations"),
        "surely": phrase("more than") if test.p <= LEVEL else phrase("no more than"),
        "usual": usual,
        "p": _p_words(test),
    }
    if more:
        return phrase(
            "Two segments more than {segments} improve the fit by {gain:.3g}, {surely} in {surveys} with the same "
            "answers and correlations ({usual:.3g} on average, {p}).",
            **about,
        )
    return phrase(
        "One segment more than {segments} improves the fit by {gain:.3g}, {surely} in {surveys} with the same answers "
        "and correlations ({usual:.3g} on average, {p}).",
        **about,
    )


def _p_words(test: OneMore) -> str:
    """The p of a test; of one that ended early only on which side of the level it lies, and after how many draws."""
    about = {"level": LEVEL, "drawn": len(test.null), "draws": test.asked, "p": test.p}
    if not test.settled_early:
        return phrase("p = {p:.2g}, {draws} draws", **about)
    if test.p > LEVEL:
        return phrase("p > {level:g}, settled after {drawn} of {draws} draws", **about)
    return phrase("p < {level:g}, settled after {drawn} of {draws} draws", **about)


def _within_persons(found: Searched) -> str:
    """What is left when everybody's own level is taken out."""
    test = found.own_level_out
    if test is None:
        return phrase('Compare with centre="person".')
    if test.p > LEVEL:
        return phrase("With each respondent's own level taken out, no segments remain ({p}).", p=_p_words(test))
    return phrase(
        'With each respondent\'s own level taken out, segments remain ({p}): use centre="person".', p=_p_words(test)
    )


def _drawn(found: Searched) -> str:
    """How many surveys each test drew, the one with everybody's own level taken out last."""
    drawn = [f"{len(test.null)}" for test in found.tests]
    if found.own_level_out is not None:
        number = len(found.own_level_out.null)
        drawn.append(phrase("{drawn} with each respondent's own level taken out", drawn=number))
    return joined(drawn)


def method_of(found: Searched, basis: Basis, *, starts: int, draws: int, resamples: int, seed: int) -> str:
    """Exactly what was done."""
    n = len(found.people.index)
    if basis.split:
        what = phrase("100 points of importance")
    elif basis.level == "items":
        what = phrase("items (unanswered ones filled in from the respondent's other answers to the dimension)")
    else:
        what = phrase("dimension scores (means of the items answered)")
    if basis.centre:
        what = phrase("{scores}, each respondent's own mean taken out", scores=what)
    if found.structure:
        shape = phrase("Gaussian mixtures by EM, covariances {structure}", structure=found.structure)
    else:
        shape = phrase("k-means")
    tried = phrase("{starts} starts", starts=starts)
    if starts > FOLLOWED:
        tried = phrase("{starts} starts, the best {followed} followed to the end", starts=starts, followed=FOLLOWED)
    said: list[str] = [
        phrase(
            "Segments by {battery}, {scores}: {names}.",
            battery=battery_name(basis.on),
            scores=what,
            names=", ".join(basis.features),
        ),
        phrase("{shape}, {tried}, seed {seed}.", shape=shape, tried=tried, seed=seed),
    ]
    people = found.people
    if people.left_out:
        said.append(phrase("{out} respondents without every score, or with weight 0, left out.", out=people.left_out))
    if people.still:
        named = ", ".join(people.still)
        said.append(phrase("Left out, as they do not vary or were not answered: {names}.", names=named))
    if people.weighted:
        said.append(
            phrase(
                "Weighted by survey weights (effective n {effective:.1f}, which BIC and ICL take).",
                effective=people.weights.sum(),
            )
        )
    if found.cells:
        said.append(
            phrase(
                "Clustered were {cells} cells of a grid with the number of respondents in each; how they differ inside "
                "a cell is left out of the fit.",
                cells=found.cells,
            )
        )
    if found.tests:
        against = {"level": LEVEL, "draws": draws, "kind": KIND_NAMES.get(found.tests[0].kind, found.tests[0].kind)}
        if found.tested < n:
            tests = phrase(
                "Tests at {level:.0%} against up to {draws} surveys drawn from as many populations as the smaller "
                "number, with the items' own shares and {kind} correlations on a random {tested} of the {n} "
                "respondents.",
                **against,
                tested=found.tested,
                n=n,
            )
        else:
            tests = phrase(
                "Tests at {level:.0%} against up to {draws} surveys drawn from as many populations as the smaller "
                "number, with the items' own shares and {kind} correlations.",
                **against,
            )
        settled = phrase("A test ends when its outcome is settled; drawn were {numbers}.", numbers=_drawn(found))
        said += [tests, settled]
    lost = [
        f"{k} ({tried - kept:g})"
        for k, tried, kept in zip(found.table.index, found.table["followed"], found.table["converged"], strict=True)
        if kept < tried
    ]
    if lost:
        named = ", ".join(lost)
        said.append(phrase("Starts that did not converge, by number of segments: {segments}.", segments=named))
    if resamples:
        said.append(
            phrase(
                "Stability from {resamples} bootstrap samples of respondents, mean Jaccard read by Hennig's rule.",
                resamples=resamples,
            )
        )
    return sentences(*said)
