"""The classes of transformers that make a model of a config."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import transformers

from scripts.architectures.unmade import CLASSES

FAMILIES = (
    "AutoModelForImageTextToText",
    "AutoModelForSeq2SeqLM",
    "AutoModelForSpeechSeq2Seq",
    "AutoModelForCausalLM",
    "AutoModelForMultimodalLM",
    "AutoModelForMaskedLM",
    "AutoModelForImageClassification",
    "AutoModelForAudioClassification",
    "AutoModelForCTC",
    "AutoModelForObjectDetection",
    "AutoModelForZeroShotObjectDetection",
    "AutoModelForUniversalSegmentation",
    "AutoModelForSemanticSegmentation",
    "AutoModelForDepthEstimation",
    "AutoModelForPoseEstimation",
    "AutoModelForKeypointMatching",
    "AutoModelForTimeSeriesPrediction",
    "AutoModel",
)
"""The families of models to take an architecture from, those that predict something first."""

MOST = 4
"""Most classes to try for one config."""


def model_classes(
    kind: type[transformers.PreTrainedConfig],
) -> list[type[transformers.PreTrainedModel]]:
    """Return the classes that make a model of a kind of config, those to try first first.

    A part of other models has none in a family, but it may be a model of its own.
    """
    found = [each for each in _in_families(kind) if _runs(each)]
    named = CLASSES.get(kind.model_type)
    whole = [getattr(transformers, named)] if named else []
    first = whole + found[:1] + found[-1:] + found
    others = sorted(_in_modules(kind), key=lambda each: not each.__name__.endswith("Model"))
    return list(dict.fromkeys([*first, *others]))[:MOST]


def _in_families(
    kind: type[transformers.PreTrainedConfig],
) -> Iterator[type[transformers.PreTrainedModel]]:
    for name in FAMILIES:
        mapping = getattr(transformers, name)._model_mapping
        try:
            classes = mapping.get(kind, ())
        except ValueError:  # some are named and not there
            continue
        yield from classes if isinstance(classes, tuple) else (classes,)


def _in_modules(
    kind: type[transformers.PreTrainedConfig],
) -> Iterator[type[transformers.PreTrainedModel]]:
    """Return the classes beside a config that are made for it."""
    package = kind.__module__.rpartition(".")[0]
    for file in sorted(Path(inspect.getfile(kind)).parent.glob("modeling_*.py")):
        module = importlib.import_module(f"{package}.{file.stem}")
        for name, each in vars(module).items():
            is_model = inspect.isclass(each) and issubclass(each, transformers.PreTrainedModel)
            is_own = is_model and each.config_class is kind and each.__module__ == module.__name__
            if is_own and not name.endswith("PreTrainedModel") and _runs(each):
                yield each


def _runs(kind: type[transformers.PreTrainedModel]) -> bool:
    """Return whether a class has a forward pass."""
    return "unimplemented" not in getattr(kind.forward, "__name__", "")
