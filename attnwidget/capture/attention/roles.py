"""Which kind of attention each module of a transformers model computes."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import transformers
from torch import nn

CROSS_NAMES = ("cross", "encoder_attn", "encdec", "multihead_attn")
"""Parts of the names that modules of cross-attention have, where nothing else says it."""
TOWER_SUFFIXES = ("_model", "_tower", "_encoder", "_backbone")
TOWER_NAMES = {"language": "text", "visual": "vision", "image": "vision", "speech": "audio"}

Line: TypeAlias = dict[str, nn.Module]
"""A module and those around it, by name, outermost first."""


class Role(NamedTuple):
    """What a module's attention is for.

    Attributes
    ----------
    queries, keys
        Names of the stacks whose positions attend and are attended to.
    stack
        The innermost transformers model around the module that has a config of its own, None in
        other torch modules.
    """

    queries: str
    keys: str
    stack: nn.Module | None


def roles(model: nn.Module, callers: Iterable[nn.Module]) -> dict[nn.Module, Role]:
    """Return the role of each module that computed attention.

    Parameters
    ----------
    model
        The whole model.
    callers
        The modules, in any order.

    Returns
    -------
    dict
        Stacks are called ``"encoder"`` and ``"decoder"`` in an encoder-decoder, ``"self"`` where
        there is only one, and else after their place in the model, such as ``"text"`` and
        ``"vision"``.
    """
    paths = {module: name for name, module in model.named_modules()}
    lines = {caller: _ancestry(model, paths[caller]) for caller in callers}
    stacks = {caller: _stack(line) for caller, line in lines.items()}
    crosses = {caller: _is_cross(lines[caller]) for caller in lines}
    if _has_encoder_and_decoder(model, lines.values()):
        encoder = _encoder(model)
        sides = {
            caller: "encoder" if _is_within(encoder, line) else "decoder"
            for caller, line in lines.items()
        }
        return {
            caller: Role(side, "encoder" if crosses[caller] else side, stacks[caller])
            for caller, side in sides.items()
        }
    names = _stack_names({stack: paths[stack] for stack in stacks.values() if stack is not None})
    return {
        caller: Role(name, f"{name} source" if crosses[caller] else name, stack)
        for caller, stack in stacks.items()
        for name in ["self" if stack is None else names[stack]]
    }


def _ancestry(model: nn.Module, path: str) -> Line:
    """Return the modules around and at a path, by name, outermost first."""
    line = {"": model}
    name = ""
    for part in path.split(".") if path else []:
        name = f"{name}.{part}" if name else part
        line[name] = model.get_submodule(name)
    return line


def _stack(line: Line) -> nn.Module | None:
    """Return the innermost model with weights for one kind of input."""
    stack, kind = None, None
    for module in line.values():
        config = getattr(module, "config", None)
        is_configured = isinstance(config, transformers.PreTrainedConfig)
        if isinstance(module, transformers.PreTrainedModel) or (
            is_configured and type(config) is not kind
        ):
            stack = module
        kind = type(config) if is_configured else kind
    return stack


def _is_cross(line: Line) -> bool:
    path, module = next(reversed(line.items()))
    declared = getattr(module, "is_cross_attention", None)
    if isinstance(declared, bool):
        return declared
    models = (
        each for each in reversed(line.values()) if isinstance(each, transformers.PreTrainedModel)
    )
    records = getattr(next(models, None), "_can_record_outputs", None) or {}
    if "cross_attentions" in records:
        return any(_matches(spec, line) for spec in _listed(records["cross_attentions"]))
    return any(mark in path.lower().rpartition("layers.")[2] for mark in CROSS_NAMES)


def _matches(spec: Any, line: Line) -> bool:
    """Return whether what a model declares to be cross-attention is in a module's ancestry."""
    kind = spec if isinstance(spec, type) else getattr(spec, "target_class", None)
    part = getattr(spec, "layer_name", None)
    inside = part is None or f".{part.strip('.')}." in f".{next(reversed(line))}."
    return inside and kind is not None and any(isinstance(each, kind) for each in line.values())


def _listed(specs: Any) -> list[Any]:
    return specs if isinstance(specs, list) else [specs]


def _has_encoder_and_decoder(model: nn.Module, lines: Iterable[Line]) -> bool:
    config = getattr(model, "config", None)
    if config is not None:
        return bool(getattr(config, "is_encoder_decoder", False))
    parts = {part for line in lines for part in next(reversed(line)).split(".")}
    return {"encoder", "decoder"} <= parts


def _encoder(model: nn.Module) -> nn.Module | None:
    found = model.get_encoder() if isinstance(model, transformers.PreTrainedModel) else None
    return None if found is model else found


def _is_within(encoder: nn.Module | None, line: Line) -> bool:
    if encoder is not None:
        return encoder in line.values()
    return "encoder" in next(reversed(line)).split(".")


def _stack_names(paths: Mapping[nn.Module, str]) -> dict[nn.Module, str]:
    """Return a short name for each stack: the last part of its path that tells it apart."""
    if len(paths) == 1:
        return dict.fromkeys(paths, "self")
    names: dict[nn.Module, str] = {}
    for stack, path in paths.items():
        part = next(
            (p for p in reversed(path.split(".")) if p and p not in ("model", "encoder")), ""
        )
        for suffix in TOWER_SUFFIXES:
            part = part.removesuffix(suffix)
        name = TOWER_NAMES.get(part, part) or "self"
        names[stack] = name if name not in names.values() else path
    return names
