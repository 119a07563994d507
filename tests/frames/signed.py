"""A signed method with known scores, for tests of what shows negative numbers."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from attnwidget.methods.registry import METHODS

NAME = "effects"


def signed_scores(heads, queries, keys, *, seed=0, scale=1.0):
    """Return (H, n_q, n_k) float32 of both signs, of very different sizes, some of them zero."""
    generator = np.random.default_rng(seed)
    sizes = np.exp(2 * generator.standard_normal((heads, queries, keys)))
    signs = generator.choice([-1, 0, 1], sizes.shape, p=[0.45, 0.1, 0.45])
    return (scale * signs * sizes / sizes.max()).astype(np.float32)


def show_scores(patch: pytest.MonkeyPatch, scores):
    """Let a signed method have these scores, (H, n_q, n_k), in every layer."""

    def head_rows(_trace, asked):
        chosen = scores if asked.heads is None else scores[list(asked.heads)]
        return lambda queries: torch.from_numpy(chosen[:, queries].copy())

    row = replace(METHODS[NAME], head_rows=head_rows, needs=(), settings=())
    row = replace(row, is_ready=lambda *_: True)
    patch.setitem(METHODS, NAME, row)
