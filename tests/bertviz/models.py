"""Small random models with tokenizers, saved under the names that cells load them by."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import sentencepiece
import torch
import transformers as tf
from tokenizers import ByteLevelBPETokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tests.capture.architectures import spread

ENGLISH = ("the owl slept in the old barn", "A fox waited by the door", "He reads the old book.")
GERMAN = ("Die Eule schlief im Stall", "Ein Fuchs wartete an der Tür", "Er liest das alte Buch.")
FRAMES = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
"""RoBERTa's special tokens, in its order."""

Made = tuple[PreTrainedModel, PreTrainedTokenizerBase]


def save_models(folder: Path) -> None:
    """Save every model of `MODELS` with its tokenizer in a folder of its name."""
    for name, make in MODELS.items():
        torch.manual_seed(0)
        model, tokenizer = make(folder / name)
        spread(model).save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)


def word_pieces() -> list[str]:
    """Return a vocabulary that has the words of `ENGLISH`, but for one that comes in two pieces."""
    words = re.findall(r"\w+|\.", " ".join(ENGLISH).lower())
    words[words.index("waited")] = "wait"
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return list(dict.fromkeys([*special, *words, "##ed"]))


def bert(_folder: Path) -> Made:
    tokenizer = tf.BertTokenizer(vocab=_numbered(word_pieces()), do_lower_case=True)
    return tf.BertModel(tf.BertConfig(vocab_size=len(tokenizer), **_sizes(layers=4))), tokenizer


def distilbert(_folder: Path) -> Made:
    tokenizer = tf.DistilBertTokenizer(vocab=_numbered(word_pieces()), do_lower_case=True)
    config = tf.DistilBertConfig(
        vocab_size=len(tokenizer), dim=32, n_layers=3, n_heads=4, hidden_dim=48
    )
    return tf.DistilBertModel(config), tokenizer


def gpt2(_folder: Path) -> Made:
    vocabulary, merges = _byte_pairs(["<|endoftext|>"])
    tokenizer = tf.GPT2Tokenizer(vocab=vocabulary, merges=merges)
    frame = {"bos_token_id": 0, "eos_token_id": 0}
    config = tf.GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=3, n_head=4, **frame)
    return tf.GPT2Model(config), tokenizer


def roberta(_folder: Path) -> Made:
    vocabulary, merges = _byte_pairs(FRAMES)
    tokenizer = tf.RobertaTokenizer(vocab=vocabulary, merges=merges)
    sizes = _sizes(layers=3) | {"type_vocab_size": 1}
    return tf.RobertaModel(tf.RobertaConfig(vocab_size=len(tokenizer), **sizes)), tokenizer


def bart(_folder: Path) -> Made:
    vocabulary, merges = _byte_pairs(FRAMES)
    tokenizer = tf.BartTokenizer(vocab=vocabulary, merges=merges)
    return tf.BartModel(tf.BartConfig(**_stacks(len(tokenizer), start=2))), tokenizer


def marian(folder: Path) -> Made:
    """Its tokenizer has a sentencepiece model for each language and one vocabulary."""
    folder.mkdir()
    pieces = ["</s>", "<unk>"]
    for side, texts in (("source", ENGLISH), ("target", GERMAN)):
        model = _sentence_pieces(texts, folder / f"{side}.spm")
        pieces += [model.id_to_piece(place) for place in range(model.get_piece_size())]
    vocabulary = _numbered([*pieces, "<pad>"])
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    tokenizer = tf.MarianTokenizer(
        *(str(folder / name) for name in ("source.spm", "target.spm", "vocab.json"))
    )
    stacks = _stacks(len(vocabulary), start=vocabulary["<pad>"])
    config = tf.MarianConfig(**stacks | {"eos_token_id": 0, "pad_token_id": vocabulary["<pad>"]})
    return tf.MarianModel(config), tokenizer


MODELS: dict[str, Callable[[Path], Made]] = {
    make.__name__: make for make in (bert, distilbert, gpt2, roberta, bart, marian)
}


def _sizes(*, layers: int) -> dict[str, int]:
    return {
        "hidden_size": 32,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "max_position_embeddings": 64,
    }


def _stacks(vocabulary: int, *, start: int) -> dict[str, int]:
    """Return the sizes of an encoder-decoder whose stacks are unlike each other."""
    widths = {f"{side}_ffn_dim": 48 for side in ("encoder", "decoder")}
    depths = {"encoder_layers": 3, "decoder_layers": 2}
    heads = {"encoder_attention_heads": 4, "decoder_attention_heads": 2}
    return {
        "vocab_size": vocabulary,
        "d_model": 32,
        "decoder_start_token_id": start,
        "max_position_embeddings": 64,
        **widths,
        **depths,
        **heads,
    }


def _byte_pairs(special: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        ENGLISH, vocab_size=400, min_frequency=1, special_tokens=special, show_progress=False
    )
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [(left, right) for left, right in model["merges"]]


def _sentence_pieces(texts: Sequence[str], path: Path) -> sentencepiece.SentencePieceProcessor:
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=file,
            model_type="bpe",
            vocab_size=70,
            hard_vocab_limit=False,
            minloglevel=2,
        )
    return sentencepiece.SentencePieceProcessor(str(path))


def _numbered(pieces: Sequence[str]) -> dict[str, int]:
    return {piece: place for place, piece in enumerate(dict.fromkeys(pieces))}
