"""The library transformers, imported when a model is first captured."""

from typing import Any


def library() -> Any:
    """Return the module transformers.

    Raises
    ------
    ModuleNotFoundError
        It is not installed.
    """
    try:
        import transformers
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "Capturing attention needs transformers, and it could not be imported "
            f"({error}). Install it with pip install transformers. Traces in files need no "
            "model and no transformers: attnwidget.Trace.load(path)."
        ) from error
    return transformers
