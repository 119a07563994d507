"""Gradients and predictions in a file."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from torch import Tensor

from attnwidget.trace.divergence import Activation
from attnwidget.trace.kept import Kept, KeptPredictions, KeptTarget
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.predictions import Prediction, Unit
from attnwidget.trace.saved.fields import (
    DamagedError,
    Fields,
    each_of,
    flag,
    number,
    one_of,
    or_none,
    text,
    within,
)
from attnwidget.trace.saved.reader import TensorReader, in_bounds, shaped
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.scaled import Vectors
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import IndexedTarget, check_target, with_indices
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.windowed import PROJECTED, value_size

MAX_COUNT = 1 << 40
"""Most tokens, classes or positions."""


def write_kept(kept: Kept, writer: TensorWriter) -> dict[str, Any]:
    """Add the tensors of gradients and predictions and return their description."""
    return {
        "targets": [
            {
                "target": None if callable(each.target) else each.target,
                "is_function": callable(each.target),
                "words": each.words,
                "layers": _write_layers(each.layers, f"gradients.{place}", writer),
            }
            for place, each in enumerate(kept.targets)
        ],
        "predictions": _write_predictions(kept.predictions, writer),
        "jacobians": {
            name: writer.gradients(f"jacobians.{name}", each)
            for name, each in kept.jacobians.items()
        },
    }


def read_kept(
    value: object, where: str, streams: Mapping[str, Stream], reader: TensorReader
) -> Kept:
    """Read what was kept of a trace with these streams."""
    fields = Fields.read(value, where)
    targets = fields.all("targets", lambda value, where: _target(value, where, streams, reader))
    if not targets:
        raise DamagedError(f"{where}.targets must begin with the target of the trace")
    jacobians = fields.one("jacobians", Fields.read)
    return Kept(
        targets,
        fields.one("predictions", lambda value, where: _predictions(value, where, reader)),
        {name: jacobians.one(name, reader.vectors) for name in jacobians.values},
    )


def _write_layers(
    layers: Mapping[str, tuple[Vectors, ...]] | None, name: str, writer: TensorWriter
) -> dict[str, list[Any]] | None:
    if layers is None:
        return None
    return {
        stream: [writer.gradients(f"{name}.{stream}.{at}", each) for at, each in enumerate(found)]
        for stream, found in layers.items()
    }


def _target(
    value: object, where: str, streams: Mapping[str, Stream], reader: TensorReader
) -> KeptTarget:
    fields = Fields.read(value, where)

    def layers(value: object, where: str) -> dict[str, tuple[Vectors, ...]]:
        given = Fields.read(value, where)
        if set(given.values) != set(streams):
            raise DamagedError(f"{where} must have the streams {', '.join(streams)}")
        return {name: _gradients(given, streams[name], reader) for name in streams}

    words = fields.one("words", text)
    found = fields.optional("layers", layers)
    if fields.one("is_function", flag):
        return KeptTarget(Forgotten(), words, found)
    return KeptTarget(fields.one("target", _aim), words, found)


def _gradients(given: Fields, stream: Stream, reader: TensorReader) -> tuple[Vectors, ...]:
    found = given.all(stream.name, reader.vectors)
    if found and len(found) != stream.num_layers:
        raise DamagedError(
            f"{given.where}.{stream.name} must have {stream.num_layers} layers, or none"
        )
    for place, (gradient, layer) in enumerate(zip(found, stream.layers, strict=False)):
        shaped(gradient, _shape(layer), f"{given.where}.{stream.name}[{place}]")
    return found


def _shape(layer: AttentionLayer) -> tuple[int, ...]:
    """Return the shape of the gradients of a layer."""
    if isinstance(layer, PROJECTED):
        return layer.num_heads, layer.num_queries, value_size(layer)
    if isinstance(layer, TiledLayer):
        return 1, sum(part.num_weights for part in layer.parts)
    return layer.num_heads, layer.num_queries, layer.num_keys


def _aim(value: object, where: str) -> IndexedTarget:
    try:
        aim = check_target(tuple(value) if isinstance(value, list) else value)
        return with_indices(aim, int)
    except ValueError as error:
        raise DamagedError(f"{where} is no target: {error}") from error


class Forgotten:
    """A target that was a function, which files do not hold."""

    def __call__(self, output: Any) -> Tensor:
        """Raise a ValueError."""
        raise ValueError("The target was a function, which the file of the trace does not hold.")


def _write_predictions(kept: KeptPredictions, writer: TensorWriter) -> dict[str, Any]:
    return {
        "head": asdict(kept.head),
        **{
            name: writer.exact(f"predictions.{name}", getattr(kept, name))
            for name in ("logits", "probabilities", "indices")
        },
        "is_complete": kept.is_complete,
        "names": [[index, name] for index, name in kept.names.items()],
        "others": [
            {"row": row, **asdict(each)} for row, found in kept.others.items() for each in found
        ],
    }


def _predictions(value: object, where: str, reader: TensorReader) -> KeptPredictions:
    fields = Fields.read(value, where)
    logits = fields.one("logits", reader.floating)
    if logits.ndim != 2:
        raise DamagedError(f"{where}.logits must have two axes")
    shape = tuple(logits.shape)
    probabilities = fields.one("probabilities", reader.floating)
    indices = shaped(fields.one("indices", reader.indices), shape, f"{where}.indices")
    in_bounds(indices, 0, MAX_COUNT, f"{where}.indices")
    head = fields.one("head", _head)
    if head.num_rows != len(logits):
        raise DamagedError(f"{where}.logits must have {head.num_rows} rows")
    names = dict(fields.all("names", _name))
    others: dict[int, tuple[Prediction, ...]] = {}
    for row, each in fields.all("others", lambda value, where: _other(value, where, len(logits))):
        others[row] = (*others.get(row, ()), each)
    if not set(indices.flatten().tolist()) <= set(names):
        raise DamagedError(f"{where}.names must have every token that is listed")
    shaped(probabilities, shape, f"{where}.probabilities")
    complete = fields.one("is_complete", flag)
    return KeptPredictions(head, logits, probabilities, indices, complete, names, others)


def _name(value: object, where: str) -> tuple[int, str]:
    pair = each_of(value, where, lambda value, _: value)
    if len(pair) != 2:
        raise DamagedError(f"{where} must be an index and a text")
    return within(MAX_COUNT)(pair[0], where), text(pair[1], where)


def _other(value: object, where: str, rows: int) -> tuple[int, Prediction]:
    fields = Fields.read(value, where)
    return fields.one("row", within(rows)), Prediction(
        fields.one("index", within(MAX_COUNT)),
        fields.one("text", text),
        fields.optional("probability", number),
        fields.optional("logit", number),
    )


def _head(value: object, where: str) -> PredictionHead:
    fields = Fields.read(value, where)
    rows = fields.one("num_rows", within(MAX_COUNT))
    return PredictionHead(
        model=fields.one("model", text),
        unit=cast("Unit", fields.one("unit", one_of("token", "class", "hidden"))),
        num_rows=rows,
        has_positions=fields.one("has_positions", flag),
        default=fields.one("default", or_none(within(MAX_COUNT))),
        activation=cast(
            "Activation", fields.one("activation", one_of("softmax", "sigmoid", "identity"))
        ),
        of_positions=fields.one("of_positions", flag),
        is_score=fields.one("is_score", flag),
    )
