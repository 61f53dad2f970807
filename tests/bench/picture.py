"""The picture of the fits' times: `python -m tests.bench.picture`, from what `--record` wrote.

For each data set one row: the time of each fit that reached the tolerance, relative to the
fastest of the other libraries.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from derive.publish.pictures_parts import blank, frame, say
from derive.publish.pictures_svg import BLUE, HEADER, QUIET, TEXT, style, svg
from tests.bench.solvers import OURS, REACHED

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PICTURE = FOLDER / "results.svg"
HEIGHT = 0.3  # inches a row
ENDS = (0.05, 30.0)
OWN_HEADER = "<!-- Drawn by python -m tests.bench.picture from results.json; do not edit. -->"
CAPTION = (
    "Times of fits to the same gradient, relative to the fastest of the other libraries, on a "
    "logarithmic scale; ours are the filled marks."
)


def relative(row: dict[str, Any]) -> dict[str, float]:
    """The times of the fits that reached the tolerance, over the fastest peer's."""
    reached = {
        name: spent
        for name, spent in row["milliseconds"].items()
        if row["gradient"][name] <= REACHED
    }
    fastest = min(spent for name, spent in reached.items() if name != OURS)
    return {name: spent / fastest for name, spent in reached.items()}


def drawn(results: dict[str, Any]) -> str:
    """The picture as SVG."""
    rows = results["rows"]
    with style():
        figure, (axes,) = blank(7.2, 0.95 + HEIGHT * len(rows), left=2.6)
        frame(axes, ENDS, (len(rows) - 0.4, -0.6), "time relative to the fastest other library", "")
        axes.set_xscale("log")
        axes.set_xticks([0.1, 0.5, 1, 2, 10], ["0.1", "0.5", "1", "2", "10"])
        axes.set_xticks([], minor=True)
        axes.set_yticks(range(len(rows)), [row["data"] for row in rows], fontsize=11)
        axes.axvline(1.0, color=QUIET.light, linewidth=0.8, zorder=1)
        for height, row in enumerate(rows):
            times = relative(row)
            ours = times.pop(OURS)
            axes.plot([ours, 1.0], [height, height], color=BLUE.light, linewidth=1.2, zorder=2)
            for spent in times.values():
                if spent <= ENDS[1]:
                    axes.plot(
                        [spent], [height], "o", markersize=5, markerfacecolor="none",
                        markeredgecolor=QUIET.light, zorder=3,
                    )  # fmt: skip
            axes.plot([ours], [height], "o", markersize=7, color=BLUE.light, zorder=4)
        say(axes, 0.055, 0.0, "ours", BLUE)
        say(axes, 28.0, 0.0, "others", TEXT, "right")
        return svg(figure, CAPTION).replace(HEADER, OWN_HEADER)


def main() -> None:
    """Write the picture beside the results."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    PICTURE.write_text(drawn(results), encoding="utf-8")


if __name__ == "__main__":
    main()
