"""Addresses of the brand, under /brand/: everybody's."""

from django.urls import path

from milepost.faces.look import brand

app_name = "brand"
urlpatterns = [path("colours.css", brand.colours, name="colours"), path("logo", brand.logo, name="logo")]
