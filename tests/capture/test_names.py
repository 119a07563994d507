"""Tokens are named by the ids that a model looks up."""

import torch
import transformers as tf
from torch import Tensor, nn

from attnwidget.capture import capture
from tests.capture import small_tokenizers as small
from tests.capture.small_modules import ENCODER, IDS, TEXT, Encoder, made


class TextAndImage(nn.Module):
    """Two towers of one length, of which one reads ids."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(60, 32)
        self.visual, self.transformer = Encoder(2), Encoder(2)

    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        return self.visual(image)[:, 0] * self.transformer(self.table(text))[:, 0]


def test_ids_name_the_tower_that_reads_them():
    trace = capture(TextAndImage().eval(), {"image": torch.randn(1, 7, 32), "text": IDS})
    assert trace["vision"].query_tokens == [str(place) for place in range(7)]
    assert trace["transformer"].query_tokens == [str(each) for each in IDS[0].tolist()]


class Renamed(nn.Module):
    """A model around BERT with names of its own for the inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = tf.BertModel(tf.BertConfig(**TEXT))

    def forward(self, ids: Tensor, mask: Tensor, kind: Tensor) -> Tensor:
        return self.bert(ids, attention_mask=mask, token_type_ids=kind).pooler_output


class TwoTexts(nn.Module):
    """Encodes two texts with one BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = tf.BertModel(tf.BertConfig(**TEXT))

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        return self.bert(left).pooler_output * self.bert(right).pooler_output


def test_each_of_two_texts_has_its_own_tokens():
    right = IDS.flip(1)
    trace = capture(TwoTexts().eval(), {"left": IDS, "right": right})
    names = [[str(each) for each in ids[0].tolist()] for ids in (IDS, right)]
    assert [trace[name].query_tokens for name in trace.streams] == names


def test_ids_of_any_name_name_the_tokens():
    tokenizer = small.word_piece()
    encoded = tokenizer("the walk", return_tensors="pt")
    ids = encoded["input_ids"]
    given = {"ids": ids, "mask": torch.ones_like(ids), "kind": torch.zeros_like(ids)}
    trace = capture(Renamed().eval(), given, tokenizer=tokenizer)
    assert trace.tokens == ["[CLS]", "the", "walk", "[SEP]"]


def test_positions_after_the_ids_are_named_as_such():
    config = tf.BigBirdConfig(**TEXT, block_size=4, num_random_blocks=1)
    config.attention_type = "original_full"
    trace = capture(made(tf.BigBirdModel, config), {"input_ids": IDS})
    assert trace.tokens == [str(each) for each in IDS[0].tolist()]
    config.attention_type = "block_sparse"
    ids = torch.arange(5, 95)[None]
    trace = capture(made(tf.BigBirdModel, config), {"input_ids": ids})
    assert trace.tokens == [str(each) for each in ids[0].tolist()]
    vilt = tf.ViltConfig(**TEXT, image_size=8, patch_size=4, max_position_embeddings=40)
    inputs = {"input_ids": IDS, "pixel_values": torch.randn(1, 3, 8, 8)}
    trace = capture(made(tf.ViltModel, vilt), inputs)
    assert trace.tokens[:7] == [str(each) for each in IDS[0].tolist()]
    assert len(trace.tokens) == 7 + 5
    entities = {
        "entity_ids": torch.tensor([[3, 4]]),
        "entity_position_ids": torch.tensor([[[1, -1], [2, 3]]]),
        "entity_attention_mask": torch.ones(1, 2, dtype=torch.long),
    }
    luke = tf.LukeConfig(**ENCODER, entity_vocab_size=20, entity_emb_size=16)
    trace = capture(made(tf.LukeModel, luke), {"input_ids": IDS, **entities})
    assert trace.tokens == [*map(str, IDS[0].tolist()), "[ENTITY 1]", "[ENTITY 2]"]


def test_entities_are_named_by_the_vocabulary_or_by_the_words_that_mention_them():
    text = "Ada saw Paris"
    letters = sorted({*text.replace(" ", ""), "Ġ"})
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<ent>", "<ent2>", *letters]
    tokenizer = tf.LukeTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)},
        merges=[],
        entity_vocab={"[PAD]": 0, "[UNK]": 1, "[MASK]": 2, "[MASK2]": 3, "Paris, Texas": 4},
    )
    spans, entities = [(0, 3), (8, 13)], ["Ada Lovelace", "Paris, Texas"]
    given = tokenizer(text, entity_spans=spans, entities=entities, return_tensors="pt")
    sizes = {**ENCODER, "vocab_size": 60, "max_position_embeddings": 60}
    luke = tf.LukeConfig(**sizes, entity_vocab_size=5, entity_emb_size=16)
    trace = capture(made(tf.LukeModel, luke), dict(given), tokenizer=tokenizer)
    assert trace.tokens[-2:] == ["[ENTITY Ada]", "[ENTITY Paris, Texas]"]
    assert trace["self"].queries.special[-2:] == (False, False)
