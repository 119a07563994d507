"""The strategies of capture through which attention can be cut."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from attnwidget.capture.attention.cutting import Cutting, Plan
from attnwidget.capture.attention.entries import entries_of
from attnwidget.capture.attention.observer import InTurn, Observer
from attnwidget.capture.attention.strategies import (
    CaptureStrategy,
    attention_interface,
    torch_functions,
)
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel

CUTTING: tuple[CaptureStrategy, ...] = (attention_interface, torch_functions)
"""Strategies whose observer can change what the model goes on with."""


@dataclass(frozen=True)
class CutStrategy:
    """A strategy in which every run is cut.

    Attributes
    ----------
    inner
        The strategy without cuts.
    plan
        The cuts.
    batch_index
        The traced entry; None if the model gets the entry alone.
    """

    inner: CaptureStrategy
    plan: Plan = field(repr=False)
    batch_index: int | None = None

    def __call__(self, model: LoadedModel, inputs: ModelInputs, observer: Observer) -> Any:
        """Run the model; the observer receives what is left after the cuts."""
        cutting = Cutting([self.plan], entries_of(model, inputs, self.batch_index))
        output = self.inner(model, inputs, InTurn(cutting, observer))
        check_done(cutting, [self.plan], model)
        return output


def check_strategy(strategy: CaptureStrategy, model: LoadedModel) -> None:
    """Refuse models whose attention can only be read.

    Raises
    ------
    ValueError
        The weights were what the model or its modules returned.
    """
    if strategy not in CUTTING:
        raise ValueError(
            f"The attention of {model.class_name} cannot be cut: only the weights that it returns "
            "are known, which it does not read again. Take the first-order estimates of "
            "knockout_effects(exact=False), or counterfactual, which changes the tokens; both work "
            "for this model. Models on transformers' attention interface can be cut, and modules "
            "that call scaled_dot_product_attention or multiply a softmax with values."
        )


def check_done(cutting: Cutting, plans: Sequence[Plan], model: LoadedModel) -> None:
    """Refuse a run in which attention that was to be cut did not occur.

    Raises
    ------
    ValueError
        The model did not compute the same attention as when it was captured.
    """
    missing = set().union(*plans) - cutting.done
    if missing:
        raise ValueError(
            f"{model.class_name} did not compute the attention again that was captured: "
            f"{len(missing)} calls are missing, the first is number {min(missing)}. It may have "
            "been changed since. Capture it again."
        )
