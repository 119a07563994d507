"""The training loop that the demo models share."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from random import Random

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from scripts.train_demos.recipe import Recipe

WARMUP = 200
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0
REPORT_EVERY = 500


def train(recipe: Recipe, folder: Path) -> None:
    """Train a model on one CPU thread, examine it, and write model, tokenizer and metrics.

    Two runs on the same machine and versions give the same weights.

    Parameters
    ----------
    recipe
        The model.
    folder
        Output folder: the files that ``from_pretrained`` reads, and ``metrics.json``.
    """
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(recipe.seed)
    tokenizer = recipe.build_tokenizer()
    model = recipe.build_model(tokenizer)
    optimizer = AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=WEIGHT_DECAY)
    schedule = LambdaLR(optimizer, lambda step: _warmup_cosine(step, recipe.steps))
    rng = Random(recipe.seed)

    began = time.perf_counter()
    model.train()
    for step in range(recipe.steps):
        examples = recipe.batch(tokenizer, rng, recipe.batch_size)
        loss = model(**examples).loss if recipe.loss is None else recipe.loss(model, examples)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_GRADIENT_NORM)
        optimizer.step()
        schedule.step()
        if step % REPORT_EVERY == 0 or step == recipe.steps - 1:
            seconds = time.perf_counter() - began
            print(
                f"{recipe.name}: step {step}, loss {loss.item():.4f}, {seconds:.0f} s", flush=True
            )
    seconds = time.perf_counter() - began

    model.eval()
    with torch.inference_mode():
        # Another seed than training's, though the split alone keeps the two apart.
        accuracy = recipe.accuracy(model, tokenizer, Random(recipe.seed + 1), recipe.test_examples)
        further = (
            {}
            if recipe.examine is None
            else recipe.examine(model, tokenizer, Random(recipe.seed + 2), recipe.test_examples)
        )
    metrics = {
        "accuracy": accuracy,
        "measure": recipe.measure,
        "test_examples": recipe.test_examples,
        "split": recipe.split,
        "parameters": model.num_parameters(),
        "seed": recipe.seed,
        "steps": recipe.steps,
        "batch_size": recipe.batch_size,
        "seconds": round(seconds),
        "torch": torch.__version__,
        **further,
    }
    model.save_pretrained(folder)
    # A fresh one: use leaves traces, such as the padding, in the tokenizer that was used.
    recipe.build_tokenizer().save_pretrained(folder)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(f"{recipe.name}: accuracy {accuracy:.4f} after {seconds:.0f} s, written to {folder}")


def _warmup_cosine(step: int, steps: int) -> float:
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (steps - WARMUP)))
