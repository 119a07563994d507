from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
MODELS = ("brackets", "induction", "dates", "kinds")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", *build, str(ROOT)], check=True)
    (path,) = folder.glob("*.whl")
    return ZipFile(path)


def test_the_wheel_holds_the_front_end(wheel: ZipFile) -> None:
    for name in ("widget.js", "styles.css", "exported.js", "page.css", "saved.js"):
        built = (ROOT / "attnwidget" / "static" / name).read_bytes()
        assert wheel.read(f"attnwidget/static/{name}") == built


def test_the_wheel_holds_the_demo_models(wheel: ZipFile) -> None:
    names = wheel.namelist()
    for model in MODELS:
        for file in ("model.safetensors", "config.json", "tokenizer.json"):
            assert f"attnwidget/demos/models/{model}/{file}" in names


def test_the_wheel_holds_nothing_else(wheel: ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"attnwidget"}


def test_the_front_end_names_no_address(wheel: ZipFile) -> None:
    files = ("widget.js", "styles.css", "exported.js", "page.css", "saved.js")
    text = "".join(wheel.read(f"attnwidget/static/{name}").decode() for name in files)
    outside = text.replace("http://www.w3.org/", "")
    requests = (
        r"https?://|(?<![\w.])fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|@import"
    )
    assert re.findall(requests, outside) == []


def test_what_takes_long_to_import_waits_until_it_is_needed() -> None:
    code = """
import sys, attnwidget
slow = {"transformers.modeling_utils", "scipy.stats", "matplotlib", "matplotlib.pyplot"}
print(sorted(slow & set(sys.modules)))
attnwidget.plot.heatmap([[1.0]])
print(sorted(slow & set(sys.modules)))
"""
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert printed.stdout.splitlines() == ["[]", "['matplotlib']"]
