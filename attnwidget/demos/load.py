"""Load the bundled models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from attnwidget.capture.model import loading

NAMES = ("brackets", "induction", "dates", "kinds")

_MODELS = Path(__file__).parent / "models"


def load(name: str) -> tuple[nn.Module, Any]:
    """Load one of the bundled models and its tokenizer, without a network.

    Parameters
    ----------
    name
        ``"brackets"`` (a BERT that fills in masked brackets), ``"induction"`` (a GPT-2 that
        continues a sequence it has read once), ``"dates"`` (a BART that rewrites dates as ISO
        dates) or ``"kinds"`` (a GPT-2 that answers each kind of question by one head).

    Returns
    -------
    model, tokenizer
        The transformers model in evaluation mode, and its tokenizer.

    Raises
    ------
    ValueError
        There is no such model.
    """
    with loading.without_progress():
        loaded = loading.load(folder(name))
    return loaded.module, loaded.tokenizer()


def folder(name: str) -> Path:
    """Return the folder of one of the bundled models, for ``from_pretrained``.

    Raises
    ------
    ValueError
        There is no such model.
    """
    if name not in NAMES:
        raise ValueError(f"There is no demo {name!r}; the demos are {', '.join(map(repr, NAMES))}.")
    return _MODELS / name
