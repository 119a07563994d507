"""Attention as textbooks write it: one query at a time, in float64 numpy, nothing shared."""

import numpy as np


def attention(
    query,
    key,
    *,
    scale,
    allowed=None,
    added=None,
    softcap=None,
    sinks=None,
):
    """Return (H, n_q, n_k) weights; `allowed` and `added` are full (H, n_q, n_k) arrays."""
    query, key = np.asarray(query, np.float64), np.asarray(key, np.float64)
    heads, num_queries, _ = query.shape
    num_keys = key.shape[1]
    weights = np.zeros((heads, num_queries, num_keys))
    for head in range(heads):
        shared = key[head * len(key) // heads]
        for i in range(num_queries):
            scores = np.array([query[head, i] @ shared[j] * scale for j in range(num_keys)])
            if softcap is not None:
                scores = softcap * np.tanh(scores / softcap)
            if added is not None:
                scores = scores + added[head, i]
            may = np.ones(num_keys, bool) if allowed is None else allowed[head, i]
            exponentials = np.where(may, np.exp(np.where(may, scores, 0.0)), 0.0)
            total = exponentials.sum() + (0.0 if sinks is None else np.exp(float(sinks[head])))
            weights[head, i] = exponentials / total if total > 0 else 0.0
    return weights
