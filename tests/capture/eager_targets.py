"""The value and the gradients of a target, against autograd through eager attention."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import PretrainedConfig, PreTrainedModel

from attnwidget.capture import capture
from attnwidget.trace import Trace
from tests.capture.architectures import spread
from tests.capture.eager_gradients import assert_equal, gradient_by, varied
from tests.capture.test_exact import STREAMS


def made(of: type[PreTrainedModel], config: PretrainedConfig) -> PreTrainedModel:
    torch.manual_seed(0)
    return varied(spread(of(config).eval()))


def assert_equals_autograd(
    model: PreTrainedModel,
    inputs: dict[str, Tensor],
    target: object,
    value: Callable[[Tensor], Tensor],
    **keywords: Any,
) -> Trace:
    """Compare value and gradients of a target with those of its definition.

    Parameters
    ----------
    value
        Makes the target of the logits (n, V), or (C,) of a classifier, of the only entry.
    keywords
        Passed on to `capture`.
    """
    trace = capture(model, inputs, target=target, **keywords)
    eager = copy.deepcopy(model)
    eager.set_attn_implementation("eager")
    output = eager(**inputs, output_attentions=True)
    expected = value(output.logits[0])
    stream = "decoder" if "decoder" in trace else "self"
    source = trace.gradients
    found = source.target_from(stream, source.embeddings(stream))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    for name in trace:
        for layer, weights in enumerate(getattr(output, STREAMS[name])):
            gradient = gradient_by(expected, weights)[0]
            assert_equal(trace[name].attention_gradient(layer), gradient)
    return trace
