"""The page of the documentation that says what capture makes of every architecture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import transformers

from scripts.architectures.attempt import Attempt, Outcome
from scripts.architectures.small_model import PART

MEANINGS: dict[Outcome, str] = {
    "exact": "weights from queries and keys, equal to eager attention to 5e-5; every view",
    "dense": "weights as the model or torch computes them, equal to eager; no neuron view",
    "refused": "an error that says why",
    "wrong": "weights that differ from eager attention",
    "raw error": "an error that does not say what to do",
    "not made": "no small random model could be made of it here, so it was not tried",
    "none": "no attention",
}


def page(found: Sequence[Attempt]) -> str:
    """Return the page, in Markdown."""
    counts = Counter(each.outcome for each in found)
    tried = [each for each in found if each.outcome not in ("not made", "none")]
    right = counts["exact"] + counts["dense"]
    lines = [
        "# Architectures",
        "",
        f"What capture makes of every architecture of transformers {transformers.__version__} that "
        "has attention. Each was made small, with random weights, and compared with its own eager "
        "attention where it returns that. `python -m scripts.architectures` makes this page.",
        "",
        f"**{right} of the {len(tried)} that were tried are exact or dense: "
        f"{right / len(tried):.1%}.**",
        "",
        "| outcome | architectures | meaning |",
        "|---|---:|---|",
        *(
            f"| {outcome} | {counts[outcome]} | {meaning} |"
            for outcome, meaning in MEANINGS.items()
            if counts[outcome]
        ),
        "",
        "| type | class | outcome | streams (layers x heads), or why not |",
        "|---|---|---|---|",
        *(
            f"| {each.model_type} | {each.name} | {each.outcome} | {_cell(each.words)} |"
            for each in found
            if each.outcome != "not made"
        ),
        "",
        "## Not tried",
        "",
        "Parts of other models, which go in with these: " + _named(found, parts=True) + ".",
        "",
        "Architectures of which no small random model could be made, as fields of their config or "
        "their inputs depend on each other, or a library is missing: "
        + _named(found, parts=False)
        + ".",
    ]
    return "\n".join(lines) + "\n"


def _named(found: Sequence[Attempt], *, parts: bool) -> str:
    """Return the names of those that were not made, parts of other models or all others."""
    names = [
        each.model_type
        for each in found
        if each.outcome == "not made" and (each.words == PART) == parts
    ]
    return ", ".join(names) or "none"


def _cell(words: str) -> str:
    """Return words as the cell of a table, whatever they hold."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
