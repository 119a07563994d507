"""The runs of a widget's trace on an input that was edited."""

import json
from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from attnwidget.frames import ComparedWorkspace
from attnwidget.methods import replaced, reworded
from attnwidget.methods.edits import TEXT, Edit
from attnwidget.methods.progress import Progress
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace import Trace
from attnwidget.trace.indexing import resolve_index

MOST_KEPT = 2
"""Most texts, and most edited runs, that are kept."""

MOST_IN_WORDS = 120
"""Most letters of a text that say what was edited."""

T = TypeVar("T")


class EditedRuns:
    """The edited runs of a trace, of which the last ones are kept.

    Several threads may use it; what one of them runs the others wait for.

    Parameters
    ----------
    trace
        The trace as it was captured.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._lock = RLock()
        self._texts: OrderedDict[str, Trace] = OrderedDict()
        self._runs: OrderedDict[str, ComparedWorkspace] = OrderedDict()

    def prepared(self, edits: list[Edit], progress: Progress = None) -> list[Edit]:
        """Return edits with every field, once their run has been made.

        Tokens that are those of the text are left out, and of several in one place the last stays.

        Parameters
        ----------
        edits
            As `attnwidget.methods.edits.read_edits` returns them.
        progress
            Is told of the runs that are done, and may raise to give up.

        Raises
        ------
        IndexError, ValueError
            As `attnwidget.replaced` and `attnwidget.reworded`.
        """
        if not edits:
            return []
        reruns_of(self._trace, "An edit")
        _tell(progress, 0)
        with self._lock:
            base = self._base(edits)
            _tell(progress, 1)
            found = _text_of(edits) + _tokens_of(base, edits)
            if found:
                self.workspace(found)
            _tell(progress, 2)
            return found

    def workspace(self, edits: list[Edit]) -> ComparedWorkspace:
        """Return the captured trace beside that of prepared edits."""
        with self._lock:
            return _kept(self._runs, json.dumps(edits), lambda: self._run(edits))

    def _run(self, edits: list[Edit]) -> ComparedWorkspace:
        base = made = self._base(edits)
        words = [f"the text ‘{_short(each['text'])}’" for each in _text_of(edits)]
        tokens = edits[len(words) :]
        for stream in dict.fromkeys(each["stream"] for each in tokens):
            here = {each["index"]: each["token"] for each in tokens if each["stream"] == stream}
            made = replaced(made, here, stream=stream)
        for each in tokens:
            old, new = (run[each["stream"]].keys.text[each["index"]] for run in (base, made))
            words.append(f"‘{old}’ → ‘{new}’ at {each['index']}")
        return ComparedWorkspace(self._trace, made, edits=tuple(words))

    def _base(self, edits: list[Edit]) -> Trace:
        """Return the trace in which tokens are replaced."""
        texts = _text_of(edits)
        if not texts:
            return self._trace
        text, pair = texts[0]["text"], texts[0]["text_pair"]
        return _kept(self._texts, json.dumps(texts), lambda: reworded(self._trace, text, pair))


def _text_of(edits: list[Edit]) -> list[Edit]:
    return [each for each in edits[:1] if TEXT in each]


def _tokens_of(base: Trace, edits: list[Edit]) -> list[Edit]:
    """Return the tokens that are replaced, with streams, places and indices."""
    reruns = reruns_of(base, "An edit")
    found: dict[tuple[str, int], Edit] = {}
    for each in edits[len(_text_of(edits)) :]:
        stream = base.streams[0] if each["stream"] is None else each["stream"]
        if stream not in base:
            raise ValueError(
                f"stream must be one of {', '.join(base.streams)}, but {stream!r} was given."
            )
        words = reruns.words(stream)
        place = resolve_index(each["index"], len(words.ids), "index")
        token = each["token"]
        index = words.index_of(token) if isinstance(token, str) else token
        found.pop((stream, place), None)
        if index != words.ids[place]:
            index = resolve_index(index, words.size, "token")
            found[stream, place] = {"stream": stream, "index": place, "token": index}
    return list(found.values())


def _short(text: str) -> str:
    return text if len(text) <= MOST_IN_WORDS else f"{text[: MOST_IN_WORDS - 1]}…"


def _kept(kept: OrderedDict[str, T], key: str, make: Callable[[], T]) -> T:
    if key not in kept:
        kept[key] = make()
    kept.move_to_end(key)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return kept[key]


def _tell(progress: Progress, done: int) -> None:
    if callable(progress):
        progress(done, 2)
