"""The settings of rollout, as figures of it take them."""

from dataclasses import dataclass

from torch import Tensor

from attnwidget.methods import rollout, rollout_by_layer
from attnwidget.methods.fusion import Fusion
from attnwidget.methods.source import Source
from attnwidget.trace import Indexer


@dataclass(frozen=True)
class RolloutSettings:
    """The settings of `attnwidget.rollout`, which describes them."""

    fusion: Fusion = "mean"
    discard_ratio: float = 0.0
    residual: bool = True
    receptive_field: bool = False
    skip_first: bool = False
    stream: str | None = None

    def rollout(self, source: Source, layers: Indexer = None) -> Tensor:
        """Return the rollout with these settings."""
        return rollout(source, layers=layers, **vars(self))

    def by_layer(self, source: Source) -> Tensor:
        """Return the rollout after each layer with these settings."""
        return rollout_by_layer(source, **vars(self))

    def in_words(self) -> list[str]:
        """Return a part of a title for each setting that is not the default, but for the fusion."""
        return [
            *([f"discard ratio {self.discard_ratio:g}"] if self.discard_ratio else []),
            *([] if self.residual else ["without the residual"]),
            *(["by receptive field"] if self.receptive_field else []),
            *(["without the first token"] if self.skip_first else []),
        ]
