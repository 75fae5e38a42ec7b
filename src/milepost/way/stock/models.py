"""Rows of stock. The database itself refuses to allocate more than lies there."""

from django.db import models
from django.db.models import F, Q

from milepost.way.stock.words import AllocationState, BackorderState, MovementKind


class Location(models.Model):
    """A place where stock lies; lower priority numbers are taken from first."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120, blank=True)
    priority = models.SmallIntegerField(default=100)

    class Meta:
        db_table = "stock_location"


class Level(models.Model):
    """How much of an item lies at a location and how much of that is allocated: the sums of the rows below."""

    pk = models.CompositePrimaryKey("item_id", "location_id")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    on_hand = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    allocated = models.DecimalField(max_digits=14, decimal_places=3, default=0)

    class Meta:
        db_table = "stock_level"
        constraints = [
            models.CheckConstraint(condition=Q(allocated__gte=0), name="stock_level_allocated"),
            models.CheckConstraint(condition=Q(allocated__lte=F("on_hand")), name="stock_level_never_oversold"),
        ]


class Movement(models.Model):
    """One change of what lies at a location; appended, never changed."""

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=12)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    order_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    moved_at = models.DateTimeField()
    actor = models.CharField(max_length=64)

    class Meta:
        db_table = "stock_movement"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[s.value for s in MovementKind]), name="stock_movement_kind")
        ]
        indexes = [models.Index(fields=["item", "location"], name="stock_movement_of_item")]


class Allocation(models.Model):
    """Stock at a location that is tied to an order line."""

    pk = models.CompositePrimaryKey("order_id", "position", "location_id", "id")
    id = models.UUIDField()
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    position = models.SmallIntegerField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    item_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    state = models.CharField(max_length=10, default=AllocationState.OPEN)
    allocated_at = models.DateTimeField()

    class Meta:
        db_table = "stock_allocation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AllocationState]), name="stock_allocation_state"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_allocation_quantity"),
        ]
        indexes = [models.Index(fields=["item_id"], name="stock_allocation_open", condition=Q(state="open"))]


class Backorder(models.Model):
    """A line, or the part of one, that waits for stock; the oldest promise is served first."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    position = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    state = models.CharField(max_length=10, default=BackorderState.OPEN)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stock_backorder"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in BackorderState]), name="stock_backorder_state"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_backorder_quantity"),
        ]
        indexes = [
            models.Index(fields=["item_id", "opened_at"], name="stock_backorder_open", condition=Q(state="open")),
            models.Index(fields=["order"], name="stock_backorder_of_order"),
        ]
