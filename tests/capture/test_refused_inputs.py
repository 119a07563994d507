"""Inputs that cannot be taken rightly are refused, and the advice works."""

import numpy as np
import pytest
import torch
import transformers as tf
from torch import nn

from attnwidget.capture import capture
from attnwidget.trace import Trace
from tests.capture import small_tokenizers as small
from tests.capture.small_modules import IDS, TEXT, bert, llama

TOKENIZER = small.word_piece()


@pytest.mark.parametrize("name", ["Positive", "the", "LABEL_2"])
def test_a_class_that_is_none_is_no_token_either(name):
    with pytest.raises(
        ValueError, match=r"no class of the model \(it names 'LABEL_0', 'LABEL_1'\)"
    ):
        capture(bert(), "the walk", tokenizer=TOKENIZER, target=("logit", None, name))
    named = capture(bert(), "the walk", tokenizer=TOKENIZER, target=("logit", None, "LABEL_1"))
    assert named.target == ("logit", None, 1)


def test_a_token_that_is_no_position_and_one_that_is_unknown():
    answers, filler = bert(tf.BertForQuestionAnswering), bert(tf.BertForMaskedLM)
    with pytest.raises(ValueError, match="no class of the model"):
        capture(answers, "the walk", tokenizer=TOKENIZER, target=("logit", None, "walk"))
    with pytest.raises(ValueError, match="which the tokenizer does not know"):
        capture(filler, "the walk", tokenizer=TOKENIZER, target=("logit", 1, "Zürich"))


def test_one_score_a_token_belongs_to_tokens():
    torch.manual_seed(0)
    model = tf.ElectraForPreTraining(tf.ElectraConfig(**TEXT, embedding_size=32)).eval()
    trace = capture(model, "the café walked", tokenizer=TOKENIZER)
    with torch.no_grad():
        logits = model(**TOKENIZER("the café walked", return_tensors="pt")).logits[0]
    for position in range(len(trace.tokens)):
        (entry,) = trace.predictions(position).entries
        assert entry.probability == pytest.approx(float(logits[position].sigmoid()), abs=1e-6)


def test_an_answer_begins_at_a_token_and_not_in_the_padding():
    batch = TOKENIZER(["the walk", "the"], ["walked .", "the"], return_tensors="pt", padding=True)
    trace = capture(bert(tf.BertForQuestionAnswering), batch, tokenizer=TOKENIZER, batch_index=1)
    found = trace.predictions(top=20).entries
    assert len(found) == len(trace.tokens)
    assert [trace.tokens[each.index] for each in found] == [each.text for each in found]


def test_what_is_written_follows_the_text_and_not_its_padding():
    model, room = llama(), (0, 4)
    padded = {
        "input_ids": torch.nn.functional.pad(IDS, room),
        "attention_mask": torch.nn.functional.pad(torch.ones_like(IDS), room),
    }
    trace = capture(model, padded, max_new_tokens=3)
    alone = capture(model, {"input_ids": IDS}, max_new_tokens=3)
    assert trace.tokens == alone.tokens
    assert torch.allclose(trace.attention(1), alone.attention(1), atol=1e-6)


STEPS = {"output_attentions": True, "return_dict_in_generate": True}


@torch.no_grad()
@pytest.mark.parametrize("options", [{"num_beams": 4}, {"do_sample": True}])
def test_sequences_of_one_input_share_its_encoder(options):
    torch.manual_seed(0)
    sizes = {"vocab_size": 60, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2}
    heads = {"encoder_attention_heads": 4, "decoder_attention_heads": 4}
    config = tf.BartConfig(**sizes, **heads, encoder_ffn_dim=48, decoder_ffn_dim=48)
    config._attn_implementation = "eager"
    model = tf.BartForConditionalGeneration(config).eval()
    ids = torch.randint(5, 60, (2, 5))
    output = model.generate(ids, max_new_tokens=4, num_return_sequences=2, **options, **STEPS)
    for entry in range(4):
        names = {
            "encoder_tokens": [str(each) for each in ids[entry // 2].tolist()],
            "decoder_tokens": [str(each) for each in output.sequences[entry].tolist()],
        }
        trace = Trace.from_attentions(output, **names, batch_index=entry)
        read = output.sequences[entry : entry + 1, : len(trace["decoder"].queries)]
        own = ids[entry // 2 : entry // 2 + 1]
        again = model(own, decoder_input_ids=read, output_attentions=True)
        assert torch.allclose(
            trace["encoder"].attention(1), again.encoder_attentions[1][0], atol=2e-5
        )
        assert torch.allclose(trace["cross"].attention(1), again.cross_attentions[1][0], atol=2e-5)


@torch.no_grad()
def test_steps_that_may_be_beams_need_what_tells():
    model = llama()
    model.set_attn_implementation("eager")
    output = model.generate(IDS, max_new_tokens=3, num_beams=3, **STEPS)
    names = [str(each) for each in output.sequences[0].tolist()]
    with pytest.raises(ValueError, match=r"may be beams. Pass all of what generate returned"):
        Trace.from_attentions(output.attentions, names, batch_index=0)
    assert len(Trace.from_attentions(output, names, batch_index=0).tokens) == 9


@pytest.mark.parametrize(
    ("text", "keywords", "error", "message"),
    [
        ([5, 6, 7], {"truncation": 2}, ValueError, "truncation cuts a text"),
        (["the", "walk"], {"images": ["a.png"]}, ValueError, "Capture them one by one"),
        (["the", "walk"], {"batch_index": "a"}, ValueError, "batch_index must be the number"),
        (None, {"messages": []}, ValueError, "messages must be a list of mappings"),
        (None, {"messages": [{"role": "user"}]}, ValueError, "each with a role and a content"),
        (("the", "walk"), {}, ValueError, "neither a list of texts, nor token ids"),
        ("the", {"max_new_tokens": True}, ValueError, "max_new_tokens must be"),
        ("the", {"max_new_tokens": 2, "seed": 2**70}, ValueError, "seed must be a whole number"),
        ("the", {"max_new_tokens": 2, "num_beams": 0}, ValueError, "cannot write with num_beams=0"),
        ("the", {"max_new_tokens": 2, "language": "en"}, ValueError, "cannot write with language"),
    ],
)
def test_what_is_refused(text, keywords, error, message):
    with pytest.raises(error, match=message):
        capture(llama(), text, tokenizer=TOKENIZER, **keywords)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint32])
def test_ids_of_any_whole_type(kind):
    ids = np.array([5, 6, 7], dtype=kind)
    assert capture(llama(), ids).tokens == ["5", "6", "7"]
    assert capture(llama(), {"input_ids": ids}, max_new_tokens=np.int64(2)).tokens[:3] == [*"567"]


def test_words_that_stop_the_writing():
    tokenizer = small.byte_level()
    model = tf.LlamaForCausalLM(tf.LlamaConfig(**{**TEXT, "vocab_size": len(tokenizer)})).eval()
    options = {"tokenizer": tokenizer, "max_new_tokens": 9}
    everything = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
    stopped = capture(model, "The walked", stop_strings=everything, **options)
    assert len(stopped.tokens) <= len(capture(model, "The walked", **options).tokens)


@pytest.mark.parametrize(
    ("audio", "message"),
    [
        ([np.zeros(400), np.zeros(400)], "one sound, but a list of 2"),
        ((np.zeros(400), 0), "sampling rate.*0 was given"),
        ((np.zeros(400), "16k"), "sampling rate.*'16k' was given"),
        ((16000, np.zeros(400)), "has the waveform first"),
        (np.full(400, np.nan), "NaN or infinite"),
    ],
)
def test_sounds_that_are_none(audio, message):
    model = tf.Wav2Vec2Model(
        tf.Wav2Vec2Config(**TEXT, conv_dim=(8,), conv_stride=(5,), conv_kernel=(10,))
    )
    extractor = tf.Wav2Vec2FeatureExtractor()
    with pytest.raises(ValueError, match=message):
        capture(model.eval(), audio=audio, processor=extractor)


def test_choices_are_read_together():
    model = bert(tf.BertForMultipleChoice)
    with pytest.raises(ValueError, match=r"several choices at once.*'input_ids': ids\[None\]"):
        capture(model, "the walk", tokenizer=TOKENIZER)
    choices = TOKENIZER(["the walk", "the cafés"], return_tensors="pt", padding=True)
    given = {name: each[None] for name, each in choices.items()}
    trace = capture(model, given, tokenizer=TOKENIZER)
    assert trace.streams == ("self 1", "self 2")
    assert trace.predictions().unit == "class"


def test_a_processor_that_makes_something_else():
    images = np.zeros((8, 8, 3), dtype=np.uint8)
    processor = tf.ViTImageProcessor(size={"height": 8, "width": 8})
    with pytest.raises(ValueError, match=r"reads input_ids, but ViTImageProcessor\w* made pixel"):
        capture(bert(), images=images, processor=processor)
    with pytest.raises(ValueError, match="makes no inputs of text"):
        capture(bert(), "the", images=images, processor=processor)


def test_one_of_several_images():
    sizes = {"image_size": 8, "patch_size": 4, "hidden_size": 32, "num_hidden_layers": 1}
    model = tf.ViTModel(tf.ViTConfig(**sizes, num_attention_heads=4, intermediate_size=48)).eval()
    images = list(np.random.default_rng(0).integers(0, 255, (2, 8, 8, 3), dtype=np.uint8))
    processor = tf.ViTImageProcessor(size={"height": 8, "width": 8})
    with pytest.raises(ValueError, match="Pass batch_index=0 to 1"):
        capture(model, images=images, processor=processor)
    second = capture(model, images=images, processor=processor, batch_index=1)
    alone = capture(model, images=images[1], processor=processor)
    assert torch.allclose(second.attention(0), alone.attention(0), atol=1e-6)


def test_an_image_for_a_module_of_no_library():
    """What is advised works: the tensor that the module reads."""

    class Patches(nn.Module):
        def __init__(self):
            super().__init__()
            self.cut = nn.Conv2d(3, 16, 4, 4)

        def forward(self, x):
            x = self.cut(x).flatten(2).transpose(1, 2)[:, None]
            return nn.functional.scaled_dot_product_attention(x, x, x)

    module = Patches().eval()
    image = np.zeros((8, 8, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match=r"of Patches, and none was found\. Pass the tensor that"):
        capture(module, images=image)
    assert capture(module, torch.rand(1, 3, 8, 8)).tokens == ["r0 c0", "r0 c1", "r1 c0", "r1 c1"]
