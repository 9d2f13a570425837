"""Traditional Chinese from simplified, as Taiwan writes it: ``python docs/translation/make_zh_hant.py`` (needs opencc).

OpenCC turns characters and everyday phrases; the tables of ``zh_hant.toml`` then put the words of the Taiwanese
literature where OpenCC's differ, and whole texts where a sentence is said otherwise. What comes out is kept in the
locales, instruments, actions and phrases and read by people: nothing is converted when gapkit runs.
"""

import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "gapkit"
SIMPLIFIED, TRADITIONAL = "zh-Hans", "zh-Hant"
LOCALE, MADE = (PACKAGE / "show" / "locales" / f"{language}.toml" for language in (SIMPLIFIED, TRADITIONAL))
HEADER = "# Made by docs/translation/make_zh_hant.py from zh-Hans.toml; corrections belong in its zh_hant.toml.\n"
PHRASES = PACKAGE / "show" / "phrases"
INSTRUMENTS = PACKAGE / "survey" / "instruments"
LABELLED = [*sorted(INSTRUMENTS.glob("*.toml")), PACKAGE / "decide" / "actions.toml", *sorted(PHRASES.glob("*.toml"))]

# A value of its own line; an entry inside { }; one on a line of its own; a table of the scale's points. Then the same
# entries in the other script, as an earlier run left them.
_VALUE = re.compile(r'^(?P<key>[\w.-]+ = )"(?P<text>.+)"$', re.MULTILINE)
_INSIDE = re.compile(rf'(?P<key>\b{SIMPLIFIED} = )"(?P<text>[^"]*)"(?=[^\n]*\}})')
_ALONE = re.compile(rf'^(?P<key>{SIMPLIFIED} = )"(?P<text>[^"]*)"$', re.MULTILINE)
_TABLE = re.compile(rf"^\[(?P<name>[\w.]*){SIMPLIFIED}\]\n(?P<rows>(?:\d+ = .*\n?)+)", re.MULTILINE)
_EARLIER = [
    re.compile(rf', {TRADITIONAL} = "[^"]*"'),
    re.compile(rf'^{TRADITIONAL} = "[^"]*"\n', re.MULTILINE),
    re.compile(rf"^\[[\w.]*{TRADITIONAL}\]\n(?:\d+ = .*\n?)+", re.MULTILINE),
]


class Converter:
    """Turns one text after another and remembers which corrections were used.

    Parameters
    ----------
    words : dict
        OpenCC's traditional word -> the word of Taiwan; the longest first, so that "標準誤" is not taken for "標準".
    texts : dict
        A whole simplified text -> the traditional one.
    """

    def __init__(self, words: dict[str, str], texts: dict[str, str]) -> None:
        from opencc import OpenCC

        self._turn = OpenCC("s2twp").convert
        self._words, self._texts = words, texts
        longest_first = sorted(words, key=len, reverse=True)
        self._word = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self.used: set[str] = set()

    def __call__(self, text: str) -> str:
        """One text; ValueError where a placeholder was lost."""
        made = self._texts.get(text) or self._word.sub(self._corrected, self._turn(text))
        if text in self._texts:
            self.used.add(text)
        if placeholders(made) != placeholders(text):
            raise ValueError(f'"{made}" has other placeholders than "{text}": correct it in zh_hant.toml.')
        return made

    def _corrected(self, found: re.Match[str]) -> str:
        """The word of Taiwan for one of OpenCC's."""
        self.used.add(found[0])
        return self._words[found[0]]

    def idle(self) -> list[str]:
        """Corrections that no text asked for: what they were written for has changed, so it must be read again."""
        return sorted({*self._words, *self._texts} - self.used)


def placeholders(text: str) -> list[str]:
    """The names in a text's braces, in alphabetical order."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def locale(content: str, convert: Callable[[str], str]) -> str:
    """The simplified locale with every value turned."""
    return _VALUE.sub(lambda row: f'{row["key"]}"{convert(row["text"])}"', content)


def labelled(content: str, convert: Callable[[str], str]) -> str:
    """A file of labels with the traditional ones right after the simplified; its comments and layout stay."""
    for pattern in _EARLIER:
        content = pattern.sub("", content)

    def entry(found: re.Match[str]) -> str:
        return f'{TRADITIONAL} = "{convert(found["text"])}"'

    content = _INSIDE.sub(lambda found: f"{found[0]}, {entry(found)}", content)
    content = _ALONE.sub(lambda found: f"{found[0]}\n{entry(found)}", content)
    return _TABLE.sub(
        lambda found: f"{found[0]}[{found['name']}{TRADITIONAL}]\n{locale(found['rows'], convert)}", content
    )


def made() -> tuple[dict[Path, str], list[str]]:
    """Every file as it must read, and the corrections that nothing asked for."""
    corrections = tomllib.loads((HERE / "zh_hant.toml").read_text(encoding="utf-8"))
    convert = Converter(corrections["words"], corrections["texts"])
    files = {MADE: HEADER + locale(LOCALE.read_text(encoding="utf-8"), convert)}
    files |= {file: labelled(file.read_text(encoding="utf-8"), convert) for file in LABELLED}
    return files, convert.idle()


if __name__ == "__main__":
    contents, idle = made()
    for file, content in contents.items():
        file.write_text(content, encoding="utf-8")
    if idle:
        raise SystemExit(f"no text asks for these corrections of zh_hant.toml: {', '.join(idle)}")
