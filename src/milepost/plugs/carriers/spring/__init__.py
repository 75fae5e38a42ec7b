"""Spring XBS (PostNL)."""

from milepost.plugs.carriers.spring.source import spring

__all__ = ["spring"]
