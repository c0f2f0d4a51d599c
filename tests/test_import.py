"""Importing quotex is cheap, and its surface is what it says."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import quotex

IMPORT = """
import json, sys, time
before = time.process_time()
import {module}
spent = time.process_time() - before
print(json.dumps([spent, sorted(sys.modules)]))
"""


def fresh_import(module: str, folder: Path) -> tuple[float, set[str]]:
    """CPU seconds and loaded modules of an import in a new interpreter, away from any checkout."""
    command = [sys.executable, "-c", IMPORT.format(module=module)]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    spent, modules = json.loads(done.stdout)
    return spent, set(modules)


@pytest.mark.parametrize("module", ["quotex", "quotex._cli", "quotex.corpora._cli"])
def test_import_loads_nothing_heavy(module: str, tmp_path: Path) -> None:
    _, modules = fresh_import(module, tmp_path)
    assert module in modules
    assert not modules & {"torch", "stanza", "transformers", "numpy", "safetensors", "rich", "pyarrow", "pandas"}


def test_import_is_fast(tmp_path: Path) -> None:
    # the best of three, and CPU time: other work on the machine is not the import's fault
    assert min(fresh_import("quotex", tmp_path)[0] for _ in range(3)) < 0.2


def test_all_is_sorted_and_complete() -> None:
    public = {name for name, value in vars(quotex).items() if not name.startswith("_") and not inspect.ismodule(value)}
    assert quotex.__all__ == sorted(quotex.__all__)
    assert set(quotex.__all__) == public


@pytest.mark.parametrize("name", quotex.__all__)
def test_public_names_are_documented(name: str) -> None:
    thing = getattr(quotex, name)
    assert thing.__module__.startswith("quotex.")
    assert inspect.cleandoc(thing.__doc__ or "")
    members = vars(thing).items() if isinstance(thing, type) else ()
    undocumented = [
        member
        for member, value in members
        if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property | classmethod))
        if not inspect.getdoc(value)
    ]
    assert not undocumented


def test_package_is_typed() -> None:
    assert (Path(quotex.__file__).parent / "py.typed").is_file()
