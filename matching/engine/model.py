"""The linear model of an instance in HiGHS: a relaxation over a growing pool of people, or a whole integer program.

Columns are ``x`` (a pair is chosen) and ``y`` (a person is responsible for a need), with ``y <= sum of the person's x``
row by row, the strong form of facility location (Cornuéjols, Nemhauser and Wolsey 1990). HiGHS minimizes, so costs are
negated points and row duals change their sign on the way out.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from matching.engine.clock import Clock
from matching.engine.eligibility import Rows
from matching.engine.instance import Cut, Floats, Instance, Placement, whole_points
from matching.engine.pricing import Duals, grid_bits

INFINITY = highspy.kHighsInf
MISSING_UNIT = 20_000.0  # points at least for one person or holder too few: more than a person is worth
MISSING_DOLLAR = 20.0  # points for a dollar above the budget
PRIMAL, DUAL = 4, 1  # HiGHS's numbers of its simplex strategies
FEASIBLE_POINT = 2  # HiGHS's number of "a feasible point is at hand"
SHORTEST_RUN = 0.01  # seconds: HiGHS reads a limit of zero as an error
LIMIT_SHARE = 0.95  # of the time left for an integer program: HiGHS notices its end late


class _Entries:
    """Coefficients of new columns, gathered row by row and handed over column by column."""

    def __init__(self) -> None:
        self._columns: list[NDArray[np.intp]] = []
        self._rows: list[NDArray[np.intp]] = []
        self._values: list[Floats] = []

    def put(self, columns: NDArray[np.intp], rows: NDArray[np.intp] | int, values: Floats | float) -> None:
        self._columns.append(columns)
        self._rows.append(np.broadcast_to(np.asarray(rows, np.intp), columns.shape))
        self._values.append(np.broadcast_to(np.asarray(values, np.float64), columns.shape))

    def by_column(self, width: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
        """(starts, rows, values) as HiGHS wants them: starts without the final count."""
        columns = np.concatenate(self._columns)
        order = np.argsort(columns, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=width))])[:-1]
        rows = np.concatenate(self._rows)[order]
        return starts.astype(np.int32), rows.astype(np.int32), np.concatenate(self._values)[order]


class Model:
    """One warm HiGHS object. The relaxation carries elastic columns, so that it always has a solution."""

    def __init__(self, instance: Instance, *, integer: bool = False) -> None:
        self._integer = integer
        self._seats, self._needs = len(instance.seats), len(instance.needs)
        self._bits = grid_bits(instance.budget)
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._first_run, self._scored = True, True
        self._columns, self._costs = 0, [np.zeros(0)]
        self._elastic: list[int] = []
        self._penalty: list[float] = []
        self._pool = np.zeros(0, np.int32)
        self._pair_row, self._pair_seat = [np.zeros(0, np.int32)], [np.zeros(0, np.intp)]
        self._pair_column = [np.zeros(0, np.intp)]
        self._person_row: list[int] = []
        self._person_of_row: list[int] = []
        self._cuts: list[tuple[int, Cut]] = []

        least = [float(seat.least) for seat in instance.seats]
        counts = [float(need.count) if need.count else -INFINITY for need in instance.needs]
        self._cover_row, self._budget_row = self._seats + self._needs, self._seats + 2 * self._needs
        lower = [*least, *([-INFINITY] * self._needs), *counts, -INFINITY]
        upper = [float(seat.most) for seat in instance.seats]
        upper += [1.0] * self._needs + [INFINITY] * self._needs + [float(instance.budget)]
        largest = max((float(np.abs(seat.value).max(initial=0.0)) for seat in instance.seats), default=0.0)
        self._missing = max(MISSING_UNIT, 3 * largest)
        self._rows = 0
        self._add_rows(np.array(lower), np.array(upper))
        for seat in range(self._seats):
            self._make_elastic(seat, 1.0, self._missing, 1.0)
        for position, need in enumerate(instance.needs):
            if need.count:
                self._make_elastic(self._cover_row + position, 1.0, self._missing, 1.0)
        self._make_elastic(self._budget_row, -1.0, MISSING_DOLLAR, MISSING_DOLLAR / MISSING_UNIT)
        for cut in instance.cuts:
            self.add_cut(cut)

    def _add_rows(self, lower: Floats, upper: Floats) -> None:
        none = np.zeros(0, np.int32)
        self._highs.addRows(len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), none, np.zeros(0))
        self._rows += len(lower)

    def _make_elastic(self, row: int, sign: float, points: float, units: float) -> None:
        """A column that mends a broken row: for ``points`` in the objective, for ``units`` when only breaches count."""
        if self._integer:
            return
        self._highs.addCol(points, 0.0, INFINITY, 1, np.array([row], np.int32), np.array([sign]))
        self._elastic.append(self._columns)
        self._penalty.append(units)
        self._costs.append(np.array([points]))
        self._columns += 1

    def add_cut(self, cut: Cut) -> None:
        """A new row over the columns that are already here; people added later enter it by themselves."""
        columns, rows = np.concatenate(self._pair_column), np.concatenate(self._pair_row)
        if cut.rows is not None:
            columns = columns[np.isin(rows, cut.rows)]
        self._highs.addRow(-INFINITY, float(cut.most), len(columns), columns.astype(np.int32), np.ones(len(columns)))
        self._cuts.append((self._rows, cut))
        self._rows += 1
        self._make_elastic(self._rows - 1, -1.0, self._missing, 1.0)

    def add_people(self, instance: Instance, local: Rows) -> int:
        """Adds all eligible pairs of these people who are not in the pool yet; says how many people were new."""
        local = np.unique(local)
        local = local[~np.isin(instance.people[local], self._pool)]
        if not len(local):
            return 0
        person, seat, value, cost = _pairs_of(instance, local)
        rows = instance.people[local]
        self._pool = np.union1d(self._pool, rows).astype(np.int32)
        looked_up = [need.lookup(local) for need in instance.needs]
        gains = np.array([gain for _, gain in looked_up]).reshape(self._needs, len(local))
        responsible_need, responsible = np.nonzero(gains > 0)

        in_several = np.flatnonzero(np.bincount(person, minlength=len(local)) > 1)
        one_seat = np.full(len(local), -1, np.intp)
        one_seat[in_several] = self._rows + np.arange(len(in_several))
        self._person_row += one_seat[in_several].tolist()
        self._person_of_row += rows[in_several].tolist()
        link = self._rows + len(in_several) + np.arange(len(responsible))
        upper = np.concatenate([np.ones(len(in_several)), np.zeros(len(responsible))])
        self._add_rows(np.full(len(upper), -INFINITY), upper)

        pairs, entries = np.arange(len(person)), _Entries()
        entries.put(pairs, seat, 1.0)
        entries.put(pairs, self._budget_row, cost)
        several = pairs[one_seat[person] >= 0]
        entries.put(several, one_seat[person[several]], 1.0)
        for position, (need, (holds, _)) in enumerate(zip(instance.needs, looked_up, strict=True)):
            if need.count:
                entries.put(pairs[holds[person]], self._cover_row + position, 1.0)
        for row, cut in self._cuts:
            counted = pairs if cut.rows is None else pairs[np.isin(rows[person], cut.rows)]
            entries.put(counted, row, 1.0)
        # A link row needs every pair of its person: pairs sorted by person, then repeated once per responsibility.
        order = np.argsort(person, kind="stable")
        start = np.searchsorted(person[order], np.arange(len(local) + 1))
        repeats = (start[1:] - start[:-1])[responsible]
        offset = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        entries.put(order[np.repeat(start[responsible], repeats) + offset], np.repeat(link, repeats), -1.0)
        claims = len(person) + np.arange(len(responsible))
        entries.put(claims, self._seats + responsible_need, 1.0)
        entries.put(claims, link, 1.0)

        width = len(person) + len(responsible)
        costs = -np.concatenate([value, gains[responsible_need, responsible]])
        if not self._scored:
            costs = np.zeros(width)
        starts, entry_rows, entry_values = entries.by_column(width)
        self._highs.addCols(
            width, costs, np.zeros(width), np.ones(width), len(entry_rows), starts, entry_rows, entry_values
        )
        columns = self._columns + pairs
        if self._integer:
            self._highs.changeColsIntegrality(len(person), columns.astype(np.int32), np.ones(len(person), np.uint8))
        self._costs.append(-np.concatenate([value, gains[responsible_need, responsible]]))
        self._pair_row.append(rows[person])
        self._pair_seat.append(seat)
        self._pair_column.append(columns)
        self._columns += width
        return len(local)

    def confine(self, part: Instance) -> None:
        """Lets the relaxation choose only pairs of this part of its instance, until it is confined anew."""
        rows, seats = np.concatenate(self._pair_row), np.concatenate(self._pair_seat)
        local, known = part.locate(rows)
        upper = np.zeros(len(rows))
        for position, seat in enumerate(part.seats):
            here = np.flatnonzero(known & (seats == position))
            if len(seat.local):
                at = np.minimum(np.searchsorted(seat.local, local[here]), len(seat.local) - 1)
                upper[here] = seat.local[at] == local[here]
        columns = np.concatenate(self._pair_column).astype(np.int32)
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper)

    def count_only_breaches(self, breaches: bool) -> None:
        """Switches the objective between points and the mere number of broken rules (phase one)."""
        self._scored = not breaches
        costs = np.concatenate(self._costs)
        if breaches:
            costs = np.zeros(self._columns)
            costs[self._elastic] = self._penalty
        self._highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), costs)

    def relax(self, instance: Instance, clock: Clock) -> tuple[Duals, float, Floats, float]:
        """Solves the relaxation over the pool: (duals on the grid, optimum, seat duals, use of elastic columns)."""
        self._highs.setOptionValue("simplex_strategy", DUAL if self._first_run else PRIMAL)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(SHORTEST_RUN, clock.left))
        self._first_run = False
        self._highs.run()
        solution = self._highs.getSolution()
        dual, primal = -np.array(solution.row_dual), np.array(solution.col_value)
        scale = 2.0**self._bits

        def on_grid(values: Floats) -> Floats:
            # A run stopped by its limit may leave anything behind; zero is a valid price for everything.
            finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
            return np.rint(np.maximum(finite, 0.0) * scale) / scale

        person = on_grid(dual[self._person_row]) if self._person_row else np.zeros(0)
        who = np.array(self._person_of_row, np.int32)[person > 0]
        here = instance.locate(who)[1]
        duals = Duals(
            best=on_grid(dual[self._seats : self._cover_row]),
            cover=on_grid(-dual[self._cover_row : self._budget_row]),
            budget=float(on_grid(dual[self._budget_row : self._budget_row + 1])[0]),
            cuts=on_grid(dual[[row for row, _ in self._cuts]]) if self._cuts else np.zeros(0),
            person_rows=who[here],
            person=person[person > 0][here],
            bits=self._bits,
            scored=self._scored,
        )
        optimum = -float(self._highs.getInfo().objective_function_value)
        return duals, optimum, dual[: self._seats], float(primal[self._elastic].sum())

    def shares(self, instance: Instance, position: int) -> Floats:
        """How much of each pair of a seat the last relaxation chose, 0..1; people outside the pool have none."""
        seat, found = instance.seats[position], np.zeros(len(instance.seats[position].local))
        here = np.concatenate(self._pair_seat) == position
        columns = np.concatenate(self._pair_column)[here]
        local, known = instance.locate(np.concatenate(self._pair_row)[here])
        chosen = np.array(self._highs.getSolution().col_value)[columns[known]]
        found[np.searchsorted(seat.local, local[known])] = chosen
        return found

    def solve_integer(self, clock: Clock) -> tuple[list[Placement] | None, float, bool]:
        """(best members or None, proven upper bound in whole points, finished)."""
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._highs.setOptionValue("mip_abs_gap", 0.9)  # values are integers: less than one apart is equal
        self._highs.setOptionValue("time_limit", max(SHORTEST_RUN, LIMIT_SHARE * clock.left))
        self._highs.run()
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        finished = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if info.primal_solution_status != FEASIBLE_POINT:
            return None, -np.inf if finished else -float(info.mip_dual_bound), finished
        columns = np.concatenate(self._pair_column)
        chosen = np.array(self._highs.getSolution().col_value)[columns] > 0.5
        seats, rows = np.concatenate(self._pair_seat)[chosen], np.concatenate(self._pair_row)[chosen]
        members = sorted(zip(seats.tolist(), rows.tolist(), strict=True))
        return [(row, seat) for seat, row in members], -float(info.mip_dual_bound), finished


def _pairs_of(instance: Instance, local: Rows) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, Floats]:
    """All pairs of some people: (index into ``local``, seat, value, cost)."""
    persons, seats, values, costs = [], [], [], []
    for position, seat in enumerate(instance.seats):
        if not len(seat.local):
            continue
        at = np.minimum(np.searchsorted(seat.local, local), len(seat.local) - 1)
        found = np.flatnonzero(seat.local[at] == local)
        persons.append(found)
        seats.append(np.full(len(found), position, np.intp))
        values.append(seat.value[at[found]])
        costs.append(seat.cost[at[found]])
    return np.concatenate(persons), np.concatenate(seats), np.concatenate(values), np.concatenate(costs)


def solve_whole(instance: Instance, clock: Clock) -> tuple[list[Placement] | None, float, bool]:
    """Best cell of an instance as one integer program: (members or None, upper bound in whole points, finished)."""
    if any(len(seat.local) < seat.least for seat in instance.seats):
        return None, -np.inf, True
    if any(len(need.local) < need.count for need in instance.needs):
        return None, -np.inf, True
    model = Model(instance, integer=True)
    model.add_people(instance, np.arange(len(instance.people), dtype=np.int32))
    members, upper, finished = model.solve_integer(clock)
    if members is not None and finished:
        upper = float(whole_points(instance.evaluate(members)))
    return members, upper, finished
