"""MiniLM's attention over a text of a given length, as both projects take it."""

from __future__ import annotations

from typing import Any

import torch

from attnwidget.capture import capture
from attnwidget.trace import Trace
from tests.browser.models import LONG_TEXT, load


def encode(tokens: int, *, skip: int = 0) -> Any:
    """Return exactly this many tokens, [CLS] and [SEP] among them, of the text from a word on."""
    _, tokenizer = load("minilm")
    text = " ".join((LONG_TEXT * 20).split()[skip:])
    return tokenizer(text, truncation=True, max_length=tokens, return_tensors="pt")


def dense_attention(tokens: int, *, skip: int = 0) -> tuple[tuple[torch.Tensor, ...], list[str]]:
    """Return one (1, H, n, n) tensor a layer, and the tokens: what BertViz takes."""
    model, tokenizer = load("minilm")
    model.set_attn_implementation("eager")
    inputs = encode(tokens, skip=skip)
    with torch.inference_mode():
        attention = model(**inputs, output_attentions=True).attentions
    return attention, tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])


def trace(tokens: int) -> Trace:
    """Return the same attention as attnwidget takes it."""
    model, tokenizer = load("minilm")
    return capture(model, dict(encode(tokens)), tokenizer=tokenizer)
