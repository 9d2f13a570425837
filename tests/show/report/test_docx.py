"""The report as a Word document: opens, holds the library's numbers, and its pictures have words."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

import gapkit as gk


@pytest.fixture(scope="module")
def document(made):
    return Document(BytesIO(gk.report_file(made, "docx")[1]))


def rows_of(document, made, key):
    """A table's rows as texts, by name."""
    place = list(made.tables).index(key)
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in document.tables[place].rows}


def test_the_numbers_are_those_of_gap_scores(document, made, hotel, language):
    scores = gk.gap_scores(hotel)
    for key, known in (("dimensions", scores.dimensions), ("items", scores.items)):
        rows = rows_of(document, made, key)
        for id, values in known.iterrows():
            shown = [float(cell.replace("−", "-")) for cell in rows[hotel.instrument.label(id, language)][:5]]
            assert shown == pytest.approx(values[["n", "E", "P", "gap", "sd"]].tolist(), abs=0.00501)


def test_the_sections_are_headings_in_order(document, made):
    from gapkit.show.report.parts import Heading

    shown = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert shown == [part.words for part in made.parts if isinstance(part, Heading)]
    assert document.paragraphs[0].text == made.title


def test_every_picture_has_a_text_alternative_computed_from_the_numbers(document, made, hotel):
    shapes = [shape._inline.docPr for shape in document.inline_shapes]
    assert len(shapes) == len(made.figures) == 6
    for shape, figure in zip(shapes, made.figures.values(), strict=True):
        assert shape.get("descr") == figure.description[:4000]
        assert shape.get("title") == figure.title
    lowest = gk.gap_scores(hotel).dimensions["gap"].min()
    assert f"−{abs(lowest):.2f}" in shapes[0].get("descr")


def test_the_pictures_are_pictures_and_fit_the_page(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for shape in document.inline_shapes:
        part = document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert part.blob.startswith(b"\x89PNG")
        assert shape.width <= room


def test_a_tables_head_is_repeated_and_no_row_is_broken(document):
    for table in document.tables:
        marks = table.rows[0]._tr.trPr
        assert marks.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_tables_fit_between_the_margins(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room * 1.001


def test_a_number_has_the_room_to_stand_on_one_line(document):
    for table in document.tables:
        for row in table.rows[1:]:
            cells = list(row.cells)
            for cell, column in zip(cells[1:], list(table.columns)[1:], strict=True):
                if cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT:
                    assert " " not in cell.text
                    # Arial, wider than Calibri: digits .556 em, points, brackets and spaces .278, signs .584
                    ems = sum(0.278 if letter in "[].,\u00a0" else 0.584 for letter in cell.text)
                    assert 8.5 * ems <= column.width.pt, cell.text


def test_symbols_stand_in_italics(document):
    marked = {run.text for line in document.paragraphs for run in line.runs if run.italic}
    assert {"M", "SD", "t", "p", "d"} <= marked


def test_chinese_letters_have_a_chinese_font(document):
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"


def test_traditional_letters_have_a_font_of_taiwan(made):
    styles = Document(BytesIO(gk.report_file(replace(made, language="zh-Hant"), "docx")[1])).styles
    assert styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Microsoft JhengHei"
    assert {spoken.get(qn("w:eastAsia")) for spoken in styles.element.iter(qn("w:lang"))} == {"zh-TW"}


def test_the_document_says_what_it_is(document, made, language):
    about = document.core_properties
    assert (about.title, about.author, about.language) == (made.title, "gapkit", language)


def test_properties_stand_in_the_order_of_words_schema(document):
    # ECMA-376, CT_TblPr and CT_TcPr: Word takes a document with another order for damaged
    orders = {
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
        "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    }
    for name, order in orders.items():
        places = [qn(f"w:{part}") for part in order.split()]
        for properties in document.element.body.iter(qn(f"w:{name}")):
            found = [places.index(part.tag) for part in properties]
            assert found == sorted(found)
    assert len(list(document.element.body.iter(qn("w:tblBorders")))) == len(document.tables)
