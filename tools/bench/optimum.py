"""The greatest total by linear programming with HiGHS: another solver, another method, the same figure."""

from __future__ import annotations

import highspy
import numpy as np

from judging.domain.planning.task import Task


def best_total(task: Task, *, places: int) -> float:
    """The greatest total value of a plan of `task` that fills so many places; its vertices are whole."""
    pairs, entries, judges = task.row.size, task.need.size, task.room.size
    if not pairs:
        return 0.0
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs, entries + judges + 1
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = task.value
    model.col_lower_, model.col_upper_ = np.zeros(pairs), np.ones(pairs)
    # Where all places are filled, each entry's row says so by itself: one row over all pairs is slow to factor.
    least = task.need if places == task.need.sum() else np.zeros(entries)
    model.row_lower_ = np.concatenate([least, np.zeros(judges), [0 if places == task.need.sum() else places]])
    model.row_upper_ = np.concatenate([task.need, task.room, [places]]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    rows = [task.row, entries + task.judge]
    if places != task.need.sum():
        rows.append(np.full(pairs, entries + judges, dtype=np.int32))
    model.a_matrix_.start_ = np.arange(0, len(rows) * pairs + 1, len(rows))
    model.a_matrix_.index_ = np.stack(rows, axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(len(rows) * pairs)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy leaves it without types
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise AssertionError(f"HiGHS ended with {solver.getModelStatus()}")
    return float(solver.getInfo().objective_function_value)
