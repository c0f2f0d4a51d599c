"""How the time of `find_marks` grows: `python tests/benchmarks/bench_marks.py [CHARACTERS]`.

For each kind of text the time for twice as much text is divided by the time for the text: near 2 is linear, near 4 is
quadratic. The texts are what would hurt most: nothing but marks, marks that never close, a mark on each line.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from quotex._marks import find_marks

PROSE = "“It leaks,” she said. The officers’ cars came. ‘I don’t know,’ he said, ‘what “leaks” means.’\n\n"
UNITS = {
    "prose": PROSE,
    "prose in one paragraph": PROSE.replace("\n\n", " "),
    "straight marks only": '"',
    "curly opening marks only": "“",
    "two kinds": "‘”",
    "brackets and marks": "(“",
    "a mark before each letter": "“a ",
    "opening marks, never closed": "“abcdefgh ",
    "straight marks, spaced": '"abcdefg ',
    "corner marks, never closed": "「abcdefgh",
    "a mark on each line": '"\n\n',
    "an opening mark on each paragraph": "“abc.\n\n",
    "a bullet on each line": "»x\n",
    "apostrophes": "officers’ ",
    "blanks": " ",
    "line breaks": "\n",
    "turns": "LEE: Do you go?\n\nORTIZ: I go.\n\n",
    "signed blocks": "> I go.\n> — Lee\n\n",
    "indented blocks": "Lee wrote:\n\n    I go.\n\n",
    "dialogue with dashes": "— I go — said Lee — and you?\n\n",
    "dashes in one paragraph": "— I go — said Lee — and you? ",
}


def seconds(text: str) -> float:
    """Processor time of the shorter of two runs."""
    runs = []
    for _ in range(2):
        start = time.process_time()
        find_marks(text)
        runs.append(time.process_time() - start)
    return min(runs)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("characters", nargs="?", type=int, default=100_000, help="length of the shorter text")
    size = parser.parse_args(argv).characters
    write = sys.stdout.write
    write(f"{'text':36}{'seconds':>9}{'twice':>9}{'ratio':>7}{'MB/s':>8}\n")
    for name, unit in UNITS.items():
        once = (unit * (size // len(unit) + 1))[:size]
        short, long = seconds(once), seconds(once + once)
        write(f"{name:36}{short:9.3f}{long:9.3f}{long / short:7.2f}{2 * size / 1e6 / long:8.2f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
