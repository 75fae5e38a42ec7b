"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from milepost.config.wiring import mail_from_providers
from milepost.faces.api.receipts import receive as receive_receipt
from milepost.faces.portal.browsers import worker
from milepost.faces.portal.lookup import lookup

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="desk:my_desk"), name="home"),
    path("api/", include("milepost.faces.api.urls")),
    path("desk/", include("milepost.faces.desk.urls")),
    path("mailbox/", include("milepost.faces.desk.operation.mailbox_urls")),
    path("t/", include("milepost.faces.portal.urls")),
    path("track/", lookup, name="lookup"),
    path("brand/", include("milepost.faces.look.urls")),
    path("shop/", include("milepost.faces.portal.shop_urls")),
    path("push-worker.js", worker, name="push_worker"),
    path("accounts/", include("milepost.faces.desk.staff.account_urls")),
    path("webhooks/mail/<slug:provider>/", mail_from_providers, name="mail_from_providers"),
    path("webhooks/receipts/<slug:source>/", receive_receipt, name="receipts"),
]
