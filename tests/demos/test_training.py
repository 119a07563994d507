"""The training script gives the same weights each time."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from attnwidget.demos.load import folder
from scripts.train_demos.__main__ import RECIPES
from scripts.train_demos.loop import train


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
    for file in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / file).read_text() == (folder(name) / file).read_text()
