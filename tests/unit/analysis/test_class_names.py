"""What the classes of objects are called that a stop is told by is said in one place each."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import codefx_desktop.analysis

NAMES = {"car", "wheel", "crew", "jack", "wheel_gun"}


FILES = sorted(Path(codefx_desktop.analysis.__file__).parent.glob("*.py"))


def test_each_class_is_named_in_one_module() -> None:
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                for part in parts:
                    if isinstance(part, ast.Constant) and part.value in NAMES:
                        homes[str(part.value)].add(file.name)
    assert {name: len(files) for name, files in homes.items()} == dict.fromkeys(NAMES, 1), homes


def test_nobody_else_asks_for_a_class_by_its_name() -> None:
    asked = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            words: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                words = [node.left, *node.comparators]
            elif isinstance(node, ast.Call):
                words = node.args
            asked += [
                f"{file.name}:{word.lineno}"
                for word in words
                if isinstance(word, ast.Constant) and word.value in NAMES
            ]
    assert asked == []
