"""What modules of no library predict, and the default target."""

import pytest
import torch
import transformers as tf
from torch import Tensor, nn

from attnwidget.capture import capture
from tests.capture.small_modules import IDS, TEXT, Encoder, same_gradients


class OwnClassifier(nn.Module):
    """A module around a transformers model, with other names for its inputs."""

    def __init__(self, returns: str = "tensor") -> None:
        super().__init__()
        self.body = tf.BertModel(tf.BertConfig(**TEXT))
        self.head = nn.Linear(32, 3)
        self.returns = returns

    def forward(self, tokens: Tensor, masks: Tensor | None = None) -> object:
        scores = self.head(self.body(tokens, attention_mask=masks).last_hidden_state[:, 0])
        if self.returns == "tuple":
            return scores, scores.sum()
        return {"logits": scores} if self.returns == "dict" else scores


@pytest.mark.parametrize("returns", ["tensor", "tuple", "dict"])
def test_the_logits_of_an_own_classifier(returns):
    torch.manual_seed(0)
    model = OwnClassifier(returns).eval()
    inputs = {"tokens": IDS, "masks": torch.ones(1, 7, dtype=torch.long)}
    trace = capture(model, inputs)
    found = trace.predictions()
    model.returns = "tensor"
    expected = model(**inputs)[0].softmax(-1)
    assert found.unit == "class"
    assert found.entries[0].probability == pytest.approx(float(expected.max()), abs=1e-6)
    model.returns = returns
    assert "the logit of the predicted class" in repr(trace)
    chosen = capture(model, inputs, target=("logit", None, int(expected.argmax())))
    assert same_gradients(trace, chosen)


class OwnWriter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(120, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 48, batch_first=True)
        self.body = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(32, 120)

    def forward(self, ids: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(ids.shape[1])
        return self.head(self.body(self.table(ids), mask))


def test_the_logits_of_an_own_language_model():
    torch.manual_seed(0)
    model = OwnWriter().eval()
    trace = capture(model, {"ids": IDS})
    found = trace.predictions()
    assert (found.unit, found.position) == ("token", 6)
    assert found.entries[0].index == int(model(IDS)[0, -1].argmax())


def test_features_of_tokens_are_no_logits():
    layer = nn.TransformerEncoderLayer(32, 4, 48, batch_first=True)
    model = nn.TransformerEncoder(layer, 2).eval()
    assert capture(model, torch.randn(1, 5, 32)).predictions().unit == "hidden"
    assert capture(model, torch.randn(5, 32)).predictions().unit == "hidden"


class Named(OwnClassifier):
    """Around a model whose config names as many classes as the head has."""

    def __init__(self, **options: object) -> None:
        super().__init__()
        self.body = tf.BertModel(tf.BertConfig(**TEXT, **options))


def test_an_own_classifier_has_the_labels_of_the_model_in_it():
    labels = {0: "bad", 1: "fair", 2: "good"}
    inputs = {"tokens": IDS}
    trace = capture(Named(id2label=labels).eval(), inputs, target=("logit", None, "good"))
    assert trace.target == ("logit", None, 2)
    assert {entry.text for entry in trace.predictions().entries} == set(labels.values())
    for other in ({"num_labels": 3}, {"id2label": {0: "no", 1: "yes"}}):
        found = capture(Named(**other).eval(), inputs).predictions().entries
        assert {entry.text for entry in found} == {"0", "1", "2"}


class Features(nn.Module):
    """Two towers that return features, as open_clip's do."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.left, self.right, self.kind = Encoder(2), Encoder(2), kind

    def forward(self, image: Tensor, text: Tensor) -> object:
        left, right = self.left(image)[:, 0], self.right(text)[:, 0]
        if self.kind == "one":
            return nn.functional.normalize(left, dim=-1)
        if self.kind != "plain":
            left, right = (nn.functional.normalize(each, dim=-1) for each in (left, right))
        scale = torch.tensor(20.0)
        return {"image": left, "text": right} if self.kind == "dict" else (left, right, scale)


@pytest.mark.parametrize("kind", ["tuple", "dict", "plain", "one"])
def test_features_are_no_logits(kind):
    torch.manual_seed(0)
    model = Features(kind).eval()
    inputs = {"image": torch.randn(1, 5, 32), "text": torch.randn(1, 7, 32)}
    trace = capture(model, inputs)
    found = trace.predictions()
    if kind in ("plain", "one"):
        assert found.unit == "hidden"
        assert bool(trace["left"].attention_gradient(0).any())
        with pytest.raises(ValueError, match=r"does not depend on the attention of 'right'"):
            trace["right"].attention_gradient(0)
        return
    output = model(**inputs)
    left, right = output.values() if kind == "dict" else output[:2]
    assert found.entries[0].logit == pytest.approx(float((left * right).sum()), abs=1e-6)
    assert (found.entries[0].text, found.entries[0].probability) == ("score", None)
    joined = trace.with_target(
        lambda out: (
            (out["image"] * out["text"]).sum() if kind == "dict" else (out[0] * out[1]).sum()
        )
    )
    for name in trace.streams:
        pair = (each[name].attention_gradient(0) for each in (trace, joined))
        torch.testing.assert_close(*pair)


class Embed(nn.Module):
    """An embedding with a parameter of its own, as TransformerLens has it."""

    def __init__(self) -> None:
        super().__init__()
        self.W_E = nn.Parameter(torch.randn(120, 32))

    def forward(self, ids: Tensor) -> Tensor:
        return self.W_E[ids]


class Lens(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.blocks = Embed(), Encoder(2)
        self.W_U = nn.Parameter(torch.randn(32, 120))

    def forward(self, ids: Tensor) -> Tensor:
        return self.blocks(self.embed(ids)) @ self.W_U


def test_an_embedding_of_ones_own_tells_logits_too():
    model = Lens().eval()
    found = capture(model, {"ids": IDS}).predictions()
    assert (found.unit, found.position) == ("token", 6)
    assert found.entries[0].index == int(model(IDS)[0, -1].argmax())
