"""The figures: what `pictures_series` computes, laid out for a page and labelled on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from derive.publish import pictures_series as series
from derive.publish.pictures_series import Curve, Landscape, Modules
from derive.publish.pictures_svg import (
    BLUE,
    GOLD,
    GREEN,
    PAPER,
    PURPLE,
    QUIET,
    RED,
    RIM,
    TEXT,
    Ink,
)

Side = Literal["left", "right"]
Line = str | tuple[float, tuple[float, ...]]
DASHED = (0.0, (3.2, 1.6))


@dataclass(frozen=True)
class Picture:
    """How a picture is drawn, and its caption."""

    draw: Callable[[Modules], Figure]
    caption: str


def cost_branches(modules: Modules) -> Figure:
    """The two branches of the log loss."""
    figure, (axes,) = _figure(5.2, 3.5)
    one, zero = series.branches(modules)
    _plot(axes, one, BLUE)
    _plot(axes, zero, RED, DASHED)
    _frame(axes, (0, 1), (0, 5), "$h$", "loss of one sample")
    axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
    _say(axes, 0.115, 2.9, r"$y = 1$:  $-\log\,h$", BLUE)
    _say(axes, 0.885, 2.9, r"$y = 0$:  $-\log\,(1-h)$", RED, "right")
    return figure


def log_loss_and_squared_error(modules: Modules) -> Figure:
    """Convex beside not convex, for both labels."""
    figure, panels = _figure(7.2, 3.4, 2)
    words = {
        0.0: (r"$-\log\,(1-h)$", r"$\frac{1}{2}\,h^2$", "$h = 2/3$"),
        1.0: (r"$-\log\,h$", r"$\frac{1}{2}\,(1-h)^2$", "$h = 1/3$"),
    }
    for axes, (y, (log_loss, square, bend)) in zip(panels, words.items(), strict=True):
        side = 1 if y == 0 else -1
        near, far = _sides(side)
        entropy, error = series.log_and_squared(modules, y)
        z, at, _ = series.inflection(modules, y)
        axes.axvspan(*sorted((z, 6.0 * side)), color=RED.light, alpha=0.09, linewidth=0)
        _plot(axes, entropy, BLUE)
        _plot(axes, error, RED, DASHED)
        axes.plot([z], [at], "o", color=RED.light, markersize=6, zorder=5)
        _frame(axes, (-6, 6), (0, 2.4), "$z$", "loss of one sample" if y == 0 else "")
        axes.set_xticks([-6, -3, 0, 3, 6])
        axes.set_yticks([0, 1, 2])
        _say(axes, -5.7 * side, 2.2, f"$y = {y:.0f}$", TEXT, near)
        _say(axes, -5.7 * side, 0.98, "log loss", BLUE, near)
        _say(axes, -5.7 * side, 0.76, log_loss, BLUE, near)
        _say(axes, 5.8 * side, 1.1, "squared error", RED, far)
        _say(axes, 5.8 * side, 0.87, square, RED, far)
        _say(axes, z + 0.3 * side, 0.1, bend, RED, near)
        _say(axes, 5.8 * side, 0.63, "not convex", RED, far)
    return figure


def saturation(modules: Modules) -> Figure:
    """How fast one sample learns."""
    figure, (axes,) = _figure(5.6, 3.4)
    entropy, quadratic = series.slopes(modules)
    _plot(axes, entropy, BLUE)
    _plot(axes, quadratic, RED, DASHED)
    _frame(axes, (-8, 8), (0, 1.1), "$z$", "size of the slope for $y = 0$")
    axes.set_xticks([-8, -4, 0, 4, 8])
    axes.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    _say(axes, 0.95, 0.62, "cross-entropy: $h$", BLUE)
    _say(axes, 7.8, 0.17, r"quadratic cost: $h \cdot h\,(1-h)$", RED, "right")
    _say(axes, -7.8, 0.1, "prediction right", QUIET)
    _say(axes, 7.8, 0.9, "prediction wrong", QUIET, "right")
    return figure


def surrogates(modules: Modules) -> Figure:
    """Seven losses of the margin; a thin line leads from each name to its curve."""
    figure, (axes,) = _figure(6.4, 4.3)
    looks: dict[str, tuple[Ink, Line, float, str]] = {
        "zero-one": (TEXT, "-", 0, ""),
        "squared hinge": (GREEN, "-", 3.85, "squared hinge"),
        "smoothed hinge": (PURPLE, (0, (1, 1.2)), 3.25, "smoothed hinge, doubled"),
        "exponential": (RED, DASHED, 2.65, "exponential"),
        "hinge": (BLUE, "-", 2.05, "hinge"),
        "logistic": (QUIET, (0, (7, 1.5, 1.2, 1.5)), 1.5, "logistic, base 2"),
        "squared error": (GOLD, (0, (3, 3)), 0, ""),
    }
    widths = {"zero-one": 2.4, "squared hinge": 3.2}  # the squared error runs on top of it
    found = {curve.name: curve for curve in series.surrogates(modules)}
    for name, (ink, line, height, words) in looks.items():
        curve = found[name]
        _plot(axes, curve, ink, line, widths.get(name, 1.9))
        if words:
            falling = curve.x <= 0  # every one falls there, so it has each height once
            t = round(float(np.interp(-height, -curve.y[falling], curve.x[falling])), 3)
            axes.plot([t, 0.27], [height, height], color=ink.light, linewidth=0.7, zorder=2)
            axes.plot([t], [height], "o", color=ink.light, markersize=3.6, zorder=5)
            _say(axes, 0.33, height, words, ink)
    _frame(axes, (-2, 3), (0, 4.2), "$t$", "loss")
    axes.set_xticks([-2, -1, 0, 1, 2, 3])
    axes.set_yticks([0, 1, 2, 3, 4])
    _say(axes, -1.93, 0.82, "zero-one", TEXT)
    _say(axes, 2.32, 2.05, "squared error", GOLD, "right")
    return figure


def convergence(modules: Modules) -> Figure:
    """Gradient norm against steps."""
    figure, (axes,) = _figure(6.0, 3.6, left=0.9)
    descent, newton = series.histories(modules, 1e-13)
    _plot(axes, descent, BLUE)
    _plot(axes, newton, RED)
    axes.plot(descent.x, descent.y, "o", color=BLUE.light, markersize=2.6, zorder=4)
    axes.plot(newton.x, newton.y, "s", color=RED.light, markersize=5, zorder=4)
    _frame(axes, (0, float(descent.x[-1])), (-10, 0), "step", "gradient norm")
    axes.set_yticks([0, -2, -4, -6, -8, -10], [_power(k) for k in (0, -2, -4, -6, -8, -10)])
    _say(axes, 22, -3.6, "gradient descent, step $1/L$", BLUE)
    _say(axes, 5.2, -7.2, "Newton", RED)
    return figure


def surfaces(modules: Modules) -> Figure:
    """Both costs over the parameters, with the ways down."""
    figure, panels = _figure(7.2, 4.1, 2, top=0.46)
    landscapes = {
        "log loss": series.log_loss_landscape(modules),
        "squared error": series.squared_error_landscape(modules),
    }
    for axes, (name, landscape) in zip(panels, landscapes.items(), strict=True):
        _contours(axes, landscape)
        for path in landscape.newton:
            _path(axes, path, RED, "s")
        for path in landscape.descent:
            _path(axes, path, BLUE, "o")
        for a, b in landscape.minimisers:
            _mark(axes, a, b, "*", 13)
        for a, b in series.STARTS:
            _mark(axes, a, b, "D", 6.5)
        side = r"$\theta_2$" if axes is panels[0] else ""
        _frame(axes, (-4, 4), (-4, 4), r"$\theta_1$", side)
        axes.set_xticks([-4, -2, 0, 2, 4])
        axes.set_yticks([-4, -2, 0, 2, 4])
        axes.set_aspect("equal")
        axes.text(-4, 4.2, name, color=TEXT.light, va="bottom")
    left, right = panels
    _say(left, -1.75, 2.85, "gradient descent", BLUE)
    _say(left, 1.65, -1.85, "Newton", RED)
    _say(right, -1.2, 3.62, "Newton", RED)
    _say(right, -1.6, -1.35, "gradient descent", BLUE)
    return figure


FIGURES = {
    "cost_branches": Picture(
        cost_branches,
        "The log loss of one sample over the prediction h: minus log h where y is 1, and minus "
        "log(1-h) where y is 0.",
    ),
    "log_loss_and_squared_error": Picture(
        log_loss_and_squared_error,
        "Log loss and squared error of a sigmoid over the score z. The log loss is convex; the "
        "squared error is curved down where the prediction is far from the label, beyond its "
        "inflection point at h = 2/3 for y = 0 and at h = 1/3 for y = 1.",
    ),
    "surfaces": Picture(
        surfaces,
        "Contours of both costs of seven samples over (theta_1, theta_2), with the steps of "
        "gradient descent (circles) and of Newton's method (squares) from two starts. The log "
        "loss has one minimiser, the squared error has two local ones.",
    ),
    "saturation": Picture(
        saturation,
        "The size of the slope by the score z for y = 0: h for the cross-entropy, h times h(1-h) "
        "for the quadratic cost, which almost vanishes where the prediction is most wrong.",
    ),
    "surrogates": Picture(
        surrogates,
        "Losses over the margin t, each scaled so that it bounds the zero-one loss from above: "
        "hinge, smoothed hinge (doubled), squared hinge, squared error, exponential loss and "
        "logistic loss with base 2.",
    ),
    "convergence": Picture(
        convergence,
        "The gradient norm after each step of gradient descent with step 1/L and of Newton's "
        "method, for the log loss of 200 samples with three standardised features.",
    ),
}


# ---------------------------------------------------------------- parts


def _figure(
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


def _frame(
    axes: Axes, x: tuple[float, float], y: tuple[float, float], below: str, beside: str
) -> None:
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


def _plot(axes: Axes, found: Curve, ink: Ink, line: Line = "-", width: float = 1.9) -> None:
    axes.plot(found.x, found.y, color=ink.light, linestyle=line, linewidth=width, zorder=3)


def _say(axes: Axes, x: float, y: float, words: str, ink: Ink, at: Side = "left") -> None:
    """Words on the spot, in the ink of what they name."""
    axes.text(x, y, words, color=ink.light, ha=at, va="center", zorder=8)


def _sides(side: int) -> tuple[Side, Side]:
    """How words at the near and at the far edge are set; -1 mirrors them."""
    return ("left", "right") if side > 0 else ("right", "left")


def _mark(axes: Axes, x: float, y: float, marker: str, size: float) -> None:
    axes.plot(
        [x], [y], marker, color=TEXT.light, markersize=size, zorder=6,
        markeredgecolor=PAPER.light, markeredgewidth=0.8,
    )  # fmt: skip


def _power(k: int) -> str:
    return "1" if k == 0 else f"$10^{{{k}}}$"


def _contours(axes: Axes, landscape: Landscape) -> None:
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


def _path(axes: Axes, path: series.Array, ink: Ink, marker: str) -> None:
    axes.plot(
        path[:, 0],
        path[:, 1],
        color=ink.light,
        linewidth=1.3,
        marker=marker,
        markersize=3.2,
        zorder=4,
    )
