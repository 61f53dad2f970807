"""What of a generated module is run to be judged: its arithmetic, and nobody's words.

The module's whole text is parsed, so that a text that is no Python is never written. Then its
imports, docstrings and comments, its model and `fit` stay behind; what is left must be functions
made of the operations that our printers write, in which no text but an `einsum` pattern stands.
"""

from __future__ import annotations

import ast
import re
from types import CodeType

from derive.errors import RefutedError

OPERATIONS = (
    ast.arguments, ast.arg, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.keyword,
    ast.Assign, ast.Return, ast.Expr, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Call,
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.BoolOp, ast.boolop, ast.Constant, ast.Tuple,
    ast.List,
)  # fmt: skip
"""The nodes of our arithmetic; a module of the catalogue has no others."""
MODULES = ("np", "special")
MEMBERS = ("T", "shape", "astype", "outer")
"""What is asked of a value, rather than of a module."""
BUILTINS = ("float", "len", "range", "int", "abs", "tuple")
PATTERN = re.compile(r"[a-zA-Z]*(?:,[a-zA-Z]*)*->[a-zA-Z]*|ignore|valid|full")
KEPT_ALONE = ("fit", "predict")
"""Functions for people, which call the solvers: they are no part of what is judged."""


def require_python(module: str, name: str) -> ast.Module:
    """The tree of a generated text.

    Raises:
        RefutedError: It is no Python, so our printer is at fault.
    """
    try:
        compile(module, f"<{name}>", "exec", dont_inherit=True)
        return ast.parse(module)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        quoted = module.split("\n")[line - 1].strip() if line else ""
        raise _refuted(name, quoted or "the module", f"it is no Python: {error}") from None


def arithmetic(module: str, name: str) -> CodeType:
    """The code of the functions of a generated module alone."""
    functions = [
        _bare(node, name)
        for node in require_python(module, name).body
        if isinstance(node, ast.FunctionDef) and node.name not in KEPT_ALONE
    ]
    known = {node.name for node in functions}
    for function in functions:
        _require_arithmetic(function, known, name)
    return compile(ast.Module(functions, []), "<generated>", "exec", dont_inherit=True)  # type: ignore[arg-type]


def _bare(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """The function without its docstring and annotations."""
    first, *rest = function.body
    says = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if not says:
        raise _refuted(name, function.name, "a generated function has no docstring")
    function.body = list(rest) or [ast.copy_location(ast.Pass(), function)]
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    return function


def _require_arithmetic(function: ast.FunctionDef, known: set[str], name: str) -> None:
    for part in (*function.body, function.args, *function.decorator_list):
        own = {argument.arg for argument in function.args.args}
        put_off = [value for node in ast.walk(part) for value in _put_off(node)]
        for node in ast.walk(part):
            if isinstance(node, ast.Lambda) and node in put_off:
                continue
            if not isinstance(node, OPERATIONS) or not _ours(node, own | known):
                wrong = f"{type(node).__name__} is none of the operations that are printed"
                shown = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
                raise _refuted(name, f"{function.name}: {shown}", wrong)


def _put_off(node: ast.AST) -> list[ast.expr]:
    """The values of a choice, each of which is computed only where it is taken."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="special"), attr="choose"),
            args=[_, ast.List(elts=values)],
        ):
            return [v for v in values if isinstance(v, ast.Lambda) and not ast.unparse(v.args)]
    return []


def _ours(node: ast.AST, called: set[str]) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return PATTERN.fullmatch(text) is not None
        case ast.Constant(value=value):
            return value is None or value is ... or isinstance(value, bool | int | float)
        case ast.Attribute(value=ast.Name(id=module), attr=attr) if module in MODULES:
            return not attr.startswith("_")
        case ast.Attribute(attr=attr):
            return attr in MEMBERS
        case ast.Name(id=word):
            return "__" not in word
        case ast.Call(func=ast.Name(id=word)):
            return word in called or word in BUILTINS
        case ast.Call(func=func):
            return isinstance(func, ast.Attribute)
    return True


def _refuted(name: str, where: str, wrong: str) -> RefutedError:
    return RefutedError(
        asked=f"print the module {name}",
        where=where,
        wrong=wrong,
        todo="report it with the problem file: this is a fault of derive",
    )
