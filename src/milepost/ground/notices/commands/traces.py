"""The steps of a notice's trace: what a clerk reads of why, why not, why then, why this way."""

from datetime import datetime

from milepost.kernel.facts import canonical


def trace(at: datetime, *says: str) -> str:
    """One step of a notice's trace as JSON, or several."""
    return canonical([{"at": at, "says": one} for one in says]).decode()
