"""``attnwidget`` as it is typed: files, exit codes, and one clear line for what went wrong."""

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import torch

from attnwidget import AttentionWidget, __version__, demo
from attnwidget.command_line import main
from attnwidget.demos.load import folder
from attnwidget.methods.registry import METHODS
from tests.browser.chromium import Complaints
from tests.capture.small_tokenizers import word_piece
from tests.export.payload import read
from tests.wait import MILLISECONDS

ROOT = Path(__file__).parents[2]
BRACKETS = str(folder("brackets"))


def one_line(capsys) -> str:
    """Return what was said last; a traceback would be many lines."""
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err.rstrip("\n").split("\n")[-1]


def in_a_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "attnwidget", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", **environment},
        check=False,
    )


def test_the_installed_command_is_this_one():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module, name = scripts["attnwidget"].split(":")
    assert getattr(import_module(module), name) is main


@pytest.mark.slow
def test_the_version():
    said = in_a_process("--version")
    assert (said.returncode, said.stdout) == (0, f"attnwidget {__version__}\n")


def test_the_demo_is_written_where_it_is_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["demo"]) == 0
    said = capsys.readouterr()
    assert said.out == "attnwidget-demo.html\n"
    assert "running the demo dates" in said.err
    assert re.search(r"wrote \d+(\.\d+)? MB", said.err)
    assert [path.name for path in tmp_path.iterdir()] == ["attnwidget-demo.html"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("arguments", "view", "tokens"),
    [
        (["demo", "brackets", "--view", "model"], "model", None),
        (
            ["export", BRACKETS, "[<>](<[{()}][MASK])", "--title", "</script><b>"],
            "head",
            ["[CLS]", *"[<>](<[{()}]", "[MASK]", ")", "[SEP]"],
        ),
        (["export", BRACKETS, "[]", "--view", "neuron", "--layers", "0-1"], "neuron", None),
    ],
    ids=["demo", "head", "neuron"],
)
def test_a_browser_opens_the_file(browser, tmp_path, capsys, arguments, view, tokens):
    out = tmp_path / "page.html"
    assert main([*arguments, "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    complaints = Complaints(page)
    page.goto(out.as_uri())
    page.locator(f'.attnwidget[data-view="{view}"][data-state="ready"]').wait_for()
    if tokens is not None:
        shown = page.locator('[data-side="query"][data-index]').all_inner_texts()
        assert [text.strip() for text in shown] == tokens
    assert complaints.list == []
    page.close()


def first_stream(name):
    trace = demo(name)
    return trace, trace.stacks[0]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_can_be_asked_for(tmp_path, capsys, method):
    page, drawing = tmp_path / "page.html", tmp_path / "drawing.svg"
    # The model of brackets has a head that is not linear, which contributions need.
    name = "induction" if METHODS[method].refusal(*first_stream("brackets")) else "brackets"
    assert main(["demo", name, "--method", method, "--out", str(page)]) == 0
    description, _ = read(page.read_text())
    assert description["selection"]["method"] == method
    assert main(["demo", name, "--method", method, "--out", str(drawing)]) == 0
    assert METHODS[method].title in drawing.read_text()


def test_a_pair_and_the_heads_to_hold(tmp_path, monkeypatch):
    tf = pytest.importorskip("transformers")
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_attention_heads": 4, "intermediate_size": 16}
    model = tf.BertModel(tf.BertConfig(vocab_size=11, num_hidden_layers=3, **sizes))
    model.save_pretrained(tmp_path / "bert")
    word_piece().save_pretrained(tmp_path / "bert")
    asked = {}

    def to_html(widget, path, **keywords):
        asked.update(keywords, segments=widget.trace["self"].queries.segments)
        path.write_text("")

    monkeypatch.setattr(AttentionWidget, "to_html", to_html)
    given = ["export", str(tmp_path / "bert"), "the", "--pair", "walk", "--layers", "0,2"]
    assert main([*given, "--heads", "1-3", "--out", str(tmp_path / "page.html")]) == 0
    assert asked == {
        "title": None,
        "layers": [0, 2],
        "heads": [1, 2, 3],
        "segments": (0, 0, 0, 1, 1),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no/such/model", "a"], "No model could be loaded from 'no/such/model'"),
        ([BRACKETS, ""], "text"),
        ([BRACKETS, "[]", "--layers", "0-99"], "layer"),
        ([BRACKETS, "[]", "--max-new-tokens", "-1"], "max_new_tokens must be 0 or a larger"),
        ([str(folder("induction")), "river", "--pair", "stone"], "pair"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path, capsys, arguments, message):
    assert main(["export", *arguments, "--out", str(tmp_path / "page.html")]) == 1
    line = one_line(capsys)
    assert line.startswith("attnwidget: error: ")
    assert message in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["", ".", "no/such/folder/page.html", "null\0byte.html"])
def test_where_it_cannot_be_written_is_said_before_a_model_runs(tmp_path, monkeypatch, capsys, out):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "no/such/model", "text", "--out", out]) == 1
    assert "model" not in one_line(capsys).replace("no/such/model", "")
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_old_file(tmp_path, capsys):
    out = tmp_path / "page.html"
    out.write_text("old")
    assert main(["export", BRACKETS, "[]", "--heads", "77", "--out", str(out)]) == 1
    assert "head 77 is out of range" in one_line(capsys)
    assert out.read_text() == "old"


def test_an_interrupt_has_its_own_code(tmp_path, monkeypatch, capsys):
    def to_html(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(AttentionWidget, "to_html", to_html)
    assert main(["demo", "--out", str(tmp_path / "page.html")]) == 130
    assert one_line(capsys) == "attnwidget: interrupted; nothing was written"
    assert list(tmp_path.iterdir()) == []


def test_a_warning_is_a_line_too(tmp_path, monkeypatch, capsys):
    def to_html(widget, path, **_):
        import warnings

        warnings.warn("The file will take about 30 MB.", UserWarning, stacklevel=2)
        path.write_text("")

    monkeypatch.setattr(AttentionWidget, "to_html", to_html)
    assert main(["demo", "brackets", "--out", str(tmp_path / "page.html")]) == 0
    assert "attnwidget: warning: The file will take about 30 MB.\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["draw"], "invalid choice: 'draw'"),
        (["export", "model", "text"], "required: --out"),
        (["export", "model", "--out", "page.html"], "required: TEXT"),
        (["demo", "dogs"], "invalid choice: 'dogs'"),
        (["demo", "--view", "graph"], "invalid choice: 'graph'"),
        (["demo", "--layers", "1,x"], "'1,x' is no list such as 0,3,7 or 0-5"),
        (["demo", "--heads", "5-2"], "names nothing"),
    ],
)
def test_what_makes_no_sense_has_exit_code_2(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert message in one_line(capsys)


@pytest.mark.slow
def test_a_process_ends_with_the_code_and_without_a_traceback(tmp_path):
    said = in_a_process("export", "no/such/model", "a", "--out", str(tmp_path / "page.html"))
    assert said.returncode == 1
    assert said.stdout == ""
    last = said.stderr.rstrip("\n").split("\n")[-1]
    assert last.startswith("attnwidget: error: No model could be loaded")
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("view", ["head", "neuron"])
def test_a_picture_where_the_name_asks_for_one(tmp_path, capsys, view):
    given = ["export", BRACKETS, "[<>]", "--view", view, "--layers", "1", "--heads", "2"]
    for name, start in (("figure.svg", b"<svg"), ("figure.PNG", b"\x89PNG")):
        out = tmp_path / name
        assert main([*given, "--out", str(out)]) == 0
        assert capsys.readouterr().out == f"{out}\n"
        assert out.read_bytes().startswith(start)
    title = re.search("<title>(.*)</title>", (tmp_path / "figure.svg").read_text(encoding="utf-8"))
    assert title is not None
    assert f"{view} view · layer 1 · head 2 · attention" in title[1]


@pytest.mark.parametrize(
    ("arguments", "name", "message"),
    [
        ([], "figure.pdf", "write an .svg and convert it"),
        (["--layers", "0-2"], "figure.svg", "A picture shows one layer, but --layers names 3"),
        (["--title", "Brackets"], "figure.png", "leave --title out"),
        (["--layers", "9"], "figure.svg", "layer"),
        (["--heads", "99"], "figure.svg", "head"),
    ],
)
def test_what_a_picture_cannot_be_is_said(tmp_path, capsys, arguments, name, message):
    given = ["export", BRACKETS, "[]", "--out", str(tmp_path / name), *arguments]
    assert main(given) == 1
    assert message in one_line(capsys)
    assert list(tmp_path.iterdir()) == []
