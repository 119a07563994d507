"""A BERT that fills in masked brackets."""

from __future__ import annotations

from random import Random

import torch
from tokenizers.decoders import Fuse
from tokenizers.pre_tokenizers import Split
from torch import Tensor
from transformers import (
    BertConfig,
    BertForMaskedLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from attnwidget.demos.brackets import MASK, MAX_PAIRS, PAIRS, MaskedBrackets, random_example
from scripts.train_demos.recipe import Recipe
from scripts.train_demos.vocabulary import whole_token_tokenizer

MAX_LENGTH = 2 * MAX_PAIRS + 2
WIDTH = 64
MASKED_SHARE = 0.3


def build_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = whole_token_tokenizer(
        ("[PAD]", "[UNK]", "[CLS]", "[SEP]", MASK),
        tuple(bracket for pair in PAIRS for bracket in pair),
        unknown="[UNK]",
        splitter=Split("", "isolated"),
        template="[CLS] $A [SEP]",
    )
    tokenizer.decoder = Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token=MASK,
        model_max_length=MAX_LENGTH,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> BertForMaskedLM:
    return BertForMaskedLM(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            intermediate_size=4 * WIDTH,
            max_position_embeddings=MAX_LENGTH,
            type_vocab_size=1,
            # BERT's 0.02 is made for a width of 768; at this one attention would start almost even.
            initializer_range=WIDTH**-0.5,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def batch(tokenizer: PreTrainedTokenizerFast, rng: Random, size: int) -> dict[str, Tensor]:
    examples = [random_example(rng, held_out=False, share=MASKED_SHARE) for _ in range(size)]
    return _encode(tokenizer, examples)


def accuracy(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, rng: Random, examples: int
) -> float:
    inputs = _encode(tokenizer, [random_example(rng, held_out=True) for _ in range(examples)])
    labels = inputs.pop("labels")
    determined = labels != -100
    predicted = model(**inputs).logits.argmax(-1)
    return float((predicted == labels)[determined].float().mean())


def _encode(
    tokenizer: PreTrainedTokenizerFast, examples: list[MaskedBrackets]
) -> dict[str, Tensor]:
    inputs = tokenizer([e.prompt for e in examples], padding=True, return_tensors="pt")
    complete = tokenizer([e.text for e in examples], padding=True, return_tensors="pt")
    masked = inputs["input_ids"] == tokenizer.mask_token_id
    return {
        "input_ids": inputs["input_ids"],
        "attention_mask": inputs["attention_mask"],
        "labels": torch.where(masked, complete["input_ids"], -100),
    }


RECIPE = Recipe(
    name="brackets",
    build_tokenizer=build_tokenizer,
    build_model=build_model,
    batch=batch,
    accuracy=accuracy,
    measure="one masked bracket per string, predicted exactly",
    split="strings whose CRC-32 is a multiple of 10 are drawn for the test only",
    steps=8000,
    learning_rate=1e-3,
)
