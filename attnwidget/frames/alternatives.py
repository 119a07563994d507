"""Frames of the tokens that a model itself would put in the place of one."""

from dataclasses import asdict, dataclass
from typing import Any

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.alternatives import alternatives
from attnwidget.methods.progress import Progress
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace.reruns import Words

TOP = 8
"""Tokens that are proposed."""

MARKS = ("Ġ", "▁", "##")
"""Beginnings of pieces: of words, of GPT-2 and of Llama, and of what continues one, of BERT."""


@dataclass(frozen=True)
class AlternativesWant:
    """A request for the likeliest tokens in the place of a stream's key.

    Attributes
    ----------
    stream, index
        The stream and the key.
    text
        A token to look up by its text; None for none.
    """

    stream: str
    index: int
    text: str | None = None

    @classmethod
    def read(cls, reader: Reader) -> "AlternativesWant":
        """Read the fields of the request."""
        reruns_of(reader.trace, "A replacement")
        stream = reader.stream()
        index = reader.index("index", len(stream.keys))
        return cls(stream.name, index, reader.text("text"))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        text = {} if self.text is None else {"text": self.text}
        return {"kind": "alternatives", "stream": self.stream, "index": self.index, **text}


def alternatives_frame(
    workspace: Workspace, want: AlternativesWant, _progress: Progress = None
) -> Frame:
    """Make the frame of some `Predictions`, all of it in the header.

    ``current`` is the index of the token that is there. ``named`` is the token of ``text``, as a
    piece that begins as the one that is there if the vocabulary has that: a word after a space is
    another token than one within a word. ``why`` says why none is proposed.
    """
    trace = workspace.trace
    words = reruns_of(trace, "A replacement").words(want.stream)
    piece = trace[want.stream].keys.raw[want.index]
    named = None if want.text is None else _index_of(want.text, piece, words)
    fields: dict[str, Any] = {"current": words.ids[want.index], "named": named, "why": None}
    try:
        found = alternatives(
            trace,
            want.index,
            TOP,
            including=() if named is None else [named],
            stream=want.stream,
        )
        fields["predictions"] = [asdict(entry) for entry in found.entries]
    except ValueError as error:
        fields |= {"predictions": [], "why": str(error)}
    return Frame("alternatives", want.to_json(), {}, fields)


def _index_of(text: str, piece: str, words: Words) -> int:
    """Return the index of a text that is to stand in the place of a piece of a tokenizer."""
    mark = next((each for each in MARKS if piece.startswith(each)), "")
    if mark and not text.startswith((" ", mark)):
        try:
            return words.index_of(mark + text)
        except ValueError:
            pass
    return words.index_of(text)
