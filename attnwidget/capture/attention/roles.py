"""The role of each attention module: the stacks of its queries and of its keys."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from torch import nn

from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.pretrained import is_config, is_pretrained, recordable_outputs

CROSS_NAMES = ("cross", "encoder_attn", "encdec", "multihead_attn")
"""Parts of the names of cross-attention modules, for models that do not declare them."""

TOWER_SUFFIXES = ("_model", "_tower", "_encoder", "_backbone")
"""Endings that are left out of the names of towers."""

TOWER_NAMES = {"language": "text", "visual": "vision", "image": "vision", "speech": "audio"}
"""Other names of towers, and the names that they get here."""

Ancestry: TypeAlias = dict[str, nn.Module]
"""A module and the modules around it, by name, outermost first."""


class Role(NamedTuple):
    """The stacks that an attention reads its queries and its keys from.

    Attributes
    ----------
    queries, keys
        Names of the stacks whose positions attend and are attended to.
    stack
        The stack of the queries: the innermost transformers model around the module that has a
        config of its own. None in other torch modules.
    """

    queries: str
    keys: str
    stack: nn.Module | None


def attention_roles(model: LoadedModel, modules: Iterable[nn.Module]) -> dict[nn.Module, Role]:
    """Return the role of each module that computed attention.

    Parameters
    ----------
    model
        The whole model.
    modules
        The modules, in any order.

    Returns
    -------
    dict
        Stacks are called ``"encoder"`` and ``"decoder"`` in an encoder-decoder and ``"self"`` where
        there is only one. Other stacks are named after their place in the model, such as
        ``"text"`` and ``"vision"``.
    """
    paths = {module: name for name, module in model.module.named_modules()}
    ancestries = {module: _ancestry(model.module, paths[module]) for module in modules}
    stacks = {module: _stack(ancestry) for module, ancestry in ancestries.items()}
    crosses = {module: _is_cross(ancestry) for module, ancestry in ancestries.items()}
    if _has_encoder_and_decoder(model, ancestries.values()):
        sides = {
            module: "encoder" if _is_within(model.encoder, ancestry) else "decoder"
            for module, ancestry in ancestries.items()
        }
        return {
            module: Role(side, "encoder" if crosses[module] else side, stacks[module])
            for module, side in sides.items()
        }
    names = _stack_names({stack: paths[stack] for stack in stacks.values() if stack is not None})
    return {
        module: Role(name, f"{name} source" if crosses[module] else name, stack)
        for module, stack in stacks.items()
        for name in ["self" if stack is None else names[stack]]
    }


def _ancestry(model: nn.Module, path: str) -> Ancestry:
    """Return the module at a path and those around it."""
    ancestry = {"": model}
    name = ""
    for part in path.split(".") if path else []:
        name = f"{name}.{part}" if name else part
        ancestry[name] = model.get_submodule(name)
    return ancestry


def _stack(ancestry: Ancestry) -> nn.Module | None:
    """Return the innermost model with a config of its own."""
    stack, kind = None, None
    for module in ancestry.values():
        config = getattr(module, "config", None)
        is_configured = is_config(config)
        if is_pretrained(module) or (is_configured and type(config) is not kind):
            stack = module
        kind = type(config) if is_configured else kind
    return stack


def _is_cross(ancestry: Ancestry) -> bool:
    """Return whether a module computes cross-attention, as it or its model declares."""
    path, module = next(reversed(ancestry.items()))
    declared = getattr(module, "is_cross_attention", None)
    if isinstance(declared, bool):
        return declared
    models = (each for each in reversed(ancestry.values()) if is_pretrained(each))
    records = recordable_outputs(next(models, None))
    if "cross_attentions" in records:
        return any(_matches(spec, ancestry) for spec in _listed(records["cross_attentions"]))
    return any(mark in path.lower().rpartition("layers.")[2] for mark in CROSS_NAMES)


def _matches(spec: Any, ancestry: Ancestry) -> bool:
    """Return whether a module lies within one that its model declares to be cross-attention."""
    kind = spec if isinstance(spec, type) else getattr(spec, "target_class", None)
    part = getattr(spec, "layer_name", None)
    inside = part is None or f".{part.strip('.')}." in f".{next(reversed(ancestry))}."
    return inside and kind is not None and any(isinstance(each, kind) for each in ancestry.values())


def _listed(specs: Any) -> list[Any]:
    return specs if isinstance(specs, list) else [specs]


def _has_encoder_and_decoder(model: LoadedModel, ancestries: Iterable[Ancestry]) -> bool:
    if model.config is not None:
        return bool(getattr(model.config, "is_encoder_decoder", False))
    parts = {part for ancestry in ancestries for part in next(reversed(ancestry)).split(".")}
    return {"encoder", "decoder"} <= parts


def _is_within(encoder: nn.Module | None, ancestry: Ancestry) -> bool:
    if encoder is not None:
        return encoder in ancestry.values()
    return "encoder" in next(reversed(ancestry)).split(".")


def _stack_names(paths: Mapping[nn.Module, str]) -> dict[nn.Module, str]:
    """Return a short name for each stack: the last part of its path that tells it apart."""
    if len(paths) == 1:
        return dict.fromkeys(paths, "self")
    names: dict[nn.Module, str] = {}
    for stack, path in paths.items():
        part = next(
            (p for p in reversed(path.split(".")) if p and p not in ("model", "encoder")), ""
        )
        name = short_part(part) or "self"
        names[stack] = name if name not in names.values() else path
    return names


def short_part(part: str) -> str:
    """Return a part of a module's path as the name of a tower: ``"vision"`` of ``"visual"``."""
    for suffix in TOWER_SUFFIXES:
        part = part.removesuffix(suffix)
    return TOWER_NAMES.get(part, part)
