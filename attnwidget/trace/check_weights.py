"""Check that numbers are attention weights."""

import torch
from torch import Tensor

_TOLERANCE = {torch.float16: 2e-2, torch.bfloat16: 2e-2, torch.float32: 1e-3}
"""Largest difference of the sum of a row from 1."""


def check_weights(layer: Tensor, name: str) -> None:
    """Raise an error if the rows of a layer are no probabilities.

    Parameters
    ----------
    layer
        (H, n_q, n_k) float32 or half.
    name
        Name of the layer for the error.

    Raises
    ------
    ValueError
        An entry is NaN, infinite or negative, or a row does not sum to 1.
    """
    check_entries(layer, name)
    for head, matrix in enumerate(layer):
        wrong_rows = _wrong_rows(matrix)
        if wrong_rows.any():
            query = int(wrong_rows.nonzero()[0])
            total = matrix[query].float().sum().item()
            raise ValueError(
                f"Every row of attention weights must sum to 1 over the keys (the last axis), but "
                f"in {name}, head {head}, query {query} sums to {total:.4g}. Pass "
                "weights after the softmax, with rows for queries, and call model.eval() first: "
                "dropout changes weights."
            )


def rows_sum_to_one(layer: Tensor) -> bool:
    """Return whether every row of (H, n_q, n_k) sums to 1, up to the rounding of its dtype."""
    return not any(bool(_wrong_rows(matrix).any()) for matrix in layer)


def _wrong_rows(matrix: Tensor) -> Tensor:
    """Return the rows (n_q,) of a matrix that do not sum to 1."""
    return (matrix.float().sum(-1) - 1).abs() > _TOLERANCE[matrix.dtype]


def check_entries(layer: Tensor, name: str, *, signed: bool = False) -> None:
    """Raise ValueError if an entry of a layer is NaN, infinite or, unless `signed`, negative."""
    for head, matrix in enumerate(layer):
        wrong = wrong_entry(matrix.abs() if signed else matrix)
        if wrong is not None:
            described, query, key = wrong
            needed = "Scores must be finite"
            if not signed:
                needed = "Attention weights must be numbers from 0 to 1"
            raise ValueError(
                f"{needed}, but {name} is {described} at "
                f"head {head}, query {query}, key {key}: {matrix[query, key].item():g}."
            )


def wrong_entry(matrix: Tensor) -> tuple[str, int, int] | None:
    """Return the fault, the query and the key of a wrong entry of (n_q, n_k), None without one."""
    for wrong, described in (
        (matrix.isnan(), "NaN"),
        (matrix.isinf(), "infinite"),
        (matrix < 0, "negative"),
    ):
        if wrong.any():
            query, key = wrong.nonzero()[0].tolist()
            return described, query, key
    return None
