"""Tracking: what carriers say of parcels, in one vocabulary, and the stage that follows from it."""
