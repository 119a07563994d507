"""Load a trace where transformers is not installed, and write what a widget shows of it.

Arguments: the file of the trace, the page to write, and the file of scores to write.
"""

import sys
from importlib.abc import MetaPathFinder

ABSENT = {"transformers", "tokenizers", "huggingface_hub", "accelerate"}


class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}")


def scores(widget, methods):
    """Return what each method shows of every stream."""
    found = {}
    for stream in widget.trace.streams:
        widget.stream = stream
        for method in methods[stream]:
            widget.method = method
            found[f"{stream} {method}"] = widget.scores().contiguous()
    return found


def page(widget):
    """Return an exported page with every view and every method that the first stream allows."""
    widget.stream = widget.trace.streams[0]
    widget.method = "attention"
    return widget.to_html(methods=widget.about["streams"][0]["methods"])


if __name__ == "__main__":
    sys.meta_path.insert(0, Missing())

    from pathlib import Path

    from safetensors.torch import save_file

    import attnwidget as aw

    trace = aw.Trace.load(sys.argv[1])
    shown = aw.AttentionWidget(trace)
    methods = {each["name"]: each["methods"] for each in shown.about["streams"]}
    save_file(scores(shown, methods), sys.argv[3])
    Path(sys.argv[2]).write_text(page(shown), encoding="utf-8")
    assert not ABSENT & set(sys.modules)
