"""Small configs of any architecture."""

from __future__ import annotations

import inspect
import re
from typing import Any

import transformers

SIZES: tuple[tuple[str, int], ...] = (
    (r".*vocab_size.*|n_vocab", 120),
    (r"(num_|n_)?(encoder_|decoder_|hidden_)*(layers?|n_layers?|num_layers|blocks)", 2),
    (r"num_(hidden|encoder|decoder|stacked)_?(hidden_)?layers?|n_layer|num_layers|depth", 2),
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


def small_config(kind: type[transformers.PreTrainedConfig]) -> transformers.PreTrainedConfig:
    """Return a config of a kind with few and small layers."""
    return kind(**_small_fields(kind))


def _small_fields(kind: type[transformers.PreTrainedConfig]) -> dict[str, Any]:
    plain = kind()
    taken = set(inspect.signature(kind.__init__).parameters) | set(vars(plain))
    fields: dict[str, Any] = {}
    for name, sub in getattr(kind, "sub_configs", {}).items():
        inner = getattr(plain, name, None)
        if isinstance(inner, transformers.PreTrainedConfig):
            fields[name] = small_config(type(inner)).to_dict()
        elif isinstance(sub, type) and sub is not transformers.AutoConfig and inner is None:
            continue
    for name in taken:
        value = getattr(plain, name, None)
        if name in fields or isinstance(value, bool) or not isinstance(value, int):
            continue
        small = _small(name)
        if small is not None and value > 0:
            fields[name] = min(small, value)
    return fields


def _small(name: str) -> int | None:
    found = (value for pattern, value in SIZES if re.fullmatch(pattern, name))
    return next(found, None)
