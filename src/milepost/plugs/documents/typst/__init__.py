"""Documents set by typst, as PDF."""

from milepost.plugs.documents.typst.documents import TypstDocuments

__all__ = ["TypstDocuments"]
