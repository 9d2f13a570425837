"""A report as a Word document: styles, tables with a repeated head, figures as pictures with a text alternative."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ..plots.labels import text_width
from ..text import text
from .numerals import runs
from .parts import WORDY, Column, Figure, Heading, Paragraph, Report, Row, Table

LATIN, CHINESE = "Calibri", {"zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}
BODY, CELLS, NOTE = 11.0, 8.5, 9.0
"""Sizes in points."""
TEXT_WIDTH = 17.0
"""Centimetres between the margins of an A4 page."""
CELL_EDGE = 0.08
"""Centimetres between a cell's words and its edge."""
WORDS = 2.4
"""How many times as wide as a column of names a column of words is."""
FIRST_NAMES = 3.2
"""The least a column of names gets, in centimetres."""
POINTS_PER_CM = 72 / 2.54
NAME_INDENT = 0.3
"""Centimetres between a name inside a row and the number before it."""
SPARE = 1.2
"""How much wider than estimated words may run: heads are bold, and a machine without the fonts takes wider ones."""
LONGEST_ALTERNATIVE = 4000
"""Characters of a text alternative; what is longer, Word cuts."""


def to_docx(report: Report) -> bytes:
    """The report as a Word document.

    Examples
    --------
    >>> document = to_docx(Report(title="Gaps", subtitle="", language="en", stem="x", parts=()))
    >>> document[:2]
    b'PK'
    """
    from docx import Document

    document = Document()
    _prepare(document, report)
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle, style="Subtitle")
    for part, place in report.numbered():
        match part:
            case Heading():
                document.add_heading(part.words, level=1)
            case Paragraph():
                _write(document.add_paragraph(style="List Bullet" if part.listed else None), part.words)
            case Figure():
                _picture(document, part, text("report.figure_number", report.language, number=place))
            case Table():
                _table(document, part, text("report.table_number", report.language, number=place))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, report: Report) -> None:
    """Page, fonts for both scripts, language, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - TEXT_WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "List Bullet", "Caption"):
        style = document.styles[name]
        style.font.name = LATIN
        style.font.color.rgb = RGBColor(0x1B, 0x24, 0x30)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE.get(report.language, CHINESE["zh-Hans"]))
    document.styles["Normal"].font.size = Pt(BODY)
    document.styles["Title"].font.size, document.styles["Heading 1"].font.size = Pt(22), Pt(15)
    document.styles["Subtitle"].font.size, document.styles["Subtitle"].font.italic = Pt(12), False
    for line in document.styles["Title"].element.findall(".//" + qn("w:pBdr")):
        line.getparent().remove(line)
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-TW" if report.language == "zh-Hant" else "zh-CN")
    about = document.core_properties
    about.title, about.author, about.language, about.comments = report.title[:255], "gapkit", report.language, ""


def _write(paragraph: Any, words: str, *, size: float | None = None, bold: bool = False) -> None:
    """Words into a paragraph, statistical symbols in italics."""
    from docx.shared import Pt

    for piece in runs(words):
        written = paragraph.add_run(piece.words)
        written.bold = bold or None
        written.italic = piece.kind == "symbol" or None
        written.font.subscript = piece.kind == "below" or None
        if size:
            written.font.size = Pt(size)


def _caption(document: Any, number: str, title: str, *, before_table: bool) -> None:
    """Number in bold and title in italics, kept together with a table below."""
    from docx.shared import Pt

    line = document.add_paragraph()
    line.add_run(number).bold = True
    line.add_run(f"  {title}").italic = True
    line.paragraph_format.keep_with_next = before_table
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(10 if before_table else 2), Pt(4)


def _picture(document: Any, figure: Figure, number: str) -> None:
    """A figure as wide as it was drawn for, at most as the page, with its text alternative."""
    from docx.shared import Cm, Pt

    data, width = figure.png()
    document.add_picture(BytesIO(data), width=min(Pt(width), Cm(TEXT_WIDTH)))
    shape = document.inline_shapes[-1]._inline.docPr
    shape.set("descr", figure.description[:LONGEST_ALTERNATIVE])
    shape.set("title", figure.title)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _caption(document, number, figure.title, before_table=False)


def _table(document: Any, table: Table, number: str) -> None:
    """A table with three lines; its head is repeated on every page, and no row is broken."""
    from docx.shared import Cm, Pt

    _caption(document, number, table.title, before_table=True)
    drawn = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    drawn.autofit = False
    _narrow_edges(drawn)
    widths = _widths(table)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Cm(width)
    cells = list(drawn._cells)  # python-docx looks a cell up anew each time it is asked for one
    across = len(table.columns)
    for place, column in enumerate(table.columns):
        _cell(cells[place], column.head, column, widths[place], bold=True)
    for down, row in enumerate(table.rows, 1):
        own = cells[down * across : (down + 1) * across]
        _row(own, row, table, widths)
    _rule(drawn)
    for place, line in enumerate(drawn.rows):
        _keep_whole(line, head=place == 0)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(3)
    if table.note:
        _write(note, table.note, size=NOTE)


def _row(cells: list[Any], row: Row, table: Table, widths: list[float]) -> None:
    """One row, or the heading of some."""
    if not row.values:
        merged = cells[0].merge(cells[-1])
        _cell(merged, row.name, table.columns[0], None, bold=True)
        return
    shown = [row.name, *table.cells(row)]
    for cell, words, column, width in zip(cells, shown, table.columns, widths, strict=True):
        _cell(cell, words, column, width)


def _cell(cell: Any, words: str, column: Column, width: float | None, *, bold: bool = False) -> None:
    """Words in a cell: numbers to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    if width is not None:
        cell.width = Cm(width)
    line = cell.paragraphs[0]
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT if column.kind in WORDY else WD_ALIGN_PARAGRAPH.RIGHT
    if column.kind == "name":
        line.paragraph_format.left_indent = Cm(NAME_INDENT)
    # a number with its sign, and an interval, stay on one line
    whole = words if bold or column.kind in WORDY else words.replace(" ", "\u00a0")
    _write(line, whole, size=CELLS, bold=bold)


def _widths(table: Table) -> list[float]:
    """Centimetres of each column: as much as its numbers need on one line, what is left to names and words."""
    shown = [table.cells(row) for row in table.rows if row.values]
    needed = [0.0]
    for place, column in enumerate(table.columns[1:]):
        if column.kind in WORDY:
            needed.append(0.0)
            continue
        heads = max(text_width(word, CELLS) for word in column.head.split() or [""])
        numbers = max((text_width(cells[place], CELLS) for cells in shown), default=0.0)
        needed.append(SPARE * max(heads, numbers) / POINTS_PER_CM + 2 * CELL_EDGE)
    wide = {"words": WORDS, "name": 1}
    share = [1 if place == 0 else wide.get(column.kind, 0) for place, column in enumerate(table.columns)]
    each = max(FIRST_NAMES, TEXT_WIDTH - sum(needed)) / sum(share)
    widths = [part * each or width for part, width in zip(share, needed, strict=True)]
    return [TEXT_WIDTH * width / sum(widths) for width in widths]


def _rule(drawn: Any) -> None:
    """Lines above, below and under the head; none between, as journals print tables."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def borders(name: str, edges: tuple[str, ...]) -> Any:
        around = OxmlElement(name)
        for edge in edges:
            line = OxmlElement(f"w:{edge}")
            for key, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "1B2430")):
                line.set(qn(f"w:{key}"), value)
            around.append(line)
        return around

    # Word refuses a document whose properties do not stand in the order of its schema
    properties = drawn._tbl.tblPr
    after = next(part for part in properties if part.tag in (qn("w:tblLayout"), qn("w:tblLook")))
    after.addprevious(borders("w:tblBorders", ("top", "bottom")))
    for cell in drawn.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(borders("w:tcBorders", ("bottom",)))


def _narrow_edges(drawn: Any) -> None:
    """Less room beside the words of a cell than Word leaves: a table of scores has eleven columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(CELL_EDGE * POINTS_PER_CM * 20)))
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    drawn._tbl.tblPr.append(edges)
    look = drawn._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:  # in the order of Word's schema
        drawn._tbl.tblPr.append(look)


def _keep_whole(line: Any, *, head: bool) -> None:
    """A row is not broken over two pages; the head stands on each."""
    from docx.oxml import OxmlElement

    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
