"""Rows of fulfilment."""

from django.db import models
from django.db.models import Q

from milepost.way.fulfilment.words import Reached, State

FINAL = (State.DELIVERED.value, State.RETURNED.value, State.LOST.value, State.CANCELLED.value)


class Release(models.Model):
    """An order on the warehouse's desk, and when each step of its work was done for the whole of it."""

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, primary_key=True, related_name="+")
    released_at = models.DateTimeField()
    picked_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fulfilment_release"
        indexes = [
            models.Index(
                fields=["released_at"], name="fulfilment_release_open", condition=Q(shipped_at=None, cancelled_at=None)
            )
        ]


class NumberRuling(models.Model):
    """What staff said of tracking numbers of one shape: whose they are."""

    shape = models.CharField(max_length=40, primary_key=True)
    carrier = models.CharField(max_length=40)
    actor = models.CharField(max_length=64)
    ruled_at = models.DateTimeField()

    class Meta:
        db_table = "fulfilment_number_ruling"


class Shipment(models.Model):
    """Parcels that travel together to one address. `complete`: with it, nothing of the order was left to pack."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=20, default=State.PACKED.value)
    reached = models.CharField(max_length=20, default=Reached.PACKED.value)
    carrier = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=60, blank=True)
    complete = models.BooleanField(default=False)
    packed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fulfilment_shipment"
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="fulfilment_shipment_number"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in State]), name="fulfilment_shipment_state"
            ),
            models.CheckConstraint(
                condition=Q(reached__in=[each.value for each in Reached]), name="fulfilment_shipment_reached"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PACKED.value, State.CANCELLED.value]) | Q(shipped_at__isnull=False),
                name="fulfilment_shipment_shipped_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="fulfilment_shipment_open", condition=~Q(state__in=FINAL)),
            models.Index(fields=["state", "-id"], name="fulfilment_shipment_by_state"),
        ]


class Parcel(models.Model):
    """One labelled box. Its tracking number alone is no identity: carriers use numbers again (see tracking's rules)."""

    id = models.BigAutoField(primary_key=True)
    order_id = models.BigIntegerField()
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="parcels")
    number = models.SmallIntegerField()
    carrier = models.CharField(max_length=40, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    own_number = models.BooleanField(default=False)
    weight_grams = models.IntegerField(null=True)
    shipped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fulfilment_parcel"
        constraints = [
            models.UniqueConstraint(fields=["shipment", "number"], name="fulfilment_parcel_in_shipment"),
            models.UniqueConstraint(
                fields=["tracking_number"], condition=Q(own_number=True), name="fulfilment_parcel_own_number"
            ),
            models.CheckConstraint(
                condition=Q(weight_grams=None) | Q(weight_grams__gt=0), name="fulfilment_parcel_weighs_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tracking_number"],
                name="fulfilment_parcel_tracking",
                condition=~Q(tracking_number=""),
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(fields=["order_id"], name="fulfilment_parcel_order"),
        ]


class ParcelLine(models.Model):
    """What lies in a parcel."""

    pk = models.CompositePrimaryKey("order_id", "position", "parcel_id")
    order_id = models.BigIntegerField()
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="lines")
    shipment_id = models.BigIntegerField()
    position = models.IntegerField()
    item_id = models.BigIntegerField()
    code = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        db_table = "fulfilment_parcel_line"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfilment_parcel_line_quantity"),
        ]
        indexes = [models.Index(fields=["shipment_id"], name="fulfilment_line_shipment")]
