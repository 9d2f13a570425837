"""Which language a page begins with."""

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from gapkit.show.serving_language import preferred, readers_language


def request(uri, accepted):
    class Connection:
        context = None

    headers = HTTPHeaders({"Host": "x", "Accept-Language": accepted})
    start = RequestStartLine("GET", uri, "HTTP/1.1")
    return HTTPServerRequest(start_line=start, headers=headers, connection=Connection())


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en;q=0.3, zh;q=0.7", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh_MO", "zh-Hant"),
        ("zh-Hant-HK, en;q=0.5", "zh-Hant"),
        ("de, fr;q=0.9, en;q=0.1", "en"),
        ("", "en"),
        ("*;q=oops", "en"),
    ],
)
def test_the_browsers_first_language_with_texts_is_taken(accepted, language):
    assert preferred(accepted) == language


def test_the_address_goes_before_the_server_and_the_server_before_the_browser():
    assert readers_language(request("/?lang=en", "zh"), "zh-Hans") == "en"
    assert readers_language(request("/", "en"), "zh-Hans") == "zh-Hans"
    assert readers_language(request("/", "zh"), None) == "zh-Hans"


def test_a_language_without_texts_is_not_taken_from_the_address():
    assert readers_language(request("/?lang=xx%22%3E", "en"), None) == "en"
