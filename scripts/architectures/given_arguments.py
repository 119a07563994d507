"""Arguments of the forward passes of single architectures, a row each."""

from __future__ import annotations

from typing import Any

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
    "seggpt": {
        "pixel_values": (1, 3, 32, 32),
        "prompt_pixel_values": (1, 3, 32, 32),
        "prompt_masks": (1, 3, 32, 32),
    },
    "paligemma": {"token_type_ids": None},
    "fun_asr_nano_encoder": {"input_features": (1, 9, 112)},
    "inkling_audio": {"audio_input_ids": [[[5] * 80] * 9]},
    "inkling_vision": {"pixel_values": (1, 2, 32, 32, 3)},
    "kyutai_speech_to_text": {"input_ids": [[[each] * 33 for each in range(5, 14)]]},
    "mimi_decoder": {"latents": (1, 32, 9)},
    "muse_glimmer_assistant": {"context_hidden_states": (1, 9, 160)},
    "muse_glimmer_vision": {"pixel_values": (16, 384)},
    "muse_spark_vision": {"pixel_values": (16, 384)},
    "musicgen_melody": {"decoder_input_ids": [list(range(5, 11)), *[list(range(7, 13))] * 3]},
    "paddleocr_vl_vision": {"pixel_values": (1, 16, 3, 8, 8), "image_grid_thw": [[1, 4, 4]]},
    "phi4_multimodal_audio": {"hidden_states": (1, 64, 80)},
    "pocket_tts_audio_tokenizer_decoder": {"latents": (1, 32, 9)},
    "qwen2_5_omni_audio_encoder": {"input_features": (16, 64), "feature_lens": [64]},
    "qwen3_omni_moe_audio_encoder": {"input_features": (16, 64), "feature_lens": [64]},
    "tvp": {"pixel_values": (1, 2, 3, 128, 128)},
    "unlimited_ocr_vision_encoder": {"patch_embeds": (1, 32, 4, 4)},
    "voxtral_realtime": {"input_ids": [list(range(5, 13))]},
    "voxtral_realtime_text": {"t_cond": (1, 32)},
    "lxmert": {"visual_feats": (1, 4, 2048), "visual_pos": (1, 4, 4)},
}
"""Arguments of forward passes that need more than their names tell: numbers, or a shape.

None are those that the name tells, but that a model would run without.
"""
