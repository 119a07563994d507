"""Exact cuts against eager attention with the same weights taken away."""

import pytest
import torch

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.eager_gradients import gradient_by
from tests.methods.cut_reference import Taken, eager_run, inputs, model, pad, softmax_calls

TOLERANCE = 2e-5
LENGTH = 12
CASES = [
    ("llama", "self", aw.Cut(1, 2, 9, 3)),
    ("llama", "self", aw.Cut(slice(0, 2), [0, -1], slice(5, None), [1, 4])),
    ("llama", "self", aw.Cut(keys=0)),
    ("llama", "self", aw.Cut(-1, 1, keys=slice(0, 4), mode="zero")),
    ("gpt2", "self", aw.Cut([0, 2], keys=[2, 5])),
    ("gpt2", "self", aw.Cut(0, 3, mode="zero")),
    ("bert", "self", aw.Cut(1, slice(None), [0, 3], slice(4, 9))),
    ("bert", "self", aw.Cut(queries=2, mode="zero")),
    ("gemma2", "self", aw.Cut([0, 1], [1, 3], keys=7)),
    ("gemma2", "self", aw.Cut(2, keys=10, mode="zero")),
    ("gpt_oss", "self", aw.Cut(keys=6)),
    ("gpt_oss", "self", aw.Cut(0, [0, 2], queries=8, keys=8, mode="zero")),
    ("t5", "encoder", aw.Cut(1, 2, keys=[0, 7])),
    ("t5", "decoder", aw.Cut(keys=2, stream="decoder")),
    ("t5", "cross", aw.Cut(0, queries=[-1, 2], keys=slice(3, 8), stream="cross")),
    ("bart", "cross", aw.Cut(keys=4, stream="cross")),
    ("bart", "decoder", aw.Cut(1, 0, keys=[0, 1], stream="decoder", mode="zero")),
    ("modernbert", "self", aw.Cut(keys=5)),
]


def places(given: object, size: int) -> list[int]:
    if given is None:
        return list(range(size))
    return list(range(size))[given] if isinstance(given, slice) else [at % size for at in given]


def taken(cut: aw.Cut, stream: aw.Stream, calls: list[int], offset: tuple[int, int] = (0, 0)):
    """Return a cut as what it takes in each call of softmax."""
    sizes = (stream.num_heads, len(stream.queries), len(stream.keys))
    heads, queries, keys = (
        places(given, size)
        for given, size in zip((cut.heads, cut.queries, cut.keys), sizes, strict=True)
    )
    rows, columns = [at + offset[0] for at in queries], [at + offset[1] for at in keys]
    each = Taken(heads, rows, columns, cut.mode)
    return {calls[layer]: [each] for layer in places(cut.layers, stream.num_layers)}


def final(output: object) -> torch.Tensor:
    return output.logits if hasattr(output, "logits") else output.last_hidden_state


def outputs_of(trace: aw.Trace, cuts: object) -> tuple[torch.Tensor, aw.Knockout]:
    """Return everything that the cut model puts out, not the target alone."""
    seen = []

    def keep(output):
        seen.append(final(output).detach().clone())
        return final(output).sum()

    found = aw.knockout(trace, cuts, target=keep)
    return seen[-1], found


@pytest.mark.parametrize(("name", "stream", "cut"), CASES)
def test_equals_eager_attention_without_these_weights(name, stream, cut):
    given = inputs(name)
    trace = capture(model(name), given)
    eager = model(name, eager=True)
    calls = softmax_calls(eager, given)[stream]
    with torch.no_grad():
        whole = eager_run(eager, given, {})
        expected = eager_run(eager, given, taken(cut, trace[stream], calls))

    actual, found = outputs_of(trace, cut)

    torch.testing.assert_close(actual, final(expected), atol=TOLERANCE, rtol=TOLERANCE)
    assert (final(whole) - final(expected)).abs().max() > 1e-3, "the cut changes nothing to test"
    assert found.value_before == pytest.approx(float(final(whole).sum()), abs=1e-2)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("name", "stream"), [("llama", "self"), ("bert", "self"), ("t5", "cross")])
def test_positions_do_not_count_padding(name, stream, side):
    given = pad(inputs(name), side)
    trace = capture(model(name), given)
    eager = model(name, eager=True)
    cut = aw.Cut(0, 1, keys=2, stream=stream)
    first = 4 if side == "left" else 0
    offset = (0 if stream == "cross" else first, first)
    calls = softmax_calls(eager, given)[stream]
    with torch.no_grad():
        expected = eager_run(eager, given, taken(cut, trace[stream], calls, offset))
    actual, _ = outputs_of(trace, cut)
    rows = slice(offset[0], offset[0] + len(trace[stream].queries))
    torch.testing.assert_close(
        actual[:, rows], final(expected)[:, rows], atol=TOLERANCE, rtol=TOLERANCE
    )


@pytest.mark.parametrize("name", ["llama", "bert", "gpt_oss"])
def test_several_cuts_act_together(name):
    given = inputs(name)
    trace = capture(model(name), given)
    eager = model(name, eager=True)
    calls = softmax_calls(eager, given)["self"]
    cuts = [aw.Cut(0, keys=3), aw.Cut(0, 1, keys=[3, 5]), aw.Cut(1, 2, keys=1, mode="zero")]
    takes: dict[int, list[Taken]] = {}
    for cut in cuts:
        for call, each in taken(cut, trace["self"], calls).items():
            takes.setdefault(call, []).extend(each)
    with torch.no_grad():
        expected = eager_run(eager, given, takes)
    actual, _ = outputs_of(trace, [cuts[0], cuts[1].to_json(), cuts[2]])
    torch.testing.assert_close(actual, final(expected), atol=TOLERANCE, rtol=TOLERANCE)


@pytest.mark.parametrize("mode", ["zero", "mean"])
def test_a_head_is_its_slice_of_the_output_projection(mode):
    given = inputs("llama")
    plain = model("llama")
    width = plain.config.hidden_size // plain.config.num_attention_heads

    def change(_, args):
        (context,) = args
        changed = context.clone()
        part = changed[..., 2 * width : 3 * width]
        part[:] = 0 if mode == "zero" else part.mean(1, keepdim=True)
        return (changed,)

    hook = plain.model.layers[1].self_attn.o_proj.register_forward_pre_hook(change)
    with torch.no_grad():
        expected = plain(**given).logits
    hook.remove()

    actual, _ = outputs_of(capture(plain, given), aw.Cut(1, 2, mode=mode))

    torch.testing.assert_close(actual, expected, atol=TOLERANCE, rtol=TOLERANCE)


def test_predictions_change_and_divergence():
    given = inputs("gpt2")
    trace = capture(model("gpt2"), given)
    eager = model("gpt2", eager=True)
    cut = aw.Cut([0, 1], keys=[2, 3])
    calls = softmax_calls(eager, given)["self"]
    with torch.no_grad():
        before = eager(**given).logits[0, 7].double().log_softmax(-1)
        after = eager_run(eager, given, taken(cut, trace["self"], calls)).logits[0, 7]
        after = after.double().log_softmax(-1)

    found = aw.knockout(trace, cut, target=("log_prob", 7, 11))

    assert found.change == pytest.approx(float(after[11] - before[11]), abs=1e-4)
    assert found.kl == pytest.approx(float((before.exp() * (before - after)).sum()), abs=1e-4)
    for predictions, expected in ((found.before, before), (found.after, after)):
        assert predictions.position == 7
        best = predictions.entries[0]
        assert best.index == int(expected.argmax())
        assert best.probability == pytest.approx(float(expected.max().exp()), abs=1e-5)


def test_the_predicted_token_stays_that_of_the_run_without_cuts():
    trace = capture(model("gpt2"), inputs("gpt2"))
    best = trace.predictions().entries[0]
    found = aw.knockout(trace, aw.Cut(mode="zero"))
    assert found.after.entries[0].index != best.index
    assert found.value_before == pytest.approx(best.logit, abs=1e-4)
    named = aw.knockout(trace, aw.Cut(mode="zero"), target=("logit", -1, best.index))
    assert found.change == pytest.approx(named.change, abs=1e-5)


def test_rows_without_a_key_are_zero_and_counted():
    trace = capture(model("llama"), inputs("llama"))
    assert aw.knockout(trace, aw.Cut(0, 1, keys=0)).emptied == 1
    assert aw.knockout(trace, aw.Cut(keys=0)).emptied == 3 * 4
    assert aw.knockout(trace, aw.Cut(keys=1)).emptied == 0


@pytest.mark.parametrize("name", ["llama", "bert", "gpt_oss", "gemma2", "t5"])
def test_the_trace_is_that_of_the_cut_run(name):
    given = inputs(name)
    target = None if name == "bert" else ("logit", -1, 5)
    trace = capture(model(name), given, target=target)
    eager = model(name, eager=True)
    cuts = [aw.Cut(0, [1, 2], keys=[2, 4]), aw.Cut(1, 3, keys=1, mode="zero")]
    stream = trace.stacks[0]
    calls = softmax_calls(eager, given)[stream.name]
    takes = {**taken(cuts[0], stream, calls), **taken(cuts[1], stream, calls)}
    output = eager_run(eager, given, takes)
    field = "encoder_attentions" if name == "t5" else "attentions"
    maps = getattr(output, field)
    loss = output.last_hidden_state.sum() if target is None else output.logits[0, -1, 5]

    found = aw.knockout(trace, cuts).trace

    for layer, weights in enumerate(maps):
        torch.testing.assert_close(
            found.attention(layer), weights[0].detach(), atol=TOLERANCE, rtol=0
        )
        expected = gradient_by(loss, weights)[0]
        torch.testing.assert_close(
            found.attention_gradient(layer) * found.attention(layer),
            expected * weights[0].detach(),
            atol=1e-5 * float(expected.abs().max()),
            rtol=0,
        )
    assert found.tokens == trace.tokens
    again = aw.knockout(found, aw.Cut(0, 0, keys=5))
    together = aw.knockout(trace, [*cuts, aw.Cut(0, 0, keys=5)])
    assert again.value_after == pytest.approx(together.value_after, abs=1e-4)
    if name != "bert":
        best = found.predictions(-1).entries[0]
        logits = output.logits[0, -1].detach()
        assert best.index == int(logits.argmax())
        assert best.logit == pytest.approx(float(logits.max()), abs=1e-4)


def test_what_heads_write_in_the_cut_run():
    """All contributions, of a run that is cut, sum to the logit of that run."""
    trace = capture(model("llama"), inputs("llama"))
    for cut in (aw.Cut(0, [1, 2], keys=[2, 4]), aw.Cut(1, 3, mode="zero")):
        found = aw.knockout(trace, cut, target=("logit", -1, 7))
        made = aw.logit_contributions(found.trace, -1, 7)
        assert float(made.total) == pytest.approx(found.value_after, abs=1e-3)
        assert float(made.total) != pytest.approx(found.value_before, abs=1e-3)
        silent = made.edges(1)[3].abs().sum() if cut.mode == "zero" else made.edges(0)[1, 2].abs()
        assert float(silent) == 0
        assert found.trace["self"].has_outputs


def test_a_contrast_and_a_span():
    given = inputs("gpt2")
    trace = capture(model("gpt2"), given)
    eager = model("gpt2", eager=True)
    cut = aw.Cut([0, 1], keys=[2, 3])
    calls = softmax_calls(eager, given)["self"]
    takes = taken(cut, trace["self"], calls)
    with torch.no_grad():
        runs = eager(**given), eager_run(eager, given, takes)
    both = [run.logits[0].double().log_softmax(-1) for run in runs]
    rows, ids = torch.arange(5, 8), given["input_ids"][0, 6:9]
    spans = [float(each[rows, ids].sum()) for each in both]
    divergence = float((both[0].exp() * (both[0] - both[1]))[rows].sum())

    found = aw.knockout(trace, cut, target=("span", 6, 9))

    assert found.change == pytest.approx(spans[1] - spans[0], abs=1e-4)
    assert found.kl == pytest.approx(divergence, abs=1e-4)
    assert found.before.position == 5
    contrasts = [float(each[7, 11] - each[7, 12]) for each in both]
    found = aw.knockout(trace, cut, target=("contrast", 7, 11, 12))
    assert found.change == pytest.approx(contrasts[1] - contrasts[0], abs=1e-4)
    best = int(both[0][7].argmax())
    predicted = aw.knockout(trace, cut, target=("contrast", 7, None, 12)).change
    named = aw.knockout(trace, cut, target=("contrast", 7, best, 12)).change
    assert predicted == pytest.approx(named, abs=1e-5)
