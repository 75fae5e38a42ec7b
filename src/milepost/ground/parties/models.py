"""Rows of customers, suppliers and carriers."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from milepost.ground.parties.words import ConsentClass, ConsentSource, StopReason


class Customer(models.Model):
    """Somebody who orders. Personal data lives here and in order requests, never in facts.

    Beside these columns the table has `words`, by which they are found: the database reckons it from name and address.
    """

    id = models.BigAutoField(primary_key=True)
    external_ref = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_because = models.TextField(blank=True)
    credit_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    credit_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "parties_customer"
        constraints = [
            models.CheckConstraint(name="parties_customer_email_lower", condition=Q(email=Lower(F("email")))),
            models.CheckConstraint(
                name="parties_customer_credit",
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0) & Q(credit_currency__regex="^[A-Z]{3}$"),
            ),
            models.UniqueConstraint(
                name="parties_customer_ref", fields=["external_ref"], condition=~Q(external_ref="")
            ),
            models.UniqueConstraint(
                name="parties_customer_email_alone", fields=["email"], condition=Q(external_ref="") & ~Q(email="")
            ),
        ]
        indexes = [
            models.Index(name="parties_customer_email", fields=["email"], condition=~Q(email="")),
            models.Index(name="parties_customer_phone", fields=["phone"], condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return f"customer:{self.pk}"


class Supplier(models.Model):
    """A firm that we order supply from."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=16, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "parties_supplier"

    def __str__(self) -> str:
        return self.code


class Carrier(models.Model):
    """A firm that carries our parcels, or our own drivers."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    in_house = models.BooleanField(default=False)
    tracking_url = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "parties_carrier"

    def __str__(self) -> str:
        return self.code


class Consent(models.Model):
    """What a customer said of one class of messages on one channel. Append-only, which the database keeps: the last row counts."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    consent_class = models.CharField(max_length=16)
    channel = models.CharField(max_length=12)
    given = models.BooleanField()
    source = models.CharField(max_length=16)
    wording_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        db_table = "parties_consent"
        constraints = [
            models.CheckConstraint(
                name="parties_consent_class", condition=Q(consent_class__in=[one.value for one in ConsentClass])
            ),
            models.CheckConstraint(
                name="parties_consent_source", condition=Q(source__in=[one.value for one in ConsentSource])
            ),
            models.CheckConstraint(name="parties_consent_channel", condition=~Q(channel="")),
        ]
        indexes = [
            models.Index(name="parties_consent_last", fields=["customer", "consent_class", "channel", "-id"]),
        ]

    def __str__(self) -> str:
        return f"consent:{self.pk}"


class ChannelStop(models.Model):
    """An address to which nothing goes on a channel until `lifted_at`. `key` finds it, however a phone number is written."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=254)
    key = models.CharField(max_length=254)
    reason = models.CharField(max_length=16)
    detail = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField()
    stopped_by = models.CharField(max_length=64)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)
    lifted_because = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "parties_channel_stop"
        constraints = [
            models.UniqueConstraint(
                name="parties_channel_stop_one", fields=["channel", "key", "address"], condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="parties_channel_stop_reason", condition=Q(reason__in=[one.value for one in StopReason])
            ),
            models.CheckConstraint(name="parties_channel_stop_address", condition=~Q(address="") & ~Q(key="")),
        ]
        indexes = [
            models.Index(
                name="parties_channel_stop_newest", fields=["-stopped_at", "-id"], condition=Q(lifted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"channel_stop:{self.pk}"
