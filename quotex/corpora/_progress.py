"""Progress on standard error, at a terminal: documents, documents a second, time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from quotex.corpora._work import Report


@contextmanager
def silent(_total: int | None, _before: int) -> Iterator[Report]:
    """No progress is shown."""
    yield lambda _: None


@contextmanager
def bar(total: int | None, before: int) -> Iterator[Report]:
    """Show a bar.

    Args:
        total: All documents.
        before: Those that an earlier run has done; they count for the bar and not for the speed.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("documents", total=total, completed=before, speed="", left="")
        started = time.monotonic()
        done = 0

        def report(more: int) -> None:
            nonlocal done
            done += more
            speed = done / max(time.monotonic() - started, 1e-9)
            left = "" if total is None or not done else f"{duration((total - before - done) / speed)} left"
            progress.update(task, advance=more, speed=f"{speed:.1f} documents/s" if done else "", left=left)

        yield report


def duration(seconds: float) -> str:
    """A time for a person.

    >>> duration(59.6), duration(61), duration(7_500), duration(400_000)
    ('1 min', '1 min', '2 h 5 min', '4 d 15 h')
    """
    if round(seconds) < 60:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
