"""What ``import indicatree`` costs, beside ``import attrs, pluggy``.

Run it with ``python benchmarks/imports.py``. Whole interpreters are timed in turn, after one run of
each that leaves the compiled files behind. The third row is what a program pays that goes on to
score: everything up to the first use of ``indicatree.score``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

_PROGRAMS = {
    "import attrs, pluggy": "import attrs, pluggy",
    "import indicatree": "import indicatree",
    "... and indicatree.score": "import indicatree; indicatree.score",
}


def _seconds(program: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)  # noqa: S603 - the programs above
    return time.perf_counter() - start


def main() -> None:
    """Print the median time of each program, and its ratio to the first."""
    rounds = 15
    for program in _PROGRAMS.values():
        _seconds(program)
    times = [[_seconds(program) for program in _PROGRAMS.values()] for _ in range(rounds)]
    for position, name in enumerate(_PROGRAMS):
        seconds = statistics.median(row[position] for row in times)
        ratio = statistics.median(row[position] / row[0] for row in times)
        print(f"{name:26s} {seconds * 1e3:7.1f} ms   ratio {ratio:5.2f}")
    print("to reach: import indicatree at most 1.5")


if __name__ == "__main__":
    main()
