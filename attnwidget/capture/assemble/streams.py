"""Make the streams of a trace."""

from collections.abc import Sequence

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.assemble.padding import Crop
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.stream import Stream


def make_stream(
    group: CallGroup,
    layers: Sequence[LocatedLayer],
    tokens: StackTokens,
    gradients: GradientSource,
) -> Stream:
    """Return the stream of a group of attention calls, without padding."""
    queries = tokens.of_stack(group.queries, group.stacks[0], group.lengths[0])
    keys = tokens.of_stack(group.keys, group.stacks[1], group.lengths[1])
    crop = Crop(group.rows, group.columns)
    return Stream(
        name=group.name,
        layers=tuple(crop(layers[call].layer) for call in group.calls),
        queries=queries.part(group.rows),
        keys=keys.part(group.columns),
        gradients=gradients,
    )
