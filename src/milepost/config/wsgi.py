"""The web process's way in."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.config.settings")

from django.core.handlers.wsgi import WSGIHandler

from milepost.config.starting import set_up

set_up()
application = WSGIHandler()
