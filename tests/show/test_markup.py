"""The one place where text becomes HTML."""

from gapkit.show.markup import Markup, element, escape, join

NASTY = "<img src=x onerror=\"alert(1)\"> & 'x'"
SAFE = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#x27;x&#x27;"


def test_children_and_attribute_values_are_escaped():
    assert element("td", NASTY) == f"<td>{SAFE}</td>"
    assert element("td", title=NASTY) == f'<td title="{SAFE}"></td>'


def test_markup_is_not_escaped_twice():
    assert element("p", element("b", "&")) == "<p><b>&amp;</b></p>"
    assert escape(Markup("<br>")) == "<br>"


def test_joined_parts_are_escaped_one_by_one():
    assert join([NASTY, Markup("<br>")], "<") == f"{SAFE}&lt;<br>"


def test_none_children_and_false_attributes_are_left_out():
    assert element("p", None, "a", hidden=False, lang=None, disabled=True) == "<p disabled>a</p>"
