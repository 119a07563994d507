"""Recipes: the differences between the demo models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast


@dataclass(frozen=True)
class Recipe:
    """Instructions to build, train and evaluate one model.

    Attributes
    ----------
    name
        Name of the model and of its folder.
    build_tokenizer, build_model
        Make both anew; the model's weights come from torch's global generator.
    batch
        Draws training examples: tokenizer, generator and number of examples to the keyword
        arguments of the model's forward pass, labels included.
    accuracy
        Share of right answers on unseen examples: model, tokenizer, generator, number of examples.
    measure
        Description of what `accuracy` counts.
    split
        Why no test example can occur in training.
    steps, batch_size, learning_rate, seed
        The optimisation.
    test_examples
        Number of unseen examples.
    loss
        The loss of a model on training examples; None for the one that the model computes itself.
    examine
        Further metrics on unseen examples, with the arguments of `accuracy`; None for none.
    """

    name: str
    build_tokenizer: Callable[[], PreTrainedTokenizerFast]
    build_model: Callable[[PreTrainedTokenizerFast], PreTrainedModel]
    batch: Callable[[PreTrainedTokenizerFast, Random, int], dict[str, Tensor]]
    accuracy: Callable[[PreTrainedModel, PreTrainedTokenizerFast, Random, int], float]
    measure: str
    split: str
    steps: int
    batch_size: int = 64
    learning_rate: float = 2e-3
    seed: int = 0
    test_examples: int = 2000
    loss: Callable[[PreTrainedModel, dict[str, Tensor]], Tensor] | None = None
    examine: (
        Callable[[PreTrainedModel, PreTrainedTokenizerFast, Random, int], dict[str, Any]] | None
    ) = None
