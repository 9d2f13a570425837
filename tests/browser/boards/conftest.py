"""What the tests of the six boards in a browser share: when a board is drawn, a telephone, a file of one's own."""

import pytest

MARKUP = "<img src=x onerror='window.ran = true'>"


@pytest.fixture(scope="session")
def drawn():
    """Wait until so many figures of a board stand there, the first drawn for this page's width."""

    def wait(page, figures=1, timeout=120_000):
        page.wait_for_function(
            "count => document.querySelectorAll('.gk-chart svg').length >= count", arg=figures, timeout=timeout
        )
        page.wait_for_function("() => document.querySelector('.gk-page input').value.startsWith('width=')")
        page.wait_for_function(
            "() => { const svg = document.querySelector('.gk-chart svg'), room = svg.parentElement.clientWidth;"
            " return Math.abs(svg.getAttribute('width') - room) < 21 || svg.getAttribute('width') > 1100; }"
        )
        return page

    return wait


@pytest.fixture
def fits_a_telephone(in_every_language):
    """An open board of 390 px: its figures are drawn for it, and nothing scrolls sideways in any language."""

    def check(page):
        widths = page.evaluate(
            "() => [...document.querySelectorAll('.gk-chart svg')].map(svg => +svg.getAttribute('width'))"
        )
        assert max(widths) < 390, "drawn for the telephone, not shrunk"
        for language in in_every_language(page):
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), language

    return check


@pytest.fixture
def in_every_language():
    """Choose one language after the other on an open board, each once the board is done with it."""
    from gapkit.show.text import languages

    def walk(page):
        for language in ("zh-Hans", "zh-Hant", "en"):
            before = page.locator(".gk-heading").inner_text()
            page.locator(".gk-language select").select_option(label=languages()[language])
            page.wait_for_function("before => document.querySelector('.gk-heading').innerText !== before", arg=before)
            page.wait_for_timeout(300)
            page.wait_for_function("() => !document.body.classList.contains('gk-is-busy')")
            yield language

    return walk


@pytest.fixture(scope="session")
def guests_file(tmp_path_factory):
    """A reader's answers: 120 guests of two hotels, who said whether they would come again."""
    import pandas as pd

    import gapkit as gk

    survey = gk.simulate(n=120, seed=2)
    halves = {"E": survey.expectations, "P": survey.perceptions}
    parts = [half.set_axis([f"{code}{j}" for j in range(1, 23)], axis=1) for code, half in halves.items()]
    file = tmp_path_factory.mktemp("own") / "our guests.csv"
    more = {"again": survey.respondents["overall"], "hotel": ["North", "South"] * 60, MARKUP: [MARKUP, "=1+1"] * 60}
    pd.concat(parts, axis=1).assign(**more).to_csv(file, index=False)
    return file


@pytest.fixture
def give_own(guests_file):
    """Send a reader's file through a board's real upload button, and wait until the board shows it."""
    from gapkit.show.text import text

    def give(page, language="en"):
        page.locator(".gk-controls select").first.select_option(label=text("own_survey.choice", language))
        with page.expect_file_chooser() as chosen:
            page.locator(".gk-own .widget-upload").click()
        chosen.value.set_files(guests_file)
        page.wait_for_selector(".gk-foot:has-text('our guests')")
        assert "our guests" in page.locator(".gk-heading").inner_text()
        assert page.evaluate("!window.ran && !document.querySelector('img[src=x]')"), "markup of a file stays text"
        assert page.evaluate("[...document.querySelectorAll('.gk-own select')].every(box => box.selectedIndex >= 0)")
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")

    return give


@pytest.fixture
def report_names():
    """Press the button, and read the names of the files behind the links."""

    def names(page):
        page.get_by_role("button", name="Make a report").click()
        links = page.locator(".gk-downloads a[download]")
        links.nth(2).wait_for()
        return [link.get_attribute("download") for link in links.all()]

    return names
