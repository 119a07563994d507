"""Small random models of every architecture that capture must be exact for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import transformers as tf
from transformers import PreTrainedModel

VOCABULARY = 99
LENGTH = 12
PADDING = 4

# One width for all: four heads of eight.
WIDE = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 64,
}
GROUPED = {**WIDE, "num_key_value_heads": 2, "pad_token_id": 0}
SEQ2SEQ = {
    "vocab_size": VOCABULARY,
    "d_model": 32,
    "encoder_layers": 3,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
VISION = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "image_size": 24,
    "patch_size": 8,
}


@dataclass(frozen=True)
class Architecture:
    """How to build one model, and what to feed it with."""

    name: str
    build: Callable[[], PreTrainedModel]
    inputs: Callable[[], dict[str, torch.Tensor]]
    pads: bool = False

    def model(self) -> PreTrainedModel:
        torch.manual_seed(0)
        return spread(self.build().eval())

    def reference(self) -> PreTrainedModel:
        """The same weights, run by transformers' own eager attention."""
        torch.manual_seed(0)
        model = spread(self.build().eval())
        model.set_attn_implementation("eager")
        return model


def spread(model: PreTrainedModel) -> PreTrainedModel:
    """Enlarge the weights, so that attention is far from uniform."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim > 1:
                weights.copy_(torch.randn(weights.shape, generator=generator) * 0.2)
            elif weights.numel() == 4:
                weights.copy_(torch.randn(weights.shape, generator=generator))
    return model


def text() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    return {"input_ids": torch.randint(3, VOCABULARY, (1, LENGTH), generator=generator)}


def text_to_text() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {
        **text(),
        "decoder_input_ids": torch.randint(3, VOCABULARY, (1, 7), generator=generator),
    }


def image(rows: int = 24, columns: int = 24) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    return {"pixel_values": torch.randn(1, 3, rows, columns, generator=generator)}


def sound() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    return {
        "input_features": torch.randn(1, 16, 60, generator=generator),
        "decoder_input_ids": text_to_text()["decoder_input_ids"],
    }


def image_and_text() -> dict[str, torch.Tensor]:
    return {**text(), **image()}


def _of(
    name: str,
    model: str,
    config: str,
    options: dict[str, Any],
    inputs: Callable[[], dict[str, torch.Tensor]] = text,
    pads: bool = True,
) -> Architecture:
    def build() -> PreTrainedModel:
        return getattr(tf, model)(getattr(tf, config)(**options))

    return Architecture(name, build, inputs, pads)


GPT = {
    "vocab_size": VOCABULARY,
    "n_embd": 32,
    "n_layer": 3,
    "n_head": 4,
    "n_positions": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_COMMON = [
    _of("bert", "BertModel", "BertConfig", WIDE),
    _of("roberta", "RobertaModel", "RobertaConfig", WIDE),
    _of("albert", "AlbertModel", "AlbertConfig", {**WIDE, "embedding_size": 16}),
    _of(
        "distilbert",
        "DistilBertModel",
        "DistilBertConfig",
        {"vocab_size": VOCABULARY, "dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48},
    ),
    _of("electra", "ElectraModel", "ElectraConfig", {**WIDE, "embedding_size": 16}),
    _of(
        "modernbert",
        "ModernBertModel",
        "ModernBertConfig",
        {**WIDE, "local_attention": 6, "global_attn_every_n_layers": 2, "pad_token_id": 0},
    ),
    _of("gpt2", "GPT2LMHeadModel", "GPT2Config", GPT),
    _of("gpt_neox", "GPTNeoXForCausalLM", "GPTNeoXConfig", WIDE),
    _of("llama", "LlamaForCausalLM", "LlamaConfig", GROUPED),
    _of("mistral", "MistralForCausalLM", "MistralConfig", {**GROUPED, "sliding_window": 5}),
    _of("qwen2", "Qwen2ForCausalLM", "Qwen2Config", GROUPED),
    _of("qwen3", "Qwen3ForCausalLM", "Qwen3Config", {**GROUPED, "head_dim": 16}),
    _of(
        "gemma2",
        "Gemma2ForCausalLM",
        "Gemma2Config",
        {**GROUPED, "head_dim": 16, "sliding_window": 5, "attn_logit_softcapping": 2.0},
    ),
    _of(
        "gemma3",
        "Gemma3ForCausalLM",
        "Gemma3TextConfig",
        {**GROUPED, "head_dim": 16, "sliding_window": 5, "sliding_window_pattern": 2},
    ),
    _of("phi3", "Phi3ForCausalLM", "Phi3Config", GROUPED),
    _of(
        "gpt_oss",
        "GptOssForCausalLM",
        "GptOssConfig",
        {
            **GROUPED,
            "head_dim": 16,
            "sliding_window": 5,
            "num_local_experts": 2,
            "num_experts_per_tok": 1,
        },
    ),
    _of(
        "t5",
        "T5ForConditionalGeneration",
        "T5Config",
        {
            "vocab_size": VOCABULARY,
            "d_model": 32,
            "d_kv": 8,
            "d_ff": 48,
            "num_layers": 3,
            "num_decoder_layers": 2,
            "num_heads": 4,
            "decoder_start_token_id": 0,
        },
        text_to_text,
    ),
    _of("bart", "BartForConditionalGeneration", "BartConfig", SEQ2SEQ, text_to_text),
    _of("marian", "MarianMTModel", "MarianConfig", SEQ2SEQ, text_to_text),
    _of(
        "whisper",
        "WhisperForConditionalGeneration",
        "WhisperConfig",
        {**SEQ2SEQ, "num_mel_bins": 16, "max_source_positions": 30},
        sound,
        pads=False,
    ),
    _of("vit", "ViTModel", "ViTConfig", VISION, image, pads=False),
    _of("dinov2", "Dinov2Model", "Dinov2Config", VISION, image, pads=False),
    _of(
        "dinov2_with_registers",
        "Dinov2WithRegistersModel",
        "Dinov2WithRegistersConfig",
        {**VISION, "num_register_tokens": 4},
        image,
        pads=False,
    ),
]
CLIP = _of(
    "clip",
    "CLIPModel",
    "CLIPConfig",
    {
        "text_config": {**WIDE, "eos_token_id": 2, "num_hidden_layers": 2},
        "vision_config": VISION,
    },
    image_and_text,
)
_CANDIDATES = [
    _of(
        "deberta",
        "DebertaModel",
        "DebertaConfig",
        {**WIDE, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]},
    ),
    _of(
        "deberta_v2",
        "DebertaV2Model",
        "DebertaV2Config",
        {**WIDE, "relative_attention": True, "pos_att_type": ["c2p", "p2c"]},
    ),
    _of("gptj", "GPTJForCausalLM", "GPTJConfig", {**GPT, "rotary_dim": 4}),
    _of(
        "bloom",
        "BloomForCausalLM",
        "BloomConfig",
        {"vocab_size": VOCABULARY, "hidden_size": 32, "n_layer": 3, "n_head": 4},
    ),
    _of(
        "xlnet",
        "XLNetModel",
        "XLNetConfig",
        {"vocab_size": VOCABULARY, "d_model": 32, "n_layer": 3, "n_head": 4, "d_inner": 48},
    ),
]
# Release by release transformers moves more of these to its attention interface, and says so.
INTERFACE = [
    *_COMMON,
    *(each for each in _CANDIDATES if each.model()._can_set_attn_implementation()),
]
FALLBACK = [each for each in _CANDIDATES if each not in INTERFACE]
