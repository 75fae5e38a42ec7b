"""The picture: land and borders, the way so far as dots and a line, the last place and the destination with their names. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from math import cos, radians
from pathlib import Path

from milepost.faces.portal.map.places import Spot

OUTLINES, HEAD = (Path(__file__).with_name(name) for name in ("outlines.txt", "head.svg"))
PER_DEGREE = 20
WIDTH, HEIGHT = 640.0, 320.0
ROOM = 0.22
LEAST = 7.0
"""The picture shows at least so many degrees from south to north, so that a way within a town is not drawn on an empty sheet."""
FAR = 3.0
HALF, WHOLE = 180.0, 360.0
LETTER = 8.5
"""About the width of a letter: enough to know on which side of a dot its name has room."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be drawn: the way of each parcel in the order of time, and where all go, if that is known."""

    ways: tuple[tuple[Spot, ...], ...]
    goes_to: Spot | None = None
    arrived: bool = False

    @property
    def spots(self) -> list[Spot]:
        """All spots, the destination last."""
        return [*(spot for way in self.ways for spot in way), *([self.goes_to] if self.goes_to else [])]

    @property
    def last(self) -> Spot:
        """Where news came from last."""
        return self.ways[0][-1]


@dataclass(frozen=True, slots=True)
class _View:
    """Which part of the earth is shown: the middle, and how many units one degree north is; east is shorter by the latitude."""

    longitude: float
    latitude: float
    scale: float

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point lies in the picture."""
        east = (longitude - self.longitude) * cos(radians(self.latitude)) * self.scale
        return WIDTH / 2 + east, HEIGHT / 2 - (latitude - self.latitude) * self.scale


def draw(sketch: Sketch, *, accent: str, accent_dark: str, title: str) -> str:
    """The picture as SVG, in light and dark by the reader's choice."""
    wraps = _wraps(sketch.spots)
    view = _view([_unrolled(spot, wraps=wraps) for spot in sketch.spots])
    parts = [
        _head().format(title=escape(title), accent=accent, dark=accent_dark, width=WIDTH, height=HEIGHT),
        *_ground(view), *_way(sketch, view, wraps=wraps), *_names(sketch, view, wraps=wraps),
        f'<text class="source" x="{WIDTH - 6:g}" y="{HEIGHT - 6:g}" text-anchor="end">Natural Earth, GeoNames</text></svg>',
    ]  # fmt: skip
    return "\n".join(parts)


def _wraps(spots: Sequence[Spot]) -> bool:
    """Whether the way is shorter across the date line."""
    longitudes = [spot.longitude for spot in spots]
    return max(longitudes) - min(longitudes) > HALF


def _unrolled(spot: Spot, *, wraps: bool) -> Point:
    return (spot.longitude + WHOLE if wraps and spot.longitude < 0 else spot.longitude), spot.latitude


def _view(points: Sequence[Point]) -> _View:
    east, north = [point[0] for point in points], [point[1] for point in points]
    longitude, latitude = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    shrink = max(cos(radians(latitude)), 0.2)
    tall = max(max(north) - min(north), LEAST)
    broad = max((max(east) - min(east)) * shrink, LEAST * WIDTH / HEIGHT)
    free = 1 - 2 * ROOM
    return _View(longitude, latitude, min(HEIGHT * free / tall, WIDTH * free / broad, HEIGHT / LEAST))


def _ground(view: _View) -> Iterator[str]:
    for kind, line in _outlines():
        for turn in (-WHOLE, 0.0, WHOLE):
            placed = _cut([view.place(longitude + turn, latitude) for longitude, latitude in line])
            if len(placed) > 1:
                path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in placed)
                yield f'<path class="{"land" if kind == "L" else "border"}" d="{path}{"Z" if kind == "L" else ""}"/>'


def _cut(points: Sequence[Point]) -> list[Point]:
    """A line without what lies far outside of the picture; nothing where none of it is near."""
    if not _near(points):
        return []
    held = [
        (min(max(x, -FAR * WIDTH), (1 + FAR) * WIDTH), min(max(y, -FAR * HEIGHT), (1 + FAR) * HEIGHT))
        for x, y in points
    ]
    return [point for place, point in enumerate(held) if place == 0 or _whole(point) != _whole(held[place - 1])]


def _near(points: Sequence[Point]) -> bool:
    return (
        min(x for x, _ in points) < WIDTH and max(x for x, _ in points) > 0
        and min(y for _, y in points) < HEIGHT and max(y for _, y in points) > 0
    )  # fmt: skip


def _whole(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _way(sketch: Sketch, view: _View, *, wraps: bool) -> Iterator[str]:
    for way in sketch.ways:
        placed = [view.place(*_unrolled(spot, wraps=wraps)) for spot in way]
        if len(placed) > 1:
            yield f'<polyline class="way" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in placed)}"/>'
        if sketch.goes_to and not sketch.arrived:
            (x, y), (to_x, to_y) = placed[-1], view.place(*_unrolled(sketch.goes_to, wraps=wraps))
            yield f'<line class="ahead" x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"/>'
        yield from (f'<circle class="stop" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>' for x, y in placed[:-1])
    if sketch.goes_to and not sketch.arrived:
        x, y = view.place(*_unrolled(sketch.goes_to, wraps=wraps))
        yield f'<circle class="goal" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'
    for way in sketch.ways:
        x, y = view.place(*_unrolled(way[-1], wraps=wraps))
        yield f'<circle class="here" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'


def _names(sketch: Sketch, view: _View, *, wraps: bool) -> Iterator[str]:
    here, goal = sketch.last, sketch.goes_to
    x, y = view.place(*_unrolled(here, wraps=wraps))
    above = True
    if goal and goal.name != here.name and not sketch.arrived:
        to_x, to_y = view.place(*_unrolled(goal, wraps=wraps))
        above = y <= to_y
        yield _name(goal.name, to_x, to_y, above=not above)
    yield _name(here.name, x, y, above=above)


def _name(name: str, x: float, y: float, *, above: bool) -> str:
    half = len(name) * LETTER / 2
    middle = min(max(x, half + 4), WIDTH - half - 4)
    return f'<text class="name" x="{middle:.1f}" y="{y + (-14 if above else 26):.1f}" text-anchor="middle">{escape(name)}</text>'


@cache
def _head() -> str:
    return HEAD.read_text(encoding="utf-8")


@cache
def _outlines() -> tuple[tuple[str, tuple[Point, ...]], ...]:
    lines = OUTLINES.read_text(encoding="utf-8").splitlines()
    return tuple((line[0], tuple(_points(line[2:]))) for line in lines if line[:2] in ("L ", "B "))


def _points(steps: str) -> Iterator[Point]:
    x = y = 0
    for place, step in enumerate(steps.split(" ")):
        east, _, north = step.partition(",")
        x, y = x + (_short(int(east)) if place else int(east)), y + int(north)
        yield x / PER_DEGREE, y / PER_DEGREE


def _short(east: int) -> int:
    """A step across the date line as the short one that it is."""
    turn = int(WHOLE) * PER_DEGREE
    return east - turn if east > turn // 2 else east + turn if east < -turn // 2 else east
