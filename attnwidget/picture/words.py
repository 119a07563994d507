"""Tokens and numbers as a picture writes them."""

from collections.abc import Iterable

SIZE = 13.0
"""Font size of tokens, in pixels."""

SMALL = 11.0
"""Font size of all other text, in pixels."""

LONGEST = 24
"""Characters of a token that are written, at most."""

CHARACTER, WIDE_CHARACTER = 0.57, 1.0
"""Approximate widths of characters, in font sizes."""

SPACES = str.maketrans({"\n": "⏎", "\t": "⇥", " ": "␣"})


def written(token: str) -> str:
    """Return a token that can be seen and is not too long."""
    if not token.strip():
        token = token.translate(SPACES) or "∅"
    return token if len(token) <= LONGEST else token[: LONGEST - 1] + "…"


def width_of(text: str, size: float = SIZE) -> float:
    """Return the approximate width of a text in pixels."""
    return size * sum(CHARACTER if ord(each) < 0x2E80 else WIDE_CHARACTER for each in text)


def room_for(tokens: Iterable[str], size: float = SIZE) -> float:
    """Return the approximate width of the longest token in pixels."""
    return max(width_of(written(token), size) for token in tokens)


def shown_number(value: float) -> str:
    """Return three significant digits, with a real minus sign."""
    size = abs(value)
    if value == 0:
        return "0"
    if not 1e-4 <= size < 1e6:
        mantissa, exponent = f"{value:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    elif size >= 999.5:
        text = f"{value:,.0f}"
    else:
        text = f"{value:#.3g}".rstrip(".")
    return text.replace("-", "−")


def signed_number(value: float) -> str:
    """Return a number with its sign in any case, ``"+0.42"``; zero has none."""
    return f"+{shown_number(value)}" if value > 0 else shown_number(value)


def percent(share: float) -> str:
    """Return a share that was chosen: ``"80 %"``."""
    return f"{share * 100:.3g} %"


def shown_percent(share: float) -> str:
    """Return a share that was measured, with three significant digits: ``"41.8 %"``."""
    value = 100 * share
    if value == 0:
        return "0 %"
    if value < 0.1:
        return "< 0.1 %"
    if 99.95 < value < 100:
        return "> 99.9 %"
    return f"{value:#.{2 if value < 1 else 3}g}".rstrip(".") + " %"


def counted(count: int, noun: str) -> str:
    """Return ``"1 line"``, ``"1,024 lines"``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def filled(parts: list[str], width: float, size: float, separator: str = " · ") -> list[str]:
    """Return parts joined to lines of at most `width` pixels, unless one word is wider."""
    lines: list[str] = []
    for part in parts:
        if lines and width_of(lines[-1] + separator + part, size) <= width:
            lines[-1] += separator + part
        else:
            lines += _words(part, width, size)
    return lines


def _words(part: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    for word in part.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
