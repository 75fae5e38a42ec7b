"""Number intelligence: which carrier a tracking number may be of, how sure that is, and why (TRK-1)."""

from milepost.way.fulfilment.formats.recognising import misread, recognise, same_carrier, shape_of
from milepost.way.fulfilment.formats.words import Candidate, Context

__all__ = ["Candidate", "Context", "misread", "recognise", "same_carrier", "shape_of"]
