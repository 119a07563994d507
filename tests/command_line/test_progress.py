from io import StringIO

from attnwidget.command_line.progress import ProgressLine


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_a_line_for_each_step():
    pipe = StringIO()
    with ProgressLine(pipe) as progress:
        progress.say("running")
        progress.say("writing")
    assert pipe.getvalue() == "attnwidget: running\nattnwidget: writing\n"


def test_a_terminal_gets_one_line_and_notes_that_stay():
    terminal = Terminal()
    with ProgressLine(terminal) as progress:
        progress.say("running")
        progress.note("warning: large")
        progress.say("writing")
        progress.say("wrote")
    clear = "\r\x1b[K"
    assert terminal.getvalue() == (
        f"attnwidget: running{clear}attnwidget: warning: large\n"
        f"attnwidget: writing{clear}attnwidget: wrote\n"
    )
