"""Files that are no traces, or were changed, are refused in words; nothing is half-written."""

import errno
import json
import os
import stat

import pytest
import torch
from safetensors.torch import save_file

from attnwidget.trace import Trace
from attnwidget.trace.saved import file as saved_file
from attnwidget.trace.selected_layer import SelectedLayer
from tests.trace.layers import layer
from tests.trace.saved.hand_made import TRACES, of

TRACE = of(layer(mask=torch.eye(7, dtype=torch.bool), cuts=TRACES["cuts"].stacks[0].layers[0].cuts))


@pytest.fixture
def path(tmp_path):
    TRACE.save(tmp_path / "trace.safetensors")
    return tmp_path / "trace.safetensors"


def parts(path):
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def rewrite(path, header, data):
    written = json.dumps(header).encode()
    path.write_bytes(len(written).to_bytes(8, "little") + written + data)


def change(path, edit):
    """Change the description of a file."""
    header, data = parts(path)
    description = json.loads(header["__metadata__"]["attnwidget"])
    edit(description)
    header["__metadata__"]["attnwidget"] = json.dumps(description)
    rewrite(path, header, data)


def one(description):
    return description["streams"][0]["layers"][0]


HOSTILE = {
    "another version": (lambda d: d.update(version=2), r"has version 2.*pip install -U attnwidget"),
    "no version": (lambda d: d.pop("version"), r"has no 'version'"),
    "no streams": (lambda d: d.update(streams=[]), r"at least one stream"),
    "streams of text": (lambda d: d.update(streams="self"), r"streams must be a list"),
    "a missing key": (lambda d: one(d).pop("scale"), r"layers\[0\] has no 'scale'"),
    "NaN": (lambda d: one(d).update(scale=float("nan")), r"the number NaN"),
    "too large": (lambda d: one(d).update(scale=10**400), r"finite number|no JSON"),
    "true as a number": (lambda d: one(d).update(scale=True), r"must be a finite number, not True"),
    "a cap of 0": (lambda d: one(d).update(softcap=0), r"above 0"),
    "another kind": (lambda d: one(d).update(kind="__import__"), r"must be one of projected"),
    "a path": (lambda d: one(d).update(query="../../etc/passwd"), r"no tensor of this name"),
    "a number for a tensor": (lambda d: one(d).update(query=3), r"must be a text"),
    "another tensor": (lambda d: one(d).update(query="self.0.mask"), r"must be floating numbers"),
    "keys of another size": (lambda d: one(d).update(key="self.0.value"), r"Expected query"),
    "a mask of another size": (lambda d: one(d).update(mask="self.0.key"), r"must broadcast"),
    "tokens that lack": (lambda d: d["tokens"][0]["text"].pop(), r"one raw token and segment"),
    "fewer tokens": (
        lambda d: (d["tokens"][0]["text"].pop(), d["tokens"][0]["raw"].pop()),
        r"as many as there are tokens",
    ),
    "a list that is not there": (lambda d: d["streams"][0].update(keys=7), r"from 0 to 0, not 7"),
    "special tokens outside": (lambda d: d["tokens"][0].update(special=[99]), r"from 0 to 6"),
    "a token that is no text": (lambda d: d["tokens"][0]["text"].__setitem__(0, 5), r"a text"),
    "a huge cut": (
        lambda d: one(d)["cuts"][0].update(heads={"start": 0, "stop": 10**18, "step": 1}),
        r"a whole number",
    ),
    "a cut outside": (lambda d: one(d)["cuts"][0].update(queries=[7]), r"from 0 to 6"),
    "a step of nothing": (
        lambda d: one(d)["cuts"][0].update(heads={"start": 0, "stop": 99, "step": 0}),
        r"a whole number",
    ),
    "axes in no order": (lambda d: d.update(permuted={"self.0.query": [0, 0, 1]}), r"the order of"),
    "a name twice": (
        lambda d: d["streams"].append(d["streams"][0]),
        r"need different names",
    ),
    "numbers that lack": (lambda d: d["streams"][0].update(numbers=[]), r"one number for each"),
    "a model of numbers": (lambda d: d.update(model=[1]), r"model must be a text"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_changed_description_is_refused(case, path):
    edit, message = HOSTILE[case]
    change(path, edit)
    with pytest.raises(ValueError, match=rf"trace\.safetensors is no trace.*(?:{message})"):
        Trace.load(path)


def test_a_description_that_is_no_json_or_too_deep(path):
    header, data = parts(path)
    for text in ("{", "[" * 200_000, "7", ""):
        header["__metadata__"]["attnwidget"] = text
        rewrite(path, header, data)
        with pytest.raises(ValueError, match="is no trace that can be read"):
            Trace.load(path)


@pytest.mark.parametrize(
    ("shape", "dtype"), [([4, 7, 5 << 50], "F32"), ([1 << 62, 1 << 62, 4], "F32"), ([4], "F64")]
)
def test_absurd_shapes_are_refused(shape, dtype, path):
    header, data = parts(path)
    header["self.0.query"].update(shape=shape, dtype=dtype)
    rewrite(path, header, data)
    with pytest.raises(ValueError, match="its header is wrong"):
        Trace.load(path)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.99])
def test_a_file_that_is_cut_short(share, path):
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"is no trace that can be read: it is (not whole|no saf)"):
        Trace.load(path)


def test_files_of_other_kinds(tmp_path):
    other = tmp_path / "model.safetensors"
    save_file({"weight": torch.zeros(2)}, other)
    with pytest.raises(ValueError, match=r"not made by trace\.save, such as a model's"):
        Trace.load(other)
    text = tmp_path / "trace.txt"
    text.write_text("no tensors here")
    with pytest.raises(ValueError, match="no safetensors file"):
        Trace.load(text)
    pickled = tmp_path / "trace.pt"
    torch.save({"weight": torch.zeros(2)}, pickled)
    with pytest.raises(ValueError, match="no safetensors file"):
        Trace.load(pickled)


def test_paths_that_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Trace.load(tmp_path / "nowhere.safetensors")
    with pytest.raises(IsADirectoryError, match=str(tmp_path)):
        Trace.load(tmp_path)


def test_paths_that_cannot_be_written(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        TRACE.save(tmp_path / "nowhere" / "trace.safetensors")
    with pytest.raises(IsADirectoryError, match="Name a file in it"):
        TRACE.save(tmp_path)
    with pytest.raises(ValueError, match="no regular file"):
        TRACE.save(os.devnull)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_full_disk_leaves_the_old_file(path, monkeypatch):
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saved_file, "_write_tensor", full)
    with pytest.raises(OSError, match="No space left"):
        TRACE.save(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(path):
    path.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            TRACE.save(path.parent / "other.safetensors")
    finally:
        path.parent.chmod(0o700)


def test_a_file_is_replaced_while_a_trace_of_it_is_open(path):
    loaded = Trace.load(path)
    loaded.save(path)
    loaded.save(path)
    assert torch.equal(loaded.attention(0), TRACE.attention(0))
    assert torch.equal(Trace.load(path).attention(0), TRACE.attention(0))


def test_a_link_stays_a_link(path):
    link = path.with_name("link.safetensors")
    link.symlink_to(path)
    TRACE.save(link)
    assert link.is_symlink()
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_a_part_of_a_comparison_is_refused(tmp_path):
    part = SelectedLayer(layer(), (0, 1), (0, 1))
    with pytest.raises(ValueError, match=r"cannot hold a SelectedLayer.*Save the traces"):
        of(part).save(tmp_path / "trace.safetensors")
    assert not list(tmp_path.iterdir())
