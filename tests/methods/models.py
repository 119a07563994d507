"""Small models whose gradients are worth testing: gains and biases vary too."""

import torch
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedModel

from attnwidget.capture import capture
from attnwidget.trace import Target, Trace
from tests.capture.architectures import INTERFACE
from tests.capture.eager_gradients import varied

ARCHITECTURES = {each.name: each for each in INTERFACE}


def model(name: str, *, eager: bool = False) -> PreTrainedModel:
    architecture = ARCHITECTURES[name]
    return varied(architecture.reference() if eager else architecture.model())


def inputs(name: str) -> dict[str, torch.Tensor]:
    return ARCHITECTURES[name].inputs()


def trace(name: str, target: Target = None) -> Trace:
    return capture(model(name), inputs(name), target=target)


def long_trace(num_tokens: int) -> Trace:
    """A trace of two layers of four heads that is long enough to measure memory by."""
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=99, n_embd=32, n_layer=2, n_head=4, n_positions=num_tokens, bos_token_id=1
    )
    ids = torch.randint(3, 99, (1, num_tokens), generator=torch.Generator().manual_seed(0))
    return capture(GPT2LMHeadModel(config).eval(), {"input_ids": ids}, target=("logit", -1, 5))
