"""How much a model can read."""

from typing import Any, Literal, TypeAlias

import transformers
from torch import Tensor, nn

Side: TypeAlias = Literal["encoder", "decoder"]

TABLES = ("max_position_embeddings", "n_positions", "max_target_positions")
"""Where configs say how many positions a model has."""


def position_limit(model: nn.Module, side: Side, tokenizer: Any = None) -> int | None:
    """Return how many tokens a model takes, None where nothing says it."""
    config = _config(model, side)
    tables = [getattr(config, table, None) for table in TABLES]
    limits = [limit for limit in tables if isinstance(limit, int) and limit > 0]
    if not limits:
        return None
    # RoBERTa's table is longer than the texts it takes, and its tokenizer knows.
    longest = max(limits)
    return longest if tokenizer is None else min(longest, int(tokenizer.model_max_length))


def check_length(
    model: nn.Module, length: int, what: str, side: Side = "encoder", tokenizer: Any = None
) -> None:
    """Refuse more tokens than a model has positions for.

    Parameters
    ----------
    what
        What is so long, as the error is to call it.

    Raises
    ------
    ValueError
        There are too many; the message says how many, and how many would do.
    """
    limit = position_limit(model, side, tokenizer)
    if limit is not None and length > limit:
        raise ValueError(
            f"{what} is {length} tokens long, but {type(model).__name__} takes at most {limit}. "
            f"Pass a shorter one: its first {limit} tokens, or a part of it."
        )


def check_ids(model: nn.Module, ids: object, what: str, side: Side = "encoder") -> None:
    """Refuse token ids that a model does not know.

    Raises
    ------
    ValueError
        There is one, as when the tokenizer of another model made them.
    """
    size = getattr(_config(model, side), "vocab_size", None)
    if not isinstance(size, int) or not isinstance(ids, Tensor) or not ids.numel():
        return
    lowest, highest = int(ids.min()), int(ids.max())
    if lowest < 0 or highest >= size:
        raise ValueError(
            f"{what} has ids from {lowest} to {highest}, but {type(model).__name__} knows the "
            f"tokens 0 to {size - 1}. Pass the tokenizer that belongs to the model."
        )


def _config(model: nn.Module, side: Side) -> Any:
    """Return the config of the part of a model that reads text; None for other modules."""
    config = getattr(model, "config", None)
    for part in (side, "text_config"):
        within = getattr(config, part, None)
        config = within if isinstance(within, transformers.PreTrainedConfig) else config
    return config
