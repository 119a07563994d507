import pytest
import torch
import transformers as tf

from attnwidget.bertviz import neuron_view
from tests.capture.architectures import FALLBACK
from tests.capture.small_tokenizers import SENTENCE, byte_level, word_piece

SMALL = {"vocab_size": 200, "max_position_embeddings": 64}
BERT = {**SMALL, "hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 48}


def bert() -> tf.BertModel:
    torch.manual_seed(0)
    return tf.BertModel(tf.BertConfig(**BERT, num_hidden_layers=3)).eval()


def llama() -> tf.LlamaForCausalLM:
    torch.manual_seed(0)
    config = tf.LlamaConfig(**BERT, num_hidden_layers=2, num_key_value_heads=2)
    return tf.LlamaForCausalLM(config).eval()


def test_it_opens_at_the_first_head_in_the_dark(displayed):
    model = bert()
    assert neuron_view.show(model, "bert", word_piece(), "the café") is None
    (widget,) = displayed
    assert (widget.view, widget.layer, widget.heads, widget.theme) == ("neuron", 0, [0], "dark")
    assert widget.pair_filter == "all"
    assert not widget.trace["self"].queries.has_pair


def test_a_pair_opened_at_a_head_in_the_light(displayed):
    model, tokenizer = bert(), word_piece()
    neuron_view.show(model, "bert", tokenizer, "the café", "walked", "light", 2, 3)
    widget = displayed[0]
    assert (widget.layer, widget.heads, widget.theme) == (2, [3], "light")
    widget.pair_filter = "ab"
    inputs = tokenizer("the café", "walked", return_token_type_ids=True, return_tensors="pt")
    model.set_attn_implementation("eager")
    with torch.no_grad():
        without_types = {"input_ids": inputs["input_ids"]}  # as this tokenizer makes them
        expected = model(**without_types, output_attentions=True).attentions[2][0, 3]
    second = inputs["token_type_ids"][0].tolist().index(1)
    scores = widget.scores()[0]
    torch.testing.assert_close(
        scores[:second, second:], expected[:second, second:], atol=2e-5, rtol=0
    )


@pytest.mark.parametrize("kind", ["gpt2", "llama", None, "anything"])
def test_any_model_will_do_whatever_it_is_called(displayed, kind):
    neuron_view.show(llama(), kind, byte_level(), SENTENCE, layer=-1)
    trace = displayed[0].trace
    assert displayed[0].layer == 1
    scaled = trace.query(0) @ trace.key(0).transpose(1, 2) / 8**0.5
    masked = scaled.masked_fill(torch.ones(scaled.shape[1:]).triu(1).bool(), -torch.inf)
    torch.testing.assert_close(trace.attention(0), masked.softmax(-1), atol=1e-5, rtol=0)


def test_a_second_text_that_is_empty_is_none(displayed):
    neuron_view.show(bert(), "bert", word_piece(), "the café", "")
    assert not displayed[0].trace["self"].queries.has_pair


def test_the_model_comes_back_as_it_was(displayed):
    model = bert().train()
    before = model.config._attn_implementation
    neuron_view.show(model, "bert", word_piece(), "the café")
    assert model.training
    assert model.config._attn_implementation == before


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "message"),
    [
        ([""], {}, ValueError, "text"),
        (["the"], {"layer": 3}, IndexError, "layer 3 is out of range: there are 3 layers"),
        (["the"], {"head": -5}, IndexError, "head -5 is out of range"),
        (["the"], {"display_mode": "blue"}, ValueError, "'dark' or 'light', but 'blue'"),
        (["the"], {"html_action": None}, ValueError, "html_action must be 'view'"),
    ],
)
def test_wrong_input(displayed, arguments, keywords, error, message):
    with pytest.raises(error, match=message):
        neuron_view.show(bert(), "bert", word_piece(), *arguments, **keywords)
    assert displayed == []


def test_a_pair_for_a_model_that_knows_none(displayed):
    with pytest.raises(ValueError, match="puts nothing between the texts of a pair"):
        neuron_view.show(llama(), "gpt2", byte_level(), "The", "café")
    assert displayed == []


def test_a_model_without_queries_and_keys_in_reach(displayed):
    model = FALLBACK[0].model()
    model.resize_token_embeddings(200)
    name = type(model).__name__
    with pytest.raises(ValueError, match=f"{name} computes attention in code of its own"):
        neuron_view.show(model, "gptj", byte_level(), SENTENCE)
    assert displayed == []
