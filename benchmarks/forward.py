"""Capture beside a plain pass and beside `output_attentions`, each in a process of its own.

`python -m benchmarks.forward WAY TOKENS` runs one of them and prints JSON: median seconds and peak
bytes of resident memory above what the loaded model took.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from .memory import peak, reset_peak

WAYS = ("plain", "capture", "eager")
LAYERS, HEADS, WIDTH = 12, 8, 512
REPEATS = 3
DESCRIPTION = (
    f"One pass of a BERT of {LAYERS} layers, {HEADS} heads and width {WIDTH}, each way in fresh "
    "processes: plain SDPA, `aw.capture`, and eager with `output_attentions=True`. Extra memory is "
    "peak resident memory above the plain pass."
)


@dataclass
class Pass:
    """One way of running a model: seconds, and peak bytes over the loaded model."""

    seconds: float
    peak: float


def measure(tokens: int, *, runs: int) -> dict[str, Pass]:
    """Run every way `runs` times, by turns, and return medians."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    peaks: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(runs):
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.forward", way, str(tokens)]
            answer = json.loads(subprocess.check_output(command, env=os.environ))
            seconds[way].append(answer["seconds"])
            peaks[way].append(answer["peak"])
    return {way: Pass(median(seconds[way]), median(peaks[way])) for way in WAYS}


def run(way: str, tokens: int) -> dict[str, float]:
    """Run one way in this process."""
    import torch
    from transformers import BertConfig, BertModel

    import attnwidget as aw

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=1000,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=4 * WIDTH,
        max_position_embeddings=tokens,
        attn_implementation="eager" if way == "eager" else "sdpa",
    )
    model = BertModel(config).eval()
    inputs = {"input_ids": torch.randint(0, 1000, (1, tokens))}
    short = {"input_ids": inputs["input_ids"][:, :8]}

    def once(batch: dict[str, torch.Tensor]) -> Any:
        if way == "capture":
            return aw.capture(model, batch)
        with torch.inference_mode():
            return model(**batch, output_attentions=way == "eager")

    once(short)
    # Room that making the model left would hide what a short pass takes.
    before = reset_peak()
    times, peaks = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        kept = once(inputs)
        times.append(time.perf_counter() - start)
        peaks.append(peak() - before)
        del kept
    # The first pass's peak: later ones also hold what the allocator has not given back.
    return {"seconds": median(times), "peak": peaks[0]}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
