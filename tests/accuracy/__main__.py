"""`make accuracy`: the errors of the generated functions, and of other libraries', in ulp."""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.accuracy.cases import Case, case, letters_of, loaded, modules, problem_of
from tests.accuracy.dispatch import in_all_modes, measured, modes
from tests.accuracy.errors import Errors
from tests.accuracy.peers import peers
from tests.accuracy.points import FULL, NORMAL, QUICK, Plan
from tests.accuracy.reference import FUNCTIONS
from tests.accuracy.rounding import FLOAT32, FLOAT64, Format
from tests.accuracy.scan import SCREENS, scan
from tests.accuracy.special_values import special_values
from tests.accuracy.table import EXPLANATION, Key, beside, points_text, row, table
from tests.accuracy.vectors import PLACES, general_errors

PLANS = {"quick": QUICK, "normal": NORMAL, "full": FULL}
SCANNED = {"quick": 0, "normal": 10**6, "full": 10**7}
OUTPUT = Path(".build/accuracy.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("costs", nargs="*", help="names of costs; without any, all")
    parser.add_argument("--plan", choices=PLANS, default="quick", help="how many points")
    parser.add_argument("--generated", type=Path, default=Path("generated"), metavar="DIR",
                        help="the package of generated modules that is measured")  # fmt: skip
    parser.add_argument("--only", action="store_true",
                        help="float64 in NumPy's own mode, and no other library")  # fmt: skip
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    asked = parser.parse_args()
    text = "\n".join(report(asked.generated, asked.costs, asked.plan, only=asked.only)) + "\n"
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(text, encoding="utf-8")
    print(text)


def report(folder: Path, costs: Sequence[str], plan: str, *, only: bool) -> list[str]:
    """The whole page."""
    names = [name for name, _ in modules(folder) if not costs or name in costs]
    cases = _cases(folder, names, PLANS[plan], FLOAT64)
    first, *_ = modes()
    rows = measured(cases, folder)
    letters = {c.name: c.letters for c in cases}
    lines = [
        "# Errors in ulp", "",
        f"NumPy {np.__version__}, {first}, {platform.machine()}; plan {plan}.", "",
        EXPLANATION, "", "## float64", "", *table(rows), "",
        "### Points", "", *_points(rows, letters), "",
    ]  # fmt: skip
    if only:
        return lines
    lines += ["## Beside other libraries, at the same points", "", *beside(_beside(cases, rows))]
    lines += ["", *_vectors(folder, costs, plan), "", "## NaN and infinities", ""]
    lines += [*special_values(cases, folder), "", "## NumPy's modes on this processor", ""]
    lines += [*beside(in_all_modes(cases, folder)), "", "## float32 data", ""]
    small = _cases(folder, names, PLANS[plan], FLOAT32)
    lines += [*table(measured(small, folder)), "", *beside(in_all_modes(small, folder))]
    return lines + _scans(folder, names, SCANNED[plan])


def _cases(folder: Path, names: Sequence[str], plan: Plan, kind: Format) -> list[Case]:
    made = []
    for name in names:
        start = time.perf_counter()
        problem = problem_of(name)
        made.append(case(problem, letters_of(loaded(folder, name).loss), plan, kind))
        seconds = time.perf_counter() - start
        print(f"{name} ({kind.name}): {len(made[-1].arguments[0])} points, {seconds:.0f} s",
              file=sys.stderr, flush=True)  # fmt: skip
    return made


def _points(rows: dict[Key, Errors], letters: dict[str, tuple[str, ...]]) -> list[str]:
    return [line for (cost, function), e in rows.items()
            for line in points_text(cost, function, e, letters[cost])]  # fmt: skip


def _beside(cases: Sequence[Case], ours: dict[Key, Errors]) -> dict[str, dict[Key, Errors]]:
    """One column for each library that has something to compare."""
    known = {c.name: c for c in cases}
    columns: dict[str, dict[Key, Errors]] = {}
    for peer in peers():
        if peer.cost not in known:
            continue
        own = known[peer.cost]
        own = own.where(np.isin(own.arguments[1], peer.labels)) if peer.labels else own
        for function, implementation in peer.functions.items():
            column = columns.setdefault(peer.library, {})
            column[peer.cost, function] = own.errors(implementation, function)
    keys = {key for column in columns.values() for key in column}
    return {"ours": {k: e for k, e in ours.items() if k in keys}, **columns}


def _vectors(folder: Path, costs: Sequence[str], plan: str) -> list[str]:
    most = {"quick": 12, "normal": 60, "full": 200}[plan]
    lines: list[str] = ["## Several scores", "", *table({})]
    points: list[str] = []
    for name, places in PLACES.items():
        if costs and name not in costs:
            continue
        found = general_errors(loaded(folder, name), problem_of(name), places(most))
        lines += [row(name, kind, g.errors) for kind, g in found.items()]
        points += [f"- {name} {kind}: {line}" for kind, g in found.items() for line in g.lines]
    return [*lines, "", *points]


def _scans(folder: Path, names: Sequence[str], count: int) -> list[str]:
    lines: list[str] = []
    for name in names if count else ():
        if name in SCREENS:
            module = loaded(folder, name)
            columns = {"ours": {f: getattr(module, f) for f in FUNCTIONS}}
            columns |= {p.library: p.functions for p in peers() if p.cost == name}
            lines += ["", f"## The worst of {count} random points of {name}", "", *table({})]
            for library, functions in columns.items():
                if set(functions) == set(FUNCTIONS):
                    found = scan(problem_of(name), functions, count)
                    lines += [row(library, f, e) for f, e in found.items()]
    return lines


if __name__ == "__main__":
    main()
