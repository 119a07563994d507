"""Make the readout of a trace: its head, and the sublayers whose stream that reads."""

from collections.abc import Sequence

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.capture.outputs.results import CapturedHead
from attnwidget.trace.logit_readout import LogitReadout, SublayerPlace


def readout(
    head: CapturedHead | str,
    layers: Sequence[LocatedLayer],
    groups: Sequence[CallGroup],
    main: CallGroup,
) -> LogitReadout | str:
    """Return how logits depend on the residual stream, without padding, or why it is not known.

    Parameters
    ----------
    head
        The head of the model, or why it is not known.
    layers
        The attention calls of a run.
    groups
        The calls by stream.
    main
        The stream whose queries are the positions that the model predicts at.
    """
    if isinstance(head, str):
        return head
    places = {
        call: SublayerPlace(group.name, layer)
        for group in groups
        for layer, parts in enumerate(group.layers)
        for call in parts
    }
    chain: list[SublayerPlace] = []
    call: int | None = head.last
    while call is not None:
        chain.insert(0, places[call])
        call = layers[call].below
    position = head.position
    if position is not None:
        position -= main.rows.start
        if not 0 <= position < main.rows.stop - main.rows.start:
            return "the position that is classified is one of padding"
    missing = _missing(chain, groups, main)
    if missing is not None:
        return missing
    return LogitReadout(
        chain=tuple(chain),
        residual=head.residual[main.rows],
        norms=tuple(norm.of_rows(main.rows) for norm in head.norms),
        weight=head.weight,
        bias=head.bias,
        scale=head.scale,
        capped=head.capped,
        position=position,
    )


def _missing(
    chain: Sequence[SublayerPlace], groups: Sequence[CallGroup], main: CallGroup
) -> str | None:
    """Return why the chain is not the whole stack that the model predicts with."""
    for group in groups:
        if group.queries == main.queries and group.lengths[0] == main.lengths[0]:
            found = [place.layer for place in chain if place.stream == group.name]
            if found != list(range(len(group.layers))):
                return (
                    f"the residual stream of {group.name!r} could not be followed through all of "
                    "its layers"
                )
    return None
