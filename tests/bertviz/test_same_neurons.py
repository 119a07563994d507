"""The neuron view holds the numbers that BertViz's own models and its own code compute."""

import json
import re
from importlib import import_module

import pytest
import torch

from attnwidget.bertviz import neuron_view
from tests.bertviz import models

theirs = pytest.importorskip("bertviz.neuron_view", reason="bertviz is not installed")

FIRST, SECOND = "the owl slept", "A fox waited"
PARAMETERS = re.compile(r"window\.bertviz_params = (\{.*\})")


def their_model(model):
    """Return BertViz's copy of a model's class with the weights of the model."""
    own = import_module("bertviz.transformers_neuron_view")
    kind = type(model).__name__.removesuffix("Model")
    configuration, copied = getattr(own, f"{kind}Config"), getattr(own, f"{kind}Model")
    sizes = model.config.to_dict()
    count = sizes.pop("vocab_size")
    known = configuration(count).to_dict().keys() & sizes.keys()
    wanted = {name: sizes[name] for name in known} | {"output_attentions": True}
    copy = copied(configuration(count, **wanted))
    missing, unexpected = copy.load_state_dict(model.state_dict(), strict=False)
    assert all(name.endswith("attn.bias") for name in missing)  # GPT-2's mask
    assert not unexpected
    return copy.eval()


@pytest.mark.parametrize(
    ("make", "kind", "second"),
    [
        (models.bert, "bert", None),
        (models.bert, "bert", SECOND),
        (models.gpt2, "gpt2", None),
        (models.roberta, "roberta", None),
        (models.roberta, "roberta", SECOND),
    ],
)
def test_queries_keys_and_weights(displayed, tmp_path, make, kind, second):
    torch.manual_seed(0)
    model, tokenizer = make(tmp_path)
    models.spread(model).eval()
    page = theirs.show(
        their_model(model), kind, tokenizer, FIRST, second, html_action="return"
    ).data
    expected = json.loads(PARAMETERS.search(page)[1])
    neuron_view.show(model, kind, tokenizer, FIRST, second)
    (widget,) = displayed
    whole = expected["attention"]["all"]
    for layer in range(widget.trace.num_layers):
        for name, found in {
            "queries": widget.trace.query(layer),
            "keys": widget.trace.key(layer),
            "attn": widget.trace.attention(layer),
        }.items():
            torch.testing.assert_close(found, torch.tensor(whole[name][layer]), atol=1e-5, rtol=0)
    assert widget.trace["self"].causal == (not expected["bidirectional"])
    shown = widget.trace["self"].queries
    assert len(shown) == len(whole["left_text"])
    assert shown.has_pair == ("ab" in expected["attention"])
    if second and kind == "bert":  # of RoBERTa's two separators BertViz gives one to each text
        assert shown.segments.count(0) == len(expected["attention"]["aa"]["left_text"])
