"""What a computation returns when it is more than one table."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields

import pandas as pd


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Result:
    """Tables that belong together, with the sentence that says how they were computed.

    Subclasses add their tables as fields and override `headline`. Numbers are stored exact and rounded only when shown.

    Parameters
    ----------
    n : int
        Respondents behind the result.
    source : str
        Where the answers came from, as a figure's source line prints it ("Hotel guests, simulated, n = 1200").
    method : str
        Exactly what was computed, and what was dropped, smoothed, weighted or did not converge.
    """

    n: int
    source: str
    method: str

    @property
    def headline(self) -> str:
        """The one thing to know, in one line."""
        return f"n = {self.n}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The DataFrame fields by name, in order."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if isinstance(value, pd.DataFrame)}

    def summary(self, digits: int = 3) -> str:
        """The result as plain text: headline, tables, method, source.

        Parameters
        ----------
        digits : int
            Decimals shown; the stored numbers keep all of theirs.
        """
        parts = [self.headline]
        for name, table in self.tables.items():
            parts.append(f"{name}\n{table.round(digits).to_string()}")
        return "\n\n".join([*parts, f"Method: {self.method}", f"Source: {self.source}"])

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.headline}>"

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self.headline)}</strong></p>"]
        for name, table in self.tables.items():
            parts.append(f"<h4>{html.escape(name)}</h4>{table.round(3).to_html(border=0)}")
        parts.append(f"<p><small>{html.escape(self.method)} {html.escape(self.source)}</small></p>")
        return "".join(parts)
