"""A comm that keeps what the widget sends, and delivers what a browser would."""

from attnwidget.frames import Frame


class Comm:
    comm_id = "fake"
    kernel = "there is one"

    def __init__(self):
        self.messages = []
        self.closed = False

    def on_msg(self, handler):
        self.handler = handler

    def send(self, data=None, metadata=None, buffers=None):
        self.messages.append((data, list(buffers or ())))

    def close(self, *args, **keywords):
        self.closed = True

    def deliver(self, data, buffers=()):
        self.handler({"content": {"data": data}, "buffers": list(buffers)})

    def take(self, method):
        """Return the messages of a method, as (state or content, buffers), and forget all."""
        taken = [
            (data.get("state", data.get("content")), buffers)
            for data, buffers in self.messages
            if data["method"] == method
        ]
        self.messages.clear()
        return taken

    def updates(self):
        """Return the state of each update since the last call, a snapshot as its Frame."""
        found = []
        for state, buffers in self.take("update"):
            frames = {"snapshot": Frame.from_bytes(buffers[0])} if buffers else {}
            found.append({**state, **frames})
        return found


def connect(widget):
    """Give the widget a fake comm and return it."""
    widget.comm = Comm()
    return widget.comm
