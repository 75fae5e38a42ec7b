"""Foreign text: as it can be kept."""


def printable(text: str, limit: int) -> str:
    """Text without characters that no database holds (NUL, lone surrogates, controls but new lines), cut to `limit`."""
    if text.isascii() and text.isprintable():
        return text[:limit]
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in sound if c.isprintable() or c in " \n").strip()[:limit]
