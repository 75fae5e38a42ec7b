"""Addresses of the portal, under /t/."""

from django.urls import path

from milepost.faces.portal import (
    alternatives,
    browsers,
    correction,
    files,
    languages,
    opening,
    papers,
    preferences,
    questions,
    talking,
    unsubscribing,
    views,
)

app_name = "portal"
urlpatterns = [
    path("language/", languages.choose, name="language"),
    path("alternatives/<str:token>/", alternatives.alternatives, name="alternatives"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribing, name="unsubscribe"),
    path("preferences/<str:token>/", preferences.by_link, name="preferences"),
    path("preferences/<str:token>/browser/", browsers.of_customer, name="preferences_browser"),
    path("questions/<str:token>/", questions.questions, name="questions"),
    path("feedback/<str:token>/", views.feedback_page, name="feedback_page"),
    path("<str:token>/", views.track, name="track"),
    path("<str:token>/browser/", browsers.of_order, name="browser"),
    path("<str:token>/confirmation.pdf", papers.confirmation, name="confirmation_paper"),
    path("<str:token>/delivery-notes/<int:number>.pdf", papers.delivery_note, name="delivery_note_paper"),
    path("<str:token>/delivery.ics", files.delivery, name="calendar"),
    path("<str:token>/map.svg", files.way, name="map"),
    path("<str:token>/code/", opening.code, name="code"),
    path("<str:token>/messages/", talking.messages, name="messages"),
    path("<str:token>/details/", correction.correction, name="correction"),
    path("<str:token>/feedback/", views.feedback, name="feedback"),
    path("<str:token>/acceptance/", views.accept, name="accept"),
    path("<str:token>/complaints/", views.complain, name="complain"),
]
