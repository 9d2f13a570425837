"""What the other rooms say, in Chinese: every template is translated, once, with its placeholders, and none is idle."""

import ast
import inspect
import string
import tomllib
from functools import cache
from pathlib import Path

import pytest

import gapkit
from gapkit.show.text import languages
from gapkit.show.translation import PHRASES, foreign, message, translated
from gapkit.survey.phrase import joined, phrase, plural, sentences

PACKAGE = Path(gapkit.__file__).parent
CHINESE = sorted(set(languages()) - {"en"})
DEFINITION = PACKAGE / "survey" / "phrase.py"
PLACE = {"phrase": 0, "plural": 2}
"""Which argument is the template."""


@cache
def every_call():
    """Every call of the package, with the file it stands in."""
    trees = {source: ast.parse(source.read_text(encoding="utf-8")) for source in sorted(PACKAGE.rglob("*.py"))}
    return [(source, node) for source, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.Call)]


def calls(*names):
    """Every call of some functions outside their definition, with the file it stands in."""
    for source, node in every_call():
        if source != DEFINITION and getattr(node.func, "id", "") in names:
            yield source, node


def where(source, node):
    return f"{source.relative_to(PACKAGE)}, line {node.lineno}"


def said():
    """Template -> where it is first said; joints that are only spaces need no translation."""
    found = {inspect.signature(joined).parameters["between"].default: "survey/phrase.py"}
    for source, node in calls("phrase", "plural"):
        template = node.args[PLACE[node.func.id]]
        if isinstance(template, ast.Constant):
            found.setdefault(template.value, where(source, node))
    for source, node in calls("joined"):
        for keyword in node.keywords:
            if isinstance(keyword.value, ast.Constant) and keyword.value.value.strip():
                found.setdefault(keyword.value.value, where(source, node))
    return found


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


ENTRIES = {file.stem: tomllib.loads(file.read_text(encoding="utf-8"))["phrases"] for file in PHRASES.glob("*.toml")}
KNOWN = {entry["en"]: entry for entries in ENTRIES.values() for entry in entries}
SAID = said()


def test_every_template_is_a_literal():
    made = [where(*call) for call in calls("phrase") if not isinstance(call[1].args[0], ast.Constant)]
    made += [
        where(source, node)
        for source, node in calls("plural")
        if not all(isinstance(form, ast.Constant) for form in node.args[1:3])
    ]
    joints = [
        where(source, node)
        for source, node in calls("joined")
        if not all(isinstance(keyword.value, ast.Constant) for keyword in node.keywords)
    ]
    assert made + joints == []


def test_every_template_has_a_translation_in_each_script():
    lacking = {
        template: place for template, place in SAID.items() if not set(CHINESE) <= KNOWN.get(template, {}).keys()
    }
    assert lacking == {}


def test_no_translation_lies_idle_or_stands_twice():
    assert sorted(set(KNOWN) - set(SAID)) == []
    assert sum(map(len, ENTRIES.values())) == len(KNOWN)


@pytest.mark.parametrize("language", CHINESE)
def test_a_translation_asks_for_no_value_that_is_not_given(language):
    assert {en: entry[language] for en, entry in KNOWN.items() if not fields(entry[language]) <= fields(en)} == {}


@pytest.mark.parametrize("language", CHINESE)
def test_a_translation_leaves_no_value_out(language):
    assert {en: entry[language] for en, entry in KNOWN.items() if fields(entry[language]) < fields(en)} == {}


def test_one_and_many_ask_for_the_same_values():
    for source, node in calls("plural"):
        one, many = (form.value for form in node.args[1:3])
        assert fields(one) <= fields(many), where(source, node)


def test_a_phrase_is_given_its_values_by_name():
    for source, node in calls("phrase"):
        given = {keyword.arg for keyword in node.keywords}
        if None not in given:  # values that come in a dict are not seen here
            assert given == fields(node.args[0].value), where(source, node)


def test_english_stays_english():
    assert translated(phrase("Not rotated."), "en") == "Not rotated."
    assert foreign("anything", "en") is None


def test_numbers_are_rounded_by_the_translation():
    assert (
        translated(phrase("the zip file holds {parts:,} parts", parts=12_345), "zh-Hans")
        == "压缩文件含有 12,345 个部分"
    )


def test_one_and_many_are_said_alike_in_chinese():
    forms = "{count} factor", "{count} factors"
    assert [translated(plural(n, *forms), "zh-Hans") for n in (1, 5)] == ["1 个因子", "5 个因子"]


def test_a_phrase_within_a_phrase_is_translated_too():
    said = phrase("Respondents without {what}, left out: {count}.", what=phrase("any pair"), count=7)
    assert translated(said, "zh-Hans") == "因没有任何配对而略去的受访者：7 位。"
    assert translated(said, "zh-Hant") == "因沒有任何配對而略去的受訪者：7 位。"


def test_chinese_sentences_follow_each_other_without_a_space():
    said = sentences(phrase("Not rotated."), phrase("Weighted."), "As it is.", phrase("Weighted."))
    assert translated(said, "zh-Hans") == "没有旋转。加权。As it is. 加权。"


def test_names_in_a_row_get_the_marks_of_the_language():
    assert translated(joined([phrase("customers"), phrase("staff")]), "zh-Hans") == "顾客、员工"
    assert translated(joined(["E", "P"], between=" and "), "zh-Hans") == "E和P"


def test_what_is_not_translated_stays_and_is_marked():
    assert translated("unheard of", "zh-Hans") == "unheard of"
    assert foreign("unheard of", "zh-Hans") == "en"
    assert foreign(phrase("Not rotated."), "zh-Hans") is None


def test_an_error_that_was_raised_with_a_phrase_can_be_said_in_another_language():
    with pytest.raises(ValueError, match="importance was not asked") as caught:
        raise ValueError(phrase("importance was not asked"))
    assert translated(message(caught.value), "zh-Hans") == "没有询问重要性"
    assert message(ValueError("plain")) == "plain"
    assert message(KeyError(3)) == "3"
