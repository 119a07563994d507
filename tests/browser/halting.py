"""A server that stops in the middle of a page until it is told to go on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def halting(first: bytes, rest: bytes) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve a page in two parts; yield its address, and what lets the second one go."""
    going = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(first)
            self.wfile.flush()
            going.wait(30)
            self.wfile.write(rest)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", going.set
        going.set()
        server.shutdown()
