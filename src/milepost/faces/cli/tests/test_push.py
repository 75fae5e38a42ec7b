"""Keys for pushes to browsers."""

import argparse
import base64

import pytest
from py_vapid import Vapid02

from milepost.faces.cli import push


@pytest.mark.clause("NTF-2")
def test_a_pair_of_keys_is_printed_that_belongs_together(capsys):
    assert push.push_keys(argparse.Namespace()) == 0
    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    public = base64.urlsafe_b64decode(lines["MILEPOST_VAPID_PUBLIC_KEY"] + "==")
    signed = Vapid02.from_string(lines["MILEPOST_VAPID_PRIVATE_KEY"]).sign(
        {"aud": "https://push.example", "sub": "mailto:a@b.example"}
    )
    assert (len(public), public[0]) == (65, 4)
    assert lines["MILEPOST_VAPID_PUBLIC_KEY"] in signed["Authorization"], (
        "the service is shown the key that browsers were given"
    )
