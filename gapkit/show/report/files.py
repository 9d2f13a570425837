"""A report as a file: its name and its bytes, for a page to offer or a command to write."""

from __future__ import annotations

from .docx import to_docx
from .html import to_html
from .parts import Report
from .sheets import to_xlsx

MAKERS = {"html": to_html, "docx": to_docx, "xlsx": to_xlsx}
"""The kinds of file there are, by their ending."""


def report_file(report: Report, kind: str) -> tuple[str, bytes]:
    """A report as a file.

    Parameters
    ----------
    report : Report
        What `report` returns.
    kind : {"html", "docx", "xlsx"}
        A self-contained page, a Word document, or the tables as a workbook.

    Returns
    -------
    (str, bytes)
        The file's name, made of the survey's title, and its content.

    Raises
    ------
    ValueError
        There is no such kind.

    Examples
    --------
    >>> import gapkit as gk
    >>> name, content = gk.report_file(gk.report(gk.datasets.load("hotel")), "html")
    >>> name, content[:15]
    ('Hotel_guests_report.html', b'<!DOCTYPE html>')
    """
    if kind not in MAKERS:
        raise ValueError(f'a report cannot be made as "{kind}"; it can be made as: {", ".join(MAKERS)}.')
    return f"{report.stem}.{kind}", MAKERS[kind](report)
