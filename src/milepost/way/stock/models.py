"""Rows of stock. The database itself refuses to allocate more than lies there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from milepost.way.stock.words import AllocationState, BackorderState, MovementKind, ReservationState, SupplyState


class Location(models.Model):
    """A place where stock lies. The nearest to the recipient (`serves`) is taken from first, then lower priority numbers."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120, blank=True)
    priority = models.SmallIntegerField(default=100)
    serves = ArrayField(models.CharField(max_length=24), default=list, db_default=[])

    class Meta:
        db_table = "stock_location"


class Level(models.Model):
    """How much of an item lies at a location, how much of that is allocated or kept aside: the sums of the rows below."""

    pk = models.CompositePrimaryKey("item_id", "location_id")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    on_hand = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    allocated = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    reserved = models.DecimalField(max_digits=14, decimal_places=3, default=0, db_default=0)

    class Meta:
        db_table = "stock_level"
        constraints = [
            models.CheckConstraint(condition=Q(allocated__gte=0), name="stock_level_allocated"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_level_reserved"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("allocated") + F("reserved")), name="stock_level_never_oversold"
            ),
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
    """A line, or the part of one, that waits for stock. Who was put first by decision is served first, then the oldest promise.

    `since`: the order's receipt, when its customer was first promised anything. `together`: while this waits, the order does.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    position = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    state = models.CharField(max_length=10, default=BackorderState.OPEN)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    near = models.CharField(max_length=24, blank=True, db_default="")
    given_at = models.DateTimeField(null=True)
    together = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "stock_backorder"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], condition=Q(state="open"), name="stock_backorder_one_open_a_line"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in BackorderState]), name="stock_backorder_state"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_backorder_quantity"),
        ]
        indexes = [
            models.Index(
                fields=["item_id", "given_at", "since", "order"],
                name="stock_backorder_queue",
                condition=Q(state="open"),
            ),
            models.Index(fields=["order"], name="stock_backorder_of_order"),
        ]


class Reservation(models.Model):
    """Stock at a location that is kept aside for an order until it expires; short, and lapses by itself."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    position = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    state = models.CharField(max_length=8, default=ReservationState.HELD)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "stock_reservation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ReservationState]), name="stock_reservation_state"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_reservation_quantity"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="stock_reservation_held", condition=Q(state="held")),
            models.Index(fields=["order"], name="stock_reservation_of_order", condition=Q(state="held")),
        ]


class Supply(models.Model):
    """Goods that are to come: so many of an item to a location, on a day or nobody knows when."""

    id = models.UUIDField(primary_key=True)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, db_index=False, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    arrived = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    due_on = models.DateField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default=SupplyState.EXPECTED)
    announced_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stock_incoming"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in SupplyState]), name="stock_incoming_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0, arrived__gte=0), name="stock_incoming_quantity"),
            models.UniqueConstraint(
                fields=["reference", "item", "location"], condition=Q(state="expected") & ~Q(reference=""),
                name="stock_incoming_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["item", "due_on"], name="stock_incoming_expected", condition=Q(state="expected")),
            models.Index(fields=["due_on", "id"], name="stock_incoming_by_day", condition=Q(state="expected")),
        ]
