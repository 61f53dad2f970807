"""Sizes in generated code: which ones it names, and the array that each is read off."""

from __future__ import annotations

import re

from derive.notation.bands import Band, Unit
from derive.notation.expression import Axis, Tensor
from derive.notation.matrix import Identity, Mask, Mat, MPow, Ones, Scalar, operands
from derive.notation.tree import axes_in
from derive.programs.lines import CodeLine


def size_lines(wanted: list[Axis], args: tuple[Tensor, ...]) -> list[CodeLine]:
    """The sizes that the code names, read off the arguments."""
    lines: list[CodeLine] = []
    for axis in wanted:
        if any(axis.letter in line.name.split(", ") for line in lines):
            continue
        # Data before parameters: their axes are the ones that a user thinks of as given.
        known = {letter for line in lines for letter in line.name.split(", ")}
        owners = sorted(
            (t for t in args if axis in t.axes),
            key=lambda t: (t.role != "data", not _all_new(t, wanted, known)),
        )
        if not owners:
            lines.append(_from_shorter(axis, args))
            continue
        owner = owners[0]
        whole = [a.letter for a in owner.axes]
        if _all_new(owner, wanted, known):
            lines.append(CodeLine(", ".join(whole), f"{owner.name}.shape", "", ""))
        else:
            at = owner.axes.index(axis)
            lines.append(CodeLine(axis.letter, f"{owner.name}.shape[{at}]", "", ""))
    return lines


def _from_shorter(axis: Axis, args: tuple[Tensor, ...]) -> CodeLine:
    """n read off an array over n - 1."""
    tensor, at = next((t, a) for t in args for a in t.axes if a.root == axis)
    code = f"{tensor.name}.shape[{tensor.axes.index(at)}] + {at.cut}"
    return CodeLine(axis.letter, code, "", "")


def _all_new(tensor: Tensor, wanted: list[Axis], known: set[str]) -> bool:
    """Whether all sizes of a tensor are read off at once: m, n = X.shape."""
    whole = [a.letter for a in tensor.axes]
    new = len(set(whole)) == len(whole) > 1 and not known & set(whole)
    return new and set(tensor.axes) <= set(wanted)


def axes_named(mat: Mat) -> tuple[Axis, ...]:
    """The axes that a formula mentions, in order of appearance."""
    found: dict[Axis, None] = {}
    match mat:
        case Scalar(e) | MPow(_, e):
            found.update(dict.fromkeys(axis.root for axis in axes_in(e)))
        case Identity(axis) | Mask(axis, _) | Ones(axis) | Unit(axis, _) | Band(_, axis, _):
            found[axis.root] = None
        case _:
            found.update(dict.fromkeys(axis.root for axis in mat.axes))
    for operand in operands(mat):
        found.update(dict.fromkeys(axes_named(operand)))
    return tuple(found)


def sizes_in(axes: tuple[Axis, ...], codes: list[str]) -> list[Axis]:
    """Those of the axes whose size the code names, outside of quotes."""
    text = " ".join(re.sub(r'"[^"]*"', "", code) for code in codes)
    names = set(re.findall(r"\b[A-Za-z_]\w*\b(?!=[^=])", text))  # not the n of n=2
    return [axis for axis in axes if axis.letter in names]
