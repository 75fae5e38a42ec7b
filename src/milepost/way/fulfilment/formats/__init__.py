"""Number intelligence: which carrier a tracking number may be of, how sure that is, and why (TRK-1)."""

from milepost.way.fulfilment.formats.recognising import misread, page_of, recognise, same_carrier, shape_of
from milepost.way.fulfilment.formats.words import Candidate, Context

__all__ = ["Candidate", "Context", "misread", "page_of", "recognise", "same_carrier", "shape_of"]
