"""Crop padding from the queries and keys of captured layers."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

import torch
from torch import Tensor

from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.tensor_cache import TensorCache
from attnwidget.trace.bias import Bias, RelativeBias
from attnwidget.trace.compress import CompressedMask, compress_mask
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.masking import allowed_by
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.tiled import TiledLayer


def span_of_mask(mask: Tensor) -> slice:
    """Return the positions from the first token to the last, given a mask (n,) of tokens.

    Masked positions between two tokens are no padding and stay.

    Raises
    ------
    ValueError
        The mask masks every token.
    """
    tokens = mask.nonzero().flatten()
    if not len(tokens):
        raise ValueError("attention_mask masks every token. Pass at least one that is not padding.")
    return slice(int(tokens[0]), int(tokens[-1]) + 1)


def span_of_keys(layers: Iterable[Layer | TiledLayer], length: int) -> slice:
    """Return the positions from the first to the last key that any query may attend to."""
    attended = torch.zeros(length, dtype=torch.bool)
    for layer in layers:
        attended |= _attended(layer)
    return span_of_mask(attended) if attended.any() else slice(0, length)


@dataclass
class Crop:
    """Crops layers to a range of queries and a range of keys.

    Parameters
    ----------
    queries, keys
        Positions that stay, with a step of 1.
    normalises
        False if keys after those that stay are attended to: weights stay what they are, and their
        rows sum to less than 1.
    """

    queries: slice
    keys: slice
    normalises: bool = True
    _masks: TensorCache[CompressedMask] = field(default_factory=TensorCache, init=False)

    def __call__(self, layer: Layer | TiledLayer) -> Layer | TiledLayer:
        """Return the cropped layer, the layer itself if every position stays."""
        queries, keys = self.queries, self.keys
        if queries == slice(0, layer.num_queries) and keys == slice(0, layer.num_keys):
            return layer
        if isinstance(layer, TiledLayer):
            return replace(layer, parts=tuple(part.cropped(queries, keys) for part in layer.parts))
        if isinstance(layer, DenseLayer):
            # Copied, so that the padding is freed.
            return DenseLayer(layer.matrices[:, queries, keys].clone())
        mask = CompressedMask(None, False, None)
        if layer.mask is not None:
            mask = self._masks.get(layer.mask, partial(self._cropped_mask, layer.mask))
        windows = [each for each in (layer.window, mask.window) if each is not None]
        return replace(
            layer,
            query=layer.query[:, queries],
            key=layer.key[:, keys],
            value=layer.value[:, keys],
            mask=mask.mask,
            causal=layer.causal or mask.causal,
            window=min(windows, default=None),
            bias=None if layer.bias is None else _crop_bias(layer.bias, queries, keys),
            sinks=self._sinks(layer),
        )

    def _sinks(self, layer: ProjectedLayer) -> Tensor | None:
        if self.normalises:
            return layer.sinks
        return layer.left_out(self.queries, self.keys.stop)

    def _cropped_mask(self, mask: Tensor) -> CompressedMask:
        # A mask that padding made irregular may be a plain causal mask without it.
        return compress_mask(_crop(mask, self.queries, self.keys))


def _attended(layer: Layer | TiledLayer) -> Tensor:
    """Return the keys that any query may attend to, (n_k,) bool."""
    if isinstance(layer, TiledLayer):
        return layer.attended()
    if isinstance(layer, DenseLayer):
        return layer.matrices.amax((0, 1)) > 0
    if layer.mask is None:
        return torch.ones(layer.num_keys, dtype=torch.bool)
    return allowed_by(layer.mask).any(0).any(0).expand(layer.num_keys)


def _crop(tensor: Tensor, queries: slice, keys: slice) -> Tensor:
    if tensor.shape[1] > 1:
        tensor = tensor[:, queries]
    return tensor[:, :, keys] if tensor.shape[2] > 1 else tensor


def _crop_bias(bias: Bias, queries: slice, keys: slice) -> Bias:
    if not isinstance(bias, RelativeBias):
        return _crop(bias, queries, keys)
    rows, columns = queries.stop - queries.start, keys.stop - keys.start
    first = bias.num_queries - rows + keys.start - queries.start
    return RelativeBias(bias.values[:, first : first + rows + columns - 1], rows)
