"""A run of tests keeps the template that it began with."""

import psycopg
import pytest

from milepost.plugs.postgres import databases, for_tests


def test_edits_of_the_source_and_other_runs_do_not_reach_a_run_that_has_begun(server, monkeypatch):
    before = for_tests.template(server)
    monkeypatch.setattr(for_tests, "_fingerprint", lambda: "edited")
    monkeypatch.setattr(for_tests, "_build", lambda *_: pytest.fail("the template was built anew"))
    with for_tests.copy(server, "later") as url, psycopg.connect(url) as copied:
        assert copied.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
    assert for_tests.template(server) == before


def test_a_run_s_template_is_its_own(server):
    name = for_tests.template(server)
    assert not name.startswith(for_tests.TEMPLATE), "another run may drop the shared ones"
    with psycopg.connect(databases.address(server, databases.MAINTENANCE)) as held:
        assert held.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
