"""Rows of cases."""

from django.db import models
from django.db.models import F, Q

from milepost.way.cases.words import CaseKind, Choice, Closed, FoundBy, OfferState, Outcome, Sign


class Case(models.Model):
    """Our work on one delay or exception of an order; one open case of a kind at a time."""

    id = models.UUIDField(primary_key=True)
    order_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    cause = models.CharField(max_length=16)
    found_by = models.CharField(max_length=8)
    found_at = models.DateTimeField()
    due_was = models.DateField(null=True)
    new_latest_on = models.DateField(null=True)
    new_earliest_on = models.DateField(null=True)
    confidence = models.SmallIntegerField(null=True)
    sign = models.CharField(max_length=24, blank=True, db_default="")
    parcel_id = models.BigIntegerField(null=True)
    revisions = models.SmallIntegerField(default=0)
    note = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "kind"], condition=Q(resolved_at=None), name="cases_case_one_open"
            ),
            models.CheckConstraint(condition=Q(kind__in=[each.value for each in CaseKind]), name="cases_case_kind"),
            models.CheckConstraint(
                condition=Q(found_by__in=[each.value for each in FoundBy]), name="cases_case_found_by"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, outcome="")
                | Q(resolved_at__isnull=False, outcome__in=[each.value for each in Outcome]),
                name="cases_case_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.DELAY.value) | Q(due_was__isnull=False, new_latest_on__isnull=False),
                name="cases_case_delay_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.DELAY.value) | Q(sign__in=[each.value for each in Sign]),
                name="cases_case_delay_has_sign",
            ),
            models.CheckConstraint(
                condition=Q(new_earliest_on=None) | Q(new_earliest_on__lte=F("new_latest_on")), name="cases_case_range"
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="cases_case_order"),
            models.Index(fields=["found_at", "order_id"], name="cases_case_open", condition=Q(resolved_at=None)),
            models.Index(fields=["found_at", "order_id"], name="cases_case_found"),
        ]


class Offer(models.Model):
    """What a customer may choose about lines that are short; one open offer of an order at a time."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=8, default=OfferState.OPEN)
    default = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "cases_offer"
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(state="open"), name="cases_offer_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in OfferState]), name="cases_offer_state"
            ),
            models.CheckConstraint(
                condition=Q(closed_because__in=[each.value for each in Closed]), name="cases_offer_closed"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="cases_offer_settled_when",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "made_at"], name="cases_offer_of_order"),
            models.Index(fields=["deadline_at"], name="cases_offer_due", condition=Q(state="open")),
        ]


class OfferedLine(models.Model):
    """A line of an offer, and what was chosen for it."""

    pk = models.CompositePrimaryKey("order_id", "offer_id", "position")
    order_id = models.BigIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, db_index=False, related_name="lines")
    position = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=16)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    expected_on = models.DateField(null=True)
    choice = models.CharField(max_length=10, blank=True)
    chosen_item_id = models.BigIntegerField(null=True)
    carried = models.DecimalField(max_digits=12, decimal_places=3, null=True)

    class Meta:
        db_table = "cases_offer_line"
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=["", *(each.value for each in Choice)]), name="cases_offer_line_choice"
            ),
        ]


class OfferedItem(models.Model):
    """An item that may be taken instead of a line's, at its price of the offer."""

    pk = models.CompositePrimaryKey("order_id", "offer_id", "position", "item_id")
    order_id = models.BigIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, db_index=False, related_name="items")
    position = models.SmallIntegerField()
    item_id = models.BigIntegerField()
    rank = models.SmallIntegerField()
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=16)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    difference = models.DecimalField(max_digits=14, decimal_places=4)
    held = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_offer_item"
