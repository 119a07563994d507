"""Plan the cuts of a run: which attention call is cut where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.attention.cutting import Plan, PlannedCall
from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.layer_cut import shifted


def plan_of(cuts: Iterable[PlacedCut], groups: Sequence[CallGroup]) -> Plan:
    """Return the cuts of each attention call.

    Raises
    ------
    ValueError
        A layer is put together from windows; or the mean over positions is asked for where it
        attends within them one by one.
    """
    by_name = {group.name: group for group in groups}
    planned: dict[int, PlannedCall] = {}
    for cut in cuts:
        group = by_name[cut.stream]
        entries = replace(
            cut.entries,
            queries=shifted(cut.entries.queries, group.rows.start),
            keys=shifted(cut.entries.keys, group.columns.start),
        )
        for layer in cut.layers:
            sources = group.sources[layer]
            if any(source.tiled is not None for source in sources):
                raise ValueError(
                    f"Layer {layer} of {cut.stream!r} attends within windows, whose attention "
                    "cannot be cut. Take the first-order estimates of "
                    "knockout_effects(exact=False), or cut in a layer that attends to everything."
                )
            calls = [call for source in sources for call in source.calls]
            if len(calls) > 1 and entries.mode == "mean":
                raise ValueError(
                    f"Layer {layer} of {cut.stream!r} attends within windows, one by one, so the "
                    'mean over all positions is not known while it runs. Pass mode="zero".'
                )
            for call in calls:
                before = planned[call].cuts if call in planned else ()
                planned[call] = PlannedCall((*before, entries), group.rows, calls[0])
    return planned
