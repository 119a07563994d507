"""Folders in which PEFT saved adapters, such as LoRA, without the model that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import nn

from attnwidget.capture.model.wrappers import learned_prompt, unwrap

CONFIG = "adapter_config.json"
"""The file that tells such a folder."""


def is_adapter(name: str) -> bool:
    """Return whether a path is a folder of adapters alone."""
    folder = Path(name).expanduser()
    return (folder / CONFIG).is_file() and not (folder / "config.json").is_file()


def adapter_of(name: str) -> tuple[str, Callable[[nn.Module], nn.Module]]:
    """Return the name of the model that adapters belong to, and what puts them on it.

    Parameters
    ----------
    name
        The folder.

    Raises
    ------
    ValueError
        PEFT is not installed, or the folder does not name its model.
    """
    folder = str(Path(name).expanduser())
    try:
        import peft
    except ImportError as error:
        raise ValueError(
            f"{folder} holds adapters of PEFT, which is not installed. Install it (pip install "
            "peft), or pass the model with its adapters on it."
        ) from error
    base = peft.PeftConfig.from_pretrained(folder).base_model_name_or_path
    if not base:
        raise ValueError(
            f"{folder} holds adapters that do not say which model they belong to. Load that "
            "model, put them on it with peft.PeftModel.from_pretrained(model, folder), and "
            "pass the result."
        )

    def put_on(model: nn.Module) -> nn.Module:
        adapted = peft.PeftModel.from_pretrained(model, folder)
        inner = adapted if learned_prompt(adapted) else unwrap(adapted).model
        assert isinstance(inner, nn.Module)
        return inner

    return base, put_on
