"""Deletion and insertion for many methods on many texts."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import torch

from attnwidget.analysis.faithfulness.arguments import check_numbers, removal_for, truths_for
from attnwidget.analysis.faithfulness.chosen import Methods, Rows, allowed_rows
from attnwidget.analysis.faithfulness.collected import CEILING, Collected
from attnwidget.analysis.faithfulness.curves import Deleter, curves_of, order_by, sets_of
from attnwidget.analysis.faithfulness.question import Question, Truth, question_of
from attnwidget.analysis.faithfulness.table import FaithfulnessTable
from attnwidget.methods.progress import Progress, reporting
from attnwidget.trace import Target, Trace
from attnwidget.trace.removal import Removal

SHARES = (0.1, 0.2, 0.3, 0.5, 0.7)
"""Shares of the tokens that are deleted, or left."""

RANDOM_ORDERS = 5
"""Random orders of each text."""


def faithfulness(
    traces: Trace | Iterable[Trace],
    methods: Methods = None,
    *,
    truth: Sequence[Truth] | Truth = None,
    removal: Removal | None = None,
    shares: Sequence[float] = SHARES,
    random_orders: int = RANDOM_ORDERS,
    seed: int = 0,
    target: Target = None,
    stream: str | None = None,
    confidence: float = 0.95,
    progress: Progress = None,
) -> FaithfulnessTable:
    """Measure whether methods say what predictions depend on, by deleting tokens.

    Every method orders the tokens of a text by its scores. *Deletion* takes away the first of that
    order, a share of the tokens at a time, and *insertion* leaves only these; the model runs again
    and the fall of the target is recorded. If a method is faithful the target falls a lot in
    deletion (*comprehensiveness*, the mean over the shares) and little in insertion
    (*sufficiency*). Two rows say what can be had: *leave-one-out* orders tokens by the exact effect
    of deleting each alone, and *random order* is the mean of several random orders.

    Parameters
    ----------
    traces
        What `attnwidget.capture` returns, for one text or many, of one model or several.
    methods
        Names of methods (those of the widget, their titles, or names of rows), functions, or a dict
        of either by the name of the row. A function gets the trace, whose target is the measured
        one, and returns a score for each key, (n,): high where the prediction depends on it.
        ``"all"``, as a name, or None is every method that the traces allow, but
        ``"integrated gradients"`` and ``"counterfactual"``, which run the model 50 times for each
        text and 8 times for each token. Methods with scores for each head make two rows, of the
        last layer and of all layers, mean over heads. A method that is named and not allowed is an
        error; one of ``"all"`` is left out, and the table says why.
    truth
        For each trace the index of the key that the prediction was read off, several where one of
        them is enough, or None where it is unknown. Adds how often a true source has the highest
        score, and its mean rank.
    removal
        ``"cut"``: no other token attends to a deleted one, in any layer, and all keep their
        places. It needs no token that stands for nothing, and is right for causal models and for
        encoders alike. ``"remove"``: the token is left out of the input, and later ones move up.
        ``"mask"``: the tokenizer's mask token takes its place. None is ``"cut"`` if that takes
        away all that the target has of a token, which is checked on each text, and otherwise
        ``"remove"``.
    shares
        Shares of the tokens to delete, or to leave, each above 0 and below 1.
    random_orders
        Number of random orders, at least 2.
    seed
        Of the random orders, and of the order of equal scores.
    target
        As `attnwidget.capture` takes it; None is the target of each trace, and where that is the
        default the log-probability of what is predicted. An index of None is the one predicted for
        the whole text. A function gets the output for the shortened text.
    stream
        The stream whose keys are scored; None is the first one, and the cross attention of an
        encoder-decoder, whose source tokens are deleted.
    confidence
        Of the intervals, over the texts.
    progress
        Over the runs of the model: True shows a bar, False none, None a bar if it takes long. A
        function is called with (done, total), first with (0, total), and may raise to interrupt.

    Returns
    -------
    FaithfulnessTable
        A mapping from the names of methods to their figures. Printed, it is a table; `to_dict` and
        `to_json` return it as plain data; `attnwidget.plot.faithfulness` draws it.

    Raises
    ------
    ImportError
        Integrated gradients were asked for and Captum is not installed.
    IndexError
        A true source is no key.
    ValueError
        A trace holds no model that can run again, no token ids that can be deleted, or fewer than
        two tokens; a method was named that a trace does not allow; a function returned no score for
        each key; tokens cannot be deleted in this way; or another argument is not as described.

    Notes
    -----
    Special tokens are never deleted, nor are the tokens whose own output the target reads (unless
    it reads all of them) and, in a causal model, those after them. At most
    ``1 + n + 2 K (M + R + 1)`` runs are needed for a text of n tokens, K shares, M rows of methods
    and R random orders; sets of tokens that several orders delete are run once. On top come one run
    without changes and two that verify a deletion by cutting. They go through the model in batches
    of 1,024 tokens; if the target is a function, one by one.

    Leave-one-out is exact for one token. For several it is only a good order: two tokens that say
    the same have no effect alone.

    References
    ----------
    DeYoung et al., "ERASER: A Benchmark to Evaluate Rationalized NLP Models", ACL 2020, section 4
    (comprehensiveness and sufficiency, there of probabilities). Samek et al., "Evaluating the
    Visualization of What a Deep Neural Network Has Learned", IEEE TNNLS 2017 (deletion curves).
    """
    check_numbers(shares, random_orders, confidence)
    listed = [traces] if isinstance(traces, Trace) else list(traces)
    if not listed:
        raise ValueError("There are no traces. Pass at least one that attnwidget.capture returned.")
    questions = [
        question_of(trace, each, target=target, stream=stream)
        for trace, each in zip(listed, truths_for(truth, traces, len(listed)), strict=True)
    ]
    collected = Collected(
        questions, removal_for(questions, removal), tuple(shares), random_orders, confidence
    )
    rows = allowed_rows(methods, questions)
    orders = 2 * len(shares) * (len(rows) + random_orders + 1)
    totals = [1 + len(each.candidates) + orders for each in questions]
    generator = np.random.default_rng(seed)
    with reporting(progress, sum(totals), "faithfulness") as report:
        done = 0
        for question, total in zip(questions, totals, strict=True):
            _measure(question, rows, collected, generator, partial(_after, done, report))
            done += total
            report(done)
    return collected.table(rows.notes)


def _after(before: int, report: Callable[[int], object], done: int) -> None:
    report(before + done)


def _measure(
    question: Question,
    rows: Rows,
    collected: Collected,
    generator: np.random.Generator,
    report: Callable[[int], object],
) -> None:
    """Run the model on one text without the tokens that each order deletes."""
    keys, shares = question.candidates, collected.shares
    scores = rows.scores(question)
    deleter = Deleter(question, collected.removal)
    orders = {name: order_by(each, keys, generator) for name, each in scores.items()}
    drawn = [generator.permutation(keys).tolist() for _ in range(collected.random_orders)]
    sets = [frozenset[int](), *(frozenset((key,)) for key in keys)]
    sets += [each for order in (*orders.values(), *drawn) for each in sets_of(order, shares)]
    deleter.run(sets, report)
    exact = torch.zeros(len(question.stream.keys), dtype=torch.float64)
    for key in keys:
        exact[key] = deleter.fall(frozenset((key,)))
    best = order_by(exact, keys, generator)
    deleter.run(sets_of(best, shares), lambda done: report(len(sets) + done))
    curves = {name: curves_of(deleter, order, shares) for name, order in orders.items()}
    random = [curves_of(deleter, order, shares) for order in drawn]
    collected.add(
        question,
        {CEILING: exact, **scores},
        {CEILING: curves_of(deleter, best, shares), **curves},
        random,
        deleter.runs,
    )
