"""The sections of docs/faithfulness.md: what each measures on one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import attnwidget as aw
from attnwidget.analysis.faithfulness.chosen import ALL
from attnwidget.analysis.faithfulness.collected import RANDOM
from attnwidget.analysis.faithfulness.question import question_of
from attnwidget.analysis.faithfulness.ranking import chance, rank_of_truth
from attnwidget.analysis.faithfulness.token_scores import TokenMethod, token_methods
from attnwidget.demos import load

from .agreement import agreement
from .examples import EXAMPLES, Example, kinds, kinds_by_logit
from .heads import head_methods, rank_of_head
from .record import Figures
from .texts import written

SHARES = (0.1, 0.2, 0.3, 0.5)
RANDOM_ORDERS = 5

LEFT_OUT = ("integrated gradients",)
"""Rows that take longer than all others together."""

FIND = "find_"
"""What the names of sections begin with that measure nothing but the rank of the true source."""

NOT_FOUND = (*LEFT_OUT, "max-flow")
"""Rows that are left out where nothing but the rank of the true source is measured."""


@dataclass(frozen=True)
class Section:
    """One measurement.

    Attributes
    ----------
    name
        What it is called on the command line, and its file.
    count
        Number of texts of the full run.
    examples
        Makes the texts for a seed.
    figures
        Measures one text.
    rows
        Names of the rows.
    """

    name: str
    count: int
    examples: Callable[[int], Iterator[Example]]
    figures: Callable[[Example], Figures]
    rows: tuple[str, ...]


def sections() -> dict[str, Section]:
    """Return every section by its name, the quick ones first."""
    known = [each for each in token_methods() if each.title not in LEFT_OUT]
    every = tuple(each.title for each in known)
    quick = tuple(each.title for each in known if not each.is_slow)
    slow = tuple(each.title for each in known if each.is_slow)
    of_all, of_quick = partial(_of_tokens, slow), partial(_of_tokens, ())
    model, _ = load("kinds")
    of_heads, heads = partial(_of_heads, model), tuple(head_methods())
    boxed = [Section(name, 100, examples, of_all, every) for name, examples in EXAMPLES.items()]
    ranked = [each for each in known if each.title not in NOT_FOUND]
    titles = (*(each.title for each in ranked), RANDOM)
    found = [
        Section(f"{FIND}{name}", 500, examples, partial(_ranks, ranked), titles)
        for name, examples in EXAMPLES.items()
    ]
    return {
        each.name: each
        for each in (
            *found,
            *boxed,
            Section("heads", 500, kinds, of_heads, heads),
            Section("heads_by_logit", 500, kinds_by_logit, of_heads, heads),
            Section("agreement", 100, partial(_large, agreement), of_quick, quick),
            Section("smollm2", 200, partial(_large, written), of_quick, quick),
        )
    }


def _large(make: Callable[[Any, Any, int], Iterator[Example]], seed: int) -> Iterator[Example]:
    from tests.browser.models import load as load_large

    model, tokenizer = load_large("smollm2")
    return make(model, tokenizer, seed)


def _of_tokens(slow: tuple[str, ...], example: Example) -> Figures:
    """Return the figures of all methods and some slow ones for one text, and those of chance."""
    table = aw.faithfulness(
        example.trace,
        [ALL, *slow],
        truth=example.truth or None,
        shares=SHARES,
        random_orders=RANDOM_ORDERS,
        seed=len(example.trace.tokens),
        progress=False,
    )
    found = {
        name: {figure: values.tolist() for figure, values in result.per_text.items()}
        for name, result in table.items()
    }
    for result in table.values():
        if result.spread is not None and result.first and result.mean_rank:
            by_chance = {"chance": [result.first.value], "rank": [result.mean_rank.value]}
            found[list(found)[-1]].update(by_chance)
    return found


def _ranks(methods: Sequence[TokenMethod], example: Example) -> Figures:
    """Return the rank of the true source by every method that the trace allows."""
    question = question_of(example.trace, example.truth)
    found: Figures = {
        each.title: {"rank": [rank_of_truth(question, each.scores(question))]}
        for each in methods
        if each.refusal(question) is None
    }
    share, mean_rank = chance(question)
    return {**found, RANDOM: {"chance": [share], "rank": [mean_rank]}}


def _of_heads(model: Any, example: Example) -> Figures:
    found = {
        name: {"rank": [rank_of_head(example, scores(example.trace, model))]}
        for name, scores in head_methods().items()
    }
    count = example.trace.num_layers * example.trace.num_heads
    return {**found, "random order": {"chance": [1 / count], "rank": [(count + 1) / 2]}}
