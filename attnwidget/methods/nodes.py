"""The tokens and sublayers that a stream's layers are part of."""

from typing import NamedTuple

from attnwidget.methods.sublayers import Sublayer, sublayers
from attnwidget.trace import Trace


class Nodes(NamedTuple):
    """Tokens by sublayers.

    Attributes
    ----------
    sublayers
        The sublayers from the lowest to the top, the encoder's first. There is a level of nodes
        below each, and one above the last.
    num_nodes
        N: the tokens of one stack, or target tokens followed by source tokens.
    num_outputs
        Number of outputs at the top: all nodes, or the target tokens.
    """

    sublayers: list[Sublayer]
    num_nodes: int
    num_outputs: int

    def steps_to(self, layer: int) -> int:
        """Return the number of sublayers up to and including a layer of the top stack."""
        top = self.sublayers[-1].stream
        for count, sublayer in enumerate(self.sublayers, start=1):
            if sublayer.stream is top and sublayer.layer == layer:
                return count
        raise IndexError(f"{top.name} has no layer {layer}.")


def stack_of(trace: Trace, stream: str) -> str | None:
    """Return the stack that methods go through for a stream; None is a whole encoder-decoder."""
    whole = stream in ("decoder", "cross") and "decoder" in trace and "cross" in trace
    return None if whole else stream


def nodes_of(trace: Trace, stream: str) -> Nodes:
    """Return the nodes that include the stream's tokens.

    Raises
    ------
    ValueError
        The layers of the stream cannot follow one another; the message says why.
    """
    found = sublayers(trace, stream=stack_of(trace, stream))
    return Nodes(found, found[0].num_nodes, len(found[-1].stream.queries))


def columns_of(trace: Trace, stream: str) -> slice:
    """Return the nodes that are the stream's keys."""
    if stack_of(trace, stream) is not None:
        return slice(0, len(trace[stream].keys))
    targets = len(trace["decoder"].queries)
    return slice(0, targets) if stream == "decoder" else slice(targets, None)
