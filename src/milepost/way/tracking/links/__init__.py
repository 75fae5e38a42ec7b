"""Tracking links: the carrier's page of each parcel, checked before a customer is sent there and as long as it matters (TRK-4)."""
