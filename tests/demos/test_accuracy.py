"""The shipped models do what they were trained for, on examples nobody has seen."""

import json
import socket
from pathlib import Path
from random import Random

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
)

from attnwidget.demos.brackets import random_example
from attnwidget.demos.dates import random_date
from attnwidget.demos.induction import random_repeat, sources
from attnwidget.demos.kinds import random_list
from attnwidget.demos.load import NAMES, folder, load

SEED = 20_260  # neither training's nor that of the published figures


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*arguments):
        raise AssertionError("a demo model asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_brackets():
    model, tokenizer = (
        each.from_pretrained(folder("brackets")) for each in (AutoModelForMaskedLM, AutoTokenizer)
    )
    rng = Random(SEED)
    right = 0
    for _ in range(200):
        example = random_example(rng, held_out=True)
        (place,) = example.masked
        with torch.inference_mode():
            logits = model(**tokenizer(example.prompt, return_tensors="pt")).logits
        answer = tokenizer.convert_ids_to_tokens(int(logits[0, place + 1].argmax()))
        right += answer == example.text[place]
    assert right >= 198


def test_induction():
    model, tokenizer = (
        each.from_pretrained(folder("induction")) for each in (AutoModelForCausalLM, AutoTokenizer)
    )
    rng = Random(SEED)
    right = asked = 0
    for _ in range(60):
        text = random_repeat(rng, held_out=True)
        words = text.split()
        with torch.inference_mode():
            logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
        answers = tokenizer.convert_ids_to_tokens(logits.argmax(-1).tolist())
        for i, source in enumerate(sources(text)[:-1]):
            if source is not None:
                asked += 1
                right += answers[i + 1] == words[i + 1]
    assert asked > 500
    assert right / asked >= 0.99


def test_dates():
    model, tokenizer = (
        each.from_pretrained(folder("dates")) for each in (AutoModelForSeq2SeqLM, AutoTokenizer)
    )
    rng = Random(SEED)
    right = 0
    for _ in range(100):
        example = random_date(rng, held_out=True)
        inputs = tokenizer(example.text, return_tensors="pt")
        written = model.generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=12)
        right += tokenizer.decode(written[0], skip_special_tokens=True) == example.iso
    assert right >= 99


def test_kinds():
    model, tokenizer = (
        each.from_pretrained(folder("kinds")) for each in (AutoModelForCausalLM, AutoTokenizer)
    )
    rng = Random(SEED)
    right = 0
    for _ in range(200):
        asked = random_list(rng, held_out=True)
        with torch.inference_mode():
            logits = model(**tokenizer(asked.text, return_tensors="pt")).logits
        right += tokenizer.convert_ids_to_tokens(int(logits[0, -1].argmax())) == asked.answer
    assert right >= 199


@pytest.mark.parametrize("name", NAMES)
def test_the_published_accuracy_is_high_enough(name):
    metrics = json.loads((folder(name) / "metrics.json").read_text())
    assert metrics["accuracy"] >= 0.99
    assert metrics["test_examples"] >= 1000


@pytest.mark.parametrize("name", NAMES)
def test_load_returns_what_from_pretrained_does(name):
    model, tokenizer = load(name)
    again = type(model).from_pretrained(folder(name))
    assert not model.training
    assert all(map(torch.equal, model.state_dict().values(), again.state_dict().values()))
    assert all(parameter.dtype == torch.float32 for parameter in model.parameters())
    assert tokenizer.get_vocab() == AutoTokenizer.from_pretrained(folder(name)).get_vocab()


def test_all_models_together_are_under_three_megabytes():
    files = [path for path in Path(folder("dates")).parent.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} == set(NAMES)
    assert sum(path.stat().st_size for path in files) < 3_000_000
