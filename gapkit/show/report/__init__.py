"""Reports: one content, three kinds of file."""

from .contents import SECTIONS, report
from .files import MAKERS, report_file
from .parts import Report

__all__ = ["MAKERS", "SECTIONS", "Report", "report", "report_file"]
