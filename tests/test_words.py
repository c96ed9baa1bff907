"""Whatever is said to a user is said in Chinese and in English."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import indicatree

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCE = Path(indicatree.__file__).parent
FILES = [*sorted(SOURCE.rglob("*.py")), *sorted(ROOT.glob("plugins/*/src/**/*.py"))]
# Where the words stand among the arguments of what makes a problem, and of what refuses.
WORDS = {"Problem": (2, 3), "report": (2, 3), "refuse": (1, 2), "SaidError": (0,), "RefusedError": (0,)}
WORDS |= {"OperandError": (0, 1), "TermError": (0, 1), "VersionError": (0,)}
# What is the same in every language: something to write in a file or in Python.
CODE = re.compile(r'[\w."\[\]]+ ?=.*|[{\[@"<].*|pip install .*|', re.DOTALL)


def bare(node: ast.expr, function: ast.AST) -> Iterator[ast.expr]:
    """The parts of an argument that are text of one language, looked up where they were given a name."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from bare(node.body, function)
        yield from bare(node.orelse, function)
    elif isinstance(node, ast.BinOp):
        yield from bare(node.left, function)
        yield from bare(node.right, function)
    elif isinstance(node, ast.Name):
        for inner in ast.walk(function):
            if isinstance(inner, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id for target in inner.targets
            ):
                yield from bare(inner.value, ast.Module([], []))


def one_language(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each place where a problem is told in one language, with its words."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        around = [one for one in functions if one.lineno <= call.lineno <= (one.end_lineno or 0)]
        for place in WORDS.get(name, ()):
            if place < len(call.args):
                for node in bare(call.args[place], around[-1] if around else tree):
                    words = ast.unparse(node)
                    said = ast.literal_eval(node) if isinstance(node, ast.Constant) else words.removeprefix("f")[1:-1]
                    if isinstance(said, str) and not CODE.fullmatch(said):
                        yield node.lineno, words


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_problem_is_told_in_two_languages(path: Path) -> None:
    assert list(one_language(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        'Problem("a", "b", "no figure")',
        'Problem("a", "b", Text(zh="无", en="none"), "give it")',
        'def f():\n    message = f"no {figure}"\n    yield Problem("a", "b", message)',
        'self.refuse(node, "no" if none else f"{count} too many")',
        'raise RefusedError("no amount")',
        'Problem("a", "b", Text(zh="无", en="none"), "install the extra by pip install")',
    ],
)
def test_words_of_one_language_are_found(code: str) -> None:
    assert len(list(one_language(ast.parse(code)))) in (1, 2)


@pytest.mark.parametrize(
    "code",
    [
        'Problem("a", "b", Text(zh="无", en="none"), "points = ...")',
        """Problem("a", "b", Text(zh="无", en="none"), 'pip install "indicatree[table]"')""",
        "refuse([problem])",
    ],
)
def test_code_is_the_same_in_both_languages(code: str) -> None:
    assert not list(one_language(ast.parse(code)))
