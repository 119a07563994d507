"""The alphabet of byte-level tokenizers, which write bytes as printable characters."""


def _alphabet() -> dict[str, int]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    shifted = {chr(256 + place): byte for place, byte in enumerate(others)}
    return {chr(byte): byte for byte in printable} | shifted


BYTES = _alphabet()
"""The byte each character stands for; ``Ġ`` is the space and ``Ċ`` the line feed."""


def decode(piece: str) -> str:
    r"""Return the text of a byte-level piece.

    Bytes that are no UTF-8 by themselves, such as half an emoji, are shown as ``\xf0\x9f``. A piece
    with a character outside the alphabet was never encoded and is returned unchanged.
    """
    try:
        encoded = bytes(BYTES[character] for character in piece)
    except KeyError:
        return piece
    return encoded.decode("utf-8", errors="backslashreplace")
