"""The pictures: the same bytes everywhere, true to the mathematics, readable on every page."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import mpmath
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from derive import __main__ as cli
from derive import building, pipeline
from derive.errors import DeriveError
from derive.publish import pictures, pictures_series
from derive.publish.disk import compare
from derive.publish.pictures_figures import FIGURES
from derive.publish.pictures_svg import HEADER, INKS, PAPER, contrast, style
from derive.readers import asked

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(FIGURES)
HALF_A_DIGIT = 0.51 * 10.0**-pictures_series.DIGITS
ANOTHER_PROCESSOR = """
import sys
import numpy as np
from derive.__main__ import main

def wrong_in_the_last_bit(function):
    rng = np.random.default_rng(5)
    def wrapped(x, out=None):
        true = function(x)
        moved = np.nextafter(true, rng.choice([-np.inf, np.inf], np.shape(true)))
        if out is None:
            return moved
        out[...] = moved
        return out
    return wrapped

for name in ("exp", "log", "log1p", "log10"):
    setattr(np, name, wrong_in_the_last_bit(getattr(np, name)))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pictures") / "out"
    assert cli.main(["build", *pictures.MODULES, "-o", str(found)]) == 0
    return found


@pytest.fixture(scope="module")
def modules(folder: Path) -> Iterator[Mapping[str, ModuleType]]:
    with pictures._imported(folder) as found:
        yield found


def start(folder: Path, *code: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *code, "pictures", "-o", str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """What three processes wrote: with two hash seeds, and as if on another processor."""
    folders, running = [], []
    for code, environment in (
        (("-m", "derive"), {"PYTHONHASHSEED": "0"}),
        (("-m", "derive"), {"PYTHONHASHSEED": "4"}),
        (("-c", ANOTHER_PROCESSOR), {"OPENBLAS_CORETYPE": "Nehalem"}),
    ):
        copy = tmp_path_factory.mktemp("copy")
        for name in ("__init__.py", "solvers", *(f"{name}.py" for name in pictures.MODULES)):
            (copy / name).symlink_to(folder / name)
        folders.append(copy)
        running.append(start(copy, *code, **environment))
    for process in running:
        told, _ = process.communicate()
        assert process.returncode == 0, told
        assert "6 pictures, 0 unchanged" in told
    paths = [sorted((copy / "pictures").iterdir()) for copy in folders]
    return [{path.stem: path.read_text(encoding="utf-8") for path in found} for found in paths]


# ---------------------------------------------------------------- the files


def test_two_hash_seeds_and_another_processor_give_the_same_bytes(
    written: list[dict[str, str]],
) -> None:
    assert sorted(written[0]) == NAMES
    assert written[0] == written[1] == written[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_a_file_of_ours(name: str, written: list[dict[str, str]]) -> None:
    text = written[0][name]
    root = ET.fromstring(text)  # noqa: S314  # our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["aria-label"] == FIGURES[name].caption
    assert root.attrib["role"] == "img"
    assert text.splitlines()[1] == HEADER
    assert len(text) < 250_000
    assert not re.search(r"20\d\d-\d\d|metadata|DOCTYPE|matplotlib\.org|/home|/tmp", text)
    assert "<image" not in text


@pytest.mark.parametrize("name", NAMES)
def test_no_coordinate_is_finer_than_a_printer(name: str, written: list[dict[str, str]]) -> None:
    for path in re.findall(r' d="([^"]*)"', written[0][name]):
        assert not re.search(r"\.\d{3}", path)


@pytest.mark.parametrize("name", NAMES)
def test_every_colour_is_an_ink_that_the_dark_page_exchanges(
    name: str, written: list[dict[str, str]]
) -> None:
    styles = " ".join(re.findall(r' style="([^"]*)"', written[0][name]))
    used = set(re.findall(r"(?:fill|stroke): (#\w+)", styles))
    sheet = written[0][name].split("</style>")[0]
    light = {ink.light: ink.dark for ink in (*INKS, PAPER)}
    assert len(used & set(light)) >= 4
    for colour in used:
        for kind in ("fill", "stroke"):
            assert f'[style*="{kind}: {colour}"]{{{kind}: #' in sheet
    assert "@media (prefers-color-scheme: dark)" in sheet


@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_as_text_on_its_page(ink: object) -> None:
    # 3 is what WCAG asks for curves, 4.5 for words; the light panel stands on any page.
    assert contrast(ink.light, PAPER.light) >= 4.5  # type: ignore[attr-defined]
    assert contrast(ink.dark, PAPER.dark) >= 4.5  # type: ignore[attr-defined]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_no_words_lie_outside_or_on_each_other(modules: Mapping[str, ModuleType]) -> None:
    for name, picture in FIGURES.items():
        with style():
            figure = picture.draw(modules)
            FigureCanvasAgg(figure).draw()
            boxes = [
                (words.get_text(), words.get_window_extent())
                for axes in figure.axes
                for words in (*axes.texts, axes.xaxis.label, axes.yaxis.label)
                if words.get_text()
            ]
        whole = figure.bbox
        for k, (words, box) in enumerate(boxes):
            inside = box.x0 > whole.x0 + 8 and box.x1 < whole.x1 - 8
            assert inside, f"{name}: {words!r} leaves the panel"
            assert box.y0 > whole.y0 + 8, f"{name}: {words!r} leaves the panel"
            assert box.y1 < whole.y1 - 8, f"{name}: {words!r} leaves the panel"
            for other, taken in boxes[:k]:
                assert not box.overlaps(taken), f"{name}: {words!r} lies on {other!r}"


# ---------------------------------------------------------------- the mathematics


def sigmoid(z: float) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-mpmath.mpf(z)))


def agree(found: pictures_series.Curve, formula: object, slack: float = HALF_A_DIGIT) -> None:
    assert callable(formula)
    for x, y in zip(found.x, found.y, strict=True):
        assert abs(y - float(formula(mpmath.mpf(float(x))))) <= slack, (found.name, x)


def test_branches(modules: Mapping[str, ModuleType]) -> None:
    one, zero = pictures_series.branches(modules)
    # h itself was rounded, which moves -log h by at most 0.00005/h.
    agree(one, lambda h: -mpmath.log(h), 0.02)
    agree(zero, lambda h: -mpmath.log(1 - h), 0.02)
    assert np.all((one.x > 0) & (one.x < 1))
    assert np.allclose(one.y, zero.y[::-1])


def test_log_loss_and_squared_error(modules: Mapping[str, ModuleType]) -> None:
    for y in (0, 1):
        entropy, squared = pictures_series.log_and_squared(modules, y)
        agree(entropy, lambda z, y=y: mpmath.log(1 + mpmath.exp(z if y == 0 else -z)))
        agree(squared, lambda z, y=y: (sigmoid(z) - y) ** 2 / 2)
        assert np.all(np.diff(entropy.y, 2) > -3 * HALF_A_DIGIT)  # convex up to the rounding
        assert np.diff(squared.y, 2).min() < -3 * HALF_A_DIGIT


def test_the_inflections_are_at_two_thirds_and_one_third(
    modules: Mapping[str, ModuleType],
) -> None:
    for y, h, z in ((0.0, 2 / 3, np.log(2)), (1.0, 1 / 3, -np.log(2))):
        assert pictures_series.inflection(modules, y) == pytest.approx(
            (z, (h - y) ** 2 / 2, h), abs=HALF_A_DIGIT
        )


def test_saturation(modules: Mapping[str, ModuleType]) -> None:
    entropy, quadratic = pictures_series.slopes(modules)
    agree(entropy, sigmoid)
    agree(quadratic, lambda z: sigmoid(z) ** 2 * (1 - sigmoid(z)))
    assert quadratic.y.max() == pytest.approx(4 / 27, abs=1e-4)  # at h = 2/3


def test_surrogates_are_their_formulas_and_bound_the_zero_one_loss(
    modules: Mapping[str, ModuleType],
) -> None:
    found = {curve.name: curve for curve in pictures_series.surrogates(modules)}
    formulas = {
        "hinge": lambda t: max(1 - t, 0),
        "smoothed hinge": lambda t: 1 - 2 * t if t <= 0 else max(1 - t, 0) ** 2,
        "squared hinge": lambda t: max(1 - t, 0) ** 2,
        "squared error": lambda t: (1 - t) ** 2,
        "exponential": lambda t: mpmath.exp(-t),
        "logistic": lambda t: mpmath.log(1 + mpmath.exp(-t), 2),
    }
    assert set(found) == {"zero-one", *formulas}
    for name, formula in formulas.items():
        agree(found[name], formula)
        zero_one = (found[name].x <= 0).astype(float)
        assert np.all(found[name].y >= zero_one), name
        assert (found[name].x[0], found[name].x[-1]) == (-2, 3)


def gradient(theta: tuple[float, float], *, squared: bool) -> np.ndarray:
    X, y = pictures_series.samples()
    h = 1 / (1 + np.exp(-(X @ theta)))
    return X.T @ ((h - y) * h * (1 - h) if squared else h - y) / len(y)


def test_the_landscapes_end_in_their_minimisers(modules: Mapping[str, ModuleType]) -> None:
    one = pictures_series.log_loss_landscape(modules)
    two = pictures_series.squared_error_landscape(modules)
    assert len(one.minimisers) == 1
    assert len(two.minimisers) == 2
    assert np.hypot(*np.subtract(*two.minimisers)) > 1  # two different ones
    for landscape, squared in ((one, False), (two, True)):
        for point in landscape.minimisers:
            assert np.abs(gradient(point, squared=squared)).max() < 1e-3
            a, b = (np.argmin(np.abs(landscape.a - x)) for x in point)
            around = landscape.J[b - 1 : b + 2, a - 1 : a + 2]
            assert around.min() >= landscape.J[b, a] - 0.002
        ends = landscape.minimisers * 2 if len(landscape.minimisers) == 1 else landscape.minimisers
        for paths in (landscape.descent, landscape.newton):
            for path, first, last in zip(paths, pictures_series.STARTS, ends, strict=True):
                assert tuple(path[0]) == first
                assert np.allclose(path[-1], last, atol=0.02)
                assert np.abs(path).max() <= 4  # nothing leaves the picture
    X, y = pictures_series.samples()
    theta = np.array([one.a[7], one.b[50]])
    z = X @ theta
    assert one.J[50, 7] == pytest.approx(np.mean(np.logaddexp(0, z) - y * z), abs=1e-4)


def test_convergence_is_linear_and_quadratic(modules: Mapping[str, ModuleType]) -> None:
    descent, newton = pictures_series.histories(modules, 1e-8)
    X, y = pictures_series.convergence_data()
    assert np.allclose(X.mean(axis=0), 0)
    assert np.allclose(X.std(axis=0), 1)
    full = np.column_stack([X, np.ones(len(y))])
    assert descent.y[0] == newton.y[0]
    assert 10 ** newton.y[0] == pytest.approx(np.abs(full.T @ (0.5 - y)).max() / len(y), rel=1e-3)
    steps = np.diff(descent.y)[10:]
    assert np.all(steps < 0)
    assert np.ptp(steps) < 0.1 * np.abs(steps).max()  # a straight line
    assert len(newton.x) < 8
    assert np.all(np.diff(newton.y, 2)[1:-1] < 0)  # each step wins more digits than the last


# ---------------------------------------------------------------- the commands


def test_without_matplotlib_four_lines_say_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert cli.main(["pictures", "-o", str(folder)]) == 2
    error = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in error] == ["asked", "where", "wrong", "what to do"]
    assert error[2].endswith("matplotlib is not installed")
    assert error[3].endswith("pip install 'derive-solvers[pictures]'")
    plan = compare(folder, {}, whole=False)
    drawn, why_not = pictures.drawn_to_compare(folder, plan, required=True)
    assert drawn == {}
    assert "were not compared: they need matplotlib" in why_not


def test_without_modules_four_lines_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="make derive") as caught:
        pictures.drawn(tmp_path)
    assert caught.value.wrong.startswith("there is no exponential_loss.py")


def test_modules_that_python_refuses(folder: Path, tmp_path: Path) -> None:
    for name in ("__init__.py", "solvers", *(f"{name}.py" for name in pictures.MODULES)):
        (tmp_path / name).symlink_to(folder / name)
    (tmp_path / "logistic.py").unlink()
    (tmp_path / "logistic.py").write_text("def (", encoding="utf-8")
    with pytest.raises(DeriveError, match="cannot be imported"):
        pictures.drawn(tmp_path)
    assert not [name for name in sys.modules if name.startswith(pictures._PACKAGE)]


def test_the_whole_life_of_a_picture(
    tmp_path: Path,
    written: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Checked beside the modules, removed when left over, never written over somebody's own."""
    files = {name: f"derive/problems/{name}.py" for name in pictures.MODULES}
    monkeypatch.setattr(asked, "catalogue_files", lambda: files)
    monkeypatch.setattr(building, "MANY", len(files) + 1)  # in this process
    whole, kept = pipeline.build, {}

    def build_once(subject: Any, source: Any, **asked: Any) -> pipeline.Built:
        if subject.name not in kept:
            kept[subject.name] = whole(subject, source, **asked)
        return kept[subject.name]

    monkeypatch.setattr(pipeline, "build", build_once)
    texts = {f"pictures/{name}.svg": text for name, text in written[0].items()}
    monkeypatch.setattr(pictures, "pictures", lambda _: texts)
    out = tmp_path / "out"
    options = ["-o", str(out)]
    assert cli.main(["build", *options]) == 0
    assert cli.main(["check", *options]) == 0  # nobody asked for pictures here yet
    assert cli.main(["pictures", *options]) == 0
    assert sorted(path.name for path in out.glob("pictures/*")) == [f"{n}.svg" for n in NAMES]
    capsys.readouterr()
    assert cli.main(["pictures", *options]) == 0
    assert "6 pictures, 6 unchanged" in capsys.readouterr().out
    assert cli.main(["check", *options]) == 0
    assert cli.main(["build", *options]) == 0  # and a build leaves them alone
    assert not list(out.rglob("*.pyc"))

    one, gone = out / "pictures" / f"{NAMES[0]}.svg", out / "pictures" / "gone.svg"
    one.write_text(written[0][NAMES[0]].replace("M ", "M 1", 1), encoding="utf-8")
    gone.write_text(f"<?xml?>\n{HEADER}\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["check", *options]) == 1
    told = capsys.readouterr().out
    assert "left over: " in told
    assert "2 of its files are not what they should be" in told
    assert told.endswith(f"mend it with: derive pictures -o {out}\n")
    monkeypatch.setattr(pictures, "can_draw", lambda: False)
    assert cli.main(["check", *options]) == 0  # left alone, and said so
    assert "the pictures were not compared" in capsys.readouterr().out
    assert cli.main(["build", *options]) == 0
    assert gone.exists()
    monkeypatch.setattr(pictures, "can_draw", lambda: True)
    assert cli.main(["pictures", *options]) == 0
    assert not gone.exists()
    assert cli.main(["check", *options]) == 0

    one.write_text("<svg/>\n", encoding="utf-8")
    assert cli.main(["pictures", *options]) == 2
    assert "was not generated by derive" in capsys.readouterr().err
    assert one.read_text(encoding="utf-8") == "<svg/>\n"


def test_help_needs_no_matplotlib() -> None:
    code = "import sys, derive.publish.pictures; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "False\n"
