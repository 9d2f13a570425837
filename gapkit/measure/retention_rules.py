"""What each rule of retention keeps, which of them is followed, and the words for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gapkit.measure.factor_fit import most_factors
from gapkit.measure.stopping import leading
from gapkit.survey.phrase import Phrase, joined, phrase, sentences

RULES = {
    "common-factor parallel analysis": phrase("common-factor parallel analysis"),
    "component parallel analysis": phrase("component parallel analysis"),
    "empirical Kaiser criterion": phrase("empirical Kaiser criterion"),
    "minimum average partial": phrase("minimum average partial"),
    "Kaiser": phrase("Kaiser"),
}


def rules_of(table: pd.DataFrame, chance: str) -> pd.DataFrame:
    """What every rule keeps, and what is known of it."""
    at = table.loc[1:]
    rows = {
        "common-factor parallel analysis": (
            leading((at["common"] > at["common_high"].clip(lower=0)).to_numpy()),
            f"common variance beyond {chance}: right most often in simulations",
        ),
        "component parallel analysis": (
            leading((at["component"] > at["component_high"]).to_numpy()),
            "keeps too few where factors correlate",
        ),
        "empirical Kaiser criterion": (
            leading((at["component"] > at["kaiser_reference"]).to_numpy()),
            "for short scales with correlated factors; derived for Pearson correlations",
        ),
        "minimum average partial": (
            int(np.nanargmin(table["average_partial"].to_numpy())),
            "components until what is left is no longer systematic; keeps too few where factors have few items",
        ),
        "Kaiser": (
            int((at["component"] > 1).sum()),
            "for comparison only: eigenvalues above 1 occur by chance",
        ),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n_factors", "advice"]).rename_axis("rule")


def unusable_common(rules: pd.DataFrame, k: int, smoothed: bool, null_smoothed: bool) -> str:
    """Why common-factor parallel analysis is not to be followed here; empty if it is."""
    if smoothed:
        return phrase("The matrix had to be smoothed, and so has no common-factor version.")
    if null_smoothed:
        return phrase("Too many shuffled matrices had to be smoothed for a common-factor version.")
    asked = int(rules["n_factors"]["common-factor parallel analysis"])
    if asked > (most := max(most_factors(k), 1)):
        return phrase(
            "Common-factor parallel analysis would keep {asked} factors, but {items} items carry at most {most}: it is "
            "not followed.",
            asked=asked,
            items=k,
            most=most,
        )
    return ""


def recommendation(rules: pd.DataFrame, draws: int, k: int, unusable: str) -> tuple[int, str]:
    """The number to begin with, by the first rule of the table, and why."""
    rule = str(rules.index[0])
    kept = int(rules["n_factors"].iloc[0])
    said: list[str] = [
        phrase(
            "{rule} keeps {kept}: only so many eigenvalues exceed what {draws} null samples give.",
            rule=Phrase(rule[0].upper() + rule[1:], rule),
            kept=kept,
            draws=draws,
        )
    ]
    if unusable:
        said.append(unusable)
    if kept > (most := max(most_factors(k), 1)):
        said.append(phrase("But {items} items carry at most {most} factors.", items=k, most=most))
    others = [(str(other), count) for other, count in rules["n_factors"].iloc[1:].items() if count != kept]
    differing = joined(phrase("{rule} {kept}", rule=RULES[other], kept=count) for other, count in others)
    said.append(phrase("Other rules differ: {rules}.", rules=differing) if others else phrase("All other rules agree."))
    if kept == 0:
        said.append(phrase("There is no common variance beyond chance: do not factor these items."))
    return min(kept, most), sentences(*said)
