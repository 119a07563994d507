"""The front end's files, which a build makes."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def asset(name: str) -> Path:
    """Return the path of a built file.

    Raises
    ------
    ImportError
        It has not been built.
    """
    path = STATIC / name
    if not path.is_file():
        raise ImportError(
            f"The front end is not built: {path} is missing. In a clone of the repository, run "
            "`npm ci && npm run build`; elsewhere, install attnwidget again."
        )
    return path
