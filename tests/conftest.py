"""What all tests share."""

from importlib.metadata import version
from pathlib import Path

from hypothesis import settings

import quotex

# a busy machine is no defect
settings.register_profile("quotex", deadline=None)
settings.load_profile("quotex")


def pytest_report_header() -> str:
    """Say which copy is tested: the installed one, or a checkout."""
    return f"quotex {version('quotex')} from {Path(quotex.__file__).parent}"
