"""Inputs in the forms that people hold them in."""

import numpy as np
import pytest
import torch
import transformers as tf
from PIL import Image
from scipy.io import wavfile

from attnwidget import explore
from attnwidget.capture import capture
from tests.capture import small_tokenizers as small
from tests.capture.small_modules import TEXT, VISION, made, same_weights
from tests.capture.small_modules import llama as small_llama
from tests.capture.small_modules import whisper as small_whisper

TOKENIZER = small.word_piece()
TEMPLATE = "{% for each in messages %}{{ each.content }} . {% endfor %}"


@pytest.fixture(scope="module")
def llama():
    return small_llama()


@pytest.fixture(scope="module")
def vit():
    return made(tf.ViTForImageClassification, tf.ViTConfig(**VISION))


def same(trace, other):
    return trace.tokens == other.tokens and same_weights(trace, other)


def test_a_list_of_texts_is_a_list_of_traces(llama):
    texts = ["the walk", "walked"]
    traces = capture(llama, texts, tokenizer=TOKENIZER)
    for text, trace in zip(texts, traces, strict=True):
        assert same(trace, capture(llama, text, tokenizer=TOKENIZER))
    assert same(capture(llama, texts, tokenizer=TOKENIZER, batch_index=-1), traces[1])
    with pytest.raises(IndexError, match=r"there are 2 texts, so pass 0 to 1"):
        capture(llama, texts, tokenizer=TOKENIZER, batch_index=2)
    with pytest.raises(ValueError, match="shows one text, and 2 were given"):
        explore(llama, texts, tokenizer=TOKENIZER)
    assert explore(llama, texts, tokenizer=TOKENIZER, batch_index=0).trace.tokens[1] == "the"


@pytest.mark.parametrize(
    "ids",
    [[5, 8, 9], [[5, 8, 9]], torch.tensor([5, 8, 9]), np.array([[5, 8, 9]])],
    ids=["list", "nested", "tensor", "numpy"],
)
def test_token_ids(llama, ids):
    expected = capture(llama, {"input_ids": [[5, 8, 9]]}, tokenizer=TOKENIZER)
    assert same(capture(llama, ids, tokenizer=TOKENIZER), expected)


def test_messages_go_through_the_chat_template(llama):
    tokenizer = small.word_piece()
    tokenizer.chat_template = TEMPLATE
    messages = [{"role": "user", "content": "the walk"}, {"role": "user", "content": "walked"}]
    expected = tokenizer.apply_chat_template(messages, tokenize=False)
    trace = capture(llama, messages, tokenizer=tokenizer)
    assert same(trace, capture(llama, messages=messages, tokenizer=tokenizer))
    assert trace.tokens == ["the", "walk", ".", "walk", "ed", "."]
    assert expected == "the walk . walked . "
    with pytest.raises(ValueError, match=r"has no chat template.*tokenizer\.chat_template"):
        capture(llama, messages, tokenizer=TOKENIZER)
    with pytest.raises(ValueError, match="messages hold the whole conversation"):
        capture(llama, "the", messages=messages, tokenizer=tokenizer)


def test_a_long_text_is_cut_and_says_so():
    model = tf.BertModel(tf.BertConfig(**TEXT, max_position_embeddings=12)).eval()
    text = " ".join(["walk"] * 30)
    with pytest.raises(ValueError, match="32 tokens long, but BertModel takes at most 12"):
        capture(model, text, tokenizer=TOKENIZER)
    trace = capture(model, text, tokenizer=TOKENIZER, truncation=True)
    assert len(trace.tokens) == 12
    assert "20 of 32 tokens were cut at the end" in repr(trace)
    assert len(capture(model, text, tokenizer=TOKENIZER, truncation=5).tokens) == 5
    short = capture(model, "the walk", tokenizer=TOKENIZER, truncation=True)
    assert short.notes == ()
    with pytest.raises(ValueError, match="truncation must be True"):
        capture(model, text, tokenizer=TOKENIZER, truncation=-3)


def test_names_of_ones_own():
    model = tf.BertModel(tf.BertConfig(**TEXT)).eval()
    names = ["C", "##O", "N"]
    trace = capture(model, {"input_ids": [[5, 6, 7]]}, tokens=names)
    assert trace.tokens == names
    assert trace.key_tokens == names
    with pytest.raises(ValueError, match=r"each of the 3 positions of 'self', but 2 names"):
        capture(model, {"input_ids": [[5, 6, 7]]}, tokens=["C", "O"])


def test_a_processor_and_a_bare_tokenizer_hold_a_tokenizer(llama):
    expected = capture(llama, "the walk", tokenizer=TOKENIZER)
    extractor = tf.WhisperFeatureExtractor(feature_size=16)
    processor = tf.WhisperProcessor(extractor, TOKENIZER)
    assert same(capture(llama, "the walk", tokenizer=processor), expected)
    bare = capture(llama, "the walk", tokenizer=TOKENIZER.backend_tokenizer)
    assert [each for each in bare.tokens if each != "[UNK]"] == expected.tokens
    with pytest.raises(
        ValueError, match=r"of type dict was given.*encode the text and pass the ids"
    ):
        capture(llama, "the walk", tokenizer={})


def picture(mode="RGB"):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


@pytest.fixture
def images(vit):
    processor = tf.ViTImageProcessor(size={"height": 8, "width": 8})
    ready = processor(images=picture(), return_tensors="pt")
    return processor, capture(vit, dict(ready))


@pytest.mark.parametrize(
    "form",
    [
        lambda image: image,
        lambda image: np.asarray(image),
        lambda image: np.asarray(image) / 255.0,
        lambda image: torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1),
        lambda image: [image],
    ],
    ids=["PIL", "bytes", "shares", "channels first", "list"],
)
def test_images(vit, images, form):
    processor, expected = images
    assert same(capture(vit, images=form(picture()), processor=processor), expected)


def test_an_image_in_the_place_of_the_text_and_from_a_file(vit, images, tmp_path):
    processor, expected = images
    assert same(capture(vit, picture(), processor=processor), expected)
    path = tmp_path / "picture.png"
    picture().save(path)
    assert same(capture(vit, images=path, processor=processor), expected)


def test_images_are_turned_upright_and_alpha_is_put_on_white(vit, tmp_path):
    processor = tf.ViTImageProcessor(size={"height": 8, "width": 8})
    turned = tmp_path / "turned.jpg"
    exif = picture().getexif()
    exif[0x0112] = 6  # turn by a quarter
    picture().save(turned, exif=exif, quality=100, subsampling=0)
    plain = Image.open(turned).convert("RGB").transpose(Image.Transpose.ROTATE_270)
    upright = capture(vit, images=np.asarray(plain), processor=processor)
    assert same(capture(vit, images=turned, processor=processor), upright)
    clear = Image.new("RGBA", (8, 8), (10, 20, 30, 0))
    white = capture(vit, images=Image.new("RGB", (8, 8), "white"), processor=processor)
    assert same(capture(vit, images=clear, processor=processor), white)
    grey = capture(vit, images=picture("L"), processor=processor)
    assert grey.num_layers == 2


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"images": "no/such.png"}, r"No image could be read from 'no/such\.png'"),
        ({"images": np.zeros(7)}, r"images must be images of PIL.*shape \(7,\)"),
        ({"images": np.full((8, 8, 3), -2.0)}, r"lie from 0 to 1.*pixel_values"),
        ({"images": picture(), "audio": np.zeros(9)}, r"makes no inputs of sounds"),
        ({"text": ""}, "text is empty|reads pixel_values"),
        ({}, r"There is no input. Pass a text, messages=, images= or audio="),
    ],
)
def test_images_that_are_none(vit, keywords, message):
    processor = tf.ViTImageProcessor(size={"height": 8, "width": 8})
    with pytest.raises(ValueError, match=message):
        capture(vit, **{"processor": processor, **keywords})


def test_a_processor_that_is_nowhere(vit):
    with pytest.raises(ValueError, match=r"need the processor of ViTFor.*Pass processor="):
        capture(vit, picture())


def test_a_text_and_an_image():
    torch.manual_seed(0)
    text = {**TEXT, "max_position_embeddings": 32, "eos_token_id": 3}
    config = tf.CLIPConfig(text_config=text, vision_config=VISION, projection_dim=16)
    model = tf.CLIPModel(config).eval()
    size = {"height": 8, "width": 8}
    maker = tf.CLIPImageProcessor(size=size, crop_size=size)
    processor = tf.CLIPProcessor(maker, TOKENIZER)
    trace = capture(model, "the walk", images=picture(), processor=processor)
    assert trace.streams == ("text", "vision")
    assert trace["text"].query_tokens == ["[CLS]", "the", "walk", "[SEP]"]
    assert trace["vision"].query_tokens[1:3] == ["r0 c0", "r0 c1"]


@pytest.fixture(scope="module")
def whisper():
    return small_whisper(vocab_size=60, max_source_positions=50, max_target_positions=20)


def test_sounds(whisper, tmp_path):
    extractor = tf.WhisperFeatureExtractor(feature_size=16, chunk_length=1)
    rate = extractor.sampling_rate
    sound = np.sin(np.arange(rate) / 20).astype(np.float32)
    ready = extractor(sound, sampling_rate=rate, return_tensors="pt")
    options = {"max_new_tokens": 3, "processor": extractor}
    expected = capture(whisper, dict(ready), max_new_tokens=3)
    path = tmp_path / "sound.wav"
    wavfile.write(path, rate, (sound * 32767).astype(np.int16))
    slow = {"array": np.repeat(sound, 2), "sampling_rate": 2 * rate}
    assert same(capture(whisper, audio=sound, **options), expected)
    assert same(capture(whisper, sound, **options), expected)
    assert same(capture(whisper, audio=(np.stack([sound, sound]), rate), **options), expected)
    for form in (path, slow):
        trace = capture(whisper, audio=form, **options)
        assert trace.streams == expected.streams
        assert torch.allclose(trace.attention(0), expected.attention(0), atol=2e-2)
    with pytest.raises(ValueError, match=r"No sound could be read.*audio=\(samples, rate\)"):
        capture(whisper, audio=str(tmp_path / "none.mp3"), **options)
    with pytest.raises(ValueError, match="audio must be a waveform"):
        capture(whisper, audio=np.zeros((2, 2, 2)), **options)
