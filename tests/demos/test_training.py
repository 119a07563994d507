"""The training script gives the same weights each time."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoTokenizer

from attnwidget.demos.load import folder
from scripts.train_demos.__main__ import RECIPES
from scripts.train_demos.loop import train

pytestmark = pytest.mark.slow
WRITER = ("_name_or_path", "transformers_version")


@pytest.fixture(autouse=True)
def _torch_as_it_was():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("name", RECIPES)
def test_two_runs_give_the_same_model(name, tmp_path):
    recipe = replace(RECIPES[name], steps=3, batch_size=4, test_examples=2)
    for run in ("first", "second"):
        train(recipe, tmp_path / run)
    first, second = (load_file(tmp_path / run / "model.safetensors") for run in ("first", "second"))
    assert all(torch.equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_model_is_the_one_that_the_recipe_builds(name, tmp_path):
    train(replace(RECIPES[name], steps=1, batch_size=4, test_examples=2), tmp_path)
    made, shipped = (load_file(path / "model.safetensors") for path in (tmp_path, folder(name)))
    assert {key: value.shape for key, value in made.items()} == {
        key: value.shape for key, value in shipped.items()
    }
    made, shipped = (settings(path) for path in (tmp_path, folder(name)))
    assert made == shipped


def settings(path: Path) -> list[object]:
    """Return what a folder says of its model and tokenizer, whichever releases wrote it."""
    config = AutoConfig.from_pretrained(path).to_dict()
    tokenizer = AutoTokenizer.from_pretrained(path)
    written = json.loads((path / "tokenizer_config.json").read_text())
    return [
        {name: value for name, value in config.items() if name not in WRITER},
        json.loads(tokenizer.backend_tokenizer.to_str()),
        written,
    ]
