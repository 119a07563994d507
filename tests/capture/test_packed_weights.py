"""Weights of a class of their own, as libraries of quantisation make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
import transformers as tf
from torch import Tensor, nn
from torch.nn import functional

import attnwidget as aw
from tests.capture.small_modules import IDS, TEXT


class Packed(Tensor):
    """A weight that can only be multiplied with, not be read or reshaped."""

    numbers: Tensor

    @staticmethod
    def __new__(cls, numbers: Tensor) -> Packed:
        made = Tensor._make_wrapper_subclass(cls, numbers.shape, dtype=numbers.dtype)
        made.numbers = numbers
        return made

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if function is functional.linear:
            vectors, weight, *bias = args
            return functional.linear(vectors, weight.numbers, *bias, **(kwargs or {}))
        with torch._C.DisableTorchFunctionSubclass():
            return function(*args, **(kwargs or {}))

    @classmethod
    def __torch_dispatch__(
        cls,
        operation: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if operation is torch.ops.aten.detach.default:
            return cls(args[0].numbers)
        raise NotImplementedError(f"Packed has no {operation}.")


class Readable(Packed):
    """One that says its numbers."""

    def dequantize(self) -> Tensor:
        return self.numbers


@pytest.mark.parametrize("kind", [Packed, Readable])
def test_what_heads_write_through_a_packed_weight_is_what_its_numbers_say(kind) -> None:
    torch.manual_seed(0)
    model = tf.LlamaForCausalLM(tf.LlamaConfig(**TEXT)).eval().requires_grad_(False)
    expected = aw.capture(model, {"input_ids": IDS})
    norms = [expected["self"].written(layer) for layer in range(2)]
    shares = aw.alti(expected)
    for layer in model.model.layers:
        own = layer.self_attn.o_proj
        own.weight = nn.Parameter(kind(own.weight.detach()), requires_grad=False)
    trace = aw.capture(model, {"input_ids": IDS})
    for layer in range(2):
        assert torch.allclose(trace["self"].written(layer), norms[layer], atol=1e-6)
    assert torch.allclose(aw.alti(trace), shares, atol=1e-5)
