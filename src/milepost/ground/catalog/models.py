"""Rows of items and what may stand in for them."""

from django.db import models
from django.db.models import F, Q


class Item(models.Model):
    """Something that can be ordered under its code. The database reckons `words` from code and name."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=16)
    price = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    active = models.BooleanField(default=True)
    usual_max = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    supplier = models.ForeignKey("parties.Supplier", on_delete=models.PROTECT, null=True, blank=True)
    listed_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_item"
        constraints = [
            models.CheckConstraint(name="catalog_item_price_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(name="catalog_item_currency_iso", condition=Q(currency__regex="^[A-Z]{3}$")),
            models.CheckConstraint(
                name="catalog_item_usual_max_positive", condition=Q(usual_max__isnull=True) | Q(usual_max__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Substitute(models.Model):
    """An item that may stand in for another; the lowest rank is offered first."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="substitutes")
    stand_in = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="stands_in_for")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "catalog_substitute"
        constraints = [
            models.UniqueConstraint(name="catalog_substitute_once", fields=["item", "stand_in"]),
            models.CheckConstraint(name="catalog_substitute_other", condition=~Q(item=F("stand_in"))),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} by {self.stand_in_id}"
