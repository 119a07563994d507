"""The frames of a file, in their order."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.frames import ContributionsWant, FindingsWant, Workspace
from attnwidget.frames.files.parts import (
    Part,
    contributions_part,
    figures_part,
    findings_part,
    scores_part,
    statistics_part,
    summary_part,
)
from attnwidget.frames.predictions import predictions_wants
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.registry import METHODS, method_of
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.trace import Stream
from attnwidget.views import VIEWS, Contents, Held, State


def plan(workspace: Workspace, contents: Contents) -> list[Part]:
    """Return the parts of a file, in order."""
    parts: list[Part] = []
    for name, held in contents.streams.items():
        stream = workspace.trace[name]
        for scores in held.scores:
            parts += _scores(workspace, stream, held, scores, is_brief=contents.is_brief)
        parts += [summary_part(workspace, name, layer) for layer in held.layers]
        for view in contents.views:
            parts += VIEWS[view].parts(workspace, contents, name)
    if any(method_of(each).is_part_of_logit for each in _all_scores(contents)):
        chart = ContributionsWant(contents.state.scores.target)
        parts.append(contributions_part(workspace, chart.to_json()))
    look = FindingsWant(contents.state.scores.target)
    has_one_run = not contents.state.is_difference
    if has_one_run and (not contents.is_brief or look.is_ready(workspace)):
        parts.append(findings_part(workspace, look.to_json()))
    if contents.is_brief:
        parts.append(_statistics_on_screen(workspace, contents.state))
        return parts
    if any(TARGET in METHODS[each.method].settings for each in _all_scores(contents)):
        wants = predictions_wants(workspace.trace, contents.state.scores.target)
        parts += [figures_part(workspace, want.to_json()) for want in wants]
    has_two_runs = bool(contents.state.cuts or workspace.edits)
    if has_two_runs and workspace.whole.trace.reruns is not None:
        want = {"kind": "knockout", "cuts": contents.state.cuts, "target": contents.state.target}
        parts.append(figures_part(workspace.whole, want))
    return parts


def _all_scores(contents: Contents) -> Iterator[ScoresOf]:
    for held in contents.streams.values():
        yield from held.scores


def _scores(
    workspace: Workspace, stream: Stream, held: Held, scores: ScoresOf, *, is_brief: bool
) -> Iterator[Part]:
    """Yield the scores of every layer and their statistics.

    If the file lacks some heads, it holds all heads fused in every way.
    """
    per_head = METHODS[scores.method].per_head
    variants = [scores]
    if per_head:
        variants = [replace(scores, heads=held.heads)] if held.heads else []
        if len(held.heads) < stream.num_heads:
            fusions = (scores.fusion,) if is_brief else FUSIONS
            variants += [replace(scores, fusion=fusion) for fusion in fusions]
    for layer in held.layers:
        for variant in variants:
            yield scores_part(workspace, stream, replace(variant, layer=layer))
        if not is_brief:
            heads = held.heads if per_head else ()
            yield from _statistics(workspace, replace(scores, layer=layer), heads)


def _statistics(workspace: Workspace, scores: ScoresOf, heads: tuple[int, ...]) -> Iterator[Part]:
    for fusion in FUSIONS if heads else (scores.fusion,):
        yield statistics_part(workspace, replace(scores, heads=None, fusion=fusion))
    for head in heads:
        yield statistics_part(workspace, replace(scores, heads=(head,)))


def _statistics_on_screen(workspace: Workspace, state: State) -> Part:
    scores = state.scores
    heads = scores.heads and scores.heads[:1]
    return statistics_part(workspace, replace(scores, heads=heads))
