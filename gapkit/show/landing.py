"""The landing page: a card for each board, and the words that the pages around the boards need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .text import languages, text

PICTURES = Path(__file__).parent / "voila" / "templates" / "gapkit" / "pictures"
UNORDERED = 1000


def board_words(folder: Path) -> dict[str, Any]:
    """What the pages need to say: texts per language, and a card for each board in a folder.

    A board of gapkit has its title and sentence in ``locales`` and its picture in the template's ``pictures``; of any
    other notebook the title is its own (metadata "title", else the file's name). Cards stand in the order of the
    notebooks' metadata "order", then by name.
    """
    codes = languages()
    page = {
        code: {
            "name": name,
            **{
                key: text(f"page.{key}", code)
                for key in ("title", "lead", "loading", "ended", "stalled", "restart", "back")
            },
        }
        for code, name in codes.items()
    }
    notebooks = {file: json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.ipynb")}
    boards = [
        {
            "file": file.name,
            "order": content.get("metadata", {}).get("order", UNORDERED),
            "picture": _picture(file.stem),
            "words": {
                code: _card(file.stem, content.get("metadata", {}).get("title", file.stem), code) for code in codes
            },
        }
        for file, content in notebooks.items()
    ]
    return {"words": page, "boards": sorted(boards, key=lambda board: (board["order"], board["file"]))}


def _picture(stem: str) -> str:
    """The small SVG on a board's card, drawn in the page's colours; empty where there is none."""
    file = PICTURES / f"{stem}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _card(stem: str, own_title: str, language: str) -> dict[str, str]:
    """Title and sentence of one board."""
    try:
        return {"title": text(f"board.{stem}", language), "sentence": text(f"board.{stem}_sentence", language)}
    except KeyError:
        return {"title": own_title, "sentence": ""}
