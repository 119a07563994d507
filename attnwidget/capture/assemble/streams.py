"""Make the streams of a trace."""

from collections.abc import Sequence

from torch import nn

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.assemble.layer_numbers import layer_numbers
from attnwidget.capture.assemble.padding import Crop
from attnwidget.capture.assemble.position_names import named_tokens
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.assemble.windows import joined
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.trace.stream import Stream
from attnwidget.trace.sublayer_output import SublayerOutput


def make_stream(
    group: CallGroup, layers: Sequence[LocatedLayer], tokens: StackTokens, model: nn.Module
) -> Stream:
    """Return the stream of a group of attention calls, without padding and gradients."""
    lengths = (group.lengths[0], group.lengths[1] - len(group.more_keys))
    queries, keys = (
        tokens.of_stack(
            name,
            stack,
            length,
            stream=group.name,
            run=group.run,
            part=group.part,
            sources=sources,
            grid=grid,
        )
        for name, stack, length, sources, grid in zip(
            (group.queries, group.keys),
            group.stacks,
            lengths,
            group.made_of,
            group.grids,
            strict=True,
        )
    )
    if group.more_keys:
        keys = keys.followed_by(named_tokens(group.more_keys, special=len(group.more_keys)))
    crop = Crop(group.rows, group.columns, normalises=not group.silence)
    return Stream(
        name=group.name,
        layers=tuple(
            crop(joined([layers[call].layer for call in parts])) for parts in group.layers
        ),
        queries=queries.part(group.rows),
        keys=keys.part(group.columns),
        numbers=layer_numbers(group, layers, model),
        outputs=_outputs(group, layers),
    )


def _outputs(group: CallGroup, layers: Sequence[LocatedLayer]) -> tuple[SublayerOutput, ...] | str:
    """Return the output of every layer of a group, or why one is not known."""
    outputs = []
    for parts in group.layers:
        located = layers[parts[0]]
        name = located.path or "a layer"
        if len(parts) > 1:
            return f"in {name}, it attends within windows"
        if isinstance(located.output, str):
            return f"in {name}, {located.output}"
        outputs.append(located.output.of_rows(group.rows))
    return tuple(outputs)
