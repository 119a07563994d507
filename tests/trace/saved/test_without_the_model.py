"""What needs the model is refused, with what to do; what the file holds is there."""

import pytest
import torch
from traitlets import TraitError

import attnwidget as aw
from attnwidget.trace import Trace

OTHER = ("logit", 13, 7)


@pytest.fixture(scope="module")
def captured():
    return aw.demo("brackets")


@pytest.fixture(scope="module")
def path(captured, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "trace.safetensors"
    fresh = captured.with_target(("hidden", 1))
    fresh.with_target(None).save(path)
    return path


@pytest.fixture(scope="module")
def loaded(path):
    return Trace.load(path)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda trace: trace.attention_gradient(0), r"Capture the text again.*gradients=True"),
        (lambda trace: aw.relevance(trace), r"read from a file that holds none.*Capture the text"),
        (lambda trace: aw.effects(trace, 0), r"gradients=True"),
        (lambda trace: aw.gradient_flow(trace, 0, wrt="input"), r"needs? the model"),
        (lambda trace: aw.knockout(trace, aw.Cut(keys=[3])), r"capture the model again"),
        (lambda trace: aw.knockout_effects(trace, exact=True), r"capture the model again"),
        (lambda trace: aw.counterfactual(trace), r"capture the model again"),
        (lambda trace: aw.faithfulness(trace), r"capture the model again"),
        (lambda trace: trace.with_target(("hidden", 2)), r"holds nothing of it"),
        (lambda trace: trace.with_target(("span", 1, 3)), r"holds nothing of it"),
        (lambda trace: trace.with_target(lambda output: output.logits.sum()), r"a function"),
        (lambda trace: trace.with_target(("logit", 13, 10**6)), r"not among them"),
        (lambda trace: trace.predictions(including=["nowhere"]), r"the file lists it is none"),
    ],
)
def test_what_needs_the_model_is_refused(loaded, call, message):
    with pytest.raises(ValueError, match=message):
        call(loaded)


def test_a_widget_closes_what_needs_the_model(loaded, captured):
    widget = aw.AttentionWidget(loaded)
    (stream,) = widget.about["streams"]
    before = aw.AttentionWidget(captured).about["streams"][0]["lacks"]["methods"]
    closed = dict.fromkeys(("gradient_flow", "relevance", "effects", "knockout"), "needs the model")
    assert stream["lacks"]["methods"] == before | closed
    assert not widget.about["can_cut"]
    assert stream["head_effects"] == []
    with pytest.raises(TraitError, match=r"read from a file that holds none.*capture\(model"):
        widget.method = "relevance"
    with pytest.raises(TraitError, match="read or copied without its model"):
        widget.cuts = [aw.Cut(keys=[3]).to_json()]
    with pytest.raises(TraitError, match="holds nothing of it"):
        widget.target = ("hidden", 2)
    assert widget.method == "attention"


def test_contributions_need_no_gradients(tmp_path):
    captured = aw.demo("induction")
    captured.save(tmp_path / "trace.safetensors")
    loaded = Trace.load(tmp_path / "trace.safetensors")
    second = captured.predictions().entries[1]
    for options in ({}, {"token": second.index}, {"versus": second.index}, {"versus": second.text}):
        expected = aw.logit_contributions(captured, **options)
        found = aw.logit_contributions(loaded, **options)
        torch.testing.assert_close(found.heads, expected.heads, rtol=1e-5, atol=1e-6)
    missing = next(at for at in range(10**6) if at not in loaded.gradients.kept.predictions.names)
    with pytest.raises(ValueError, match=r"unembedding of .* tokens"):
        aw.logit_contributions(loaded, token=missing)
    widget = aw.AttentionWidget(loaded, method="contributions")
    widget.target = ("logit", captured.predictions().position, second.index)
    assert (
        widget.scores().shape == aw.AttentionWidget(captured, method="contributions").scores().shape
    )


def test_findings_say_what_is_left_out(loaded):
    found = aw.findings(loaded)
    assert any("Effects are left out: Gradients of" in note for note in found.notes)
    aw.findings(loaded, target=("logit", 13, loaded.predictions(13).entries[1].index))


def test_gradients_of_every_target_that_was_computed_are_kept(captured, tmp_path):
    index = captured.predictions(13).entries[1].index
    other = captured.with_target(("log_prob", 13, index))
    other.attention_gradient(0)
    total = captured.with_target(lambda output: output.logits[0, 3].sum())
    total.save(tmp_path / "trace.safetensors", gradients=True)
    loaded = Trace.load(tmp_path / "trace.safetensors")
    assert "target: a function of the output" in repr(loaded)
    assert torch.equal(loaded.attention_gradient(1), total.attention_gradient(1))
    again = loaded.with_target(("log_prob", 13, index))
    assert torch.equal(again.attention_gradient(1), other.attention_gradient(1))
    assert torch.equal(aw.relevance(again), aw.relevance(other))
    with pytest.raises(ValueError, match=r"holds those of .*function of the output.*log-prob"):
        loaded.with_target(None).attention_gradient(0)


def test_tokens_that_a_target_names_are_listed(tmp_path):
    captured = aw.demo("induction")
    listed = {each.index for each in captured.predictions(13, top=20).entries}
    rare = next(index for index in range(100) if index not in listed)
    aimed = captured.with_target(("contrast", 13, None, rare))
    aimed.save(tmp_path / "trace.safetensors")
    loaded = Trace.load(tmp_path / "trace.safetensors")
    expected = captured.predictions(13, including=[rare])
    assert loaded.predictions(13, including=[rare]) == expected
    with pytest.raises(ValueError, match=r"20 likeliest predictions of each position.*top=50"):
        loaded.predictions(13, top=50)


def test_gradients_of_arrays_cannot_be_saved(tmp_path):
    trace = Trace.from_attentions([torch.full((1, 2, 2), 0.5)], ["a", "b"])
    with pytest.raises(ValueError, match="made from arrays"):
        trace.save(tmp_path / "trace.safetensors", gradients=True)
    assert not any(tmp_path.iterdir())
