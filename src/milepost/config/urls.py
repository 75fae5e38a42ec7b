"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="desk:my_desk"), name="home"),
    path("api/", include("milepost.faces.api.urls")),
    path("desk/", include("milepost.faces.desk.urls")),
    path("mailbox/", include("milepost.faces.desk.mailbox_urls")),
    path("t/", include("milepost.faces.portal.urls")),
    path("accounts/", include("allauth.urls")),
]
