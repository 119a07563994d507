"""Run the command: write a file and return an exit code."""

import argparse
import sys
import warnings
from collections.abc import Sequence

from traitlets import TraitError

from attnwidget.capture import capture
from attnwidget.capture.model.loading import without_progress
from attnwidget.command_line.arguments import parser
from attnwidget.command_line.picture import is_picture, write_picture
from attnwidget.command_line.progress import ProgressLine
from attnwidget.demos import demo
from attnwidget.export import check_path
from attnwidget.trace import Trace
from attnwidget.widget import AttentionWidget

DONE, FAILED, INTERRUPTED = 0, 1, 130

REASONS = (
    *(ValueError, TypeError, IndexError, TraitError),  # the request cannot be fulfilled
    *(OSError, ImportError),  # a file or a package
    *(MemoryError, RuntimeError),  # torch raises the second for both memory and devices
)
"""Errors whose message is enough, without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``attnwidget``.

    Parameters
    ----------
    arguments
        Arguments after ``attnwidget``; by default those of this process.

    Returns
    -------
    int
        0 for success, 1 for an error, 130 for an interrupt. The name of the written file goes to
        stdout, everything else to stderr.

    Raises
    ------
    SystemExit
        Exit code 0 after ``--help`` and ``--version``, 2 for arguments that cannot be parsed.
    """
    given = parser().parse_args(arguments)
    with ProgressLine(sys.stderr) as progress, warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_: progress.note(f"warning: {message}")
        try:
            _write(given, progress)
        except KeyboardInterrupt:
            progress.note("interrupted; nothing was written")
            return INTERRUPTED
        except REASONS as error:
            progress.note(f"error: {_in_one_line(error)}")
            return FAILED
    print(given.out)
    return DONE


def _write(given: argparse.Namespace, progress: ProgressLine) -> None:
    out = check_path(given.out)  # before a model runs for minutes, not after
    draws = is_picture(out, given)
    trace = _trace(given, progress)
    progress.say(f"making the {'picture' if draws else 'page'} of {trace.model_name}")
    # A demo of an encoder-decoder is about its cross attention, which comes last.
    stream = trace.streams[-1] if given.command == "demo" else None
    widget = AttentionWidget(trace, view=given.view, method=given.method, stream=stream)
    if draws:
        write_picture(widget, out, given)
    else:
        widget.to_html(out, title=given.title, layers=given.layers, heads=given.heads)
    progress.say(f"wrote {out.stat().st_size / 1e6:.2g} MB")


def _trace(given: argparse.Namespace, progress: ProgressLine) -> Trace:
    if given.command == "demo":
        progress.say(f"running the demo {given.name}")
        return demo(given.name)
    progress.say(f"loading and running {given.model}")
    with without_progress():
        return capture(given.model, given.text, given.pair, max_new_tokens=given.max_new_tokens)


def _in_one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__
