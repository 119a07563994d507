"""Small values for the fields of configs, by their names."""

from __future__ import annotations

import re

NAMED: tuple[tuple[str, int], ...] = (
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
    (r"max_position_embeddings", 256),
    (r"max_(source_|target_)?position(s|_embeddings)|n_positions|max_seq_len|n_ctx", 64),
    (r"image_size", 32),
    (r"patch_size", 8),
    (r"num_mel_bins", 16),
    (r"num_queries|num_query_tokens", 6),
    (r"mamba_.*(n_heads|num_heads)|linear_num_(key|value)_heads", 4),
    (r"mm_tokens_per_image|.*max_soft_tokens.*", 4),
    (r"mamba_d_head|mamba_head_dim|linear_(key|value)_head_dim", 8),
)
"""Small values by a pattern of the names of the fields."""

COUNTS = re.compile(
    r"(?!.*per_tok|.*top_?k).*(layers?|n_layer|depths?|blocks|experts|vocab_size|num_queries|num_query_tokens)"
)
"""Names of fields that count what may be left out."""

EXPERTS = re.compile(r".*(per_tok|per_token|topk|top_k|top_k_experts|moe_k)")
"""Names of fields that say how many experts read a token, which are fewer than there are."""

HEADS = re.compile(r".*head_dim|.*key_value_heads|.*_lora_rank")
"""Names of fields that say how heads are made."""

WIDTHS = re.compile(
    r"(?!.*(image|patch|kernel|window|chunk|vocab|batch|step|crop|pool|merge|context|grid|hop)_?size)"
    r"(?!.*(num|n)_(mel|bins|channels|groups|heads|frames|labels))"
    r".*(hidden|dim|d_model|d_ff|d_kv|embd|width|channels?$|features$|_size$|inner|sizes$|planes)"
)
"""Names of fields that are widths of a layer."""


def small_value(name: str) -> int | None:
    """Return the small value of a field, None if it has none."""
    found = (value for pattern, value in NAMED if re.fullmatch(pattern, name))
    return next(found, None)
