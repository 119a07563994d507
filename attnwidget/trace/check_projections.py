"""Check that the tensors of a projected layer fit together."""

from torch import Tensor

from attnwidget.trace.scaled import Vectors


def check_projections(query: Vectors, key: Vectors, value: Vectors, sinks: Tensor | None) -> None:
    """Raise ValueError if queries, keys, values and sinks do not fit together."""
    fit = (
        query.ndim == key.ndim == value.ndim == 3
        and query.shape[2] == key.shape[2]
        and key.shape[:2] == value.shape[:2]
        and key.shape[0] > 0
        and query.shape[0] % key.shape[0] == 0
    )
    if not fit:
        raise ValueError(
            "Expected query (H, n_q, d), key (H_kv, n_k, d) and value (H_kv, n_k, d_v) with H a "
            f"multiple of H_kv, but the shapes are {tuple(query.shape)}, {tuple(key.shape)} and "
            f"{tuple(value.shape)}."
        )
    if sinks is not None and sinks.shape not in (query.shape[:1], query.shape[:2]):
        raise ValueError(
            f"sinks must be ({len(query)},), one for each head, or {tuple(query.shape[:2])}, one "
            f"for each head and query, but its shape is {tuple(sinks.shape)}."
        )


def with_three_axes(tensor: Tensor, full: tuple[int, int, int], name: str) -> Tensor:
    """Return `tensor` with leading axes added, or raise ValueError if it cannot broadcast."""
    shaped = tensor[(None,) * (3 - tensor.ndim)] if tensor.ndim < 3 else tensor
    if shaped.ndim > 3 or any(n not in (1, m) for n, m in zip(shaped.shape, full, strict=True)):
        raise ValueError(
            f"{name} must broadcast to (heads, queries, keys) {full}, but its shape is "
            f"{tuple(tensor.shape)}."
        )
    return shaped
