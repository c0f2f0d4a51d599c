"""Who does the parts: this process, several on this machine, or a Ray cluster. Each yields ledgers as parts finish.

No more parts than two a worker are under way, so that memory does not grow with the corpus.
"""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

from quotex.corpora._output import Ledger, RunError
from quotex.corpora._sources import Part, size
from quotex.corpora._work import Job, Report, Stopped, do_part

Numbered = tuple[int, Part]
Engine = Callable[[Job, Iterable[Numbered], Report], Iterator[tuple[int, Ledger]]]

_THREADS = "OMP_NUM_THREADS"
_AHEAD = 2
"""Parts under way for each worker: one that is done, one that waits."""


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def here(job: Job, parts: Iterable[Numbered], report: Report) -> Iterator[tuple[int, Ledger]]:
    """Do the parts in this process, which PyTorch gives as many threads as it likes."""
    for number, part in parts:
        yield number, do_part(job, number, part, report)


# several processes


def in_processes(workers: int, job: Job, parts: Iterable[Numbered], report: Report) -> Iterator[tuple[int, Ledger]]:
    """Do the parts in processes, each with its share of the processors.

    Raises:
        RunError: A process died; the kernel may have had no memory for it.
    """
    context = multiprocessing.get_context("spawn")  # a copy of a process that has threads may hang
    counter = context.Value("q", 0)
    stop = context.Event()
    waiting: dict[concurrent.futures.Future[Ledger], int] = {}
    reported = 0

    def progress() -> None:
        nonlocal reported
        now = counter.value
        report(now - reported)
        reported = now

    with (
        _threads(max(1, processors() // workers)),
        concurrent.futures.ProcessPoolExecutor(workers, context, _begin, (counter, stop)) as pool,
    ):
        try:
            for number, part in parts:
                waiting[pool.submit(_do, job, number, part)] = number
                while len(waiting) >= _AHEAD * workers:
                    yield from _finished(waiting)
                    progress()
            while waiting:
                yield from _finished(waiting)
                progress()
        except concurrent.futures.process.BrokenProcessPool as error:
            raise RunError("a worker died; was there too little memory? Fewer workers need less") from error
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """Have processes that are started give PyTorch so many threads; it asks OpenMP, which reads the environment."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = str(number)
    try:
        yield
    finally:
        del os.environ[_THREADS]
        if before is not None:
            os.environ[_THREADS] = before


def _finished(waiting: dict[concurrent.futures.Future[Ledger], int]) -> Iterator[tuple[int, Ledger]]:
    """What is finished within half a second."""
    done = concurrent.futures.wait(waiting, 0.5, concurrent.futures.FIRST_COMPLETED).done
    for future in done:
        yield waiting.pop(future), future.result()


_shared: dict[str, Any] = {}
"""The counter and the stop sign, which a process is given when it starts."""


def _begin(counter: Any, stop: Any) -> None:
    """Prepare a worker."""
    _shared.update(counter=counter, stop=stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us tells us when to stop
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> NoReturn:
    """End with the process that started us, also where that was killed: nobody would ever take our work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _do(job: Job, number: int, part: Part) -> Ledger:
    return do_part(job, number, part, _count)


def _count(documents: int) -> None:
    with _shared["counter"].get_lock():
        _shared["counter"].value += documents
    if _shared["stop"].is_set():
        raise Stopped


# Ray


def on_ray(workers: int | None, job: Job, parts: Iterable[Numbered], report: Report) -> Iterator[tuple[int, Ledger]]:
    """Do the parts as tasks of the Ray cluster that `RAY_ADDRESS` names, or of one started here.

    The input and the output must have the same paths on every machine.

    Args:
        workers: How many tasks run at a time; `None` for as many as the cluster has processors.
        job, parts, report: As for the others.

    Raises:
        RunError: Ray is not installed, or a task died.
    """
    try:
        import ray
    except ImportError as error:
        raise RunError("--engine ray needs Ray: pip install quotex[ray]") from error
    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=None if os.environ.get("RAY_ADDRESS") else workers, include_dashboard=False)
    try:
        limit = workers or int(ray.cluster_resources().get("CPU", 1))
        task = ray.remote(num_cpus=1)(_do_quietly)
        waiting: dict[Any, Numbered] = {}
        for number, part in parts:
            waiting[task.remote(job, number, part)] = number, part
            if len(waiting) >= _AHEAD * limit:
                yield from _gathered(ray, waiting, report)
        while waiting:
            yield from _gathered(ray, waiting, report)
    except ray.exceptions.RayError as error:
        raise RunError(f"Ray: {error}") from error
    finally:
        if started:
            ray.shutdown()


def _gathered(ray: Any, waiting: dict[Any, Numbered], report: Report) -> Iterator[tuple[int, Ledger]]:
    (done,), _ = ray.wait(list(waiting), num_returns=1)
    number, part = waiting.pop(done)
    ledger = ray.get(done)
    report(size(part))
    yield number, ledger


def _do_quietly(job: Job, number: int, part: Part) -> Ledger:
    return do_part(job, number, part, lambda _: None)


def engine(name: str, workers: int | None) -> Engine:
    """The engine of a name, `local` or `ray`."""
    if name == "ray":
        return partial(on_ray, workers)
    return here if workers in (None, 1) else partial(in_processes, workers)
