"""Addresses of the portal, under /t/."""

from django.urls import path

from milepost.faces.portal import views

app_name = "portal"
urlpatterns = [
    path("feedback/<str:token>/", views.feedback_page, name="feedback_page"),
    path("<str:token>/", views.track, name="track"),
    path("<str:token>/feedback/", views.feedback, name="feedback"),
    path("<str:token>/acceptance/", views.accept, name="accept"),
    path("<str:token>/complaints/", views.complain, name="complain"),
]
