"""The one place where text becomes HTML or SVG, and is escaped."""

from __future__ import annotations

import html


class Markup(str):
    """Text that is markup already; anything else is escaped by `element`."""

    __slots__ = ()


def escape(value: object) -> Markup:
    """Markup as it is, anything else with ``& < > " '`` escaped.

    Examples
    --------
    >>> escape("<b>")
    '&lt;b&gt;'
    """
    return value if isinstance(value, Markup) else Markup(html.escape(str(value), quote=True))


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """One element; children and attribute values are escaped unless they are Markup.

    Parameters
    ----------
    tag : str
        The element's name.
    *children
        Text, or what `element` and `join` return. None is left out.
    **attributes
        ``class_`` and ``for_`` lose their underscore, ``aria_label`` becomes ``aria-label``. None and False are left
        out, True stands alone.

    Examples
    --------
    >>> element("p", "E < P", element("b", 1), class_="gk-note")
    '<p class="gk-note">E &lt; P<b>1</b></p>'
    """
    named = []
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            named.append(f" {key}")
        elif value is not None and value is not False:
            named.append(f' {key}="{escape(value)}"')
    inside = "".join(escape(child) for child in children if child is not None)
    return Markup(f"<{tag}{''.join(named)}>{inside}</{tag}>")


def join(parts: object, between: str = "") -> Markup:
    """Parts one after the other, escaped unless they are Markup.

    Examples
    --------
    >>> join(["a & b", Markup("<br>")])
    'a &amp; b<br>'
    """
    return Markup(escape(between).join(escape(part) for part in parts))  # type: ignore[attr-defined]
