"""Metrics of batches: against the definitions, whatever the chunks."""

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, GPT2Config, GPT2Model

import attnwidget as aw
from attnwidget.analysis.models import metrics
from attnwidget.demos import load

FIGURES = (
    "mean_attention",
    "max_attention",
    "attention_entropy",
    "attention_concentration",
    "rollout_entropy",
    "rollout_max",
)


@pytest.fixture(scope="module")
def bert():
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=64,
        vocab_size=50,
        initializer_range=0.6,
    )
    return BertModel(config).eval()


@pytest.fixture(scope="module")
def batch():
    ids = torch.randint(3, 50, (5, 9), generator=torch.Generator().manual_seed(2))
    lengths = [9, 4, 6, 9, 2]
    mask = torch.tensor([[int(j < length) for j in range(9)] for length in lengths])
    return {"input_ids": ids, "attention_mask": mask}


def by_definition(attentions, mask, layer):
    """Return the figures of each entry, from eager attention, in float64."""
    found = []
    for entry, kept in enumerate(mask.bool()):
        maps = [each[entry][:, kept][:, :, kept].double().numpy() for each in attentions]
        weights = maps[layer]
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = -np.nansum(weights * np.log(weights), -1).mean()
        rolled = np.eye(weights.shape[-1])
        for each in maps:
            mixed = (each.mean(0) + np.eye(len(rolled))) / 2
            rolled = mixed / mixed.sum(-1, keepdims=True) @ rolled
        found.append(
            {
                "mean_attention": weights.mean(),
                "max_attention": weights.max(),
                "attention_entropy": entropy,
                "attention_concentration": weights.max(-1).mean(),
                "rollout_entropy": -(rolled * np.log(rolled)).sum(-1).mean(),
                "rollout_max": rolled.max(),
            }
        )
    return found


def eager(model, batch):
    implementation = model.config._attn_implementation
    model.set_attn_implementation("eager")
    with torch.inference_mode():
        attentions = model(**batch, output_attentions=True).attentions
    model.set_attn_implementation(implementation)
    return attentions


@pytest.mark.parametrize("layer", [-1, 1])
def test_figures_are_those_of_the_definitions(bert, batch, layer):
    found = aw.attribution_metrics(bert, batch, layer=layer)
    expected = by_definition(eager(bert, batch), batch["attention_mask"], layer)
    for name in FIGURES:
        values = np.array([each[name] for each in expected])
        np.testing.assert_allclose(found["per_entry"][name], values, atol=2e-5)
        whole = values.max() if "max" in name else values.mean()
        assert found[name] == pytest.approx(whole, abs=2e-5)
    assert found["num_tokens"] == [9, 4, 6, 9, 2]
    assert found["batch_size"] == 5


@pytest.mark.parametrize("chunk_size", [1, 2, 3, 5, 100])
def test_chunks_change_nothing(bert, batch, chunk_size):
    whole = aw.attribution_metrics(bert, batch)
    found = aw.attribution_metrics(bert, batch, chunk_size=chunk_size)
    for name in FIGURES:
        torch.testing.assert_close(
            found["per_entry"][name], whole["per_entry"][name], atol=1e-6, rtol=1e-5
        )


def test_chunks_are_halved_where_memory_runs_out(bert, batch, monkeypatch):
    sizes = []
    traced = metrics.capture_batch

    def tight(model, chunk, **options):
        sizes.append(len(chunk["input_ids"]))
        if sizes[-1] > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return traced(model, chunk, **options)

    whole = aw.attribution_metrics(bert, batch)
    monkeypatch.setattr(metrics, "capture_batch", tight)
    with pytest.warns(ResourceWarning, match="5 entries at a time; going on with 3"):
        found = aw.attribution_metrics(bert, batch)
    assert sizes == [5, 3, 2, 1, 1, 1, 1, 1]
    for name in FIGURES:
        assert found[name] == pytest.approx(whole[name], abs=1e-6)


def test_other_errors_and_a_single_entry_too_large_are_raised(bert, batch, monkeypatch):
    def failing(*_, **__):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(metrics, "capture_batch", failing)
    with (
        pytest.raises(RuntimeError, match="allocate"),
        pytest.warns(ResourceWarning, match="going on with 1"),
    ):
        aw.attribution_metrics(bert, batch, chunk_size=2)


def test_masked_pairs_do_not_count():
    torch.manual_seed(0)
    config = GPT2Config(n_embd=16, n_layer=1, n_head=2, vocab_size=20, initializer_range=0.0)
    found = aw.attribution_metrics(GPT2Model(config).eval(), {"input_ids": [[1, 2, 3, 4]]})
    # Even attention: row i has i + 1 pairs of weight 1 / (i + 1).
    assert found["mean_attention"] == pytest.approx(4 / 10)
    assert found["attention_concentration"] == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert found["attention_entropy"] == pytest.approx(np.log([1, 2, 3, 4]).mean(), abs=1e-6)


def test_an_encoder_decoder_in_every_stream():
    model, tokenizer = load("dates")
    texts = ["3 March 2021", "Sunday, March 14, 2021"]
    inputs = tokenizer(texts, return_tensors="pt", padding=True)
    for stream in ("encoder", "decoder", "cross"):
        found = aw.attribution_metrics(model, inputs, stream=stream)
        for entry, text in enumerate(texts):
            alone = aw.attribution_metrics(
                model, tokenizer(text, return_tensors="pt"), stream=stream
            )
            for name in FIGURES:
                assert found["per_entry"][name][entry] == pytest.approx(alone[name], abs=1e-5)


class Layer(torch.nn.Module):
    """Attention of its own making, whose weights are its second output."""

    def __init__(self):
        super().__init__()
        self.query = torch.nn.Linear(8, 8)

    def forward(self, x):
        weights = (self.query(x) @ x.mT).softmax(-1)
        return weights @ x, weights


class Custom(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = Layer()

    def forward(self, x):
        return self.attn(x)[0]


def test_a_torch_module_by_pattern():
    torch.manual_seed(0)
    model, x = Custom(), torch.randn(4, 6, 8)
    found = aw.attribution_metrics(model, x, modules="attn", chunk_size=3)
    with torch.inference_mode():
        weights = model.attn(x)[1]
    expected = weights.amax(-1).mean(-1)
    torch.testing.assert_close(found["per_entry"]["attention_concentration"], expected)


@pytest.mark.parametrize(
    ("given", "options", "complaint"),
    [
        ({}, {}, "at least one entry"),
        ({"input_ids": torch.zeros(0, 4, dtype=torch.long)}, {}, "at least one entry"),
        ("a text", {}, "a str was given"),
        ({"input_ids": [[1, 2]]}, {"chunk_size": 0}, "chunk_size must be 1"),
        ({"input_ids": [[1, 2]]}, {"layer": 7}, "out of range"),
    ],
)
def test_bad_input(bert, given, options, complaint):
    with pytest.raises((ValueError, IndexError), match=complaint):
        aw.attribution_metrics(bert, given, **options)
