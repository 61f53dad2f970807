"""The parts that the figures are put together from: a panel, axes, curves, words, contours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from derive.publish import pictures_series as series
from derive.publish.pictures_series import Curve, Landscape
from derive.publish.pictures_svg import BLUE, PAPER, QUIET, RIM, TEXT, Ink

Side = Literal["left", "right"]
Line = str | tuple[float, tuple[float, ...]]
DASHED = (0.0, (3.2, 1.6))


def blank(
    width: float, height: float, panels: int = 1, *, left: float = 0.78, top: float = 0.26
) -> tuple[Figure, Sequence[Axes]]:
    """A figure of a size in inches, with a rounded panel of paper and its axes."""
    figure = Figure(figsize=(width, height))
    figure.patch.set_visible(False)
    figure.add_artist(
        FancyBboxPatch(
            (0.12, 0.12), width - 0.24, height - 0.24,
            boxstyle="round,pad=0.1,rounding_size=0.12",
            transform=figure.dpi_scale_trans, facecolor=PAPER.light, edgecolor=RIM.light,
            linewidth=0.8, zorder=-10,
        )
    )  # fmt: skip
    right, gap, below = 0.3, 0.5, 0.64
    each = (width - left - right - gap * (panels - 1)) / panels
    high = (height - below - top) / height
    return figure, [
        figure.add_axes(((left + k * (each + gap)) / width, below / height, each / width, high))
        for k in range(panels)
    ]


def frame(
    axes: Axes, x: tuple[float, float], y: tuple[float, float], below: str, beside: str
) -> None:
    """The limits, the letters at the axes, and no more lines than needed."""
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_facecolor("none")
    axes.set_xlabel(below, color=TEXT.light, fontsize=13)
    axes.set_ylabel(beside, color=TEXT.light, fontsize=13)
    axes.tick_params(color=QUIET.light, labelcolor=TEXT.light, length=3, width=0.8)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(QUIET.light)
        spine.set_linewidth(0.8)


def plot(axes: Axes, found: Curve, ink: Ink, line: Line = "-", width: float = 1.9) -> None:
    """One curve."""
    axes.plot(found.x, found.y, color=ink.light, linestyle=line, linewidth=width, zorder=3)


def say(axes: Axes, x: float, y: float, words: str, ink: Ink, at: Side = "left") -> None:
    """Words on the spot, in the ink of what they name."""
    axes.text(x, y, words, color=ink.light, ha=at, va="center", zorder=8)


def sides(side: int) -> tuple[Side, Side]:
    """How words at the near and at the far edge are set; -1 mirrors them."""
    return ("left", "right") if side > 0 else ("right", "left")


def mark(axes: Axes, x: float, y: float, marker: str, size: float) -> None:
    """One point, with a rim that keeps it apart from what it lies on."""
    axes.plot(
        [x], [y], marker, color=TEXT.light, markersize=size, zorder=6,
        markeredgecolor=PAPER.light, markeredgewidth=0.8,
    )  # fmt: skip


def power(k: int) -> str:
    """A power of ten."""
    return "1" if k == 0 else f"$10^{{{k}}}$"


def contours(axes: Axes, landscape: Landscape) -> None:
    """Level lines, and a tint that deepens downwards; the vertices are rounded like all data."""
    least = float(landscape.J.min())
    span = float(landscape.J.max()) - least
    generator = contour_generator(
        landscape.a, landscape.b, landscape.J, fill_type="OuterCode", line_type="Separate"
    )
    for k in range(1, 11):
        level = round(least + span * (k / 11) ** 2, 4)
        for points, codes in zip(*generator.filled(least - 1, level), strict=True):
            shape = Path(series.rounded(points), codes)
            axes.add_patch(
                PathPatch(shape, facecolor=BLUE.light, alpha=0.05, linewidth=0, zorder=1)
            )
        for points in generator.lines(level):
            xy = series.rounded(np.asarray(points))
            axes.plot(xy[:, 0], xy[:, 1], color=QUIET.light, linewidth=0.5, alpha=0.7, zorder=2)


def way(axes: Axes, path: series.Array, ink: Ink, marker: str) -> None:
    """A path over a landscape, every point of it marked."""
    axes.plot(
        path[:, 0],
        path[:, 1],
        color=ink.light,
        linewidth=1.3,
        marker=marker,
        markersize=3.2,
        zorder=4,
    )
