"""What single architectures need, a row each."""

from __future__ import annotations

from typing import Any

CONFIGS: dict[str, dict[str, Any]] = {
    "autoformer": {"prediction_length": 8, "label_length": 4},
    "bailing_hybrid": {"num_hidden_layers": 8},
    "bamba": {"mamba_d_head": 16, "attn_layer_indices": [1, 3]},
    "hunyuan_vl_text": {"rope_parameters": {"rope_type": "default", "rope_theta": 1e4}},
    "glm5_next_text": {"num_key_value_heads": 4},
    "mobilevit": {"image_size": 64},
    "kosmos-2": {"latent_query_num": 4},
    "lfm2_moe": {"layer_types": ["conv", "full_attention"] * 2},
    "lw_detr_vit": {"image_size": 64, "patch_size": 8, "num_windows": 4},
    "dbrx": {"attn_config": {"rope_theta": 1e4, "kv_n_heads": 2, "clip_qkv": 8}},
    "deepseek_v2": {"num_experts_per_tok": 2, "head_dim": 4},
    "codegen": {"rotary_dim": 4},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "falcon_h1": {"mamba_d_head": 16, "mamba_d_ssm": 64},
    "gpt_neo": {"attention_types": [[["global", "local"], 2]]},
    "gptj": {"rotary_dim": 4},
    "granitemoehybrid": {"mamba_d_head": 16},
    "hunyuan_v1_dense": {"head_dim": 8},
    "hunyuan_v1_moe": {"head_dim": 8},
    "informer": {"prediction_length": 4},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1},
    "kimi_linear": {"layer_types": ["linear_attention", "full_attention"] * 2},
    "llama4_vision_model": {
        "intermediate_size": 128,
        "projector_input_dim": 32,
        "projector_output_dim": 32,
        "vision_output_dim": 32,
    },
    "mllama_vision_model": {
        "num_global_layers": 2,
        "intermediate_layers_indices": [0, 1],
        "vision_output_dim": 96,
    },
    "ministral": {"head_dim": 8},
    "nemotron3_5_transcribe_asr_audio": {"num_key_value_heads": 4},
    "nemotron3_5_transcribe_word_timestamp": {"num_key_value_heads": 4},
    "nemotron3_diarization_audio": {"num_key_value_heads": 4},
    "granite_speech5_encoder": {"context_size": 32},
    "patchtst": {"context_length": 32},
    "dots3_note_audio_encoder": {"adapter_input_size": 32},
    "gemma3n_text": {
        "num_hidden_layers": 4,
        "layer_types": ["sliding_attention", "full_attention"] * 2,
        "intermediate_size": 48,
        "num_kv_shared_layers": 0,
        "activation_sparsity_pattern": [0.0] * 4,
    },
    "molmo2_adapter": {"vision_feature_layer": [3, 1], "vit_layers": [3, 1]},
    "nemotron_h": {"layers_block_type": ["mamba", "full_attention"] * 2},
    "reformer": {"is_decoder": True},
    "time_series_transformer": {"prediction_length": 4},
}
"""Fields of configs that fit each other only so."""

ARGUMENTS: dict[str, dict[str, Any]] = {
    "decision_transformer": {
        "states": (1, 4, 17),
        "actions": (1, 4, 4),
        "rewards": (1, 4, 1),
        "returns_to_go": (1, 4, 1),
        "timesteps": [[0, 1, 2, 3]],
    },
    "colpali": {"token_type_ids": None},
    "csm": {"input_ids": [[list(range(5, 37))] * 6]},
    "dia_decoder": {"input_ids": [[list(range(5, 14))] * 6]},
    "dia": {"decoder_input_ids": [[list(range(5, 14))] * 6]},
    "florence_vision": {"hidden_states": (1, 3, 32, 32)},
    "granite_speech_encoder": {"hidden_states": (1, 9, 160)},
    "granite_speech_plus_encoder": {"hidden_states": (1, 9, 160)},
    "gemma3n_audio": {"audio_mel_mask": [[False] * 64]},
    "gemma4_audio": {"input_features": (1, 64, 128)},
    "gemma4_vision": {
        "pixel_values": (1, 16, 192),
        "pixel_position_ids": [[[row, column] for row in range(4) for column in range(4)]],
    },
    "idefics": {"pixel_values": (1, 1, 3, 32, 32), "image_attention_mask": [[[1]] * 9]},
    "kosmos-2": {"image_embeds_position_mask": [[False] * 2 + [True] * 4 + [False] * 3]},
    "mllama": {"cross_attention_mask": [[[[1] * 4]] * 9]},
    "moshi_depth": {"input_ids": [[5, 6, 7, 8, 9]], "last_hidden_state": (1, 5, 32)},
    "musicgen_decoder": {"input_ids": [list(range(5, 11)), *[list(range(7, 13))] * 3]},
    "musicgen_melody_decoder": {"input_ids": [list(range(5, 11)), *[list(range(7, 13))] * 3]},
    "qwen3_asr_encoder": {"input_features": (1, 16, 200)},
    "musicgen": {"decoder_input_ids": [list(range(5, 11)), *[list(range(7, 13))] * 3]},
    "seggpt": {"prompt_pixel_values": (1, 3, 32, 32), "prompt_masks": (1, 3, 32, 32)},
    "paligemma": {"token_type_ids": None},
    "lxmert": {"visual_feats": (1, 4, 2048), "visual_pos": (1, 4, 4)},
}
"""Arguments of forward passes that need more than their names tell: numbers, or a shape.

None are those that the name tells, but that a model would run without.
"""

UNMADE: dict[str, str] = {
    "bark": "has no forward pass of its own: its parts are run one after another",
    "edgetam_video": "takes the session of a video, which its processor makes, and no plain inputs",
    "chameleon": "needs the map of its vocabulary, which comes with its weights",
    "jev": "takes the marks and options of a game, which its processor makes",
    "glm_image_vqmodel": "has no forward pass of its own: its model calls its parts",
    "qwen2_5_omni": "has no forward pass of its own: its thinker and talker run in turn",
    "qwen3_omni_moe": "has no forward pass of its own: its thinker and talker run in turn",
    "rag": "takes documents, which its retriever finds",
    "gemma4_assistant": "reads the keys and values of the model for which it drafts",
    "gemma4_unified_assistant": "reads the keys and values of the model for which it drafts",
    "sam2_video": "takes the session of a video, which its processor makes, and no plain inputs",
    "sam3_tracker_video": "takes the session of a video, which its processor makes",
    "sam3_video": "takes the session of a video, which its processor makes, and no plain inputs",
}
"""Architectures that cannot be run here, and why."""
