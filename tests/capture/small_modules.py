"""Small models, and modules of no library, that tests of streams share."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

TEXT = {
    "vocab_size": 120,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 8,
    "patch_size": 4,
}
IDS = torch.arange(5, 12)[None]


def made(kind, config):
    torch.manual_seed(0)
    return kind(config).eval()


def split(x: Tensor) -> Tensor:
    return x.unflatten(-1, (4, 8)).transpose(1, 2)


class Block(nn.Module):
    """A layer of attention through SDPA."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(32, 32) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (split(each(x)) for each in (self.query, self.key, self.value))
        context = functional.scaled_dot_product_attention(q, k, v)
        return x + context.transpose(1, 2).flatten(2)

    @torch.no_grad()
    def weights(self, x: Tensor) -> Tensor:
        q, k = split(self.query(x)), split(self.key(x))
        return (q @ k.mT / math.sqrt(8)).softmax(-1)


class Encoder(nn.Sequential):
    def __init__(self, depth: int) -> None:
        super().__init__(*(Block() for _ in range(depth)))
