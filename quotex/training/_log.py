"""The log of a training run: one JSON object a line, kept beside the models."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import attrs

LOG_NAME = "log.jsonl"

_log = logging.getLogger(__name__)


def append_record(
    work: Path, step: str, scores: Mapping[str, object], settings: attrs.AttrsInstance | None = None
) -> None:
    """Append one record: the time (UTC), the step, its scores and, if given, its settings."""
    now = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    record: dict[str, object] = {"time": now, "step": step, **scores}
    if settings is not None:
        record["settings"] = attrs.asdict(settings)
    with (work / LOG_NAME).open("a", encoding="utf-8") as out:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def record_scores(work: Path, models: Path, step: str, scores: Mapping[str, object]) -> None:
    """Print scores and add them to the logs of the work directory and of the pack."""
    _log.info("%s", scores)
    append_record(work, step, scores)
    append_record(models, step, scores)
