"""Architectures that are not made here, and which class to make of others."""

from __future__ import annotations


class NotMadeError(ValueError):
    """An architecture is not made, for a reason that is known."""


CODEBOOKS = "takes codebooks as if they were a batch; its whole model is tried"
FEATURES = "takes feature maps, which the towers of its whole model make"
FORWARD = "has no forward pass of its own: its thinker and talker run in turn"

UNMADE: dict[str, str] = {
    "bark": "has no forward pass of its own: its parts are run one after another",
    "edgetam_video": "takes the session of a video, which its processor makes, and no plain inputs",
    "chameleon": "needs the map of its vocabulary, which comes with its weights",
    "jev": "takes the marks and options of a game, which its processor makes",
    "glm_image_vqmodel": "has no forward pass of its own: its model calls its parts",
    "qwen2_5_omni": FORWARD,
    "qwen3_omni_moe": FORWARD,
    "rag": "takes documents, which its retriever finds",
    "gemma4_assistant": "reads the keys and values of the model for which it drafts",
    "gemma4_unified_assistant": "reads the keys and values of the model for which it drafts",
    "sam2_video": "takes the session of a video, which its processor makes, and no plain inputs",
    "sam3_tracker_video": "takes the session of a video, which its processor makes",
    "sam3_video": "takes the session of a video, which its processor makes, and no plain inputs",
    "xclip_vision_model": "takes frames as if they were a batch; its whole model is tried",
    "musicgen_decoder": CODEBOOKS,
    "musicgen_melody_decoder": CODEBOOKS,
    "blt_local_decoder": "takes the patches of bytes that its whole model makes, which is tried",
    "blt_local_encoder": "takes the patches of bytes that its whole model makes, which is tried",
    "deepseek_ocr2_encoder": "takes the feature maps of its tower, and how many patches there are",
    "molmo2_adapter": "takes the patches that its whole model chooses",
    "qwen3_omni_moe_talker_code_predictor": "takes the hidden states of its talker, code by code",
    "qwen3_omni_moe_talker_text": "takes the hidden states of its thinker",
    "qwen2_5_omni_dit": "takes what its talker made, and noise, step by step",
    "sam3_detr_decoder": FEATURES,
    "sam3_detr_encoder": FEATURES,
    "sam3_lite_text_detr_decoder": FEATURES,
    "sam3_lite_text_detr_encoder": FEATURES,
    "sam3_lite_text_mask_decoder": FEATURES,
    "sam3_mask_decoder": FEATURES,
    "janus_vqgan": "turns an image into codes by convolutions; its whole model is tried",
}
"""Architectures that cannot be run here, and why."""

CLASSES: dict[str, str] = {
    "musicgen": "MusicgenForConditionalGeneration",
    "musicgen_melody": "MusicgenMelodyForConditionalGeneration",
    "llama4": "Llama4ForConditionalGeneration",
}
"""Classes to try first, where a family has only a part of the model for the config."""
