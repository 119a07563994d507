"""What a model itself would put in the place of a token."""

from collections.abc import Callable, Sequence

from torch import Tensor

from attnwidget.capture.changes.token_ids import fills_masks, token_index
from attnwidget.capture.gradients.model_gradients import SharedResults
from attnwidget.capture.gradients.top_predictions import predictions_in
from attnwidget.trace.predictions import Predictions


def alternatives_of(
    shared: SharedResults,
    fill: Callable[[], Tensor],
    stream: str,
    place: int,
    top: int,
    including: Sequence[int | str],
) -> Predictions:
    """Return the likeliest tokens in the place of a stream's key; see `Reruns.alternatives`.

    Parameters
    ----------
    shared
        The model, its inputs and its predictions.
    fill
        Returns the logits (1, V) at the place if a mask stood there.
    stream, place
        The stream and the key.
    top
        Number of tokens.
    including
        Other tokens to list after these, by index or text.
    """
    rerun, head = shared.rerun, shared.head
    others = [token_index(rerun, each) for each in including]
    is_own = head.unit == "token" and rerun.group(stream).keys == rerun.main.queries
    if is_own and fills_masks(rerun):
        return predictions_in(fill()[0], head, place, top, rerun, others)
    if is_own and rerun.text.is_next and place > 0:
        return shared.predictions(top).at(place - 1, top, others, rerun)
    if is_own and rerun.text.is_next:
        raise ValueError("Nothing stands before the first token, so that none is likeliest there.")
    raise ValueError(
        f"{rerun.model.class_name} predicts no tokens in the place of these, so that it proposes "
        "none."
    )
