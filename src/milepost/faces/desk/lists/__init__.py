"""The lists of the desk, by name."""

from milepost.faces.desk.lists.customers import CUSTOMERS
from milepost.faces.desk.lists.exceptions import EXCEPTIONS
from milepost.faces.desk.lists.items import ITEMS
from milepost.faces.desk.lists.messages import MESSAGES
from milepost.faces.desk.lists.orders import ORDERS
from milepost.faces.desk.lists.requests import REQUESTS
from milepost.faces.desk.lists.shipments import SHIPMENTS
from milepost.faces.desk.lists.views import view_of
from milepost.faces.desk.lists.words import Listing

LISTINGS: dict[str, Listing] = {
    one.name: one for one in (ORDERS, REQUESTS, SHIPMENTS, EXCEPTIONS, CUSTOMERS, ITEMS, MESSAGES)
}

__all__ = ["LISTINGS", "Listing", "view_of"]
