"""Small configs of any architecture."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

import transformers

from scripts.architectures.particular import CONFIGS
from scripts.architectures.sizes import small_value
from scripts.architectures.ways import Way

VOCABULARY = 120
"""Number of tokens of a small model."""

SPECIAL = 100
"""The first id of the special tokens of a small model."""

BACKBONE: dict[str, Any] = {
    "model_type": "resnet",
    "embedding_size": 8,
    "hidden_sizes": [8, 16, 24, 32],
    "depths": [1, 1, 1, 1],
    "layer_type": "basic",
}
"""What stands for the convolutions of a library that is not installed."""


@dataclass
class _Shrunk:
    """The fields of a config and of the configs within it, made small."""

    way: Way
    ids: dict[str, int] = field(default_factory=dict)

    def fields(self, plain: transformers.PreTrainedConfig) -> dict[str, Any]:
        """Return the small fields of a config."""
        kind = type(plain)
        names = {*vars(plain), *inspect.signature(kind.__init__).parameters}
        values = {name: _value(plain, name) for name in sorted(names)}
        fields: dict[str, Any] = {}
        for name, value in values.items():
            small = self._small(name, value)
            if value is None and self.way.fills:
                small = small_value(name)
            if small is not None:
                fields[name] = small
        if any(_is_foreign(value) for value in values.values()):
            fields |= {"use_timm_backbone": False, "backbone": None}
        if "qk_rope_head_dim" in fields and "head_dim" in fields:
            fields["head_dim"] = fields["qk_rope_head_dim"]
        fields |= _stages(plain, fields)
        if self.way.cuts_lists:
            fields |= _cut_lists(values, fields)
        given = CONFIGS.get(kind.model_type, {})
        by_layer_type = any(
            isinstance(each, dict) for each in given.get("rope_parameters", {}).values()
        )
        if self.way.turns and not by_layer_type:
            fields |= _turned(kind, values, fields)
        return _deeply(fields, given)

    def _small(self, name: str, value: Any) -> Any:
        """Return the small value of a field, None where it stays as it is."""
        if _is_foreign(value):
            return {**BACKBONE, "out_indices": _out_indices(value)}
        if isinstance(value, transformers.PreTrainedConfig):
            return {**_own(value), **self.fields(value), "model_type": type(value).model_type}
        if isinstance(value, bool):
            return None
        if re.fullmatch(r".*token_(id|index)", name):
            return self._id(name, value)
        if isinstance(value, int) and value > 0:
            small = self.way.small(name, value)
            return small if small != value else None
        if not isinstance(value, (list, tuple)) or not value or not all(map(_is_count, value)):
            return None
        if re.search(r"ind|stage|ratio|stride|kernel|layers$", name):
            return None
        widths = [self.way.small(name, each) for each in value]
        return widths if widths != list(value) else None

    def _id(self, name: str, value: Any) -> Any:
        if isinstance(value, (list, tuple)) and value:
            return [each if each < SPECIAL else self._id(name, each) for each in value]
        stands = re.match(r"image|video|audio", name)
        if not stands and (not isinstance(value, int) or value < SPECIAL):
            return value if isinstance(value, int) else None
        return self.ids.setdefault(name, SPECIAL + len(self.ids) % (VOCABULARY - SPECIAL))


def _own(config: transformers.PreTrainedConfig) -> dict[str, Any]:
    """Return the fields in which a config is unlike others of its kind."""
    usual = type(config)().to_dict()
    return {
        name: value
        for name, value in config.to_dict().items()
        if value != usual.get(name) and name != "stage_names"
    }


def small_config(
    kind: type[transformers.PreTrainedConfig], way: Way
) -> transformers.PreTrainedConfig:
    """Return a config of a kind with few and small layers."""
    return kind(**_Shrunk(way).fields(kind()))


def _cut_lists(values: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the lists that have an item for each layer, cut to as many as there are layers."""
    cut: dict[str, Any] = {}
    for name, count in fields.items():
        before = values.get(name)
        if not re.fullmatch(r".*layers?", name) or not isinstance(before, int) or before == count:
            continue
        kept = _layers_kept(values, int(before), int(count))
        for other, value in values.items():
            if isinstance(value, (list, tuple)) and len(value) == before:
                cut[other] = [value[each] for each in kept]
            elif isinstance(value, dict) and value and all(map(_is_count, value)):
                cut[other] = {at: value[each] for at, each in enumerate(kept) if each in value}
    return cut


def _layers_kept(values: dict[str, Any], before: int, count: int) -> list[int]:
    """Return which layers to keep: the first of each kind, and the first ones."""
    kinds = next(
        (
            value
            for name, value in values.items()
            if "types" in name and isinstance(value, (list, tuple)) and len(value) == before
        ),
        [None] * before,
    )
    first = {str(kind): number for number, kind in reversed(list(enumerate(kinds)))}
    others = (number for number in range(before) if number not in first.values())
    return sorted([*sorted(first.values()), *others][:count])


def _stages(plain: transformers.PreTrainedConfig, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the layers of a backbone that its model reads, the last of those that are left."""
    read = _value(plain, "out_indices") or ()
    count = fields.get("num_hidden_layers") or 0
    if not read or not count or max(read) <= count:
        return {}
    return {"out_indices": list(range(count + 1))[-len(read) :], "out_features": None}


def _turned(kind: type, values: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return rotary embeddings whose parts, by time, row and column, fit into a head."""
    rope = values.get("rope_parameters")
    if not isinstance(rope, dict) or not _has_sections(kind):
        return {}
    if any(isinstance(each, dict) for each in rope.values()):  # of several kinds of layers
        return {}
    width = fields.get("hidden_size") or values.get("hidden_size") or 32
    heads = fields.get("num_attention_heads") or values.get("num_attention_heads") or 4
    head = fields.get("head_dim") or values.get("head_dim") or width // heads
    half = int(head * rope.get("partial_rotary_factor", 1)) // 2
    old = rope.get("mrope_section") or rope.get("xdrope_section") or [1, 1, 2]
    parts = [half * each // sum(old) for each in old]
    parts[-1] += half - sum(parts)
    named = {"rope_type": "default", "rope_theta": 10000.0}
    return {"rope_parameters": {**named, **rope, "mrope_section": parts}}


def _has_sections(kind: type) -> bool:
    """Return whether a model turns parts of a head by time, row and column."""
    from pathlib import Path

    files = Path(inspect.getfile(kind)).parent.glob("modeling_*.py")
    return any("mrope_section" in file.read_text() for file in files)


def _out_indices(backbone: transformers.PreTrainedConfig) -> list[int]:
    """Return the stages of the backbone that its model reads."""
    found = getattr(backbone, "out_indices", None) or [4]
    return [min(int(each), 4) for each in found]


def _deeply(fields: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return fields with more of them, those of configs within them too."""
    merged = dict(fields)
    for name, value in more.items():
        within = merged.get(name)
        is_both = isinstance(value, dict) and isinstance(within, dict)
        merged[name] = _deeply(within, value) if is_both and within else value
    return merged


def _value(config: transformers.PreTrainedConfig, name: str) -> Any:
    try:
        return getattr(config, name, None)
    except Exception:  # fields that every layer has for itself
        return None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_foreign(value: object) -> bool:
    return isinstance(value, transformers.PreTrainedConfig) and value.model_type == "timm_backbone"
