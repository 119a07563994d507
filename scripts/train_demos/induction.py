"""A GPT-2 that continues a sequence of words it has read once."""

from __future__ import annotations

from random import Random

import torch
from tokenizers.pre_tokenizers import WhitespaceSplit
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedModel, PreTrainedTokenizerFast

from attnwidget.demos.induction import WORDS, random_repeat, sources
from scripts.train_demos.recipe import Recipe
from scripts.train_demos.vocabulary import whole_token_tokenizer

MAX_LENGTH = 64
WIDTH = 64


def build_tokenizer() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=whole_token_tokenizer(
            ("<pad>", "<unk>", "<s>"),
            WORDS,
            unknown="<unk>",
            splitter=WhitespaceSplit(),
            template="<s> $A",
        ),
        pad_token="<pad>",
        unk_token="<unk>",
        bos_token="<s>",
        model_max_length=MAX_LENGTH,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> GPT2LMHeadModel:
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_positions=MAX_LENGTH,
            n_embd=WIDTH,
            n_layer=2,
            n_head=4,
            n_inner=WIDTH,
            # GPT-2's 0.02 is made for a width of 768.
            initializer_range=WIDTH**-0.5,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=None,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def batch(tokenizer: PreTrainedTokenizerFast, rng: Random, size: int) -> dict[str, Tensor]:
    return _encode(tokenizer, [random_repeat(rng, held_out=False) for _ in range(size)])


def accuracy(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, rng: Random, examples: int
) -> float:
    inputs = _encode(tokenizer, [random_repeat(rng, held_out=True) for _ in range(examples)])
    labels = inputs.pop("labels")[:, 1:]
    determined = labels != -100
    predicted = model(**inputs).logits[:, :-1].argmax(-1)
    return float((predicted == labels)[determined].float().mean())


def _encode(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> dict[str, Tensor]:
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    labels = torch.full_like(inputs["input_ids"], -100)
    for row, text in enumerate(texts):
        # Word i is token i + 1, after <s>, and the label of what word i predicts stands at i + 2.
        repeats = [i + 2 for i, source in enumerate(sources(text)[:-1]) if source is not None]
        labels[row, repeats] = inputs["input_ids"][row, repeats]
    return {
        "input_ids": inputs["input_ids"],
        "attention_mask": inputs["attention_mask"],
        "labels": labels,
    }


RECIPE = Recipe(
    name="induction",
    build_tokenizer=build_tokenizer,
    build_model=build_model,
    batch=batch,
    accuracy=accuracy,
    measure="every word of the repeated pieces after their first, predicted exactly",
    split="blocks whose CRC-32 is a multiple of 10 are drawn for the test only",
    steps=5000,
    learning_rate=1e-3,
)
