"""Max-flow beside networkx, on MiniLM's attention over two texts, one stacked on the other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import get_args

import networkx as nx
import numpy as np
import torch

import attnwidget as aw
from attnwidget.methods.flow.network import Network
from attnwidget.methods.flow.solver import Engine
from attnwidget.methods.steps import attention_steps

from . import inputs

SIZES = {"all pairs": 32, "one to all": 128}
DESCRIPTION = (
    "Max-flow of 12 layers: the attention of MiniLM over one text on top of that over another, "
    "heads fused, with residual. networkx (preflow-push) computed {pairs} pairs drawn at random; "
    "its time, without making the graph, is scaled to all pairs. `aw.max_flow` is timed from "
    "arrays to scores, after a first call that compiles. Medians of processor time, as all of them "
    "use one core; differences are those of the pairs drawn."
)


@dataclass
class FlowTimes:
    """Processor seconds for so many pairs, and the largest difference to networkx."""

    tokens: int
    pairs: int
    networkx: float
    seconds: dict[Engine, float]
    differences: dict[Engine, float]


def measure(what: str, *, sampled: int, runs: int) -> FlowTimes:
    """Measure one of `SIZES`, with as many pairs of networkx as `sampled`."""
    tokens = SIZES[what]
    layers = _stacked(tokens)
    sources = list(range(tokens)) if what == "all pairs" else [tokens - 1]
    generator = np.random.default_rng(0)
    drawn = [
        (int(generator.choice(sources)), int(generator.integers(tokens))) for _ in range(sampled)
    ]

    graph = _graph(Network.of(attention_steps(layers)).capacities)
    start = time.process_time()
    expected = [
        nx.maximum_flow_value(graph, (len(layers), source), (0, sink)) for source, sink in drawn
    ]
    each = (time.process_time() - start) / sampled

    result = FlowTimes(tokens, len(sources) * tokens, each * len(sources) * tokens, {}, {})
    for engine in get_args(Engine):
        flows = aw.max_flow(layers, sources=sources[:1], sinks=0, engine=engine)
        times = []
        for _ in range(runs):
            start = time.process_time()
            flows = aw.max_flow(layers, sources=sources, engine=engine, progress=False)
            times.append(time.process_time() - start)
        found = [float(flows[sources.index(source), sink]) for source, sink in drawn]
        result.seconds[engine] = median(times)
        result.differences[engine] = float(np.abs(np.subtract(found, expected)).max())
    return result


def _stacked(tokens: int) -> torch.Tensor:
    """Return the attention of 12 layers, (12, H, n, n)."""
    texts = [inputs.dense_attention(tokens, skip=words)[0] for words in (0, 20)]
    return torch.cat([layer for text in texts for layer in text])


def _graph(capacities: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> nx.DiGraph:
    graph = nx.DiGraph()
    for level, matrix in enumerate(capacities):
        for upper, lower in np.argwhere(matrix > 0).tolist():
            graph.add_edge((level + 1, upper), (level, lower), capacity=float(matrix[upper, lower]))
    return graph
