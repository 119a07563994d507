"""After a capture the model is what it was, whatever happened."""

import threading

import pytest
import torch
import transformers as tf
from torch import nn

from attnwidget.capture import capture
from tests.capture.architectures import CLIP, FALLBACK, INTERFACE, Architecture
from tests.wait import SECONDS

ALL = {each.name: each for each in [*INTERFACE, CLIP, *FALLBACK]}
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


def configs(model: nn.Module) -> list:
    found = [getattr(module, "config", None) for module in model.modules()]
    for config in list(found):
        found += [getattr(config, name) for name in getattr(config, "sub_configs", {})]
    return [each for each in found if each is not None]


def state(model: nn.Module) -> dict:
    """Everything that a capture could change, compared by value or by identity."""
    modules = dict(model.named_modules())
    return {
        "training": {name: module.training for name, module in modules.items()},
        "attributes": {name: set(vars(module)) for name, module in modules.items()},
        "hooks": {
            name: [dict(getattr(m, hooks)) for hooks in HOOKS] for name, m in modules.items()
        },
        "configs": [each.to_dict() for each in configs(model)],
        "attention": [each._attn_implementation for each in configs(model)],
        "requires_grad": {name: each.requires_grad for name, each in model.named_parameters()},
        "gradients": {name: each.grad for name, each in model.named_parameters()},
        "weights": {name: each._version for name, each in model.named_parameters()},
        "grad_mode": torch.is_grad_enabled(),
        "random": torch.get_rng_state().tolist(),
    }


def mixed(architecture: Architecture) -> tf.PreTrainedModel:
    """A model in the middle of a training run, with all that one may have set."""
    model = architecture.model().train()
    next(iter(model.children())).eval()
    next(model.parameters()).requires_grad_(False)
    list(model.parameters())[-1].grad = torch.ones_like(list(model.parameters())[-1])
    model.register_forward_hook(lambda *_: None)
    return model


@pytest.mark.parametrize("name", list(ALL))
def test_the_model_is_as_it_was(name):
    model, inputs = mixed(ALL[name]), ALL[name].inputs()
    before = state(model)
    capture(model, inputs)
    assert state(model) == before


@pytest.mark.parametrize("name", ["gpt2", "llama", "bart", "t5", "whisper"])
def test_a_model_that_writes_is_as_it_was(name):
    model, inputs = mixed(ALL[name]), ALL[name].inputs()
    inputs.pop("decoder_input_ids", None)
    before = state(model)
    capture(model, inputs, max_new_tokens=3)
    assert state(model) == before


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
@pytest.mark.parametrize("name", ["bert", "t5", "clip", "gemma3"])
def test_its_attention_implementation_stays(name, implementation):
    model = ALL[name].model()
    model.set_attn_implementation(implementation)
    before = state(model)
    capture(model, ALL[name].inputs())
    assert state(model) == before


def test_different_implementations_of_two_towers_stay():
    model = CLIP.model()
    model.set_attn_implementation({"text_config": "eager", "vision_config": "sdpa"})
    before = state(model)
    capture(model, CLIP.inputs())
    assert state(model) == before
    assert model.text_model.config._attn_implementation == "eager"
    assert model.vision_model.config._attn_implementation == "sdpa"


def test_a_model_that_is_set_to_return_its_attention():
    model = ALL["bert"].model()
    model.set_attn_implementation("eager")
    model.config.output_attentions = True
    before = state(model)
    trace = capture(model, ALL["bert"].inputs())
    assert trace["self"].has_projections
    assert state(model) == before
    assert model(**ALL["bert"].inputs()).attentions[0].shape == (1, 4, 12, 12)


class StopError(Exception):
    pass


LAST = {
    "bert": lambda model: model.encoder.layer[-1].output,
    "gpt_oss": lambda model: model.model.layers[-1].mlp,
    "bart": lambda model: model.model.decoder.layers[-1].fc2,
    "deberta": lambda model: model.encoder.layer[-1].output,
    "clip": lambda model: model.vision_model.encoder.layers[-1].mlp,
}
"""A module that runs after attention was recorded, but before the pass is over."""


@pytest.mark.parametrize("error", [StopError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("name", ["bert", "gpt_oss", "bart", "deberta", "clip"])
def test_after_an_error_in_the_forward_pass(name, error):
    model = mixed(ALL[name])

    def fail(*_: object) -> None:
        raise error

    LAST[name](model).register_forward_pre_hook(fail)
    before = state(model)
    with pytest.raises(error):
        capture(model, ALL[name].inputs())
    assert state(model) == before


@pytest.mark.parametrize("error", [StopError, KeyboardInterrupt])
def test_after_an_error_in_a_torch_module(error):
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), 2)

    def fail(*_: object) -> None:
        raise error

    model.layers[1].norm2.register_forward_pre_hook(fail)
    before = state(model)
    with pytest.raises(error):
        capture(model, torch.ones(1, 5, 32))
    assert state(model) == before


def test_a_capture_within_a_capture():
    outer, inner = ALL["bert"], ALL["llama"]
    expected = capture(outer.model(), outer.inputs()), capture(inner.model(), inner.inputs())
    model, other, found = outer.model().train(), inner.model(), []

    def also_capture(*_: object) -> None:
        if not found:
            found.append(None)
            found[0] = capture(other, inner.inputs())
            found.append(capture(model, outer.inputs()))

    model.encoder.layer[1].register_forward_pre_hook(also_capture)
    before = state(model), state(other)

    trace = capture(model, outer.inputs())

    assert (state(model), state(other)) == before
    for got, wanted in zip((trace, found[0], found[1]), (*expected, expected[0]), strict=True):
        assert got.num_layers == wanted.num_layers
        for layer in range(got.num_layers):
            assert torch.equal(got.attention(layer), wanted.attention(layer))


@pytest.mark.parametrize("same_model", [True, False])
def test_captures_in_two_threads_that_wait_for_each_other(same_model):
    """The threads meet in the middle of both forward passes, so both are surely under way."""
    architecture = ALL["bert"]
    models = [architecture.model().train() for _ in range(2)]
    if same_model:
        models[1] = models[0]
    meeting = threading.Barrier(2, timeout=SECONDS)

    def meet(*_: object) -> None:
        meeting.wait()

    for model in {id(each): each for each in models}.values():
        model.encoder.layer[1].register_forward_pre_hook(meet)
    inputs = [{"input_ids": torch.full((1, 5 + place), 7 + place)} for place in range(2)]
    before = [state(model) for model in models]
    traces: dict[int, object] = {}

    def run(place: int) -> None:
        traces[place] = capture(models[place], inputs[place])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [state(model) for model in models] == before
    for place in range(2):
        expected = capture(architecture.model(), inputs[place])
        assert traces[place].num_layers == 3
        assert traces[place].tokens == [str(7 + place)] * (5 + place)
        for layer in range(3):
            torch.testing.assert_close(traces[place].attention(layer), expected.attention(layer))


def test_a_model_runs_as_ever_while_another_thread_captures_it():
    architecture = ALL["gemma2"]
    model, inputs = architecture.model(), architecture.inputs()
    expected = architecture.reference()(**inputs).logits
    inside, done = threading.Event(), threading.Event()

    def wait(*_: object) -> None:
        if not inside.is_set():
            inside.set()
            done.wait(20)

    model.model.layers[1].register_forward_pre_hook(wait)
    thread = threading.Thread(target=capture, args=(model, inputs))
    thread.start()
    inside.wait(20)
    logits = model(**inputs).logits
    done.set()
    thread.join(30)
    torch.testing.assert_close(logits, expected)
