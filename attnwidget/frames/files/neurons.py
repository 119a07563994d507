"""Frames of the attention scores of all queries of one head."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnwidget.frames import Frame, Workspace
from attnwidget.methods.progress import Progress

LARGEST = float(np.finfo(np.float16).max)

PER_QUERY = ("query", "scaled", "capped", "bias", "weights")


def neurons_frame(
    workspace: Workspace, stream: str, layer: int, head: int, _progress: Progress = None
) -> Frame:
    """Make the frame: `AttentionScores` of every query, stacked, in float16.

    Its arrays are ``keys`` (n_k, d), ``query`` (n_q, d), ``scaled``, ``weights`` and, if the layer
    has them, ``capped`` and ``bias`` (n_q, n_k), and ``allowed`` (n_q, n_k) uint8. The header has
    ``scale`` and ``softcap``, and ``sink``: the logit, or null.
    """
    kept = workspace.trace[stream]
    every = [kept.scores(layer, head, query) for query in range(len(kept.queries))]
    first = every[0]
    arrays = {"keys": _half(first.keys)}
    for name in PER_QUERY:
        if getattr(first, name) is not None:
            arrays[name] = _half(torch.stack([getattr(scores, name) for scores in every]))
    arrays["allowed"] = torch.stack([scores.allowed for scores in every]).to(torch.uint8)
    want: dict[str, Any] = {"kind": "neurons", "stream": stream, "layer": layer, "head": head}
    fields = {"scale": first.scale, "softcap": first.softcap, "sink": first.sink}
    return Frame("neurons", want, arrays, fields)


def _half(values: Tensor) -> Tensor:
    return values.clamp(-LARGEST, LARGEST).half()
