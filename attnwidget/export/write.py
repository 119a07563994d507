"""Atomic writing of files."""

import os
import tempfile
from pathlib import Path


def check_path(path: str | os.PathLike[str], example: str = "attention.html") -> Path:
    """Return a path that can be written; a refusal suggests a name such as `example`.

    Raises
    ------
    OSError
        The folder does not exist, the path is a folder, a device or a pipe, or it is not writable:
        `FileNotFoundError`, `IsADirectoryError`, `FileExistsError`, `PermissionError`.
    ValueError
        The path is not the name of a file.
    """
    if not _is_name(path):
        raise ValueError(f"path must name a file, such as {example!r}, but {path!r} was given.")
    target = Path(path).expanduser()
    if target.is_dir():
        raise IsADirectoryError(
            f"{target} is a folder; name a file in it, such as {target / example}."
        )
    if target.exists() and not target.is_file():  # it would be replaced instead of written to
        raise FileExistsError(f"{target} is a device, a pipe or a socket; name another file.")
    folder = target.parent
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; make it first, or name another.")
    if not os.access(folder, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise PermissionError(f"{target} cannot be written: choose a folder that is yours.")
    return target


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file atomically: an interruption leaves the previous file unchanged.

    Text is written as UTF-8. A link stays a link, and the file that it leads to is written.

    Raises
    ------
    OSError
        The disk is full or fails; the previous file stays.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_permissions(path))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _is_name(path: object) -> bool:
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text or "\0" in text:
        return False
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _permissions(path: Path) -> int:
    """Return the permissions of the file to replace, or those of a new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
