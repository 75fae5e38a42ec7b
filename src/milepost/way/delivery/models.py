"""Rows of delivery."""

from django.db import models
from django.db.models import Q

from milepost.way.delivery.words import Handed, Witness


class DeliveryProof(models.Model):
    """A proof of delivery; several may be kept for one parcel, the same one only once."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    parcel_id = models.BigIntegerField()
    handed = models.CharField(max_length=12)
    witness = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    received_by = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        db_table = "delivery_proof"
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "parcel_id", "happened_at", "handed"], name="delivery_proof_only_once"
            ),
            models.CheckConstraint(
                condition=Q(handed__in=[each.value for each in Handed]), name="delivery_proof_handed"
            ),
            models.CheckConstraint(
                condition=Q(witness__in=[each.value for each in Witness]), name="delivery_proof_witness"
            ),
        ]
