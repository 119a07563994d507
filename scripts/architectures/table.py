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
    "unchecked": "weights that nothing could be compared with",
    "refused": "an error that says why",
    "wrong": "weights that differ from eager attention",
    "raw error": "an error that does not say what to do",
    "not made": "not tried, for the reasons below: they are of this command, not of capture",
    "none": "no attention",
}


def page(found: Sequence[Attempt]) -> str:
    """Return the page, in Markdown."""
    counts = Counter(each.outcome for each in found)
    tried = [each for each in found if each.outcome not in ("not made", "none")]
    untried = [each for each in found if each.outcome == "not made"]
    right = counts["exact"] + counts["dense"]
    rows = [each for each in tried if each.outcome in ("exact", "dense")]
    partly = [each for each in rows if "nothing" in each.compared]
    flat = [each for each in rows if "uniform" in each.compared]
    lines = [
        "# Architectures",
        "",
        f"What capture makes of every architecture of transformers {transformers.__version__} that "
        "has attention. Each was made small, with random weights, and compared with its own eager "
        "attention: with what the model returns or, for layers that it does not return, with its "
        "softmaxes. `python -m scripts.architectures` makes this page.",
        "",
        f"**{right} of the {len(tried)} that were tried are exact or dense: "
        f"{right / len(tried):.1%}.** {len(partly)} of these have layers that nothing could be "
        f"compared with, and {len(flat)} have layers whose weights are nearly uniform, so that "
        "they would also be equal to others.",
        "",
        "| outcome | architectures | meaning |",
        "|---|---:|---|",
        *(
            f"| {outcome} | {counts[outcome]} | {meaning} |"
            for outcome, meaning in MEANINGS.items()
            if counts[outcome]
        ),
        "",
        "| type | class | outcome | streams (layers x heads), or why not | layers compared with |",
        "|---|---|---|---|---|",
        *(
            f"| {each.model_type} | {each.name} | {each.outcome} | {_cell(each.words)} "
            f"| {each.compared} |"
            for each in found
            if each.outcome != "not made"
        ),
        "",
        "## Not tried",
        "",
        "Fields of a config of these, which are parts of other models and have no class that runs "
        "alone: " + ", ".join(each.model_type for each in untried if each.words == PART) + ".",
        "",
        f"Of {len([each for each in untried if each.words != PART])} others no small random model "
        "was made here:",
        "",
        "| type | why |",
        "|---|---|",
        *(f"| {each.model_type} | {_cell(each.words)} |" for each in untried if each.words != PART),
    ]
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    """Return words as the cell of a table, whatever they hold."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
