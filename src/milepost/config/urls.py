"""Every address of the house."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("accounts/", include("allauth.urls"))]

# While the faces are being built.
for prefix, module in {
    "api/": "milepost.faces.api.urls", "desk/": "milepost.faces.desk.urls", "mailbox/": "milepost.faces.desk.mailbox_urls",
    "t/": "milepost.faces.portal.urls",
}.items():
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
