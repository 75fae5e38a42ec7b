"""A carrier that is played: it answers about any parcel as a real one would, so that asking can be seen to work."""

from milepost.plugs.carriers.simulated.carrier import SimulatedCarrier, simulated

__all__ = ["SimulatedCarrier", "simulated"]
