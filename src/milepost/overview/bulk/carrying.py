"""Carry one verb to a set of rows: what can be done is done, each of the others is refused with its own reason."""

from collections.abc import Sequence

from django.db import transaction

from milepost.kernel.acts import Act
from milepost.kernel.refusals import Refusal, Refused
from milepost.overview.bulk import rules
from milepost.overview.bulk.verbs import BulkVerb, Values, lock


def carry(verb: BulkVerb, keys: Sequence[str], values: Values, *, act: Act) -> dict[str, Refusal]:
    """Carry the verb to these rows, within a transaction; return the refused ones with their reasons.

    The rows are locked first, so nothing changes between the look and the verb.
    """
    lock(verb.listing, keys)
    refused = verb.certain(keys, values, act)
    rest = [key for key in keys if key not in refused]
    return refused | _carry_rest(verb, rest, values, act)


def _carry_rest(verb: BulkVerb, keys: Sequence[str], values: Values, act: Act) -> dict[str, Refusal]:
    """All at once; where the command refuses, without those it names, and where it names none, in halves."""
    if not keys:
        return {}
    try:
        with transaction.atomic():
            verb.perform(keys, values, act)
    except Refused as no:
        if len(keys) == 1:
            return {keys[0]: no.refusals[0]}
        named = rules.told_apart(keys, no.refusals)
        parts = [[key for key in keys if key not in named]] if named else rules.halves(keys)
        refused = dict(named)
        for part in parts:
            refused |= _carry_rest(verb, part, values, act)
        return refused
    return {}
