"""The attention function that records, registered with transformers."""

from typing import Any

from torch import Tensor, nn

from attnwidget.capture.attention.blockwise import blockwise_attention
from attnwidget.capture.attention.observer import active_observer
from attnwidget.capture.attention.projections import Projections
from attnwidget.capture.model.library import library

IMPLEMENTATION = "attnwidget_capture"
"""Name of the recording attention function in transformers' registry, with SDPA's masks."""

AS_EAGER = "attnwidget_capture_eager"
"""Name of the same function with the masks of eager attention, which are all that it goes by.

It is for models that run eagerly: as they were loaded so, or as SDPA cannot run them. Their masks
may hold numbers to be added, which SDPA's are not made for.
"""


def recording_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    is_causal: bool | None = None,
    softcap: float | None = None,
    s_aux: Tensor | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """Compute attention as SDPA does, and pass it to the active observer.

    The signature is that of every attention function of transformers; `s_aux` are the logits of
    learned sinks.

    Returns
    -------
    tuple of Tensor and None
        Attention output (B, n_q, H, d_v); no weights.
    """
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    wants_causal = getattr(module, "is_causal", True) if is_causal is None else is_causal
    causal = bool(wants_causal) and attention_mask is None and query.shape[2] > 1
    observer = active_observer()
    if observer is not None:
        projections = Projections(
            query,
            key,
            value,
            scale=scaling,
            mask=attention_mask,
            causal=causal,
            bias=options.get("position_bias"),
            softcap=softcap,
            sinks=s_aux,
        )
        observer.add_projections(module, projections)
    if softcap is None and s_aux is None:
        output, _ = sdpa_attention_forward(
            module,
            query,
            key,
            value,
            attention_mask,
            dropout=dropout,
            scaling=scaling,
            is_causal=is_causal,
            **options,
        )
    else:
        output = blockwise_attention(
            query,
            key,
            value,
            scale=query.shape[-1] ** -0.5 if scaling is None else scaling,
            mask=attention_mask,
            causal=causal,
            softcap=softcap,
            sinks=s_aux,
            dropout=dropout,
        )
        output = output.transpose(1, 2).contiguous()
    return output if observer is None else observer.add_context(output, _heads_first), None


def recording_eager_attention(*arguments: Any, **options: Any) -> tuple[Tensor, None]:
    """Compute attention as eager attention does, to which nothing is forbidden but by the mask."""
    return recording_attention(*arguments, **{**options, "is_causal": False})


def _heads_first(context: Tensor) -> Tensor:
    return context.transpose(1, 2)


def register() -> None:
    """Register the recording attention with transformers; a second call changes nothing."""
    from transformers.masking_utils import eager_mask, sdpa_mask

    models = library()
    models.AttentionInterface.register(IMPLEMENTATION, recording_attention)
    models.AttentionMaskInterface.register(IMPLEMENTATION, sdpa_mask)
    models.AttentionInterface.register(AS_EAGER, recording_eager_attention)
    models.AttentionMaskInterface.register(AS_EAGER, eager_mask)
