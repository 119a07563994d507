"""The settings that methods have, beside the fusion of heads."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeAlias


@dataclass(frozen=True)
class RangeSetting:
    """A number that the user sets with a slider.

    Attributes
    ----------
    name
        The trait of the widget, and the field of `ScoresOf` and of requests.
    label
        The word beside the control.
    help
        The tooltip of the control.
    caption
        The words in a caption, with ``{}`` for the value in percent.
    minimum, maximum, step, default
        The range of the control.
    """

    kind: ClassVar[str] = "range"

    name: str
    label: str
    help: str
    caption: str
    minimum: float
    maximum: float
    step: float
    default: float

    def to_json(self) -> dict[str, Any]:
        """Return the row as the front end reads it."""
        fields = asdict(self)
        span = {"min": fields.pop("minimum"), "max": fields.pop("maximum")}
        del fields["caption"]
        return {"kind": self.kind, **fields, **span}


@dataclass(frozen=True)
class TargetSetting:
    """The target of gradients, which the user picks among the predictions.

    Attributes
    ----------
    name, label, help
        As of `RangeSetting`.
    caption
        The words in a caption, with ``{}`` for the target in words.
    """

    kind: ClassVar[str] = "target"

    name: str
    label: str
    help: str
    caption: str

    def to_json(self) -> dict[str, Any]:
        """Return the row as the front end reads it."""
        fields = asdict(self)
        del fields["caption"]
        return {"kind": self.kind, **fields, "default": None}


@dataclass(frozen=True)
class CheckSetting:
    """Something that the user turns on or off; off is the default.

    Attributes
    ----------
    name, label, help
        As of `RangeSetting`.
    caption
        The words in a caption if it is on.
    in_paths
        Whether it changes the steps, which paths through layers follow.
    """

    kind: ClassVar[str] = "check"

    name: str
    label: str
    help: str
    caption: str
    in_paths: bool

    def to_json(self) -> dict[str, Any]:
        """Return the row as the front end reads it."""
        fields = asdict(self)
        del fields["caption"]
        return {"kind": self.kind, **fields, "default": False}


Setting: TypeAlias = RangeSetting | TargetSetting | CheckSetting

DISCARD_RATIO = RangeSetting(
    "discard_ratio",
    "Discard",
    "Share of the smallest entries that rollout leaves out",
    "smallest {} left out",
    minimum=0.0,
    maximum=0.9,
    step=0.05,
    default=0.0,
)

TARGET = TargetSetting(
    "target",
    "Target",
    "The output that gradients are taken of",
    "of {}",
)

RECEPTIVE_FIELD = CheckSetting(
    "receptive_field",
    "By receptive field",
    "Divide by what even attention would give: early tokens of a causal model lose their advantage",
    "divided by even attention",
    in_paths=False,
)

SKIP_FIRST = CheckSetting(
    "skip_first",
    "Skip first token",
    "No other token reads from the first; the rest of each row is scaled up, layer by layer",
    "no token reads from the first",
    in_paths=True,
)
