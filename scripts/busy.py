"""Run a command beside processes that keep the machine busy.

``python -m scripts.busy make check-python`` starts two, or as many as ``--processes`` says. They
have the same priority as the command, and end with it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

SPIN = "while True: pass"


def run(command: list[str], processes: int) -> int:
    """Return the exit status of a command, run beside processes that never rest."""
    busy = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(processes)]
    begun = time.monotonic()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        for process in busy:
            process.kill()
            process.wait()
        minutes = (time.monotonic() - begun) / 60
        print(f"{minutes:.1f} minutes beside {processes} busy processes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    return run(options.command, options.processes)


if __name__ == "__main__":
    sys.exit(main())
