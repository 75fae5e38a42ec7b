"""Rows of orders. What was agreed stands here as it was agreed; later prices and names do not change it."""

from django.db import models
from django.db.models import F, Q

from milepost.way.orders.words import HoldKind, State

BEGINS = ["varchar_pattern_ops"]
"""An index of it finds the whole number and its beginning, whatever the database's collation."""


class Order(models.Model):
    """One order. Its id comes from intake's numbers, its reference from its id."""

    id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=16, unique=True)
    external_ref = models.CharField(max_length=80, blank=True)
    request_id = models.UUIDField()
    customer = models.ForeignKey("parties.Customer", on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=20, default=State.RECEIVED)
    channel = models.CharField(max_length=16)
    contact_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, default="en")
    zone = models.CharField(max_length=64)
    ship_to = models.JSONField()
    contacts = models.JSONField(default=list, db_default=[])
    currency = models.CharField(max_length=3)
    items_total = models.DecimalField(max_digits=14, decimal_places=2)
    freight = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    charges = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    po_number = models.CharField(max_length=80, blank=True)
    payment_reference = models.CharField(max_length=120, blank=True)
    instructions = models.TextField(blank=True)
    service = models.CharField(max_length=40, blank=True)
    history = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    first_shipped_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "orders_order"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="orders_order_state"),
            models.CheckConstraint(condition=Q(total__gte=0), name="orders_order_total"),
            models.CheckConstraint(
                condition=~Q(state=State.DELIVERED) | Q(delivered_at__isnull=False), name="orders_order_delivered_when"
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="orders_order_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="orders_order_by_state"),
            models.Index(fields=["customer", "-received_at"], name="orders_order_by_customer"),
            models.Index(fields=["email"], name="orders_order_by_email"),
            models.Index(
                fields=["external_ref"], name="orders_order_external", condition=~Q(external_ref=""), opclasses=BEGINS
            ),
            models.Index(fields=["po_number"], name="orders_order_po", condition=~Q(po_number=""), opclasses=BEGINS),
        ]


class Line(models.Model):
    """One line of an order."""

    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="lines")
    position = models.SmallIntegerField()
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="+")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=16)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    instructions = models.TextField(blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        db_table = "orders_line"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="orders_line_price"),
        ]
        indexes = [models.Index(fields=["item", "-order"], name="orders_line_of_item")]


class Hold(models.Model):
    """A typed reason to wait, with its owner, its evidence and how it was settled."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="holds")
    kind = models.CharField(max_length=20)
    reason = models.TextField()
    role = models.CharField(max_length=32)
    blocking = models.BooleanField(default=True)
    approver = models.CharField(max_length=32, blank=True)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=64, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=64, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        db_table = "orders_hold"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[s.value for s in HoldKind]), name="orders_hold_kind"),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(released_at__isnull=True), name="orders_hold_one_open_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["order"], name="orders_hold_of_order"),
            models.Index(fields=["-opened_at", "-order"], name="orders_hold_open", condition=Q(released_at=None)),
        ]


class AmendedField(models.Model):
    """One field of one amendment: what stood there, what stands there now, who said so, who wrote it down (VER-3)."""

    pk = models.CompositePrimaryKey("order_id", "amendment_id", "field")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="+")
    amendment_id = models.UUIDField()
    field = models.CharField(max_length=40)
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "orders_amendment"
        constraints = [models.CheckConstraint(condition=~Q(was=F("now")), name="orders_amendment_changes_something")]
