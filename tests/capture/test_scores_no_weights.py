"""What a model returns as attention may be scores, or heads that its blocks are mixed with."""

import torch
import transformers as tf
from torch import nn

from attnwidget import capture
from tests.capture.architectures import spread


def test_scores_that_a_model_returns_are_no_weights():
    config = tf.ProphetNetConfig(
        vocab_size=60,
        hidden_size=32,
        encoder_ffn_dim=48,
        num_encoder_layers=2,
        num_encoder_attention_heads=4,
        decoder_ffn_dim=48,
        num_decoder_layers=2,
        num_decoder_attention_heads=4,
        max_position_embeddings=64,
    )
    model = spread(tf.ProphetNetForConditionalGeneration(config)).eval()
    ids = torch.arange(5, 14)[None]
    inputs = {"input_ids": ids, "decoder_input_ids": ids[:, :5]}
    with torch.no_grad():
        scores = model(**inputs, output_attentions=True).encoder_attentions
    trace = capture(model, inputs)
    for layer, each in enumerate(scores):
        assert each.min() < 0
        found = trace["encoder"].attention(layer)
        torch.testing.assert_close(found, each[0].softmax(-1), atol=1e-5, rtol=0)


class Blocks(nn.Module):
    """Attention within two blocks of a sequence, multiplied with the values as one batch."""

    def __init__(self):
        super().__init__()
        self.split = nn.Linear(8, 24)

    def forward(self, states):
        parts = self.split(states).reshape(2, 3, 3, 2, 4)  # blocks, tokens, kinds, heads, width
        query, key, value = parts.permute(2, 3, 0, 1, 4)  # heads, blocks, tokens, width
        self.kept = (query[None] @ key[None].mT).softmax(-1)
        weights = self.kept.permute(0, 2, 1, 3, 4).reshape(4, 3, 3)
        result = torch.bmm(weights, value.transpose(0, 1).reshape(4, 3, 4))
        return result.reshape(2, 2, 3, 4).transpose(1, 2).reshape(1, 6, 8)


def test_blocks_that_are_multiplied_as_heads_are_a_map_of_the_whole():
    torch.manual_seed(0)
    module = nn.Sequential(Blocks(), nn.Linear(8, 8)).eval()
    trace = capture(module, torch.randn(1, 6, 8))
    found = trace.stacks[0].attention(0)
    kept = module[0].kept.detach()[0]
    for head in range(2):
        torch.testing.assert_close(found[head], torch.block_diag(*kept[head]))
