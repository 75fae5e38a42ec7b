"""Facts: frozen records of what happened, in the past tense, holding ids and values but never personal data."""

from dataclasses import dataclass, is_dataclass
from typing import Any, ClassVar

import orjson

_KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What happened. A subclass names its `stream`, the chain it joins, and `says`, its sentence for people.

    Values are ints, strings, booleans, Decimals, dates, aware datetimes, UUIDs, enums, and tuples or frozen dataclasses of
    these; floats are out, because the hash chain needs one spelling of each value.
    """

    stream: ClassVar[str]
    says: ClassVar[str]
    opens: ClassVar[bool] = False
    """Whether it is the first fact of its stream, so that no head of a chain need be looked for."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _KINDS[cls.__name__] = cls

    @property
    def stream_id(self) -> int:
        """Which chain of the stream this fact joins."""
        raise NotImplementedError

    def data(self) -> bytes:
        """The fact's values as canonical JSON: sorted keys, instants in UTC, decimals as strings."""
        return canonical(self)


@dataclass(frozen=True, kw_only=True)
class OrderFact(Fact):
    """A fact of one order; nearly all are."""

    stream: ClassVar[str] = "order"
    says: ClassVar[str] = ""
    order_id: int

    @property
    def stream_id(self) -> int:
        return self.order_id


def canonical(value: Any) -> bytes:
    """One spelling of a value as JSON; the same bytes come back after a round trip through jsonb."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS)


def _plain(value: Any) -> Any:
    """A dataclass as its values, so that its keys are sorted as well; anything else as it is written."""
    return vars(value) if is_dataclass(value) else str(value)


def kinds() -> dict[str, type[Fact]]:
    """All kinds of facts that the rooms have declared, by name."""
    return dict(_KINDS)


def sentence(kind: str, data: dict[str, Any]) -> str:
    """The fact in one plain sentence; an unknown kind is named as it stands."""
    known = _KINDS.get(kind)
    if known is None:
        return kind
    return known.says.format_map(_Blank(data))


class _Blank(dict[str, Any]):
    """Values for a sentence; an older fact without a newer field reads with a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
