"""Writes docs/architectures.md: what capture makes of every architecture of transformers.

python -m scripts.architectures                       # all of them, some minutes
python -m scripts.architectures bert llama --print    # some, on the screen
python -m scripts.architectures --resume              # the rest of a run that was stopped
python -m scripts.architectures --check               # fails if less is right than should be
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import transformers

from scripts.architectures.attempt import attempt_in_time, model_types
from scripts.architectures.kept_attempts import keep_attempt, kept_attempts
from scripts.architectures.table import page

SHARE = 0.95
"""Least share of the architectures with attention that capture is right for."""

PAGE = Path(__file__).parents[2] / "docs" / "architectures.md"

FOUND = Path(__file__).parents[2] / "build" / "architectures.jsonl"
"""What a run found so far, a line each."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("types", nargs="*", help="model types; all if none is named")
    parser.add_argument("--print", action="store_true", help="print, and write no page")
    parser.add_argument(
        "--check", action="store_true", help="print, and fail if too little is right"
    )
    parser.add_argument(
        "--resume", action="store_true", help=f"keep what is in {FOUND.name}, and try the rest"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    names = options.types or model_types()
    found = kept_attempts(FOUND, names) if options.resume else []
    if not (options.resume or options.types):
        FOUND.unlink(missing_ok=True)
    done = {each.model_type for each in found}
    left = [name for name in names if name not in done]
    # New processes now and then, as some libraries keep what they make.
    with Pool(options.processes, maxtasksperchild=25) as pool:
        for each in pool.imap_unordered(attempt_in_time, left):
            found.append(each)
            keep_attempt(FOUND, each)
            print(f"{len(found)} of {len(names)}: {each}", file=sys.stderr)
    found.sort(key=lambda each: each.model_type)
    if options.print or options.check:
        for each in found:
            print(each.outcome, each.model_type, each.name, each.words, sep="\t")
    else:
        PAGE.write_text(page(found))
    counts = Counter(each.outcome for each in found)
    print(dict(counts))
    tried = sum(counts.values()) - counts["not made"] - counts["none"]
    right = counts["exact"] + counts["dense"]
    if options.check and (right < SHARE * tried or counts["raw error"] or counts["wrong"]):
        sys.exit(f"{right} of {tried} are right; {SHARE:.0%} should be, and none wrong.")


if __name__ == "__main__":
    main()
