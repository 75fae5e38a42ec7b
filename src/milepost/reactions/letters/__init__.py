"""Writes notices at the moment of sending, from what the ledger says then, and holds back what is no longer true (NTF-3)."""

from milepost.reactions.letters.composer import compose, shown

__all__ = ["compose", "shown"]
