"""Addresses of customers who sign in, under /shop/."""

from django.urls import path

from milepost.faces.portal import browsers, preferences, shop, sign_in

app_name = "shop"
urlpatterns = [
    path("", shop.my_orders, name="orders"),
    path("sign-in/", sign_in.ask, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("preferences/", preferences.signed_in, name="preferences"),
    path("preferences/browser/", browsers.signed_in, name="preferences_browser"),
    path("orders/new/", shop.new, name="new"),
    path("orders/new/reckoning/", shop.reckoning, name="reckoning"),
    path("orders/new/items/", shop.items, name="items"),
    path("orders/<str:reference>/", shop.one, name="order"),
]
