import pytest
import torch

from attnwidget.bertviz import head_view, model_view
from tests.bertviz.arrays import attentions

SOURCE, TARGET = ["drei", "▁Katzen", "</s>"], ["three", "▁cats"]
ENCODER = attentions(layers=4, heads=4, queries=3)
DECODER = attentions(layers=2, heads=2, queries=2)
CROSS = attentions(layers=2, heads=2, queries=2, keys=3)
ALL = {
    "encoder_attention": ENCODER,
    "decoder_attention": DECODER,
    "cross_attention": CROSS,
    "encoder_tokens": SOURCE,
    "decoder_tokens": TARGET,
}


@pytest.mark.parametrize("view", [head_view, model_view])
def test_stacks_of_unequal_depth_and_heads(displayed, view):
    view(**ALL)
    trace = displayed[0].trace
    assert trace.streams == ("encoder", "decoder", "cross")
    for name, given in {"encoder": ENCODER, "decoder": DECODER, "cross": CROSS}.items():
        assert trace[name].num_layers == len(given)
        for layer, weights in enumerate(given):
            assert torch.equal(trace[name].attention(layer), weights[0])
    assert trace["cross"].query_tokens == ["three", "cats"]
    assert trace["cross"].key_tokens == ["drei", "Katzen", "</s>"]


def test_one_stack_alone(displayed):
    head_view(cross_attention=CROSS, encoder_tokens=SOURCE, decoder_tokens=TARGET, heads=[1])
    assert displayed[0].stream == "cross"
    assert torch.equal(displayed[0].scores(), CROSS[0][0][1:])


def test_each_stack_keeps_the_included_layers_that_it_has(displayed, capsys):
    head_view(**ALL, include_layers=[1, 3], layer=3)
    assert capsys.readouterr().out == (
        "Encoder: layers 0, 1 here are layers 1, 3 of 4; "
        "decoder: layer 0 here is layer 1 of 2; cross: layer 0 here is layer 1 of 2\n"
    )
    widget = displayed[0]
    assert [widget.trace[name].num_layers for name in widget.trace.streams] == [2, 1, 1]
    assert torch.equal(widget.scores(), ENCODER[3][0])
    assert torch.equal(widget.trace["decoder"].attention(0), DECODER[1][0])


def test_each_stack_keeps_the_included_heads_that_it_has(displayed):
    model_view(**ALL, include_heads=[3, 1])
    trace = displayed[0].trace
    assert torch.equal(trace["encoder"].attention(0), ENCODER[0][0][[3, 1]])
    assert torch.equal(trace["cross"].attention(0), CROSS[0][0][[1]])


def test_a_stack_that_would_have_no_layer_left_is_named(displayed):
    with pytest.raises(ValueError, match=r"decoder_attention has the layers 0 to 1, none of which"):
        head_view(**ALL, include_layers=[2, 3])


@pytest.mark.parametrize("view", [head_view, model_view])
def test_one_entry_of_a_batch(displayed, view):
    batches = {
        "encoder_attention": attentions(layers=4, heads=4, queries=3, batch=2),
        "decoder_attention": attentions(layers=2, heads=2, queries=2, batch=2),
        "cross_attention": attentions(layers=2, heads=2, queries=2, keys=3, batch=2),
    }
    view(**{**ALL, **batches}, batch_index=1)
    for name in ("encoder", "decoder", "cross"):
        given = batches[f"{name}_attention"]
        assert torch.equal(displayed[0].trace[name].attention(1), given[1][1])
    with pytest.raises(ValueError, match=r"decoder_attention\[0\] is a batch of 2"):
        view(**{**ALL, "decoder_attention": batches["decoder_attention"]})


@pytest.mark.parametrize("missing", ["encoder_tokens", "decoder_tokens"])
def test_missing_tokens_are_named(missing):
    with pytest.raises(ValueError, match=f"_attention needs {missing}"):
        head_view(**{**ALL, missing: None})


@pytest.mark.parametrize("name", ["encoder", "decoder", "cross"])
@pytest.mark.parametrize("empty", [(), (None, None)])
def test_weights_that_the_model_did_not_return(name, empty):
    with pytest.raises(ValueError, match=rf"{name}_attention .*attn_implementation='eager'"):
        head_view(**{**ALL, f"{name}_attention": empty})


def test_one_kind_or_the_other():
    with pytest.raises(ValueError, match="attention and tokens are of a single stack"):
        head_view(attentions(queries=3), SOURCE, **ALL)
    with pytest.raises(ValueError, match="sentence_b_start says where"):
        head_view(**ALL, sentence_b_start=1)
