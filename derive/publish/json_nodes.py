"""Trees whose equal parts stand once: what keeps the record of a long proof short.

A formula of a proof repeats most of the one before it. In the record every different node stands
once, in a table, and the fields of a node that hold formulas hold numbers of that table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def numbered(tree: Json, nodes: dict[str, int]) -> Json:
    """The tree with every node replaced by its number; new nodes are added to the table.

    The table maps the text of a node to its number; parts come before what they are parts of.
    """
    if isinstance(tree, list):
        return [numbered(part, nodes) for part in tree]
    if not isinstance(tree, dict):
        return tree
    made: dict[str, Json] = {key: numbered(value, nodes) for key, value in tree.items()}
    if "node" not in made:
        return made
    return nodes.setdefault(json.dumps(made, ensure_ascii=False), len(nodes))


def laid_out(record: Mapping[str, Json], tables: Mapping[str, Sequence[str]]) -> str:
    """The record over many lines, then the tables with one row a line."""
    head = json.dumps(cast(Json, dict(record)), ensure_ascii=False, indent=1).removesuffix("\n}")
    rows = (
        f' "{name}": [\n  ' + ",\n  ".join(table) + "\n ]" if table else f' "{name}": []'
        for name, table in tables.items()
    )
    return ",\n".join((head, *rows)) + "\n}\n"
