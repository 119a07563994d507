"""The heads that are worth a look first."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from attnwidget.analysis.findings.candidate import Candidate
from attnwidget.analysis.findings.effects import (
    MOST_QUERIES as MOST_GRADIENTS,
)
from attnwidget.analysis.findings.effects import (
    contribution_candidates,
    effect_candidates,
)
from attnwidget.analysis.findings.finding import KINDS, Finding, Findings
from attnwidget.analysis.findings.patterns import MOST_QUERIES, pattern_candidates
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.source import Source, as_trace, with_target
from attnwidget.trace import Target, Trace


def findings(
    source: Source, *, target: Target = None, top: int = 3, progress: Progress = None
) -> Findings:
    r"""Return a short list of heads that are worth a look, each with the reason.

    A pattern has a rule that says which keys it is about. A head's mean share :math:`s` on these
    keys, over the queries that have such keys, is compared with the share :math:`u` that rows would
    have that are even over the keys that the mask allows: the gain :math:`(s - u) / (1 - u)` means
    the same for every number of tokens. A head follows the pattern whose gain is largest, if that
    is at least 0.4 and three queries or more have such keys. A token itself counts for no pattern,
    the first token only for its own.

    ``"induction"``
        What followed an earlier occurrence of the query's token (Olsson et al. 2022).
    ``"same token"``
        Other occurrences of the query's token. Neither counts the token before, nor delimiters.
    ``"previous token"``, ``"next token"``
        The neighbour.
    ``"delimiter"``
        Special tokens, and tokens without letters and digits, unless those are most of the text.
    ``"first token"``
        The first key, on which many heads rest (Xiao et al. 2024): only where no other pattern is
        clear. These come last.
    ``"alignment"``
        Cross attention in which each query has keys of its own: the mutual information of query and
        key over its maximum, the logarithm of the smaller of their numbers, is at least 0.4.

    With a model, two kinds are of a target, and list the largest magnitudes:

    ``"effect"``
        :math:`\sum_{ij} A_{ij}\, \partial T / \partial A_{ij}`, to first order what the target
        would lose without the head (Michel et al. 2019).
    ``"contribution"``
        What the head adds to a logit directly; see `logit_contributions`.

    A head whose strongest connection leads to the first token, and which follows that pattern, is
    left out of these two.

    Parameters
    ----------
    source
        A Trace, one of its streams, or one array per layer, which have patterns only.
    target
        What effects and contributions are of, as `attnwidget.capture` takes it; None for the
        target of the trace.
    top
        Most heads of each kind.
    progress
        Progress over layers, as in `summary`.

    Returns
    -------
    Findings
        A tuple of `Finding` that prints as a table, with ``to_json()``. Its ``notes`` say what was
        looked at in part: patterns are judged by 512 queries at most, effects are summed over
        the 512 queries with the largest gradients. No more than some megabytes of weights exist at
        a time.

    Raises
    ------
    IndexError
        The target has no such position, token or class.
    ValueError
        `top` is less than 1, or the target does not fit the model, or there is no model for it.

    References
    ----------
    Clark et al., "What Does BERT Look At?", BlackboxNLP 2019; Michel, Levy and Neubig, "Are Sixteen
    Heads Really Better than One?", NeurIPS 2019; Olsson et al., "In-context Learning and Induction
    Heads", 2022; Xiao et al., "Efficient Streaming Language Models with Attention Sinks", ICLR
    2024.
    """
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise ValueError(f"top must be 1 or a larger number, but {top!r} was given.")
    trace = as_trace(source) if target is None else with_target(source, target)
    layers = sum(stream.num_layers for stream in trace.stacks)
    notes = list(_notes(trace))
    found: list[Candidate] = []
    done = 0
    with reporting(progress, layers * (2 if trace.has_gradients else 1), "findings") as tell:

        def step() -> None:
            nonlocal done
            done += 1
            tell(done)

        for stream in trace.stacks:
            found += pattern_candidates(stream, step)
        if trace.gradients is not None:
            for kind, of_target in (("Effects", _effects), ("Contributions", _contributions)):
                try:
                    found += list(of_target(trace, step))
                except (IndexError, RuntimeError, ValueError) as error:
                    if target is not None and of_target is _effects and trace.has_gradients:
                        raise
                    notes.append(f"{kind} are left out: {error}")
    words = None if trace.gradients is None else trace.gradients.in_words()
    return Findings(_largest(found, top), notes, words)


def _effects(trace: Trace, step: Callable[[], None]) -> Iterator[Candidate]:
    for stream in trace.stacks:
        yield from effect_candidates(trace, stream, step)


def _contributions(trace: Trace, _step: Callable[[], None]) -> Iterator[Candidate]:
    if not isinstance(trace.readout, str):
        yield from contribution_candidates(trace)


def _largest(found: Iterable[Candidate], top: int) -> Iterator[Finding]:
    every = sorted(found, key=lambda each: -abs(each.score))
    resting = {each.place for each in every if each.kind == "first token"}

    def is_worth_a_look(each: Finding) -> bool:
        of_target = each.kind in ("effect", "contribution")
        return not of_target or each.key > 0 or (each.stream, each.layer, each.head) not in resting

    for kind in KINDS:
        ranked = (each.finding() for each in every if each.kind == kind)
        yield from islice(filter(is_worth_a_look, ranked), top)


def _notes(trace: Trace) -> Iterator[str]:
    longest = max(len(stream.queries) for stream in trace.stacks)
    if longest > MOST_QUERIES:
        yield (f"Patterns are judged by {MOST_QUERIES} of {longest:,} queries, drawn by chance.")
    if longest > MOST_GRADIENTS and trace.has_gradients:
        yield (f"Effects are summed over the {MOST_GRADIENTS} queries with the largest gradients.")
