"""What a shop may write about silence and delay, and what is refused with its place."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from milepost.ground.procedures import defaults
from milepost.ground.procedures.rules import read
from milepost.kernel.refusals import Refused

SHIPPED = next(one.body for one in defaults.documents() if one.kind == "silence")


@pytest.mark.clause("EXC-1")
def test_thresholds_stages_allowances_and_signs_are_data() -> None:
    body = deepcopy(dict(SHIPPED))
    body["stages"]["ready_for_pickup"] = {"hours": 72, "abroad_hours": 72, "rest_percent": 5}
    body["signs"]["label_never_activated"]["cause"] = "carrier"
    policy = read("silence", body)
    assert policy.hours("ready_for_pickup").hours == 72
    assert policy.hours("returning") is None, "a stage that is not named is not watched"
    assert policy.sign("label_never_activated").cause == "carrier"
    assert policy.allowance("force_majeure") == policy.allowance("unknown")


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda body: body["signs"]["stalled"].update(cause="moon"), "signs.stalled.cause"),
        (lambda body: body["signs"].pop("customs"), "the whole"),
        (lambda body: body["signs"].update(guessed={"says": "?"}), "signs.guessed.[key]"),
        (lambda body: body["stages"].update(lost=body["stages"]["shipped"]), "stages.lost.[key]"),
        (lambda body: body["stages"]["shipped"].update(hours=90), "stages.shipped"),
        (lambda body: body["allowances"].pop("unknown"), "the whole"),
        (lambda body: body["allowances"]["weather"].update(days=[3, 1]), "allowances.weather"),
        (lambda body: body.update(percentile=42), "percentile"),
        (lambda body: body.update(miss_ends_at=90), "the whole"),
        (lambda body: body.update(least_sample=3), "least_sample"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(spoil: Callable[[dict[str, Any]], object], place: str) -> None:
    body = deepcopy(dict(SHIPPED))
    spoil(body)
    with pytest.raises(Refused) as caught:
        read("silence", body)
    assert [(refusal.code, refusal.field) for refusal in caught.value.refusals] == [("bad_document", place)]
