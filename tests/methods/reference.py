"""Rollout as its definition says, in float64 numpy, nothing shared with the package."""

import numpy as np


def fused(weights, fusion):
    """Return (n_q, n_k) from (H, n_q, n_k) of anything."""
    return getattr(np, fusion)(np.asarray(weights, np.float64), axis=0)


def normalised(matrix):
    sums = matrix.sum(1, keepdims=True)
    return matrix / np.where(sums == 0, 1, sums)


def discarded(matrix, ratio):
    """Zero what lies strictly below the entry of that rank; the largest of each row stays."""
    if ratio == 0:
        return matrix
    threshold = np.sort(matrix, axis=None)[int(matrix.shape[0] * matrix.shape[1] * ratio)]
    kept = matrix.copy()
    for row, largest in zip(kept, matrix.argmax(1), strict=True):
        value = row[largest]
        row[row < threshold] = 0
        row[largest] = value
    return normalised(kept)


def mixing(weights, fusion="mean", ratio=0.0, residual=True):
    """Return B of one layer."""
    matrix = fused(weights, fusion)
    if residual:
        matrix = (matrix + np.eye(len(matrix))) / 2
    return discarded(normalised(matrix), ratio)


def rollouts(layers, **settings):
    """Return (L, n, n): the rollout after each layer, the later layer on the left."""
    product = np.eye(np.asarray(layers[0]).shape[-1])
    products = []
    for weights in layers:
        product = mixing(weights, **settings) @ product
        products.append(product)
    return np.stack(products)


def encoder_decoder_rollouts(encoder, decoder, cross, fusion="mean", ratio=0.0, residual=True):
    """Return (L, T, T + S), after each layer of the decoder."""
    settings = {"fusion": fusion, "ratio": ratio, "residual": residual}
    reached = rollouts(encoder, **settings)[-1]
    num_targets = np.asarray(decoder[0]).shape[-1]
    mixed = np.hstack([np.eye(num_targets), np.zeros((num_targets, len(reached)))])
    after = []
    for own, other in zip(decoder, cross, strict=True):
        mixed = mixing(own, **settings) @ mixed
        attended = discarded(normalised(fused(other, fusion)), ratio) @ reached
        mixed = (mixed + np.hstack([np.zeros((num_targets, num_targets)), attended])) / 2
        after.append(mixed)
    return np.stack(after)
