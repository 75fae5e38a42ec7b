"""The addresses of the API, for `path("api/", include("milepost.faces.api.urls"))`."""

from milepost.faces.api.api import api

urlpatterns, _, app_name = api.urls
urls = (urlpatterns, app_name)
