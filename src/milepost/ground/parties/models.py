"""Rows of customers, suppliers and carriers."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class Customer(models.Model):
    """Somebody who orders. Personal data lives here and in order requests, never in facts."""

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
