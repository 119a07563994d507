"""Small tokenizers of every kind, made on the spot."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SENTENCE = "The café walked"


def word_piece() -> PreTrainedTokenizerFast:
    """BERT's: ``##`` continues a word, [CLS] and [SEP] frame the texts."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "caf", "##é", "walk", "##ed", "."]
    tokenizer = Tokenizer(models.WordPiece(_ids(words), unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=32,
    )


def byte_level(*, roberta: bool = False, chat: bool = False) -> PreTrainedTokenizerFast:
    """GPT-2's: pieces are bytes written as letters, ``Ġ`` is a space. RoBERTa frames its pairs."""
    pieces = [*"<s>", *(chr(place) for place in range(33, 127)), "Ġ", "Ċ", "Ã", "©", "¯"]
    words = ["The", "Ġcaf", "Ã©", "Ġwalk", "ed"]
    ids = _ids(["<pad>", "<s>", "</s>", *dict.fromkeys([*pieces, *words])])
    merges = [
        *[("T", "h"), ("Th", "e"), ("Ġ", "c"), ("Ġc", "a"), ("Ġca", "f"), ("Ã", "©")],
        *[("Ġ", "w"), ("Ġw", "a"), ("Ġwa", "l"), ("Ġwal", "k"), ("e", "d")],
    ]
    for left, right in merges:
        ids.setdefault(left + right, len(ids))
    tokenizer = Tokenizer(models.BPE(ids, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if roberta:
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 1))
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    if chat:
        made.add_special_tokens({"extra_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    return made


def metaspace() -> PreTrainedTokenizerFast:
    """Llama's: ``▁`` is a space, the whole text is one word to the tokenizer, unknown are bytes."""
    words = ["<unk>", "<s>", "</s>", "▁", "T", "h", "e", "c", "a", "f", "w", "l", "k", "d"]
    ids = _ids(words + [f"<0x{byte:02X}>" for byte in range(256)])
    merges = [
        *[("▁", "T"), ("▁T", "h"), ("▁Th", "e"), ("▁", "c"), ("▁c", "a"), ("▁ca", "f")],
        *[("▁", "w"), ("▁w", "a"), ("▁wa", "l"), ("▁wal", "k"), ("e", "d")],
    ]
    for left, right in merges:
        ids.setdefault(left + right, len(ids))
    tokenizer = Tokenizer(models.BPE(ids, merges, unk_token="<unk>", byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A </s> $B", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>"
    )


def word_end() -> PreTrainedTokenizerFast:
    """CLIP's: ``</w>`` ends a word."""
    letters = [*"thecafwlkd", *(f"{each}</w>" for each in "thecafwlkdé")]
    ids = _ids(["<start>", "<end>", *letters])
    merges = [("t", "h"), ("th", "e</w>"), ("c", "a"), ("ca", "f"), ("w", "a"), ("wa", "l")]
    merges += [("wal", "k"), ("e", "d</w>")]
    for left, right in merges:
        ids.setdefault(left + right, len(ids))
    tokenizer = Tokenizer(models.BPE(ids, merges, end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.BPEDecoder()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<start>", eos_token="<end>"
    )


def characters() -> PreTrainedTokenizerFast:
    """Every character a token, without any mark."""
    tokenizer = Tokenizer(models.WordLevel(_ids(["<unk>", *"abcdefghij"]), unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def _ids(words: list[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(dict.fromkeys(words))}
