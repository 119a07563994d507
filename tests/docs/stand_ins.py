"""What the pages take for granted: names that a reader has, with small random models behind them.

Every page starts from these names and nothing else, in an empty working folder that has a model at
``path/or/name/of/any/model``. Models of the size of real ones are tests/capture's business.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertModel, PreTrainedModel

from tests.browser.models import random_attention
from tests.capture.architectures import CLIP, INTERFACE, VOCABULARY
from tests.capture.small_tokenizers import byte_level, word_piece

NAMED_MODEL = Path("path/or/name/of/any/model")
BY_NAME = {architecture.name: architecture for architecture in INTERFACE}


@cache
def encoder() -> PreTrainedModel:
    """As many layers and heads as MiniLM, so that every index of the pages exists."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 48, "num_hidden_layers": 6, "num_attention_heads": 12}
    model = BertModel(BertConfig(vocab_size=16, intermediate_size=32, **sizes)).eval()
    for name, weights in model.named_parameters():
        if "LayerNorm.weight" in name:  # the sum of a state behind fresh ones is constant
            torch.nn.init.normal_(weights, 1, 0.2)
    return model


@cache
def writer() -> PreTrainedModel:
    """A decoder that reads and writes bytes."""
    torch.manual_seed(0)
    llama = BY_NAME["llama"].model()
    config = type(llama.config)(**{**llama.config.to_dict(), "vocab_size": 256})
    config.max_position_embeddings = 512
    return type(llama)(config).eval()


def save_named_model() -> None:
    """Put the encoder and its tokenizer where the pages name a model."""
    encoder().save_pretrained(NAMED_MODEL)
    word_piece().save_pretrained(NAMED_MODEL)


def namespace() -> dict[str, Any]:
    """Return the names that the pages use without making them."""
    clip = CLIP.inputs()
    return {
        # A model with its tokenizer, and one that writes.
        "model": encoder(),
        "tokenizer": word_piece(),
        "decoder": writer(),
        "decoder_tokenizer": byte_level(),
        "long_text": "the lamp and the empty stores " * 6,
        # Attention from elsewhere.
        "arrays": random_attention(3, 4, 5, 5, seed=0),
        "tokens": ["the", "cat", "sat", "on", "it"],
        "trace_arrays": {
            "encoder": random_attention(2, 2, 5, 5, seed=0),
            "decoder": random_attention(3, 4, 4, 4, seed=1),
            "cross": random_attention(3, 4, 4, 5, seed=2),
        },
        "source_tokens": ["the", "cat", "sat", "on", "it"],
        "target_tokens": ["die", "Katze", "saß", "darauf"],
        # Models of images and sound, and what their processors make.
        "vit": BY_NAME["vit"].model(),
        "pixels": BY_NAME["vit"].inputs()["pixel_values"],
        "whisper": BY_NAME["whisper"].model(),
        "features": BY_NAME["whisper"].inputs()["input_features"],
        "whisper_tokenizer": byte_level(),
        "clip": CLIP.model(),
        "clip_pixels": clip["pixel_values"],
        "clip_ids": clip["input_ids"] % VOCABULARY,
    }
