"""A GPT-2 that answers questions about a list, each kind of question by a head of its own."""

from __future__ import annotations

from random import Random
from typing import Any

import torch
from tokenizers.pre_tokenizers import WhitespaceSplit
from torch import Tensor
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedModel, PreTrainedTokenizerFast

from attnwidget.demos.kinds import (
    HEADS,
    KINDS,
    MAX_OTHERS,
    OTHERS,
    AskedList,
    question,
    random_list,
)
from scripts.train_demos.heads import heads_scaled
from scripts.train_demos.recipe import Recipe
from scripts.train_demos.vocabulary import whole_token_tokenizer

MAX_LENGTH = MAX_OTHERS + len(KINDS) + 2
WIDTH = 64
NUM_LAYERS = 2
NUM_HEADS = 4
UNANSWERED = 0.3
"""Share of training examples without their own head, so that no other one learns to answer."""

NAMES = tuple(KINDS)


def build_tokenizer() -> PreTrainedTokenizerFast:
    words = [word for each in KINDS.values() for word in each]
    return PreTrainedTokenizerFast(
        tokenizer_object=whole_token_tokenizer(
            ("<pad>", "<unk>", "<s>"),
            (*words, *OTHERS, *map(question, NAMES)),
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
            n_layer=NUM_LAYERS,
            n_head=NUM_HEADS,
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
    return _encode(tokenizer, [random_list(rng, held_out=False) for _ in range(size)])


def loss(model: PreTrainedModel, inputs: dict[str, Tensor]) -> Tensor:
    """Return the loss with heads taken away at random.

    Where the head of the question is left, the answer is the word of the list, whichever other
    heads are gone. Where it is taken away, the answer is any word of the kind, each as likely.
    """
    answers, asked = inputs["answers"], inputs["asked"]
    size = len(asked)
    # Some examples lose all other heads, some none, most a part of them.
    scales = (torch.rand(size, NUM_LAYERS, NUM_HEADS) < torch.rand(size, 1, 1)).float()
    own = torch.zeros_like(scales, dtype=torch.bool)
    for kind, (layer, head) in enumerate(HEADS.values()):
        own[asked == kind, layer, head] = True
    unanswered = torch.rand(size) < UNANSWERED
    scales = torch.where(own, (~unanswered).float()[:, None, None], scales)
    with heads_scaled(model, scales):
        logits = _last_logits(model, inputs)
    word = functional.one_hot(answers, logits.shape[-1]).float()
    wanted = torch.where(unanswered[:, None], inputs["words_of_kind"], word)
    return functional.cross_entropy(logits, wanted)


def accuracy(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, rng: Random, examples: int
) -> float:
    inputs = _encode(tokenizer, [random_list(rng, held_out=True) for _ in range(examples)])
    return float((_last_logits(model, inputs).argmax(-1) == inputs["answers"]).float().mean())


def knocked_out(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, rng: Random, examples: int
) -> dict[str, Any]:
    """Return accuracy and mean fall of the answer's log-probability without each head, by kind."""
    inputs = _encode(tokenizer, [random_list(rng, held_out=True) for _ in range(examples)])
    asked, answers = inputs["asked"], inputs["answers"]
    before = _log_probabilities(model, inputs)
    right: dict[str, list[list[float]]] = {}
    falls: dict[str, list[list[float]]] = {}
    for layer in range(NUM_LAYERS):
        rows: dict[str, list[list[float]]] = {kind: [[], []] for kind in NAMES}
        for head in range(NUM_HEADS):
            scales = torch.ones(1, NUM_LAYERS, NUM_HEADS)
            scales[0, layer, head] = 0
            with heads_scaled(model, scales):
                logits = _last_logits(model, inputs)
            fall = before - _chosen(logits, answers)
            is_right = (logits.argmax(-1) == answers).float()
            for kind, name in enumerate(NAMES):
                rows[name][0].append(round(float(is_right[asked == kind].mean()), 4))
                rows[name][1].append(round(float(fall[asked == kind].mean()), 4))
        for name, (row, fallen) in rows.items():
            right.setdefault(name, []).append(row)
            falls.setdefault(name, []).append(fallen)
    return {"heads": HEADS, "accuracy_without_head": right, "log_prob_lost_without_head": falls}


def _encode(tokenizer: PreTrainedTokenizerFast, lists: list[AskedList]) -> dict[str, Tensor]:
    inputs = tokenizer([each.text for each in lists], padding=True, return_tensors="pt")
    kinds = torch.zeros(len(NAMES), len(tokenizer))
    for kind, words in enumerate(KINDS.values()):
        kinds[kind, tokenizer.convert_tokens_to_ids(list(words))] = 1 / len(words)
    asked = torch.tensor([NAMES.index(each.kind) for each in lists])
    return {
        "input_ids": inputs["input_ids"],
        "attention_mask": inputs["attention_mask"],
        "answers": torch.tensor(tokenizer.convert_tokens_to_ids([each.answer for each in lists])),
        "asked": asked,
        "words_of_kind": kinds[asked],
    }


def _last_logits(model: PreTrainedModel, inputs: dict[str, Tensor]) -> Tensor:
    """Return the logits at the question, (B, V)."""
    mask = inputs["attention_mask"]
    logits: Tensor = model(input_ids=inputs["input_ids"], attention_mask=mask).logits
    return logits[torch.arange(len(mask)), mask.sum(1) - 1]


def _log_probabilities(model: PreTrainedModel, inputs: dict[str, Tensor]) -> Tensor:
    return _chosen(_last_logits(model, inputs), inputs["answers"])


def _chosen(logits: Tensor, answers: Tensor) -> Tensor:
    return logits.log_softmax(-1)[torch.arange(len(answers)), answers]


RECIPE = Recipe(
    name="kinds",
    build_tokenizer=build_tokenizer,
    build_model=build_model,
    batch=batch,
    accuracy=accuracy,
    measure="the word of the kind that is asked for, predicted exactly",
    split="lists whose CRC-32 is a multiple of 10 are drawn for the test only",
    steps=2500,
    learning_rate=2e-3,
    loss=loss,
    examine=knocked_out,
)
