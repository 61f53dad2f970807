"""NumPy's modes on this processor: its exp and log1p differ with the instructions it may use."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.accuracy.cases import Case, loaded
from tests.accuracy.errors import Errors
from tests.accuracy.reference import FUNCTIONS

VARIABLE = "NPY_DISABLE_CPU_FEATURES"
WIDE = ("AVX512", "X86_V4")

Measured = dict[tuple[str, str], Errors]


def modes() -> dict[str, str]:
    """Names of modes, and which features must be switched off for them; equal ones once."""
    from numpy._core._multiarray_umath import (  # noqa: PLC0415  # where NumPy keeps them
        __cpu_dispatch__,
        __cpu_features__,
    )

    offered = [f for f in __cpu_dispatch__ if __cpu_features__.get(f)]
    wide = [f for f in offered if f.startswith(WIDE)]
    found = {"all features": "", "without AVX-512": " ".join(wide), "baseline": " ".join(offered)}
    names: dict[str, str] = {}
    for name, off in found.items():
        names.setdefault(off, f"{name} ({', '.join(offered) or 'none'})" if not off else name)
    return {name: off for off, name in names.items()}


def measured(cases: Sequence[Case], folder: Path) -> Measured:
    """The errors of the generated modules in a folder, in this process."""
    found: Measured = {}
    for case in cases:
        module = loaded(folder, case.name)
        for function in FUNCTIONS:
            found[case.name, function] = case.errors(getattr(module, function), function)
    return found


def in_all_modes(cases: Sequence[Case], folder: Path) -> Mapping[str, Measured]:
    """The same in a process of its own for each mode."""
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / "cases", Path(place) / "errors"
        given.write_bytes(pickle.dumps(list(cases)))
        for name, off in modes().items():
            command = [sys.executable, "-m", "tests.accuracy.dispatch", given, made, folder]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            environment.pop(VARIABLE, None)
            if off:
                environment[VARIABLE] = off
            subprocess.run(command, check=True, env=environment)
            found[name] = pickle.loads(made.read_bytes())  # noqa: S301  # our own file
    return found


def main() -> None:
    """Measure the cases of a file, for the process that wrote it."""
    given, made, folder = (Path(a) for a in sys.argv[1:])
    cases = pickle.loads(given.read_bytes())  # noqa: S301  # our own file
    made.write_bytes(pickle.dumps(measured(cases, folder)))


if __name__ == "__main__":
    main()
