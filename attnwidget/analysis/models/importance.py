"""Importance of each head for the loss of a model, over a corpus."""

import operator
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal

import torch
from torch import Tensor, nn

from attnwidget.analysis.models.batches import size_of
from attnwidget.capture import capture
from attnwidget.capture.model.loading import load
from attnwidget.methods.progress import Progress, reporting
from attnwidget.trace import Stream
from attnwidget.trace.softmax import blocks
from attnwidget.trace.target import Target

Importance = Literal["attention", "michel"]
METHODS = ("attention", "michel")


def head_importance(
    model: str | os.PathLike[str] | nn.Module,
    batches: Iterable[Mapping[str, Any]],
    *,
    method: Importance = "attention",
    normalize: bool = False,
    target: Target = None,
    stream: str | None = None,
    accelerator: Any = None,
    progress: Progress = None,
) -> Tensor:
    """Return the importance of each head to a model, on average over many inputs.

    With A the attention of a head and L the loss of one input x: ``E_x sum_ij |A_ij dL/dA_ij|`` for
    ``"attention"``, ``E_x |sum_ij A_ij dL/dA_ij|`` for ``"michel"``. Every input counts the same,
    however long it is and however the inputs are batched; padding never counts.

    Parameters
    ----------
    model
        A name, a path, a loaded model or any torch module, as `capture` takes it.
    batches
        Mappings of ready model inputs, the batch on the first axis: a data loader, or a list. With
        ``labels`` among them L is the model's own loss of each input.
    method
        ``"attention"`` or ``"michel"``.
    normalize
        Divide each layer by its L2 norm, as Michel et al. do before they compare layers.
    target
        What L is where there are no labels; None is the default of `capture`.
    stream
        Which heads of an encoder-decoder: ``"encoder"``, ``"decoder"`` or ``"cross"``; None is the
        first stream.
    accelerator
        An ``accelerate.Accelerator``: each of its processes works on batches of its own, on its own
        device, and all of them get the result. Pass the loader as it is, not prepared.
    progress
        Over the batches: True shows a bar, None one where it takes long, False none; a function
        gets (done, total) and may raise to interrupt.

    Returns
    -------
    Tensor
        (L, H) float32 on the CPU, never negative.

    Raises
    ------
    ValueError
        The method is unknown, there are no batches, one is no batch, or as `capture`.

    References
    ----------
    Michel, Levy and Neubig, "Are Sixteen Heads Really Better than One?", NeurIPS 2019, section 4.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, but {method!r} was given.")
    runner = load(model).module
    if accelerator is not None:
        runner = runner.to(accelerator.device)
        if not accelerator.is_main_process:
            progress = False
    sums, count = torch.zeros(0), 0
    with reporting(progress, operator.length_hint(batches), "head importance") as report:
        for done, batch in enumerate(_own(batches, accelerator), start=1):
            for entry in range(size_of(batch)):
                aim = _loss if "labels" in batch else target
                trace = capture(runner, batch, batch_index=entry, target=aim)
                found = _importance(trace[stream or trace.streams[0]], method)
                sums = sums + found if count else found
                count += 1
            report(done)
    sums, count = _gathered(sums, count, accelerator)
    if not count:
        raise ValueError(
            "There were no batches. Pass at least one mapping of model inputs; a generator that "
            "was used up yields none."
        )
    mean = sums / count
    if normalize:
        mean = mean / mean.norm(dim=1, keepdim=True).clamp_min(torch.finfo(mean.dtype).tiny)
    return mean.float()


def _own(batches: Iterable[Mapping[str, Any]], accelerator: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the batches that this process works on."""
    if accelerator is None:
        return iter(batches)
    return islice(batches, accelerator.process_index, None, accelerator.num_processes)


def _importance(stream: Stream, method: str) -> Tensor:
    """Return the importance of each head for one input, (L, H) float64."""
    found = torch.zeros(stream.num_layers, stream.num_heads, dtype=torch.float64)
    rows = torch.arange(len(stream.queries))
    for layer in range(stream.num_layers):
        for _, block in blocks(rows, stream.num_heads * len(stream.keys)):
            weights = stream.attention(layer, queries=block)
            effect = weights * stream.attention_gradient(layer, queries=block)
            effect = effect.abs() if method == "attention" else effect
            found[layer] += effect.sum((1, 2), dtype=torch.float64)
    return found.abs()


def _gathered(sums: Tensor, count: int, accelerator: Any) -> tuple[Tensor, int]:
    """Return the sums over all processes."""
    if accelerator is None:
        return sums, count
    shapes = accelerator.gather(torch.tensor([[*sums.shape, 0, 0][:2]], device=accelerator.device))
    shape = [int(most) for most in shapes.amax(0)]
    mine = sums.reshape(shape) if count else torch.zeros(shape, dtype=torch.float64)
    packed = torch.cat([mine.flatten(), torch.tensor([count], dtype=torch.float64)])
    total = accelerator.reduce(packed.to(accelerator.device), reduction="sum").cpu()
    return total[:-1].reshape(shape), int(total[-1])


def _loss(output: Any) -> Tensor:
    """Return the loss that a model computed from its labels."""
    loss = getattr(output, "loss", None)
    if not isinstance(loss, Tensor):
        raise ValueError(
            f"The batch has labels, but the model returned a {type(output).__name__} without a "
            "loss. Pass a model with a head that computes one, or a target and no labels."
        )
    return loss
