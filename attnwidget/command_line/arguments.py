"""The arguments of the command ``attnwidget``."""

import argparse
from pathlib import Path

from attnwidget._version import __version__
from attnwidget.demos.load import NAMES
from attnwidget.methods.registry import DEFAULT, METHODS
from attnwidget.views import DEFAULT_VIEW, VIEWS

DEMO = "dates"
DEMO_OUT = Path("attnwidget-demo.html")
OUT = "the page, or the picture where it ends in .svg or .png"


def parser() -> argparse.ArgumentParser:
    """Return the parser, which ends the process with exit code 2 on arguments it cannot parse."""
    root = argparse.ArgumentParser(
        prog="attnwidget",
        description="Write an interactive page of a model's attention, one file that works "
        "without a network, or a picture of it.",
        epilog="Exit codes: 0 done, 1 not done (the reason is on stderr), 2 not understood, "
        "130 interrupted.",
    )
    root.add_argument("--version", action="version", version=f"attnwidget {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_demo(commands)
    _add_export(commands)
    return root


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="a page of a model in the box; needs no network")
    demo.add_argument(
        "name",
        nargs="?",
        default=DEMO,
        choices=NAMES,
        help=f"which model: {', '.join(NAMES)} (by default {DEMO})",
        metavar="NAME",
    )
    _add_page(demo)
    demo.add_argument(
        "--out",
        type=Path,
        default=DEMO_OUT,
        metavar="FILE",
        help=f"{OUT}, by default {DEMO_OUT}",
    )


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser("export", help="a page of any model and text")
    export.add_argument(
        "model",
        metavar="MODEL",
        help="a name on the Hugging Face Hub or in its cache, a folder or a GGUF file",
    )
    export.add_argument("text", metavar="TEXT", help="what the model reads")
    export.add_argument("--pair", metavar="TEXT", help="the second text of a pair")
    export.add_argument(
        "--max-new-tokens",
        type=int,
        default=0,
        metavar="N",
        help="let the model write up to N tokens first",
    )
    _add_page(export)
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help=OUT)


def _add_page(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--view",
        choices=tuple(VIEWS),
        help=f"what it opens with or draws (by default {DEFAULT_VIEW}, or what suits a long text)",
    )
    command.add_argument(
        "--method",
        choices=tuple(METHODS),
        default=DEFAULT,
        help=f"the scores that it opens with or draws (by default {DEFAULT})",
    )
    command.add_argument("--title", help="the title of a page")
    for axis, drawn in (
        ("layers", "a picture draws one, by default 0"),
        ("heads", "a picture draws these, or all of them fused"),
    ):
        command.add_argument(
            f"--{axis}",
            type=indices,
            metavar="LIST",
            help=f"{axis} that a page holds, such as 0,3,7 or 0-5; {drawn}",
        )


def indices(text: str) -> list[int]:
    """Return the numbers of a list such as ``0,3,5-7``; raise ArgumentTypeError for other text."""
    chosen: list[int] = []
    for part in text.split(","):
        first, to, last = part.partition("-")
        if not first.isdecimal() or (to and not last.isdecimal()):
            raise argparse.ArgumentTypeError(f"{text!r} is no list such as 0,3,7 or 0-5")
        chosen.extend(range(int(first), int(last or first) + 1))
    if not chosen:
        raise argparse.ArgumentTypeError(
            f"{text!r} names nothing, its ranges end before they begin"
        )
    return chosen
