"""Progress of the command in a terminal."""

from types import TracebackType
from typing import TextIO


class ProgressLine:
    """One line with the current step, and permanent notes above it.

    A terminal overwrites the line; a file or a pipe gets a line for each step.

    Parameters
    ----------
    stream
        Stream to write to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._in_place = stream.isatty()
        self._open = False

    def say(self, step: str) -> None:
        """Show the current step."""
        self._clear()
        self._stream.write(f"attnwidget: {step}" + ("" if self._in_place else "\n"))
        self._stream.flush()
        self._open = self._in_place

    def note(self, text: str) -> None:
        """Show a permanent note."""
        self._clear()
        self._stream.write(f"attnwidget: {text}\n")
        self._stream.flush()

    def _clear(self) -> None:
        if self._open:
            self._stream.write("\r\x1b[K")
            self._open = False

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open:
            self._stream.write("\n")
            self._open = False
