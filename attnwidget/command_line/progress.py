"""What a terminal is told while it waits."""

from types import TracebackType
from typing import TextIO


class ProgressLine:
    """One line that says what is being done, and notes above it that stay.

    In a terminal the line is overwritten; in a file or a pipe each step is a line of its own.

    Parameters
    ----------
    stream
        Where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._in_place = stream.isatty()
        self._open = False

    def say(self, step: str) -> None:
        """Show what is being done now."""
        self._clear()
        self._stream.write(f"attnwidget: {step}" + ("" if self._in_place else "\n"))
        self._stream.flush()
        self._open = self._in_place

    def note(self, text: str) -> None:
        """Show something that stays."""
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
