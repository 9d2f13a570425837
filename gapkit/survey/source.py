"""Where answers came from, and how a file was read."""

from __future__ import annotations

from dataclasses import dataclass

from .phrase import phrase


@dataclass(frozen=True)
class Source:
    """Where answers came from and how the file was read.

    `guessed` names what was not told but found out (encoding, delimiter, decimal, ...); each can be given to
    `load_survey` instead. `reversed` names the items that were turned, in every battery, once; `against`
    those whose answers, as they are scored, run against the others of their dimension in every battery.
    """

    title: str = "untitled survey"
    file: str | None = None
    sha256: str | None = None
    licence: str | None = None
    citation: str | None = None
    simulated: bool = False
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    style: str | None = None
    guessed: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return phrase("{title}, simulated", title=self.title) if self.simulated else self.title
