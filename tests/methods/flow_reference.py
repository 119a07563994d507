"""Maximum flows by definition: the graph edge by edge, and other people's algorithms."""

from itertools import product

import networkx as nx
import numpy as np


def mixed(attention, *, fusion="mean", residual=True):
    """Return the capacities of layers (L, H, n, n) in float64, (L, n, n)."""
    fused = getattr(np, fusion)(np.asarray(attention, np.float64), axis=1)
    if residual:
        fused = (fused + np.eye(fused.shape[-1])) / 2
    sums = fused.sum(-1, keepdims=True)
    return np.divide(fused, sums, out=np.zeros_like(fused), where=sums > 0)


def encoder_decoder_mixed(encoder, decoder, cross):
    """Return the capacities of an encoder-decoder over target, then source tokens."""
    targets, sources = np.asarray(cross).shape[-2:]
    size = targets + sources
    layers = []
    for matrix in mixed(encoder):
        layers.append(np.eye(size))
        layers[-1][targets:, targets:] = matrix
    for own, other in zip(mixed(decoder), mixed(cross, residual=False), strict=True):
        layers += [np.eye(size), np.eye(size)]
        layers[-2][:targets, :targets] = own
        layers[-1][:targets] = np.hstack([np.eye(targets), other]) / 2
    return np.stack(layers)


def graph(capacities):
    """Return the network of capacities (K, n, n) for networkx; nodes are (level, token)."""
    made = nx.DiGraph()
    for level, matrix in enumerate(capacities):
        made.add_nodes_from((level, token) for token in range(len(matrix)))
        for upper, lower in np.argwhere(matrix > 0).tolist():
            made.add_edge((level + 1, upper), (level, lower), capacity=matrix[upper, lower])
    made.add_nodes_from((len(capacities), token) for token in range(capacities.shape[1]))
    return made


def by_networkx(capacities, pairs=None):
    """Return the maximum flow of pairs of output and input, all (n * n) of them if None."""
    network, size = graph(capacities), capacities.shape[1]
    chosen = product(range(size), repeat=2) if pairs is None else pairs
    top = len(capacities)
    return np.array([nx.maximum_flow_value(network, (top, i), (0, j)) for i, j in chosen])


def smallest_cut(capacities, source, sink):
    """Return the capacity of the smallest of all cuts."""
    steps, size, _ = capacities.shape
    inner = (steps - 1) * size
    smallest = np.inf
    for choice in product([False, True], repeat=inner):
        sides = np.zeros((steps + 1, size), bool)  # whether a node is on the source's side
        sides[1:steps] = np.reshape(choice, (steps - 1, size))
        sides[steps, source] = True
        sides[0] = True
        sides[0, sink] = False
        crossing = sides[1:, :, None] & ~sides[:-1, None, :]
        smallest = min(smallest, capacities[crossing].sum())
    return smallest
