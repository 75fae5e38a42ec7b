"""Addresses of the portal, under /t/."""

from django.urls import path

from milepost.faces.portal import alternatives, correction, questions, views

app_name = "portal"
urlpatterns = [
    path("alternatives/<str:token>/", alternatives.alternatives, name="alternatives"),
    path("questions/<str:token>/", questions.questions, name="questions"),
    path("feedback/<str:token>/", views.feedback_page, name="feedback_page"),
    path("<str:token>/", views.track, name="track"),
    path("<str:token>/details/", correction.correction, name="correction"),
    path("<str:token>/feedback/", views.feedback, name="feedback"),
    path("<str:token>/acceptance/", views.accept, name="accept"),
    path("<str:token>/complaints/", views.complain, name="complain"),
]
