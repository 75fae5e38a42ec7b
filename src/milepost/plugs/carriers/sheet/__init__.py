"""Files of tracking events that people or other systems write: CSV with a heading, or JSON."""

from milepost.plugs.carriers.sheet.source import Sheet

__all__ = ["Sheet"]
