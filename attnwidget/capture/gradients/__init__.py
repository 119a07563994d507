"""Run a captured model again for gradients and predictions."""


def _nothing() -> None:
    """Return None, which an unpickled trace has instead of a model.

    Pickled traces refer to this function by its name and its place, so both stay.
    """
