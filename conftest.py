"""What every test may ask for. Tests of rules ask for nothing and need no PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from milepost.config.server import disconnect
from milepost.plugs.postgres import bins, databases, for_tests
from milepost.plugs.postgres.cluster import Cluster

hypothesis_settings.register_profile("milepost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("milepost")

CHEAP = "django.contrib.auth.hashers.MD5PasswordHasher"
"""For the passwords of tests: the real one takes half a second each time."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the PostgreSQL that all tests of this run share."""
    with for_tests.server() as url:
        yield url


@pytest.fixture(scope="session")
def django_db_setup(server: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own copy of the migrated template; child processes find it in DATABASE_URL."""
    with for_tests.copy(server, "own") as url, pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        name = databases.name_in(url)
        patch.setenv("DATABASE_URL", url)
        patch.setitem(settings.DATABASES["default"], "NAME", name)
        patch.setitem(connections["default"].settings_dict, "NAME", name)
        patch.setattr(settings, "PASSWORD_HASHERS", [CHEAP])
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _restore(server, name))
        yield
        disconnect()


@pytest.fixture
def fresh_database(server: str) -> Iterator[str]:
    """The address of a migrated database of its own, for tests that start real processes (`DATABASE_URL`)."""
    with for_tests.copy(server, "fresh") as url:
        yield url


@pytest.fixture
def durable_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A running cluster of its own that keeps what it committed, for tests that kill PostgreSQL."""
    programs = bins.Programs(Path(chosen)) if (chosen := os.environ.get("MILEPOST_TEST_PG")) else bins.embedded()
    cluster = Cluster(tmp_path / "postgres", programs)
    with cluster.running():
        yield cluster


def _restore(server: str, name: str) -> None:
    """After a test with real commits: the template again, instead of emptied tables without the shipped procedures."""
    from milepost.way.intake.numbers import forget_numbers

    disconnect()
    databases.copy(server, template=for_tests.template(server), name=name)
    forget_numbers()
