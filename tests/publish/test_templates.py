"""A template decides nothing: output, `for`, `join`, `loop.last`."""

import pytest
from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from derive.publish.environment import environment, templates_folder

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.Name, nodes.Getattr,
    nodes.Const, nodes.Filter, nodes.CondExpr, nodes.If,
)  # fmt: skip
NAMES = sorted(
    p.relative_to(templates_folder()).as_posix() for p in templates_folder().rglob("*.j2")
)


def decisions(name: str, source: str) -> list[str]:
    """What a template does besides laying out."""
    tree = environment(name).parse(source)
    return [type(node).__name__ for node in tree.find_all(nodes.Node) if not allowed(node)]


def allowed(node: nodes.Node) -> bool:
    match node:
        case nodes.Filter(name=name):
            return bool(name == "join")
        case nodes.If(test=test) | nodes.CondExpr(test=test):
            return _is_last(test)
        case nodes.For(test=test, recursive=recursive):
            return test is None and not recursive
        case nodes.Not(node=inner):
            return _is_last(inner)
        case _:
            return isinstance(node, ALLOWED)


def _is_last(test: nodes.Node) -> bool:
    if isinstance(test, nodes.Not):
        test = test.node
    return isinstance(test, nodes.Getattr) and test.attr == "last" and test.node.name == "loop"


def test_there_are_templates() -> None:
    assert {"proof.tex.j2", "proof_body.tex.j2"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_template_decides_nothing(name: str) -> None:
    source = (templates_folder() / name).read_text(encoding="utf-8")
    assert decisions(name, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "<% if view.x %>a<% endif %>",
        "<% set a = 1 %>",
        "<% macro f() %><% endmacro %>",
        "<< view.x|upper >>",
        "<< view.x + 1 >>",
        "<< f(view) >>",
        "<% include 'proof.tex.j2' %>",
        "<% for a in view.x if a %><% endfor %>",
        "<< 'a' if view.x else 'b' >>",
    ],
)
def test_decisions_are_seen(source: str) -> None:
    assert decisions("a.tex.j2", source)


@pytest.mark.parametrize(
    "source",
    [
        "<% for a in view.x %><< a >><% if not loop.last %>, <% endif %><% endfor %>",
        "<< view.x|join(', ') >>",
        "<% for a in view.x %><< ', ' if not loop.last >><% endfor %>",
    ],
)
def test_layout_is_allowed(source: str) -> None:
    assert decisions("a.tex.j2", source) == []


def test_latex_is_read_with_other_delimiters() -> None:
    assert environment("a.tex.j2").from_string("{{a}}{%{#").render() == "{{a}}{%{#"
    with pytest.raises(TemplateSyntaxError):
        environment("a.py.j2").from_string("{% {")
