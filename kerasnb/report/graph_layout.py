"""Where the layers of a model stand when it is drawn: rows along the data, few crossings, straight main lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Cell", "Edge", "Layout", "Point", "Wire", "arrange"]

WIDTH, HEIGHT = 204, 46
COLUMN_GAP, ROW_GAP, WIRE_WIDTH = 40, 16, 8
_SWEEPS = 8
_STILL = 0.25  # px
# a line between two layers, or along a passing wire, is kept straight before one where a wire leaves a layer
_STRAIGHT, _LOOSE = 8.0, 1.0

Point = tuple[int, int]
Edge = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """The room of one layer and the gaps to the next ones, in px."""

    width: int = WIDTH
    height: int = HEIGHT
    column_gap: int = COLUMN_GAP
    row_gap: int = ROW_GAP

    @property
    def pitch(self) -> int:
        """From the top of one row to that of the next, in pixels."""
        return self.height + self.row_gap

    def width_of(self, item: Hashable) -> int:
        """What an item of a row takes; a tuple is a wire that passes."""
        return WIRE_WIDTH if isinstance(item, tuple) else self.width


@dataclass(frozen=True)
class Wire:
    """A connection as drawn: level and upright legs, and the point where a layer can be put in."""

    points: tuple[Point, ...]
    middle: Point


@dataclass(frozen=True)
class Layout:
    """Upper left corners of the layers and the course of the wires, in px; the origin is the upper left."""

    positions: dict[str, Point]
    wires: dict[Edge, Wire]
    width: int
    height: int


def arrange(names: Sequence[str], edges: Sequence[Edge], cell: Cell | None = None) -> Layout:
    """Lay out a graph; each layer stands in a row below everything it reads.

    A layer that is used twice may read what it has made: the edge that closes such a circle is laid out the other way
    round, and its wire runs upwards.

    Args:
        cell: the room of each layer; by default that of a card.

    Source: Sugiyama, Tagawa, Toda 1981, doi:10.1109/TSMC.1981.4308636 (rows, then order, then places).
    """
    cell = cell or Cell()
    upward = _closing(names, edges)
    downward = [_turned(edge) if edge in upward else edge for edge in edges if edge[0] != edge[1]]
    laid = _laid_out(names, list(dict.fromkeys(downward)), cell)
    wires = {edge: _found_wire(edge, laid, edge in upward, cell) for edge in edges}
    width = max([laid.width, *(across for wire in wires.values() for across, _ in wire.points)])
    return Layout(laid.positions, wires, width, laid.height)


def _laid_out(names: Sequence[str], edges: Sequence[Edge], cell: Cell) -> Layout:
    ranks = _ranks(names, edges)
    chains = {edge: _chain(edge, ranks) for edge in edges}
    links = [pair for chain in chains.values() for pair in zip(chain, chain[1:], strict=False)]
    rows = _first_order(names, links, {**ranks, **{item: item[2] for chain in chains.values() for item in chain[1:-1]}})
    above, below = _neighbours(links)
    rows = _with_few_crossings(rows, above, below)
    centers = _places(rows, above, below, cell)
    return _drawn(names, chains, ranks, centers, cell)


def _turned(edge: Edge) -> Edge:
    return edge[1], edge[0]


def _found_wire(edge: Edge, laid: Layout, is_upward: bool, cell: Cell) -> Wire:
    if edge[0] == edge[1]:
        return _loop(laid.positions[edge[0]], cell)
    if not is_upward:
        return laid.wires[edge]
    wire = laid.wires[_turned(edge)]
    return Wire(wire.points[::-1], wire.middle)


def _loop(corner: Point, cell: Cell) -> Wire:
    """The wire of a layer that reads itself: out of its right side and in again above."""
    edge, out = corner[0] + cell.width, corner[0] + cell.width + cell.column_gap // 3
    low, high = corner[1] + 3 * cell.height // 4, corner[1] + cell.height // 4
    return Wire(((edge, low), (out, low), (out, high), (edge, high)), (out, (low + high) // 2))


def _closing(names: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """The edges that lead back to where a walk down from the inputs came from."""
    above, below = _neighbours(edges)
    is_open: dict[str, bool] = {}  # on the way from the start, or done with
    closing: set[Edge] = set()
    # from layers that read nothing, so that a circle is opened where data comes into it, not somewhere on its way
    for start in sorted(names, key=lambda name: name in above):
        way = [] if start in is_open else [(start, iter(below.get(start, ())))]
        is_open.setdefault(start, True)
        while way:
            name, targets = way[-1]
            target = next(targets, None)
            if target is None:
                is_open[name] = False
                way.pop()
            elif target not in is_open:
                is_open[target] = True
                way.append((target, iter(below.get(target, ()))))
            elif is_open[target]:
                closing.add((name, target))
    return closing


def _ranks(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Rows by the longest way from an input; an input that is read late stands just above its reader."""
    above, below = _neighbours(edges)
    waiting = {name: len(above.get(name, ())) for name in names}
    ready = [name for name in names if not waiting[name]]
    ranks = dict.fromkeys(names, 0)
    for name in ready:
        for target in below.get(name, ()):
            ranks[target] = max(ranks[target], ranks[name] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for name in names:
        if name not in above and name in below:
            # so its wire is short, instead of passing the whole model
            ranks[name] = min(ranks[target] for target in below[name]) - 1
    return ranks


def _chain(edge: Edge, ranks: dict[str, int]) -> list:
    """The edge as steps from row to row; in rows that it passes it holds a place of its own."""
    source, target = edge
    return [source, *((source, target, rank) for rank in range(ranks[source] + 1, ranks[target])), target]


def _neighbours(links: Sequence[tuple]) -> tuple[dict, dict]:
    above: dict[Hashable, list] = {}
    below: dict[Hashable, list] = {}
    for source, target in links:
        above.setdefault(target, []).append(source)
        below.setdefault(source, []).append(target)
    return above, below


def _first_order(names: Sequence[str], links: Sequence[tuple], ranks: dict) -> list[list]:
    """Rows filled by walking down from the inputs, so that what belongs together starts together."""
    above, below = _neighbours(links)
    rows: list[list] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    seen: set = set()
    stack = [name for name in reversed(names) if name not in above]
    while stack:
        item = stack.pop()
        if item not in seen:
            seen.add(item)
            rows[ranks[item]].append(item)
            stack.extend(reversed(below.get(item, ())))
    return rows


def _with_few_crossings(rows: list[list], above: dict, below: dict) -> list[list]:
    best, fewest = rows, _crossings(rows, below)
    # down by what is above, up by what is below: each way mends crossings that the other cannot see
    for sweep in range(_SWEEPS if fewest else 0):
        rows = _swept(rows, above if sweep % 2 == 0 else below, downwards=sweep % 2 == 0)
        crossings = _crossings(rows, below)
        # a sweep may make it worse, so the best order is remembered
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _swept(rows: list[list], neighbours: dict, downwards: bool) -> list[list]:
    """Every row sorted by the median place of its neighbours in the row before."""
    rows = [list(row) for row in rows]
    order = range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1)
    for index in order:
        row = rows[index]
        place = {item: at for at, item in enumerate(rows[index - 1 if downwards else index + 1])}
        own = {item: at for at, item in enumerate(row)}
        row.sort(
            key=lambda item: median(
                [place[other] for other in neighbours.get(item, ()) if other in place] or [own[item]]
            )
        )
    return rows


def _crossings(rows: list[list], below: dict) -> int:
    count = 0
    for upper, lower in zip(rows, rows[1:], strict=False):
        place = {item: at for at, item in enumerate(lower)}
        ends = [place[other] for item in upper for other in sorted(below.get(item, ()), key=place.__getitem__)]
        count += sum(later < end for at, end in enumerate(ends) for later in ends[at + 1 :])
    return count


def _places(rows: list[list], above: dict, below: dict, cell: Cell) -> dict:
    """The centre of each item: as near to its neighbours as its row's order allows."""
    centers: dict = {}
    for row in rows:
        offsets = _offsets(row, cell)
        centers.update({item: offset - offsets[-1] / 2 for item, offset in zip(row, offsets, strict=True)})
    for _ in range(_SWEEPS):
        before = list(centers.values())
        for row in (*rows, *reversed(rows)):
            _settle(row, centers, above, below, cell)
        if all(abs(one - other) < _STILL for one, other in zip(before, centers.values(), strict=True)):
            break
    _straighten(rows, centers, _lines(above, below), cell)
    return centers


def _lines(above: dict, below: dict) -> list[list]:
    """Runs of layers, and of a wire's places, that follow each other without fork or join."""

    def only(item: Hashable, others: dict) -> Hashable | None:
        alike = [other for other in others.get(item, ()) if _weight(item, other) == _STRAIGHT]
        return alike[0] if len(alike) == 1 else None

    following = {item: only(item, below) for item in below}
    following = {item: other for item, other in following.items() if other is not None and only(other, above) == item}
    later = set(following.values())
    starts = [item for item in following if item not in later]
    lines = []
    for item in starts:
        line = [item]
        while line[-1] in following:
            line.append(following[line[-1]])
        lines.append(line)
    return lines


def _straighten(rows: list[list], centers: dict, lines: list[list], cell: Cell) -> None:
    """Put each run on one upright line where its rows leave room for that."""
    beside = {}
    for row in rows:
        offsets = _offsets(row, cell)
        for at, item in enumerate(row):
            before = (row[at - 1], offsets[at] - offsets[at - 1]) if at else None
            after = (row[at + 1], offsets[at + 1] - offsets[at]) if at + 1 < len(row) else None
            beside[item] = before, after
    for line in lines:
        lowest = max(
            (centers[before[0]] + before[1] for item in line if (before := beside[item][0])), default=float("-inf")
        )
        highest = min(
            (centers[after[0]] - after[1] for item in line if (after := beside[item][1])), default=float("inf")
        )
        if lowest <= highest:
            wanted = sum(centers[item] for item in line) / len(line)
            centers.update(dict.fromkeys(line, min(max(wanted, lowest), highest)))


def _settle(row: list, centers: dict, above: dict, below: dict, cell: Cell) -> None:
    wishes, weights = [], []
    for item in row:
        pulls = [(_weight(item, other), centers[other]) for other in (*above.get(item, ()), *below.get(item, ()))]
        weight = sum(strength for strength, _ in pulls) or _LOOSE
        wishes.append(sum(strength * place for strength, place in pulls) / weight if pulls else centers[item])
        weights.append(weight)
    offsets = _offsets(row, cell)
    # with the least distances taken off, `stand apart` becomes `never fall`, for which the nearest is known exactly
    free = _nearest_rising([wish - offset for wish, offset in zip(wishes, offsets, strict=True)], weights)
    centers.update({item: place + offset for item, place, offset in zip(row, free, offsets, strict=True)})


def _weight(one: Hashable, other: Hashable) -> float:
    return _STRAIGHT if isinstance(one, tuple) == isinstance(other, tuple) else _LOOSE


def _offsets(row: list, cell: Cell) -> list[float]:
    """How far each item must stand from the first, at least."""
    offsets, at = [], 0.0
    for index, item in enumerate(row):
        if index:
            at += (cell.width_of(row[index - 1]) + cell.width_of(item)) / 2 + cell.column_gap
        offsets.append(at)
    return offsets


def _nearest_rising(wishes: list[float], weights: list[float]) -> list[float]:
    """The sequence nearest to the wishes (weighted squares) that never falls: pool adjacent violators."""
    blocks: list[list[float]] = []  # mean, weight, count
    for wish, weight in zip(wishes, weights, strict=True):
        blocks.append([wish, weight, 1])
        # neighbours that would change places share their weighted mean.
        # Source: Ayer et al. 1955, doi:10.1214/aoms/1177728423 (isotonic regression)
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight, count = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * weight) / (last[1] + weight)
            last[1], last[2] = last[1] + weight, last[2] + count
    return [mean for mean, _, count in blocks for _ in range(int(count))]


def _drawn(names: Sequence[str], chains: dict, ranks: dict[str, int], centers: dict, cell: Cell) -> Layout:
    left = min((centers[item] - cell.width_of(item) / 2 for item in centers), default=0)
    right = max((centers[item] + cell.width_of(item) / 2 for item in centers), default=0)
    column = {item: round(center - left) for item, center in centers.items()}
    fan_in = Counter(target for _, target in chains)
    wires = {edge: _wire(chain, column, ranks[edge[0]], fan_in[edge[1]] > 1, cell) for edge, chain in chains.items()}
    positions = {name: (column[name] - cell.width // 2, ranks[name] * cell.pitch) for name in names}
    height = (max(ranks.values(), default=0) + 1) * cell.pitch - cell.row_gap
    return Layout(positions, wires, round(right - left), height)


def _wire(chain: list, column: dict, rank: int, is_joined: bool, cell: Cell) -> Wire:
    points = [(column[chain[0]], rank * cell.pitch + cell.height)]
    for step, item in enumerate(chain[1:]):
        level = (rank + step) * cell.pitch + cell.height + cell.row_gap // 2
        points += [(points[-1][0], level), (column[item], level)]
    points.append((column[chain[-1]], (rank + len(chain) - 1) * cell.pitch))
    passed = chain[1:-1]
    if passed:
        middle = column[passed[len(passed) // 2]], (rank + 1 + len(passed) // 2) * cell.pitch + cell.height // 2
    else:
        middle = column[chain[0] if is_joined else chain[1]], rank * cell.pitch + cell.height + cell.row_gap // 2
    return Wire(tuple(_cornered(points)), middle)


def _cornered(points: list[Point]) -> list[Point]:
    """The same line without points that lie on a straight leg."""
    kept = points[:1]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if here != kept[-1] and not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, points[-1]]
