"""What all tests share."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

import quotex

# a busy machine is no defect
settings.register_profile("quotex", deadline=None)
settings.load_profile("quotex")

END_OF_RUN: Final = pytest.StashKey[list[str]]()


def pytest_report_header() -> str:
    """Say which copy is tested: the installed one, or a checkout."""
    return f"quotex {version('quotex')} from {Path(quotex.__file__).parent}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run rewrite the floors (test_floors.py)."""
    parser.addoption(
        "--allow-regression",
        action="store_true",
        help="rewrite the score floors of quotex to the figures of this run, lower ones too",
    )


@pytest.fixture(scope="session")
def end_of_run(pytestconfig: pytest.Config) -> list[str]:
    """Lines that the run ends with, whether its tests pass or fail."""
    return pytestconfig.stash.setdefault(END_OF_RUN, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what tests left in `end_of_run`."""
    lines = config.stash.get(END_OF_RUN, [])
    if lines:
        terminalreporter.section("figures")
    for line in lines:
        terminalreporter.line(line)
