"""Reports on the bundled study, made once."""

import pytest

import gapkit as gk


@pytest.fixture(scope="session")
def hotel():
    return gk.datasets.load("hotel")


@pytest.fixture(scope="session", params=["en", "zh-Hans"])
def language(request):
    return request.param


@pytest.fixture(scope="session")
def made(hotel, language):
    """The hotel's report in one language."""
    return gk.report(hotel, language=language)


@pytest.fixture(scope="session")
def english(hotel):
    return gk.report(hotel)
