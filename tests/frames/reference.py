"""What frames show, computed densely in float64 and row by row."""

import numpy as np


def shown(weights, *, fusion=None, hidden=(), queries=None, keys=None):
    """Return the rows as shown, (H', n_q, n_k), and the mean hidden share of each head."""
    weights = np.asarray(weights, np.float64)
    if fusion is not None:
        weights = getattr(np, fusion)(weights, axis=0)[None]
    result, shares = np.zeros_like(weights), []
    for head, matrix in enumerate(weights):
        share = []
        for i, row in enumerate(matrix):
            if queries is not None and i not in queries:
                continue
            left = np.array([0.0 if j in hidden else value for j, value in enumerate(row)])
            if row.sum() > 0:
                share.append(1 - left.sum() / row.sum())
            if left.sum() > 0:
                left *= row.sum() / left.sum()
            result[head, i] = [
                value if keys is None or j in keys else 0.0 for j, value in enumerate(left)
            ]
        shares.append(np.mean(share) if share else 0.0)
    return result, np.array(shares)


def scaled(frame, name):
    """Return an array of a frame times the frame's unit, in float64."""
    return np.asarray(frame.arrays[name], np.float64) * frame.fields["unit"]


def dense(frame, num_keys):
    """Return the (H', n_q, n_k) matrix that the rows of a frame list."""
    indices, weights = np.asarray(frame.arrays["indices"]), scaled(frame, "weights")
    matrix = np.zeros((*weights.shape[:2], num_keys))
    for head, query, place in np.ndindex(*weights.shape):
        matrix[head, query, indices[head, query, place]] += weights[head, query, place]
    return matrix
