"""Trains one of the models in the box, or all of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from scripts.train_demos import brackets, dates, induction, kinds
from scripts.train_demos.loop import train

RECIPES = {each.RECIPE.name: each.RECIPE for each in (brackets, induction, dates, kinds)}
MODELS = Path(__file__).parents[2] / "attnwidget" / "demos" / "models"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.train_demos", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[*RECIPES, "all"], default="all")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder of the model folders")
    arguments = parser.parse_args()
    for name, recipe in RECIPES.items():
        if arguments.name in (name, "all"):
            train(recipe, arguments.out / name)


if __name__ == "__main__":
    main()
