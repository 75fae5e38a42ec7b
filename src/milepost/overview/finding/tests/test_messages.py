"""The list of messages: what failed is found however much was sent since."""

import pytest

from milepost.ground.notices.models import Notice
from milepost.overview.finding import walking
from milepost.overview.finding.about_orders import messages
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.clause("NTF-5")
@pytest.mark.parametrize("text", ["", "kettle"])
def test_what_failed_is_found_behind_all_that_was_sent_since(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.stocked()
    cast.ordered(*[cast.draft() for _ in range(3)])
    told = list(Notice.objects.order_by("id").values_list("id", flat=True))
    Notice.objects.filter(id__in=told[:2]).update(state="failed", reason="failed", due_at=None)
    monkeypatch.setattr(walking, "WINDOW", 2)
    first = messages(state="failed", text=text, limit=1)
    rest = messages(state="failed", text=text, limit=1, after=first.next)
    assert {*first.ids, *rest.ids} == set(told[:2])
    assert rest.next is None
    assert messages(state="unknown", text=text).ids == []
