"""A provider that is not one: keeps its own book in a process of its own, and can be late, fail in bursts, stop answering after it
has accepted, or answer nonsense. For the demo, the tests of faults and the measures."""

from milepost.plugs.senders.simulated.sender import SimulatedSender

__all__ = ["SimulatedSender"]
