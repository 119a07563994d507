"""A BART that rewrites dates as ISO dates, character by character."""

from __future__ import annotations

import string
from random import Random

from tokenizers.decoders import Fuse
from tokenizers.pre_tokenizers import Split
from torch import Tensor
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from attnwidget.demos.dates import random_date
from scripts.train_demos.recipe import Recipe
from scripts.train_demos.vocabulary import whole_token_tokenizer

MAX_LENGTH = 64
WIDTH = 64


def build_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = whole_token_tokenizer(
        ("<s>", "<pad>", "</s>", "<unk>"),
        (*" -.,/", *string.digits, *string.ascii_letters),
        unknown="<unk>",
        splitter=Split("", "isolated"),
        template="<s> $A </s>",
    )
    tokenizer.decoder = Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=MAX_LENGTH,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> BartForConditionalGeneration:
    return BartForConditionalGeneration(
        BartConfig(
            vocab_size=len(tokenizer),
            max_position_embeddings=MAX_LENGTH,
            d_model=WIDTH,
            encoder_layers=2,
            encoder_attention_heads=2,
            encoder_ffn_dim=4 * WIDTH,
            decoder_layers=2,
            decoder_attention_heads=2,
            decoder_ffn_dim=4 * WIDTH,
            dropout=0.0,
            bos_token_id=tokenizer.bos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            decoder_start_token_id=tokenizer.bos_token_id,
            forced_eos_token_id=None,
        )
    )


def batch(tokenizer: PreTrainedTokenizerFast, rng: Random, size: int) -> dict[str, Tensor]:
    dates = [random_date(rng, held_out=False) for _ in range(size)]
    inputs = tokenizer([date.text for date in dates], padding=True, return_tensors="pt")
    # Without <s>, which the model puts in front of the decoder's input itself.
    iso = tokenizer([date.iso for date in dates], return_tensors="pt")["input_ids"][:, 1:]
    return {
        "input_ids": inputs["input_ids"],
        "attention_mask": inputs["attention_mask"],
        "labels": iso.contiguous(),
    }


def accuracy(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, rng: Random, examples: int
) -> float:
    dates = [random_date(rng, held_out=True) for _ in range(examples)]
    inputs = tokenizer([date.text for date in dates], padding=True, return_tensors="pt")
    written = model.generate(
        inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        do_sample=False,
        num_beams=1,
        max_new_tokens=12,
    )
    answers = tokenizer.batch_decode(written, skip_special_tokens=True)
    right = sum(answer == date.iso for answer, date in zip(answers, dates, strict=True))
    return float(right / examples)


RECIPE = Recipe(
    name="dates",
    build_tokenizer=build_tokenizer,
    build_model=build_model,
    batch=batch,
    accuracy=accuracy,
    measure="the whole ISO date, exactly, by greedy generation",
    split="dates whose ISO form has a CRC-32 that is a multiple of 10 are drawn for the test only",
    steps=3000,
)
