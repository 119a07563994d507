"""What a model predicts, and the default target, whatever head it has."""

import pytest
import torch
import transformers as tf
from torch import Tensor, nn

from attnwidget.capture import capture
from tests.capture import small_tokenizers as small

SIZES = {
    "vocab_size": 60,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
}
IDS = {"input_ids": torch.arange(5, 12)[None]}


def bert(kind=tf.BertForSequenceClassification, **options):
    torch.manual_seed(0)
    return kind(tf.BertConfig(**SIZES, **options)).eval()


@torch.no_grad()
def logits(model):
    return model(**IDS).logits[0]


def test_several_labels_have_a_probability_each():
    model = bert(num_labels=3, problem_type="multi_label_classification")
    found = capture(model, IDS).predictions()
    expected = logits(model).sigmoid()
    for entry in found.entries:
        assert entry.probability == pytest.approx(float(expected[entry.index]), abs=1e-6)


@pytest.mark.parametrize("options", [{"num_labels": 1}, {"problem_type": "regression"}])
def test_a_score_has_no_probability(options):
    model = bert(**options)
    trace = capture(model, IDS)
    best = trace.predictions().entries[0]
    assert best.probability is None
    assert best.logit == pytest.approx(float(logits(model).max()), abs=1e-6)
    assert "the logit of the score" in repr(trace)
    with pytest.raises(ValueError, match=r'gives a score.*Take the "logit"'):
        capture(model, IDS, target=("log_prob", None, 0))


def test_the_log_probability_of_one_of_several_labels():
    model = bert(num_labels=3, problem_type="multi_label_classification")
    trace = capture(model, IDS, target=("log_prob", None, 1))

    def own(output):
        return nn.functional.logsigmoid(output.logits[0, 1])

    assert close(trace, capture(model, IDS, target=own))


def close(trace, other):
    return all(
        torch.allclose(trace.attention_gradient(layer), other.attention_gradient(layer), atol=1e-6)
        for layer in range(trace.num_layers)
    )


def test_a_class_by_its_label_and_a_token_by_its_text():
    model = bert(id2label={0: "bad", 1: "good"}, label2id={"bad": 0, "good": 1})
    named = capture(model, IDS, target=("logit", None, "good"))
    assert named.target == ("logit", None, 1)
    assert named.with_target(("logit", None, "bad")).target == ("logit", None, 0)
    with pytest.raises(ValueError, match=r"'fair', which is no class.*'bad', 'good'"):
        capture(model, IDS, target=("logit", None, "fair"))
    tokenizer = small.word_piece()
    masked = bert(tf.BertForMaskedLM)
    trace = capture(masked, "the walk", tokenizer=tokenizer, target=("logit", 1, "walk"))
    assert trace.target == ("logit", 1, tokenizer.get_vocab()["walk"])
    with pytest.raises(ValueError, match="is 2 tokens: 'walk', '##ed'"):
        trace.with_target(("logit", 1, "walked"))


class OwnClassifier(nn.Module):
    """A module around a transformers model, with other names for its inputs."""

    def __init__(self, returns: str = "tensor") -> None:
        super().__init__()
        self.body = tf.BertModel(tf.BertConfig(**SIZES))
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
    inputs = {"tokens": IDS["input_ids"], "masks": torch.ones(1, 7, dtype=torch.long)}
    trace = capture(model, inputs)
    found = trace.predictions()
    model.returns = "tensor"
    expected = model(**inputs)[0].softmax(-1)
    assert found.unit == "class"
    assert found.entries[0].probability == pytest.approx(float(expected.max()), abs=1e-6)
    model.returns = returns
    assert "the logit of the predicted class" in repr(trace)
    chosen = capture(model, inputs, target=("logit", None, int(expected.argmax())))
    assert close(trace, chosen)


class OwnWriter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(60, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 48, batch_first=True)
        self.body = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(32, 60)

    def forward(self, ids: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(ids.shape[1])
        return self.head(self.body(self.table(ids), mask))


def test_the_logits_of_an_own_language_model():
    torch.manual_seed(0)
    model = OwnWriter().eval()
    trace = capture(model, {"ids": IDS["input_ids"]})
    found = trace.predictions()
    assert (found.unit, found.position) == ("token", 6)
    assert found.entries[0].index == int(model(IDS["input_ids"])[0, -1].argmax())


def test_an_encoder_without_a_head_says_what_is_taken():
    trace = capture(bert(tf.BertModel), IDS)
    assert trace.predictions().unit == "hidden"
    assert "the last hidden state at all tokens, as no logits are known" in repr(trace)
    filler = capture(bert(tf.BertForMaskedLM), IDS)
    assert "as no mask is known" in repr(filler)


def test_features_of_tokens_are_no_logits():
    layer = nn.TransformerEncoderLayer(32, 4, 48, batch_first=True)
    model = nn.TransformerEncoder(layer, 2).eval()
    assert capture(model, torch.randn(1, 5, 32)).predictions().unit == "hidden"
    assert capture(model, torch.randn(5, 32)).predictions().unit == "hidden"


def test_the_beginning_of_an_answer_is_a_token_of_the_text():
    model = bert(tf.BertForQuestionAnswering)
    trace = capture(model, "the walk", tokenizer=small.word_piece())
    found = trace.predictions(top=2)
    assert found.unit == "class"
    assert {entry.text for entry in found.entries} <= set(trace.tokens)
    with torch.no_grad():
        start = model(input_ids=torch.tensor([[2, 5, 6, 3]])).start_logits.shape
    assert start == (1, 4)


@pytest.mark.parametrize("kind", [tf.BartForSequenceClassification, tf.T5ForSequenceClassification])
def test_an_encoder_decoder_that_classifies_runs_once(kind):
    torch.manual_seed(0)
    config = (
        tf.BartConfig(
            vocab_size=60,
            d_model=32,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=48,
            decoder_ffn_dim=48,
            eos_token_id=11,
            decoder_start_token_id=11,
        )
        if kind is tf.BartForSequenceClassification
        else tf.T5Config(
            vocab_size=60,
            d_model=32,
            d_kv=8,
            d_ff=48,
            num_layers=2,
            num_heads=4,
            eos_token_id=11,
            decoder_start_token_id=0,
        )
    )
    config.num_labels = 3
    model = kind(config).eval()
    trace = capture(model, IDS)
    assert trace.streams == ("encoder", "decoder", "cross")
    assert trace.predictions().unit == "class"
    expected = logits(model).softmax(-1)
    assert trace.predictions().entries[0].probability == pytest.approx(float(expected.max()), 1e-5)
    assert len(trace["decoder"].queries) == 7
