"""A table of faithfulness as aligned text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attnwidget.analysis.faithfulness.table import FaithfulnessTable, MethodResult

HOW = {
    "cut": "cut off from the attention of all others",
    "remove": "left out of the input",
    "mask": "replaced by the mask token",
}


def text_table(table: "FaithfulnessTable") -> str:
    """Return a table of faithfulness as text."""
    texts = "1 text" if table.num_texts == 1 else f"{table.num_texts} texts"
    fewest, most = min(table.num_tokens), max(table.num_tokens)
    sizes = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    shares = ", ".join(f"{100 * share:g}" for share in table.shares)
    lines = [
        f"{texts} of {sizes} tokens; tokens are {HOW[table.removal]}",
        f"fall of the target in {table.unit}, mean over shares of {shares} % "
        f"[{100 * table.confidence:g} % confidence]",
        "",
        *aligned([header(table), *([name, *cells(each)] for name, each in table.items())]),
    ]
    spread = [each.spread for each in table.results.values() if each.spread is not None]
    if spread:
        count = len(table.random_deletion)
        lines += [
            "",
            f"Between the {count} random orders the standard deviation is {spread[0]:.2f}.",
        ]
    return "\n".join([*lines, *table.notes])


def header(table: "FaithfulnessTable") -> list[str]:
    """Return the headings of a table."""
    ranked = any(each.first is not None for each in table.results.values())
    return [
        "",
        "comprehensiveness",
        "sufficiency",
        "over random",
        *(["true source first, %", "mean rank"] if ranked else []),
    ]


def cells(result: "MethodResult") -> list[str]:
    """Return the figures of a method as text."""
    shown = [result.comprehensiveness, result.sufficiency, result.over_random]
    found = [each.in_words() for each in shown]
    if result.first is not None:
        found.append(result.first.in_words(1, percent=True))
    if result.mean_rank is not None:
        found.append(result.mean_rank.in_words())
    return found


def aligned(rows: list[list[str]]) -> list[str]:
    """Return lines with columns of one width, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
