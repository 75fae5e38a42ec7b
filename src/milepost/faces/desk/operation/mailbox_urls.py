"""Addresses of the mailbox, under /mailbox/."""

from django.urls import path

from milepost.faces.desk.operation import mailbox

app_name = "mailbox"
urlpatterns = [
    path("", mailbox.messages, name="messages"),
    path("<str:reference>/", mailbox.message, name="message"),
    path("<str:reference>/letter.html", mailbox.letter, name="letter"),
]
