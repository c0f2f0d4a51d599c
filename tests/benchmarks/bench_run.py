"""`quotex run` with one worker and more: wall time, processor time, memory. Linux only.

python tests/benchmarks/bench_run.py CORPUS.jsonl [--workers 1 2]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = "import sys; from quotex._cli import main; sys.exit(main())"


def main() -> None:
    """Measure and print one line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--part", type=int, default=20)
    options = parser.parse_args()
    documents = sum(1 for line in options.corpus.open("rb") if not line.isspace())
    for workers in options.workers:
        measured = measure(options.corpus.resolve(), workers, options.part)
        sys.stdout.write(json.dumps({"workers": workers, "documents": documents, **measured}) + "\n")
        sys.stdout.flush()


def measure(corpus: Path, workers: int, part: int) -> dict[str, float]:
    """Seconds from start to end, processor seconds and the largest memory of all processes together in MB (PSS)."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["run", str(corpus), "--out", f"{folder}/out", "--part", str(part), "--workers", str(workers)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        process = subprocess.Popen([sys.executable, "-c", START, *arguments], start_new_session=True)
        largest = 0.0
        while process.poll() is None:
            largest = max(largest, memory(process.pid))
            time.sleep(0.5)
        wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        status = process.returncode
    return {"status": status, "wall_s": round(wall, 1), "cpu_s": round(spent, 1), "memory_mb": round(largest)}


def memory(session: int) -> float:
    """The proportional set size of all processes of a session, in MB."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ProcessLookupError):
            continue  # it has ended
    return total / 1024


if __name__ == "__main__":
    main()
