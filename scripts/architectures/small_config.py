"""Small configs of any architecture."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import transformers

SIZES: tuple[tuple[str, int], ...] = (
    (r".*vocab_size.*|n_vocab", 120),
    (r"(num_|n_)?(encoder_|decoder_|hidden_)*(layers?|n_layers?|num_layers|blocks)", 4),
    (r"num_(hidden|encoder|decoder|stacked)_?(hidden_)?layers?|n_layer|num_layers|depth", 4),
    (r"(num_)?(key_value|kv)_heads|num_kv_heads|n_head_kv|multi_query_group_num", 2),
    (r".*(attention_heads|num_heads|n_heads?|nhead)", 4),
    (r".*(intermediate_size|ffn_dim|d_ff|ffn_hidden_size|n_inner|mlp_dim|ff_dim)", 48),
    (
        r"hidden_size|d_model|n_embd|embed_dim|dim|model_dim|emb_dim|embedding_size|word_embed_proj_dim",
        32,
    ),
    (r"encoder_hidden_size|decoder_hidden_size|projection_dim|hidden_dim|backbone_hidden_size", 32),
    (r"cross_attention_hidden_size|cross_hidden_size|text_hidden_size|vision_hidden_size", 32),
    (
        r"(qk_)?head_dim|d_kv|attention_head_size|kv_channels|head_size|v_head_dim|qk_nope_head_dim",
        8,
    ),
    (r"qk_rope_head_dim", 4),
    (r"(q|kv)_lora_rank", 16),
    (r"(n_routed|num|num_local)_experts|moe_num_experts|n_experts", 4),
    (r"(num_experts_per_tok|moe_k|moe_topk|top_k_experts|num_experts_per_token)", 2),
    (r"(n_group|topk_group|n_shared_experts)", 1),
    (r"max_(source_|target_)?position(s|_embeddings)|n_positions|max_seq_len|n_ctx", 64),
    (r"image_size", 32),
    (r"patch_size", 8),
    (r"num_mel_bins", 16),
    (r"num_queries|num_query_tokens", 6),
    (r"mamba_.*(n_heads|num_heads)|linear_num_(key|value)_heads", 4),
    (r"mamba_d_head|mamba_head_dim|linear_(key|value)_head_dim", 8),
)
"""Small values for the fields of configs, by a pattern of their names."""


PARTICULAR: dict[str, dict[str, Any]] = {
    "autoformer": {"prediction_length": 4},
    "codegen": {"rotary_dim": 4},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "gpt_neo": {"attention_types": [[["global", "local"], 1]]},
    "gptj": {"rotary_dim": 4},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1},
    "informer": {"prediction_length": 4},
    "time_series_transformer": {"prediction_length": 4},
    "mobilevit": {"image_size": 64},
    "hunyuan_v1_dense": {"head_dim": 8},
    "hunyuan_v1_moe": {"head_dim": 8},
    "ministral": {"head_dim": 8},
    "bailing_hybrid": {"num_hidden_layers": 8},
    "bamba": {"mamba_d_head": 16},
    "kimi_linear": {"layer_types": ["linear_attention", "full_attention"] * 2},
    "falcon_h1": {"mamba_d_head": 16, "mamba_d_ssm": 64},
    "granitemoehybrid": {"mamba_d_head": 16},
}
"""Fields of single architectures that fit each other only so."""

UNSHRUNK: tuple[str, ...] = (
    r"(?!)",
    r".*head_dim|.*key_value_heads|.*_lora_rank",
    r"(?!.*(layers?|n_layer|depth|experts|vocab_size)$).*",
)
"""Fields that keep their values, in the order to try: none, those of heads, all but counts."""


def small_config(
    kind: type[transformers.PreTrainedConfig], kept: str = UNSHRUNK[0]
) -> transformers.PreTrainedConfig:
    """Return a config of a kind with few and small layers.

    Parameters
    ----------
    kind
        The class of the config.
    kept
        Pattern of the names of fields that keep their values.
    """
    return kind(**_small_fields(kind, kept))


def _small_fields(kind: type[transformers.PreTrainedConfig], kept: str) -> dict[str, Any]:
    plain = kind()
    names = {*vars(plain), *inspect.signature(kind.__init__).parameters}
    values = {name: _value(plain, name) for name in names}
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, transformers.PreTrainedConfig):
            fields[name] = small_config(type(value), kept).to_dict()
        elif isinstance(value, bool) or not isinstance(value, int) or re.fullmatch(kept, name):
            continue
        elif re.fullmatch(r".*_token_(id|index)", name):
            fields[name] = value if value < 110 else 110 + len(name) % 10
        elif value > 0 and (small := _small(name)) is not None:
            fields[name] = min(small, value)
    head = fields.get("head_dim") or 8
    if "qk_rope_head_dim" in fields and "head_dim" in fields:
        fields["head_dim"] = fields["qk_rope_head_dim"]
    rope = values.get("rope_parameters")
    if isinstance(rope, dict) and _has_sections(kind):
        half = int(head * rope.get("partial_rotary_factor", 1)) // 2
        parts = [half // 4, half // 4, half - 2 * (half // 4)]
        fields["rope_parameters"] = {**rope, "mrope_section": parts}
    return {**fields, **PARTICULAR.get(kind.model_type, {})}


def _value(config: transformers.PreTrainedConfig, name: str) -> Any:
    try:
        return getattr(config, name, None)
    except Exception:  # fields that every layer has for itself
        return None


def _has_sections(kind: type) -> bool:
    """Return whether a model turns parts of a head by time, row and column."""
    files = Path(inspect.getfile(kind)).parent.glob("modeling_*.py")
    return any("mrope_section" in file.read_text() for file in files)


def _small(name: str) -> int | None:
    found = (value for pattern, value in SIZES if re.fullmatch(pattern, name))
    return next(found, None)
