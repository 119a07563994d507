"""The calls are BertViz's: names, order, defaults."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import transformers

from attnwidget.bertviz import head_view, model_view, neuron_view, transformers_neuron_view

REQUIRED = inspect.Parameter.empty
SHARED = {"attention": None, "tokens": None, "sentence_b_start": None, "prettify_tokens": True}
ENCODER_DECODER = dict.fromkeys(
    [
        *("encoder_attention", "decoder_attention", "cross_attention"),
        *("encoder_tokens", "decoder_tokens", "include_layers"),
    ]
)
BERTVIZ_1_4: dict[Callable[..., Any], dict[str, Any]] = {
    head_view: {**SHARED, "layer": None, "heads": None, **ENCODER_DECODER, "html_action": "view"},
    model_view: {
        **SHARED,
        "display_mode": "dark",
        **ENCODER_DECODER,
        "include_heads": None,
        "html_action": "view",
    },
    neuron_view.show: {
        **dict.fromkeys(["model", "model_type", "tokenizer", "sentence_a"], REQUIRED),
        "sentence_b": None,
        "display_mode": "dark",
        "layer": None,
        "head": None,
        "html_action": "view",
    },
}


def defaults(call: Callable[..., Any], *, keyword_only: bool = False) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in inspect.signature(call).parameters.items()
        if (parameter.kind == parameter.KEYWORD_ONLY) == keyword_only
    }


@pytest.mark.parametrize("call", BERTVIZ_1_4, ids=lambda call: call.__name__)
def test_a_call_takes_what_bertviz_takes(call):
    assert list(defaults(call).items()) == list(BERTVIZ_1_4[call].items())


@pytest.mark.parametrize(
    ("call", "module", "name"),
    [
        (head_view, "bertviz", "head_view"),
        (model_view, "bertviz", "model_view"),
        (neuron_view.show, "bertviz.neuron_view", "show"),
    ],
    ids=["head", "model", "neuron"],
)
def test_so_says_bertviz_itself(call, module, name):
    pytest.importorskip("bertviz", reason="bertviz is not installed")
    theirs = getattr(import_module(module), name)
    assert list(defaults(call).items()) == list(defaults(theirs).items())


def test_what_is_added_comes_last_and_by_name_only():
    assert defaults(head_view, keyword_only=True) == {"batch_index": None}
    assert defaults(model_view, keyword_only=True) == {"batch_index": None}
    assert defaults(neuron_view.show, keyword_only=True) == {}


def test_every_module_is_where_bertviz_has_it():
    for module, name in [
        ("attnwidget.bertviz.head_view", "head_view"),
        ("attnwidget.bertviz.model_view", "model_view"),
        ("attnwidget.bertviz.neuron_view", "show"),
    ]:
        assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("name", transformers_neuron_view.CLASSES)
def test_the_classes_are_those_of_transformers(name):
    assert getattr(transformers_neuron_view, name) is getattr(transformers, name)


def test_a_class_that_transformers_dropped_says_where_to_look():
    with pytest.raises(ImportError, match="cannot import name 'TransfoXLModel'"):
        exec("from attnwidget.bertviz.transformers_neuron_view import TransfoXLModel")
    with pytest.raises(AttributeError, match="import its class from transformers"):
        transformers_neuron_view.TransfoXLModel  # noqa: B018  # looking it up is the test
