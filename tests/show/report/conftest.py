"""Reports on the bundled study, made once."""

import pytest

import gapkit as gk

MADE = {}
"""The hotel's report by language, made once: segments are searched for each time."""


def made_in(hotel, language):
    if language not in MADE:
        MADE[language] = gk.report(hotel, language=language)
    return MADE[language]


@pytest.fixture(scope="session", params=["en", "zh-Hans"])
def language(request):
    return request.param


@pytest.fixture(scope="session")
def made(hotel, language):
    """The hotel's report in one language."""
    return made_in(hotel, language)


@pytest.fixture(scope="session")
def english(hotel):
    return made_in(hotel, "en")


@pytest.fixture(scope="session")
def chinese(hotel):
    return made_in(hotel, "zh-Hans")
