"""The brand's colours and logo from the environment; what cannot be read or served is told before anything starts (OPS-1)."""

import os
from pathlib import Path

from milepost.config.environment import Misunderstood
from milepost.faces.look.colours import Palette, Unreadable

LOGOS = (".svg", ".png", ".webp", ".jpg")
LARGEST_LOGO = 200_000


def palette() -> Palette | None:
    """The brand's colours; None where our own stay. Raises Misunderstood for one that text could not be read in."""
    accent = os.environ.get("MILEPOST_BRAND_ACCENT", "").strip()
    dark = os.environ.get("MILEPOST_BRAND_ACCENT_DARK", "").strip()
    if not accent:
        if dark:
            raise Misunderstood(
                "MILEPOST_BRAND_ACCENT_DARK goes with MILEPOST_BRAND_ACCENT, which is empty. Give both."
            )
        return None
    try:
        return Palette.of(accent, dark)
    except Unreadable as wrong:
        raise Misunderstood(f"MILEPOST_BRAND_ACCENT: {wrong}") from None


def logo() -> Path | None:
    """The file of the logo; None where there is none. Raises Misunderstood for one that is not there, too large or no picture."""
    said = os.environ.get("MILEPOST_BRAND_LOGO", "").strip()
    if not said:
        return None
    path = Path(said)
    if path.suffix.lower() not in LOGOS:
        raise Misunderstood(f"MILEPOST_BRAND_LOGO names {path.name}. Give a picture: {', '.join(LOGOS)}.")
    if not path.is_file():
        raise Misunderstood(f"MILEPOST_BRAND_LOGO names {said}, where no file is.")
    if path.stat().st_size > LARGEST_LOGO:
        raise Misunderstood(f"MILEPOST_BRAND_LOGO is larger than {LARGEST_LOGO // 1000} kB. Give a smaller one.")
    return path
