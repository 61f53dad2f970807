"""The figures: what `pictures_series` computes, laid out for a page and labelled on the spot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from derive.publish import pictures_series as series
from derive.publish.pictures_parts import (
    DASHED,
    Line,
    blank,
    contours,
    frame,
    mark,
    plot,
    power,
    say,
    sides,
    way,
)
from derive.publish.pictures_series import Modules
from derive.publish.pictures_svg import BLUE, GOLD, GREEN, PURPLE, QUIET, RED, TEXT, Ink


@dataclass(frozen=True)
class Picture:
    """How a picture is drawn, and its caption."""

    draw: Callable[[Modules], Figure]
    caption: str


def cost_branches(modules: Modules) -> Figure:
    """The two branches of the log loss."""
    figure, (axes,) = blank(5.2, 3.5)
    one, zero = series.branches(modules)
    plot(axes, one, BLUE)
    plot(axes, zero, RED, DASHED)
    frame(axes, (0, 1), (0, 5), "$h$", "loss of one sample")
    axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
    say(axes, 0.115, 2.9, r"$y = 1$:  $-\log\,h$", BLUE)
    say(axes, 0.885, 2.9, r"$y = 0$:  $-\log\,(1-h)$", RED, "right")
    return figure


def log_loss_and_squared_error(modules: Modules) -> Figure:
    """Convex beside not convex, for both labels."""
    figure, panels = blank(7.2, 3.4, 2)
    words = {
        0.0: (r"$-\log\,(1-h)$", r"$\frac{1}{2}\,h^2$", "$h = 2/3$"),
        1.0: (r"$-\log\,h$", r"$\frac{1}{2}\,(1-h)^2$", "$h = 1/3$"),
    }
    for axes, (y, (log_loss, square, bend)) in zip(panels, words.items(), strict=True):
        side = 1 if y == 0 else -1
        near, far = sides(side)
        entropy, error = series.log_and_squared(modules, y)
        z, at, _ = series.inflection(modules, y)
        axes.axvspan(*sorted((z, 6.0 * side)), color=RED.light, alpha=0.09, linewidth=0)
        plot(axes, entropy, BLUE)
        plot(axes, error, RED, DASHED)
        axes.plot([z], [at], "o", color=RED.light, markersize=6, zorder=5)
        frame(axes, (-6, 6), (0, 2.4), "$z$", "loss of one sample" if y == 0 else "")
        axes.set_xticks([-6, -3, 0, 3, 6])
        axes.set_yticks([0, 1, 2])
        say(axes, -5.7 * side, 2.2, f"$y = {y:.0f}$", TEXT, near)
        say(axes, -5.7 * side, 0.98, "log loss", BLUE, near)
        say(axes, -5.7 * side, 0.76, log_loss, BLUE, near)
        say(axes, 5.8 * side, 1.1, "squared error", RED, far)
        say(axes, 5.8 * side, 0.87, square, RED, far)
        say(axes, z + 0.3 * side, 0.1, bend, RED, near)
        say(axes, 5.8 * side, 0.63, "not convex", RED, far)
    return figure


def saturation(modules: Modules) -> Figure:
    """How fast one sample learns."""
    figure, (axes,) = blank(5.6, 3.4)
    entropy, quadratic = series.slopes(modules)
    plot(axes, entropy, BLUE)
    plot(axes, quadratic, RED, DASHED)
    frame(axes, (-8, 8), (0, 1.1), "$z$", "size of the slope for $y = 0$")
    axes.set_xticks([-8, -4, 0, 4, 8])
    axes.set_yticks([0, 0.5, 1], ["0", "½", "1"])
    say(axes, 0.95, 0.62, "cross-entropy: $h$", BLUE)
    say(axes, 7.8, 0.17, r"quadratic cost: $h \cdot h\,(1-h)$", RED, "right")
    say(axes, -7.8, 0.1, "prediction right", QUIET)
    say(axes, 7.8, 0.9, "prediction wrong", QUIET, "right")
    return figure


def surrogates(modules: Modules) -> Figure:
    """Seven losses of the margin; a thin line leads from each name to its curve."""
    figure, (axes,) = blank(6.4, 4.3)
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
        plot(axes, curve, ink, line, widths.get(name, 1.9))
        if words:
            falling = curve.x <= 0  # every one falls there, so it has each height once
            t = round(float(np.interp(-height, -curve.y[falling], curve.x[falling])), 3)
            axes.plot([t, 0.27], [height, height], color=ink.light, linewidth=0.7, zorder=2)
            axes.plot([t], [height], "o", color=ink.light, markersize=3.6, zorder=5)
            say(axes, 0.33, height, words, ink)
    frame(axes, (-2, 3), (0, 4.2), "$t$", "loss")
    axes.set_xticks([-2, -1, 0, 1, 2, 3])
    axes.set_yticks([0, 1, 2, 3, 4])
    say(axes, -1.93, 0.82, "zero-one", TEXT)
    say(axes, 2.32, 2.05, "squared error", GOLD, "right")
    return figure


def convergence(modules: Modules) -> Figure:
    """Gradient norm against steps."""
    figure, (axes,) = blank(6.0, 3.6, left=0.9)
    descent, newton = series.histories(modules, 1e-8)
    plot(axes, descent, BLUE)
    plot(axes, newton, RED)
    axes.plot(descent.x, descent.y, "o", color=BLUE.light, markersize=2.6, zorder=4)
    axes.plot(newton.x, newton.y, "s", color=RED.light, markersize=5, zorder=4)
    frame(axes, (0, float(descent.x[-1])), (-8, 0), "step", "gradient norm")
    axes.set_yticks([0, -2, -4, -6, -8], [power(k) for k in (0, -2, -4, -6, -8)])
    say(axes, 18, -2.8, "gradient descent, step $1/L$", BLUE)
    say(axes, 5.0, -6.4, "Newton", RED)
    return figure


def surfaces(modules: Modules) -> Figure:
    """Both costs over the parameters, with the ways down."""
    figure, panels = blank(7.2, 4.1, 2, top=0.46)
    landscapes = {
        "log loss": series.log_loss_landscape(modules),
        "squared error": series.squared_error_landscape(modules),
    }
    for axes, (name, landscape) in zip(panels, landscapes.items(), strict=True):
        contours(axes, landscape)
        for path in landscape.newton:
            way(axes, path, RED, "s")
        for path in landscape.descent:
            way(axes, path, BLUE, "o")
        for a, b in landscape.minimisers:
            mark(axes, a, b, "*", 13)
        for a, b in series.STARTS:
            mark(axes, a, b, "D", 6.5)
        side = r"$\theta_2$" if axes is panels[0] else ""
        frame(axes, (-4, 4), (-4, 4), r"$\theta_1$", side)
        axes.set_xticks([-4, -2, 0, 2, 4])
        axes.set_yticks([-4, -2, 0, 2, 4])
        axes.set_aspect("equal")
        axes.text(-4, 4.2, name, color=TEXT.light, va="bottom")
    left, right = panels
    say(left, -1.75, 2.85, "gradient descent", BLUE)
    say(left, 1.65, -1.85, "Newton", RED)
    say(right, -1.2, 3.62, "Newton", RED)
    say(right, -1.6, -1.35, "gradient descent", BLUE)
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
        "gradient descent (circles; only some of them for the squared error) and of Newton's "
        "method (squares) from two starts. The log loss has one minimiser, the squared error "
        "has two local ones.",
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
