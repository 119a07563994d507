"""Make the readout of a trace: its head, and the sublayers whose stream that reads."""

from collections.abc import Sequence

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.attention.capture_attention import CapturedAttention
from attnwidget.trace.logit_readout import LogitReadout, SublayerPlace


def readout(
    captured: CapturedAttention, groups: Sequence[CallGroup], main: CallGroup
) -> LogitReadout | str:
    """Return how logits depend on the residual stream, without padding, or why it is not known.

    Parameters
    ----------
    captured
        The attention of a run.
    groups
        Its calls, by stream.
    main
        The stream whose queries are the positions that the model predicts at.
    """
    head = captured.head
    if isinstance(head, str):
        return head
    places = {
        call: SublayerPlace(group.name, layer)
        for group in groups
        for layer, parts in enumerate(group.calls)
        for call in parts
    }
    chain: list[SublayerPlace] = []
    call: int | None = head.last
    while call is not None:
        chain.insert(0, places[call])
        call = captured.layers[call].below
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
    )


def _missing(
    chain: Sequence[SublayerPlace], groups: Sequence[CallGroup], main: CallGroup
) -> str | None:
    """Return why the chain is not the whole stack that the model predicts with."""
    for group in groups:
        if group.queries == main.queries and group.lengths[0] == main.lengths[0]:
            found = [place.layer for place in chain if place.stream == group.name]
            if found != list(range(len(group.calls))):
                return (
                    f"the residual stream of {group.name!r} could not be followed through all of "
                    "its layers"
                )
    return None
