"""Recorded attention is compared with what the attention function returned."""

import pytest
import torch
import transformers
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from attnwidget.capture.attention import recorder
from attnwidget.trace.compress import CompressedMask
from attnwidget.trace.dense import DenseLayer
from tests.capture.small_modules import TEXT

IDS = {"input_ids": torch.arange(5, 17)[None]}


class Attention(nn.Module):
    def __init__(self, **options: object) -> None:
        super().__init__()
        self.embed = nn.Embedding(120, 32)
        self.options = options

    def forward(self, input_ids: Tensor) -> Tensor:
        x = self.embed(input_ids).unflatten(-1, (4, 8)).transpose(1, 2) * 2
        return functional.scaled_dot_product_attention(x, x, x, **self.options)


@pytest.fixture
def lost_masks(monkeypatch):
    """Masks are lost on their way into the trace."""
    monkeypatch.setattr(recorder, "compress_mask", lambda mask: CompressedMask(None, False, None))


def test_wrong_weights_are_refused_and_named(lost_masks):
    # Each query would attend to itself the most, so without the mask every row is wrong.
    torch.manual_seed(0)
    model = Attention(attn_mask=~torch.eye(12, dtype=torch.bool)).eval()
    with pytest.raises(ValueError, match=r"Attention \(call 0 of 1\).*differ.*Trace\.from_attent"):
        capture(model, IDS)


def test_where_the_model_hands_out_weights_these_are_taken(lost_masks):
    torch.manual_seed(0)
    config = transformers.BertConfig(**TEXT, attn_implementation="eager")
    model = transformers.BertModel(config).eval()
    ids = {**IDS, "attention_mask": torch.tensor([[1] * 4 + [0] + [1] * 7])}
    trace = capture(model, ids)
    assert isinstance(trace.stacks[0].layers[0], DenseLayer)
    with torch.no_grad():
        eager = model(**ids, output_attentions=True).attentions
    assert torch.allclose(trace.attention(1), eager[1][0], atol=2e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_rounding_is_no_fault(dtype):
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**TEXT)).eval().to(dtype)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(20)
    assert capture(model, IDS).num_layers == 2


def test_dropout_that_is_never_turned_off_is_off_while_capturing():
    trace = capture(Attention(dropout_p=0.5).eval(), IDS)
    assert torch.allclose(trace.attention(0).sum(-1), torch.ones(4, 12))
