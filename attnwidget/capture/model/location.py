"""The place that a model was loaded from: the Hub, its cache, a folder or a GGUF file."""

from pathlib import Path

UNINFORMATIVE = ("model", "models", "checkpoint", "/")
"""Parts of a path that do not tell one model from another."""


def location_of(name: str) -> dict[str, str]:
    """Return the arguments with which ``from_pretrained`` finds a name or path."""
    path = Path(name).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    return {"pretrained_model_name_or_path": str(path) if path.exists() else name}


def short_name(name: str) -> str:
    """Return a name on the Hub unchanged, and the last informative part of a path."""
    path = Path(name).expanduser()
    if not name or not path.exists():
        return name
    parts = (part for part in reversed(path.resolve().parts) if part.lower() not in UNINFORMATIVE)
    return next(parts, name)


def looked_for(name: str) -> str:
    """Return a sentence that says where a model of this name was looked for."""
    from huggingface_hub import constants  # comes with transformers

    path = Path(name).expanduser()
    if path.exists():
        return f"{path.resolve()} exists, but transformers cannot read it (see the error above)."
    network = (
        "and not on the Hugging Face Hub, because offline mode is on (HF_HUB_OFFLINE)"
        if constants.HF_HUB_OFFLINE
        else "and on the Hugging Face Hub"
    )
    return (
        f"looked for the local path {path.resolve()}, in the cache {constants.HF_HUB_CACHE}, "
        f"{network}. Check the spelling and the network, or pass the folder of a saved model."
    )
