"""How an outlook was computed, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from ..survey.naming import battery_name
from ..survey.phrase import Joined, joined, phrase, sentences

TARGET_NAMES = {"mean": phrase("mean"), "top two": phrase("top two")}


def beyond_words(targets: Sequence[str]) -> str:
    """Which predictions the straight line puts beyond the end of the scale; empty where none is."""
    if not targets:
        return ""
    named = joined(TARGET_NAMES.get(name, name) for name in targets)
    return phrase("The straight line leads beyond the end of the scale: {targets}.", targets=named)


def outlook_method(
    outcome: str, on: str, model: str, adjust: Sequence[str], *, confidence: float, draws: int, used: int, seed: int
) -> Joined:
    """The model in words, the draws, and how many of them could not be fitted."""
    about = {"outcome": outcome, "battery": battery_name(on), "model": model}
    if adjust:
        what = phrase(
            "Association in this survey, not proof of cause: {outcome} on {battery} by {model}, adjusted for "
            "{columns}.",
            **about,
            columns=", ".join(adjust),
        )
    else:
        what = phrase("Association in this survey, not proof of cause: {outcome} on {battery} by {model}.", **about)
    drawn = phrase(
        "{level:g} % percentile intervals over {draws} bootstrap draws of respondents (seed {seed}), the model fitted "
        "again in each.",
        level=100 * confidence,
        draws=used,
        seed=seed,
    )
    failed = phrase("{failed} of {draws} draws could not be fitted and are left out.", failed=draws - used, draws=draws)
    return sentences(what, drawn, failed if used < draws else "")


def too_large(n: int, draws: int, most: int) -> ValueError:
    """More draws of so many respondents than the memory holds."""
    return ValueError(
        phrase(
            "{respondents} respondents x {draws} draws would take {size:.0f} GB: give draws={most}.",
            respondents=n,
            draws=draws,
            size=4 * n * draws / 2**30,
            most=most,
        )
    )
