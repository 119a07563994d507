"""Small models of transformers and of no library, and comparisons of traces, that tests share."""

import math

import torch
import transformers as tf
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
ENCODER = {name: TEXT[name] for name in TEXT if name != "num_key_value_heads"}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 8,
    "patch_size": 4,
}
SEQ2SEQ = {
    "vocab_size": 120,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
}
SPEECH = {"num_mel_bins": 16, "max_source_positions": 60, "max_target_positions": 40}
SPECIAL = {
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
IDS = torch.arange(5, 12)[None]


def made(kind, config):
    torch.manual_seed(0)
    return kind(config).eval()


def detr():
    """A detector with six object queries that read a map of an eighth of the image's size."""
    backbone = tf.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], out_features=["stage2"]
    )
    config = tf.DetrConfig(
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
        num_queries=6,
        use_timm_backbone=False,
        use_pretrained_backbone=False,
        backbone=None,
        backbone_config=backbone,
    )
    return made(tf.DetrForObjectDetection, config)


def llama(**options):
    return made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT, **options))


def bert(kind=tf.BertForSequenceClassification, **options):
    return made(kind, tf.BertConfig(**TEXT, **options))


def whisper(kind=tf.WhisperForConditionalGeneration, **options):
    return made(kind, tf.WhisperConfig(**{**SEQ2SEQ, **SPEECH, **SPECIAL, **options}))


def same_weights(trace, other):
    return all(
        torch.allclose(trace.attention(layer), other.attention(layer), atol=1e-6)
        for layer in range(other.num_layers)
    )


def same_gradients(trace, other):
    return all(
        torch.allclose(trace.attention_gradient(layer), other.attention_gradient(layer), atol=1e-6)
        for layer in range(trace.num_layers)
    )


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
