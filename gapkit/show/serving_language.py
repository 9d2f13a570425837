"""Which language a page begins with: what the reader asked for, what the server was told, what the browser prefers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .text import languages

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

TEMPLATE = Path(__file__).parent / "voila" / "templates" / "gapkit"
TRADITIONAL = ("hant", "tw", "hk", "mo")
"""What stands in the code of a language that is written in traditional characters."""


def readers_language(request: HTTPServerRequest, start: str | None) -> str:
    """The language of a page that the server writes: ?lang= of its address, else `start`, else the browser's.

    A choice that the reader made in a page is kept by the browser, which then says so itself.
    """
    asked = request.query_arguments.get("lang", [b""])[-1].decode("utf-8", "replace")
    if asked in languages():
        return asked
    return start or preferred(request.headers.get("Accept-Language", ""))


def preferred(accepted: str) -> str:
    """The first language of a browser's list ("Accept-Language") in which there are texts; English where none is.

    Examples
    --------
    >>> preferred("zh-CN,zh;q=0.9,en;q=0.8"), preferred("de,en;q=0.5"), preferred("fr")
    ('zh-Hans', 'en', 'en')
    """
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        code, _, quality = part.strip().partition(";q=")
        try:
            weighed.append((-float(quality or 1), place, code.strip().lower()))
        except ValueError:
            continue
    for _, _, code in sorted(weighed):
        found = closest(code)
        if found is not None:
            return found
    return "en"


def closest(code: str) -> str | None:
    """The language in which there are texts that is nearest to a language's code.

    Examples
    --------
    >>> closest("zh-SG"), closest("en-GB"), closest("fr")
    ('zh-Hans', 'en', None)
    """
    known = languages()
    parts = code.lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        script = "zh-Hant" if any(part in TRADITIONAL for part in parts) else "zh-Hans"
        return script if script in known else "zh-Hans"
    return parts[0] if parts[0] in known else None
