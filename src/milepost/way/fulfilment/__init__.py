"""Fulfilment: releases to the warehouse, picks, parcels, shipments, tracking numbers and delivery notes."""
