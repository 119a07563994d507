"""A plain web page in which the built front end runs, connected to real widgets in Python.

State and custom messages go both ways, buffers as bytes. Several widgets and several views of
one may share a page, and `Bridge.kernel` can answer late, not at all, or only when told to.

By hand, from the root of the repository (build the front end first: `npm run build`)::

    python -m tests.browser.bridge --model demo:brackets
    python -m tests.browser.bridge --model minilm --text "A cat." --pair "It sleeps."
    python -m tests.browser.bridge --model random:128 --theme dark --screenshot out.png

The page is at the address printed (`/?views=0,0` draws the first widget twice, `&theme=dark` sets
the notebook's theme). With `--screenshot` the picture is written and the program ends.
"""

from __future__ import annotations

import argparse
import json
import struct
import threading
from collections.abc import Iterable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .kernel import Kernel
from .wire import decode

HERE = Path(__file__).parent
FILES = {"/": ("bridge.html", "text/html"), "/bridge.js": ("bridge.js", "text/javascript")}


class Handler(BaseHTTPRequestHandler):
    """Serves the page, its messages to Python, and the stream of messages from Python."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/messages":
            self._stream()
        elif path in FILES:
            name, content_type = FILES[path]
            self._answer(200, (HERE / name).read_bytes(), content_type)
        else:
            self._answer(404, b"not here", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.kernel.receive(*decode(body))
        self._answer(204, b"", "text/plain")

    def log_message(self, *_args: object) -> None:
        """Tests look at the page, not at a log."""

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        with self.server.kernel.page() as messages:
            try:
                while (body := messages.get()) is not None:
                    self.wfile.write(struct.pack("<I", len(body)) + body)
            except OSError:  # the page was closed
                return


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, kernel: Kernel) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.kernel = kernel

    def handle_error(self, request: object, client_address: object) -> None:
        """A page that goes away mid-request is no error."""


class Bridge:
    """A page for some widgets.

    Parameters
    ----------
    widgets : iterable of AttentionWidget
        Connected in this order; `url(views=[0, 0, 1])` speaks of them by position.
    port : int
        0: any free one.
    """

    def __init__(self, widgets: Iterable[Any] = (), *, port: int = 0) -> None:
        self.kernel = Kernel()
        self._server = Server(port, self.kernel)
        # Polled often, so that it closes quickly.
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        for widget in widgets:
            self.kernel.add(widget)

    def url(self, *, views: Sequence[int] = (0,), theme: str = "light") -> str:
        """Address of a page that draws these widgets, one below the other."""
        port = self._server.server_address[1]
        return f"http://127.0.0.1:{port}/?views={','.join(map(str, views))}&theme={theme}"

    def close(self) -> None:
        self.kernel.close()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Bridge:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def value_of(text: str) -> Any:
    """Read a trait's value: JSON, or else the text itself."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--model",
        default="demo:brackets",
        help="minilm, smollm2, t5, demo:NAME, random:TOKENS, hostile, or a path",
    )
    parser.add_argument(
        "--text", default="The animal didn't cross the street because it was too tired."
    )
    parser.add_argument("--pair", help="second text")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="TRAIT=VALUE",
        help="e.g. view=model or heads=[1,2]",
    )
    parser.add_argument("--views", type=int, default=1, help="how many views of the widget")
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--screenshot", type=Path, metavar="PNG")
    options = parser.parse_args()

    import attnwidget as aw

    from .chromium import screenshot
    from .models import trace_of

    traits = dict(pair.split("=", 1) for pair in options.set)
    widget = aw.AttentionWidget(
        trace_of(options.model, options.text, options.pair),
        **{name: value_of(text) for name, text in traits.items()},
    )
    port = 0 if options.screenshot else options.port
    with Bridge([widget], port=port) as bridge:
        url = bridge.url(views=[0] * options.views, theme=options.theme)
        if options.screenshot:
            screenshot(url, options.screenshot, width=options.width)
            return
        print(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
