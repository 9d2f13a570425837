"""Cells that need a real survey are skipped, with a reason, where it is absent (CI has it)."""

import os
from pathlib import Path

import pytest

REAL = {"needs-kservqual": "kservqual/kiosk.csv", "needs-servaqua": "servaqua/customer_survey.csv"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the cells of absent surveys."""
    folder = os.environ.get("GAPKIT_DATA")
    for item in items:
        tags = getattr(item, "cell", {}).get("metadata", {}).get("tags", [])
        for tag in set(tags) & REAL.keys():
            if not folder or not (Path(folder) / REAL[tag]).is_file():
                item.add_marker(pytest.mark.skip(reason=f"{REAL[tag]} is not in GAPKIT_DATA"))
