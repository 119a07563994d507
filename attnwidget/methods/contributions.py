"""The contributions of heads, layers and the embedding to a logit."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from attnwidget.methods.direct_path import Reading, known_readout, readings
from attnwidget.methods.logit_target import LogitTarget, logit_of, logit_target
from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.needs import PREDICTIONS, READOUT
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.trace import Trace
from attnwidget.trace.frozen_norm import normalised
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.logit_readout import SublayerPlace


@dataclass(frozen=True, eq=False)
class Contributions:
    """The parts of a logit, or of the difference of two, which sum to it.

    Attributes
    ----------
    target
        The position, the token or class, and the one whose logit is subtracted.
    logit
        What the model computed; before its soft cap, if it has one.
    heads
        (L, H), what each head of the main stack writes; of a decoder, its self-attention.
    cross
        (L, H), what each head of the cross attention writes; None without one.
    mlps
        (L,), everything else that each layer adds: the feed-forward layer. In a hybrid also what
        the layers without attention add, up to the next one that has it.
    embedding
        What stands in the residual stream below the first layer that has attention.
    bias
        The biases of output projections, of normalisations and of the head.
    layer_numbers
        The model's own number of each of the L layers; None if every layer has attention.
    """

    target: LogitTarget
    logit: float
    heads: Tensor
    cross: Tensor | None
    mlps: Tensor
    embedding: float
    bias: float
    _readings: dict[SublayerPlace, Reading] = field(repr=False)
    layer_numbers: tuple[int, ...] | None = None

    @property
    def total(self) -> float:
        """The sum of all parts."""
        cross = 0.0 if self.cross is None else float(self.cross.double().sum())
        parts = float(self.heads.double().sum()) + cross + float(self.mlps.double().sum())
        return parts + self.embedding + self.bias

    def by_stream(self) -> dict[str, Tensor]:
        """Return what each head writes, (L, H), of every stream on the way to the logits."""
        main, *others = dict.fromkeys(place.stream for place in self._readings)
        cross = {} if self.cross is None else {others[0]: self.cross}
        return {main: self.heads, **cross}

    def edges(self, layer: int, stream: str | None = None) -> Tensor:
        """Return the contribution of each head and key in a layer, (H, n_k) float32, signed.

        Parameters
        ----------
        layer
            Counted from 0; negative ones from the end.
        stream
            Name of the stream; None for the main one.

        Raises
        ------
        IndexError
            There is no such layer.
        ValueError
            The stream is not on the way to the logits.
        """
        names = list(dict.fromkeys(place.stream for place in self._readings))
        name = names[0] if stream is None else stream
        if name not in names:
            raise ValueError(f"stream must be one of {', '.join(names)}, but {stream!r} was given.")
        place = resolve_index(layer, len(self.heads), "layer")
        reading = self._readings[SublayerPlace(name, place)]
        return reading.edges(slice(None), [self.target.position])[:, 0]


def logit_contributions(
    trace: Trace,
    position: int | None = None,
    token: int | str | None = None,
    *,
    versus: int | str | None = None,
) -> Contributions:
    """Return what each head, layer and the embedding contribute to a logit directly.

    With u the unembedding row of the token, gamma and sigma_i of the final normalisation, a head
    contributes ``A_ij (gamma * u)ᵀ W_O^h v_j / sigma_i`` through key j. The normalisations have the
    statistics of the run, and what later layers make of a head's output counts as theirs.

    Parameters
    ----------
    trace
        A captured trace whose logits are a linear function of the residual stream.
    position
        The token at which the model predicts; negative ones count from the end. None is that of the
        default target: the last token of a model that writes.
    token
        The token or class, by index or text; None for the predicted one.
    versus
        Another one, whose logit is subtracted: why the one and not the other.

    Returns
    -------
    Contributions
        Heads, feed-forward layers, embedding and biases; they sum to the logit.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        The trace was made from arrays, the logits are no linear function of the residual stream, a
        text is no token of the model, or `versus` is `token`.

    References
    ----------
    nostalgebraist, "interpreting GPT: the logit lens", 2020; Elhage et al., "A Mathematical
    Framework for Transformer Circuits", 2021, "Splitting Attention Head terms into circuits".
    """
    readout = known_readout(trace)
    target = logit_target(trace, position, token, versus)
    row = target.position
    found = {each.place: each for each in readings(trace, target.index, target.versus)}
    counts: dict[str, int] = {}
    for place in readout.chain:
        counts[place.stream] = counts.get(place.stream, 0) + 1
    main, *others = counts
    heads = {
        name: torch.zeros(count, trace[name].num_heads, dtype=torch.float64)
        for name, count in counts.items()
    }
    mlps = torch.zeros(counts[main], dtype=torch.float64)
    top = readout.direction(target.index, target.versus).double()
    rows = [norm.of_rows([row]) for norm in readout.norms]
    size = readout.residual.shape[1]
    logit = float(top @ normalised(rows, readout.residual[[row]].double())[0])
    bias = float(top @ normalised(rows, torch.zeros(1, size, dtype=torch.float64))[0])
    constant = readout.constant(target.index, target.versus)
    above = readout.residual[row].double()
    for place, reading in found.items():  # from the top down
        output = reading.output
        edges = reading.edges(slice(None), [row])[:, 0].double().sum(-1)
        heads[place.stream][place.layer] = edges
        upper = reading.above.double() * float(reading.above_factors[row])
        direction = reading.direction.double() * float(reading.factors[row])
        own = output.of_rows([row])
        fixed = float(direction @ own.constant()[0].double())
        shift = torch.zeros(1, size, dtype=torch.float64)
        moved = float(upper @ normalised(own.passage, shift)[0])
        here = direction @ own.residual[0].double() + edges.sum() + fixed
        mlps[place.layer] += upper @ above - here - moved
        bias += fixed + moved
        above = own.residual[0].double()
    bottom = found[readout.chain[0]]
    embedding = bottom.direction.double() * float(bottom.factors[row]) @ above
    return Contributions(
        target=target,
        logit=logit + constant,
        heads=heads[main].float(),
        cross=heads[others[0]].float() if others else None,
        mlps=mlps.float(),
        embedding=float(embedding),
        bias=bias + constant,
        _readings={place: found[place] for place in readout.chain},
        layer_numbers=trace[main].numbers,
    )


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    target = logit_of(trace, scores.target)
    reading = next(
        each
        for each in readings(trace, target.index, target.versus)
        if each.place == (scores.stream, scores.layer)
    )
    heads = slice(None) if scores.heads is None else list(scores.heads)

    def rows(queries: slice) -> Tensor:
        return reading.edges(heads, queries)

    return rows


def _is_ready(trace: Trace, scores: ScoresOf) -> bool:
    return scores.target is not None or trace.target is not None


CONTRIBUTIONS = Method(
    name="contributions",
    title="contributions",
    question="What does each head write straight into the logit of the target?",
    values="contribution",
    head_rows=_head_rows,
    needs=(PREDICTIONS, READOUT),
    settings=(TARGET,),
    signed=True,
    quick_up_to=math.inf,
    followed_by="alti",
    shows_finding="contribution",
    is_part_of_logit=True,
)
