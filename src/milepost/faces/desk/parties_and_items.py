"""The page of a customer and the page of an item: what a row of their lists leads to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.faces.desk import customer_page, item_page, who


@who.needs("customers.read")
@require_safe
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who a customer is, what we have with them, and what they were told."""
    page = customer_page.gather(customer_id, now=timezone.now()) if customer_id < 2**63 else None
    if page is None:
        raise Http404
    return render(request, "desk/customer.html", {"page": page, "customer": page.card})


@who.needs("stock.read")
@require_safe
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """What there is of an item, who waits for it, and what is to come."""
    page = item_page.gather(item_id) if item_id < 2**63 else None
    if page is None:
        raise Http404
    return render(request, "desk/item.html", {"page": page, "item": page.card})
