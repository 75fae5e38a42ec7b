"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from milepost.config.wiring import mail_from_providers

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="desk:my_desk"), name="home"),
    path("api/", include("milepost.faces.api.urls")),
    path("desk/", include("milepost.faces.desk.urls")),
    path("mailbox/", include("milepost.faces.desk.mailbox_urls")),
    path("t/", include("milepost.faces.portal.urls")),
    path("shop/", include("milepost.faces.portal.shop_urls")),
    path("accounts/", include("allauth.urls")),
    path("webhooks/mail/<slug:provider>/", mail_from_providers, name="mail_from_providers"),
]
