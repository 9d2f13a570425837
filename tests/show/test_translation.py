"""Three languages say the same: one Chinese word for a term, each script in its own characters, traditional as made."""

import importlib.util
import re
import string
import tomllib
from pathlib import Path

import pytest

from gapkit.decide.actions import SHIPPED as ACTIONS
from gapkit.show.text import LOCALES, languages
from gapkit.show.translation import PHRASES
from gapkit.survey.instrument import SHIPPED as INSTRUMENTS

TRANSLATION = Path(__file__).parents[2] / "docs" / "translation"
CHINESE = ("zh-Hans", "zh-Hant")
HOLE = re.compile(r"\{\w+[^{}]*\}")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def labelled(found, where, content):
    """Every text of a file of labels by its place: the id it stands under, or the path of its keys."""
    if isinstance(content, list):
        for part in content:
            labelled(found, where, part)
    elif isinstance(content, dict):
        if isinstance(content.get("en"), str):
            found[f"{where.split('.')[0]}.{content['id']}" if "id" in content else where] = content
        elif isinstance(content.get("en"), dict):
            for point, words in content["en"].items():
                found[f"{where}.{point}"] = {code: texts.get(point) for code, texts in content.items()} | {"en": words}
        for key, part in content.items():
            labelled(found, f"{where}.{key}", part)


def every_text():
    """Place -> language -> text: the locales, the instruments, the actions."""
    found = {}
    for language in languages():
        for name, table in read(LOCALES / f"{language}.toml").items():
            for key, words in table.items():
                found.setdefault(f"{name}.{key}", {})[language] = words
    for path in (*sorted(INSTRUMENTS.glob("*.toml")), ACTIONS):
        labelled(found, path.stem, read(path))
    for path in sorted(PHRASES.glob("*.toml")):
        for entry in read(path)["phrases"]:
            assert entry["en"] not in found, f"{entry['en']} stands there twice"
            found[entry["en"]] = entry
    return found


TEXTS = every_text()
TERMS = {term["en"]: term for term in read(TRANSLATION / "glossary.toml")["terms"]}


def placeholders(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_zh_hant", TRANSLATION / "make_zh_hant.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_languages_are_english_and_chinese_in_both_scripts():
    assert languages() == {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def test_every_label_and_action_is_there_in_all_languages_with_the_same_placeholders():
    for place, words in TEXTS.items():
        assert all(words.get(language) is not None for language in languages()), place
        assert len({frozenset(placeholders(words[language])) for language in languages()}) == 1, place


@pytest.mark.parametrize("language", CHINESE)
@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_the_glossary_is_translated_one_way(term, language):
    said = re.compile(rf"\b(?:{term})\b", re.IGNORECASE)
    uses = [place for place, words in TEXTS.items() if said.search(HOLE.sub("", words["en"]))]
    assert uses, "no English text uses this term"
    otherwise = [place for place in uses if TERMS[term][language] not in TEXTS[place][language]]
    assert sorted(otherwise) == sorted(set(otherwise) & set(TERMS[term].get("unless", [])))


@pytest.mark.parametrize("term", [term for term in TERMS if "unless" in TERMS[term]])
def test_an_exception_of_the_glossary_is_one(term):
    for place in TERMS[term]["unless"]:
        assert re.search(rf"\b(?:{term})\b", TEXTS[place]["en"], re.IGNORECASE), place
        assert any(TERMS[term][language] not in TEXTS[place][language] for language in CHINESE), place


@pytest.mark.parametrize("language", CHINESE)
def test_no_text_uses_another_word_for_a_term(language):
    rivals = {word for term in TERMS.values() for word in term.get("never", {}).get(language, [])}
    found = {place: word for place, words in TEXTS.items() for word in rivals if word in words[language]}
    assert found == {}


# Big5's first level are the 5401 characters in daily use in Taiwan, GB 2312 those of the mainland; one word of today
# is written with a character of Big5's second level.
SECOND_LEVEL = "饋"


@pytest.mark.parametrize(
    ("language", "encoding", "last"), [("zh-Hans", "gb2312", b"\xff\xff"), ("zh-Hant", "big5", b"\xc6\x7e")]
)
def test_each_script_has_only_its_own_characters(language, encoding, last):
    strange = {}
    for place, words in TEXTS.items():
        for sign in IDEOGRAPH.findall(words[language]):
            written = sign.encode(encoding, errors="ignore")
            if sign not in SECOND_LEVEL and (not written or written > last):
                strange.setdefault(sign, place)
    assert strange == {}


def test_each_script_has_its_own_quotation_marks():
    for place, words in TEXTS.items():
        assert not re.search("[「」『』]", words["zh-Hans"]), place
        assert not re.search("[“”‘’]", words["zh-Hant"]), place


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_texts_have_chinese_punctuation_beside_chinese_characters(language):
    beside = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]")
    assert {place for place, words in TEXTS.items() if beside.search(words[language])} == set()


LABELS = """# A comment stays.
title = { en = "Desk", zh-Hans = "服务台" }

[scale.labels.zh-Hans]
1 = "差"
[scale.labels.ko]
1 = "나쁨"

[[dimensions]]
id = "speed"
en = "Speed"
zh-Hans = "速度"
# So does this one.
items = [
  { id = "q01", zh-Hans = "快", reversed = true },
]
"""


def test_traditional_labels_stand_after_the_simplified_and_all_else_stays(maker):
    turned = maker.labelled(LABELS, {"服务台": "服務檯", "差": "差", "速度": "速度", "快": "快捷"}.__getitem__)
    added = [line for line in turned.splitlines() if line not in LABELS.splitlines()]
    assert added == [
        'title = { en = "Desk", zh-Hans = "服务台", zh-Hant = "服務檯" }',
        "[scale.labels.zh-Hant]",
        'zh-Hant = "速度"',
        '  { id = "q01", zh-Hans = "快", zh-Hant = "快捷", reversed = true },',
    ]
    content = tomllib.loads(turned)
    assert content["scale"]["labels"]["zh-Hant"] == {"1": "差"}
    assert list(content["dimensions"][0]) == ["id", "en", "zh-Hans", "zh-Hant", "items"]
    assert maker.labelled(turned, {"服务台": "甲", "差": "乙", "速度": "丙", "快": "丁"}.__getitem__) == maker.labelled(
        LABELS, {"服务台": "甲", "差": "乙", "速度": "丙", "快": "丁"}.__getitem__
    )


def test_a_locale_keeps_its_comments_tables_and_empty_texts(maker):
    content = '# said\n[page]\ntitle = "甲"\nbetween = ""\n'
    assert maker.locale(content, {"甲": "乙"}.__getitem__) == '# said\n[page]\ntitle = "乙"\nbetween = ""\n'


def test_words_and_whole_texts_are_corrected_and_what_nothing_asks_for_is_named(maker):
    pytest.importorskip("opencc", reason="OpenCC is not installed")
    convert = maker.Converter({"置信區間": "信賴區間", "滑塊": "滑桿"}, {"一般": "普通", "旧": "舊"})
    assert convert("{level}% 置信区间") == "{level}% 信賴區間"
    assert (convert("一般"), convert("一般方法")) == ("普通", "一般方法")
    assert convert.idle() == ["旧", "滑塊"]


def test_a_correction_that_loses_a_placeholder_is_refused(maker):
    pytest.importorskip("opencc", reason="OpenCC is not installed")
    convert = maker.Converter({}, {"{n} 人": "人"})
    with pytest.raises(ValueError, match=r'"人" has other placeholders than "\{n\} 人"'):
        convert("{n} 人")


def test_the_traditional_texts_are_as_made_and_made_again_they_stay(maker):
    pytest.importorskip("opencc", reason="OpenCC is not installed")
    files, idle = maker.made()
    stale = [path.name for path, content in files.items() if path.read_text(encoding="utf-8") != content]
    assert stale == [], "run python docs/translation/make_zh_hant.py and read what changes"
    assert idle == [], "these corrections are asked for by no text any more"
