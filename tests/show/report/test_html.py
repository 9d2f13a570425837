"""The report as a web page: complete in itself, readable by machines, inert."""

import re
from html.parser import HTMLParser

import pytest

import gapkit as gk
from gapkit.show.text import number


class Page(HTMLParser):
    """A page as tables of texts, with every tag and attribute seen."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.tables, self.open = [], [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "table":
            self.rows = self.tables[dict(attrs)["id"]] = []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def page(made):
    return gk.report_file(made, "html")[1].decode()


def test_the_numbers_are_those_of_gap_scores(page, hotel, language):
    rows = {row[0]: row[1:] for row in Page(page).tables["table-dimensions"]}
    for id, known in gk.gap_scores(hotel).dimensions.iterrows():
        cells = rows[hotel.instrument.label(id, language)]
        shown = [float(cell.replace("−", "-")) for cell in cells[:5]]
        assert shown == pytest.approx(known[["n", "E", "P", "gap", "sd"]].tolist(), abs=0.00501)
        low, high = (float(end) for end in cells[5].strip("[]").replace("−", "-").split(", "))
        assert (low, high) == pytest.approx((known["low"], known["high"]), abs=0.00501)


def test_every_item_stands_in_the_items_table(page, hotel, language):
    names = [row[0] for row in Page(page).tables["table-items"]]
    assert {item.label(language) for item in hotel.instrument.items} <= set(names)
    assert len(names) == 1 + 5 + 22


def test_every_figure_explains_itself(page, made, hotel, language):
    figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(figures) == page.count("<figure>") == 6
    said = dict(zip(made.figures, (re.search("<desc.*?>(.*?)</desc>", svg)[1] for svg in figures), strict=True))
    behind = dict.fromkeys(made.figures, hotel.n) | {"drivers": gk.drivers(hotel, outcome="overall", draws=10).n}
    for svg, n in zip(figures, behind.values(), strict=True):
        assert 'role="img"' in svg
        assert made.subtitle.replace(f"n = {hotel.n}", f"n = {n}") in svg
    assert number(gk.gap_scores(hotel).items["gap"].min()) in said["items"]
    for key in ("dimensions", "drivers", "priorities", "segments"):
        assert hotel.instrument.label("empathy", language) in said[key]
    beyond = gk.retention(hotel.perceptions, weights=hotel.weights).eigenvalues["common"]
    assert number(beyond.dropna().iloc[0]) in said["scree"]


def test_no_id_stands_twice(page):
    ids = [value for _, name, value in Page(page).attributes if name == "id"]
    generated = [id for id in ids if not id.startswith(("m", "p"))]  # matplotlib's markers and clip paths repeat
    assert len(generated) == len(set(generated))


def test_the_page_needs_nothing_from_outside_and_runs_nothing(page):
    read = Page(page)
    assert not {"script", "link", "iframe", "img", "object"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]
    addresses = [value for _, name, value in read.attributes if name in ("href", "src", "xlink:href")]
    assert [address for address in addresses if not address.startswith("#")] == []
    assert "url(http" not in page
    assert "default-src 'none'" in page


def test_the_page_says_its_language(page, language):
    assert f'<html lang="{language}">' in page
    said = "gap = perception - expectation" if language == "en" else "差距 = 每位受访者的感知 − 期望"
    assert f"<li>{said}" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert 'lang="en"' not in page.removeprefix(page[: page.index("<body")])


def test_symbols_stand_in_italics(page):
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "<i>t</i>(1199) = " in page
    assert "<i>d</i><sub>z</sub> = " in page
    assert "<i>p</i> &lt; .001" in page


def test_tables_are_captioned_numbered_and_reached_by_keyboard(page, made, language):
    first = "Table 1" if language == "en" else "表 1"
    assert f'<caption><span class="number">{first}</span>' in page
    assert page.count("<table") == len(made.tables)
    assert page.count('role="region"') == page.count('tabindex="0"') == len(made.tables) + len(made.figures)
    assert page.count('<th scope="row">') > 40
