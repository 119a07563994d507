"""A model whose gradients were taken is what it was, and its gradients are taken once."""

import copy
import pickle
import threading

import pytest
import torch

from attnwidget.capture import capture
from tests.capture.architectures import INTERFACE
from tests.capture.test_restoration import ALL, StopError, mixed, state


@pytest.mark.parametrize("name", list(ALL))
def test_the_model_is_as_it_was(name):
    model, inputs = mixed(ALL[name]), ALL[name].inputs()
    before = state(model)
    capture(model, inputs, target=lambda output: (output[0].float() ** 3).sum())
    assert state(model) == before


@pytest.mark.parametrize("name", ["bert", "t5", "deberta"])
@pytest.mark.parametrize("frozen", [True, False])
def test_the_model_is_as_it_was_after_an_error(name, frozen):
    model, inputs = ALL[name].model().requires_grad_(not frozen), ALL[name].inputs()
    before = state(model)

    def stop(_):
        raise StopError

    with pytest.raises(StopError):
        capture(model, inputs, target=stop)
    assert state(model) == before


def test_no_parameter_gets_a_gradient():
    model = ALL["llama"].model()
    capture(model, ALL["llama"].inputs()).attention_gradient(0)
    assert all(weights.grad is None for weights in model.parameters())


def test_a_capture_within_a_target():
    model, inputs = ALL["bert"].model(), ALL["bert"].inputs()
    inner = []

    def nested(output):
        inner.append(capture(model, inputs, target=part))
        return part(output)

    def part(output):
        return output.last_hidden_state[0, 0, :3].sum()

    before = state(model)
    outer = capture(model, inputs, target=nested)
    assert state(model) == before
    for layer in range(outer.num_layers):
        torch.testing.assert_close(
            outer.attention_gradient(layer), inner[0].attention_gradient(layer)
        )


def test_one_backward_pass_serves_all_layers_and_threads():
    model = ALL["gpt2"].model()
    runs = []
    trace = capture(model, ALL["gpt2"].inputs())
    model.register_forward_hook(lambda *_: runs.append(1))
    threads = [threading.Thread(target=trace.attention_gradient, args=(n % 3,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1


def test_gradients_of_the_last_targets_are_kept():
    model = ALL["gpt2"].model()
    trace = capture(model, ALL["gpt2"].inputs())
    runs = []
    model.register_forward_hook(lambda *_: runs.append(1))
    targets = [("logit", position, 3) for position in range(4)]
    first = [trace.with_target(target).attention_gradient(0) for target in targets]
    assert len(runs) == 4
    again = [trace.with_target(list(target)).attention_gradient(0) for target in targets]
    assert len(runs) == 4
    for one, other in zip(first, again, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
    assert not torch.equal(first[1], first[3])


def test_other_targets_share_what_was_captured():
    trace = capture(ALL["llama"].model(), ALL["llama"].inputs())
    other = trace.with_target(("logit", 2, 7))
    assert (trace.target, other.target) == (None, ("logit", 2, 7))
    assert other["self"].layers is trace["self"].layers
    assert other.model_name == trace.model_name


def test_a_pickle_names_the_same_function_in_place_of_the_model_as_ever():
    trace = capture(ALL["bert"].model(), ALL["bert"].inputs())
    named = b"cattnwidget.capture.gradients\n_nothing\n"
    assert named in pickle.dumps(trace.gradients, protocol=0)
    assert pickle.loads(named + b"(tR.") is None


def test_copies_share_the_model_and_pickles_do_without():
    trace = capture(ALL["llama"].model(), ALL["llama"].inputs())
    assert copy.deepcopy(trace).gradients is trace.gradients
    loaded = pickle.loads(pickle.dumps(trace))
    torch.testing.assert_close(loaded.attention(1), trace.attention(1))
    assert not loaded.has_gradients
    assert (
        len(pickle.dumps(trace))
        < 100_000
        < sum(weights.nbytes for weights in INTERFACE[6].model().parameters())
    )
