"""Bad input is refused with help before anything is computed or written."""

import os
from pathlib import Path

import pytest

import attnwidget as aw
from attnwidget.export import size
from attnwidget.export.html import make_html
from attnwidget.export.pack import pack
from tests.browser.models import random_decoder, random_trace


@pytest.fixture
def widget() -> aw.AttentionWidget:
    return aw.AttentionWidget(random_trace(6))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"views": ["heads"]}, "head, model, neuron, matrix, trace"),
        ({"views": []}, "views is empty"),
        ({"views": ["neuron"]}, "query and key vectors"),
        ({"views": 3}, "must be a list"),
        ({"methods": ["flow"]}, "max_flow"),
        ({"methods": "relevance"}, "needs gradients"),
        ({"layers": []}, "layers is empty"),
        ({"heads": []}, "heads is empty"),
        ({"title": 3}, "title"),
        ({"path": ""}, "attention.html"),
        ({"path": "a\0b.html"}, "attention.html"),
        ({"path": "a\ud800b.html"}, "attention.html"),
        ({"path": b"a.html"}, "attention.html"),
        ({"path": 3}, "attention.html"),
    ],
)
def test_what_cannot_be_is_refused(
    widget: aw.AttentionWidget, arguments: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        widget.to_html(**arguments)


@pytest.mark.parametrize("arguments", [{"layers": [4]}, {"heads": 7}, {"layers": [-9]}])
def test_layers_and_heads_that_are_not_there_are_named(
    widget: aw.AttentionWidget, arguments: dict
) -> None:
    with pytest.raises(IndexError, match=r"layer|head"):
        widget.to_html(**arguments)


@pytest.mark.parametrize("layers", ["01", [1.5], [None], [True]])
def test_layers_that_are_no_numbers_are_refused(widget: aw.AttentionWidget, layers: object) -> None:
    with pytest.raises((TypeError, ValueError, IndexError)):
        widget.to_html(layers=layers)


def test_a_folder_in_its_place(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="name a file in it"):
        widget.to_html(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_or_a_device_stays_one(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    for write in (widget.to_html, widget.to_svg):
        with pytest.raises(FileExistsError, match="pipe"):
            write(pipe)
    assert pipe.is_fifo()


def test_a_link_stays_one(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    link, file = tmp_path / "link.html", tmp_path / "file.html"
    link.symlink_to(file)
    widget.to_html(link)
    assert link.is_symlink()
    assert file.read_text().startswith("<!doctype html>")


def test_a_file_that_cannot_be_written_to_its_end_leaves_the_old_one(
    widget: aw.AttentionWidget, tmp_path: Path
) -> None:
    """The system refuses what is beyond a limit, as it does on a full disk."""
    resource = pytest.importorskip("resource")
    file = tmp_path / "page.html"
    file.write_text("the old one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            widget.to_html(file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_missing(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make it first"):
        widget.to_html(tmp_path / "missing" / "file.html")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ones_own(widget: aw.AttentionWidget, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="cannot be written"):
        widget.to_html(tmp_path / "file.html")


def test_a_closed_widget_has_nothing_to_export(widget: aw.AttentionWidget) -> None:
    widget.close()
    with pytest.raises(ValueError, match="closed"):
        widget.to_html()


def test_large_files_are_announced_with_what_to_leave_out(
    widget: aw.AttentionWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size, "LARGE", 1000)
    with pytest.warns(UserWarning, match=r"MB.*layers="):
        widget.to_html()


def test_files_that_no_browser_opens_are_refused(
    widget: aw.AttentionWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size, "TOO_LARGE", 1000)
    with pytest.raises(ValueError, match="more than browsers open"):
        widget.to_html()


def test_the_announced_size_is_about_right() -> None:
    widget = aw.AttentionWidget(random_decoder(96), view="neuron")
    announced = pytest.MonkeyPatch()
    with announced.context() as patch:
        patch.setattr(size, "LARGE", 0)
        with pytest.warns(UserWarning, match="about") as warned:
            html = widget.to_html()
    said = float(str(warned[0].message).split("about ")[1].split(" MB")[0])
    assert len(html) / 1e6 == pytest.approx(said, rel=0.6, abs=1.0)


@pytest.mark.parametrize(
    "title",
    [
        "</title><script>window.ran=1</script>",
        "\x00\x07",
        "\u2028",
        "\u202egnihsif",
        "\ud800",
        "x" * 10_000,
    ],
)
def test_any_text_is_a_title(title: str) -> None:
    html = make_html(pack([]), None, title)
    head = html.partition("<style>")[0]
    assert "<script" not in head
    assert head.endswith("</title></title>\n")
    assert head.count("</title>") == 2
    assert not set(head) & set("\x00\x07\u2028\u202e\ud800")
    assert len(head) < 2000
    html.encode()
