"""The package of a new plugin: its names, its files, and writing them whole or not at all."""

from __future__ import annotations

import keyword
import os
import re
import shlex
import sys
import tempfile
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from indicatree.problems import CatalogError, Problem, quoted
from indicatree.text import Text
from indicatree.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

__all__ = ["PluginNames", "next_steps", "plugin_files", "write_plugin"]

_TEMPLATE = Path(__file__).with_name("template")
_ENDING = ".in"
_LIBRARY = "indicatree"
_LONGEST = 60
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_PLUGIN = re.compile(r"[a-z][a-z0-9_]*")


def _valid_name(_: object, __: object, name: str) -> None:
    problem = _problem_of_name(name)
    if problem is not None:
        raise CatalogError([problem])


@attrs.frozen
class PluginNames:
    """What a new plugin is called, each where its kind of name is wanted.

    Attributes:
        name: The name of the distribution and of its folder: ``indicatree-road-works``.

    Raises:
        CatalogError: It cannot be the name of a distribution and of a module.

    Example:
        >>> names = PluginNames("indicatree-road-works")
        >>> names.module, names.plugin, names.scheme
        ('indicatree_road_works', 'road_works', 'road-works-2025')
    """

    name: str = attrs.field(validator=_valid_name)

    @property
    def module(self) -> str:
        """The name of its package in Python."""
        return self.name.replace("-", "_")

    @property
    def plugin(self) -> str:
        """The name of its entry point, with which its ids begin."""
        return _plugin(self.name)

    @property
    def scheme(self) -> str:
        """The id of its scheme."""
        return f"{self.plugin.replace('_', '-')}-2025"

    @property
    def versions(self) -> str:
        """The versions of indicatree that it is written for: those that change nothing that is public."""
        major, minor, *_ = __version__.split(".")
        return f">={major}.{minor},<{major}.{int(minor) + 1}"

    def put_into(self, text: str) -> str:
        """A text of the template with these names."""
        for name in ("name", "module", "plugin", "scheme", "versions"):
            text = text.replace(f"{{{{{name}}}}}", getattr(self, name))
        return text


def _plugin(name: str) -> str:
    return name.replace("-", "_").removeprefix(f"{_LIBRARY}_")


def _well_formed(name: str) -> bool:
    return bool(_NAME.fullmatch(name) and _PLUGIN.fullmatch(_plugin(name)))


def _problem_of_name(name: str) -> Problem | None:
    """What is wrong with a name, wherever it is used."""
    if not _well_formed(name):
        said = (
            Text(zh="不能用作发行包和模块的名称", en="cannot be the name of a distribution and of a module")
            if name
            else Text(zh="名称为空", en="is empty")
        )
        message = said + Text(
            zh='：应为小写字母和数字，词间用一个 "-"',
            en=': expected lower-case letters and digits, with single "-" between words',
        )
        return Problem("bad-name", _said(name), message, _suggested(name))
    if len(name) > _LONGEST:
        message = Text(zh=f"超过 {_LONGEST} 个字符", en=f"has more than {_LONGEST} characters")
        return Problem("bad-name", _said(name), message, Text(zh="改短", en="name it shorter"))
    module, better = name.replace("-", "_"), f"{_LIBRARY}-{_plugin(name).replace('_', '-')}"
    fix = Text(zh=f'改名为 "{better}"', en=f'name it "{better}"')
    if keyword.iskeyword(module):
        message = Text(
            zh="是 Python 的关键字，不能作模块名", en="is a keyword of Python, which no module can be called"
        )
        return Problem("bad-name", _said(name), message, fix)
    if module in sys.stdlib_module_names:
        message = Text(zh="与 Python 自带的模块同名", en="is the name of a module of Python itself")
        return Problem("bad-name", _said(name), message, fix)
    if _LIBRARY in (module, _plugin(name)):
        message = Text(zh="是本软件自身的名称", en="is the name of the library itself")
        fix = Text(
            zh=f'按评价对象命名，例如 "{_LIBRARY}-roads"', en=f'name it for what it scores, such as "{_LIBRARY}-roads"'
        )
        return Problem("name-taken", _said(name), message, fix)
    return None


def _said(name: str) -> str:
    """A name as a message quotes it, in one line."""
    return quoted("".join(one if one.isprintable() else repr(one)[1:-1] for one in name))


def _suggested(name: str) -> Text:
    near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    for usable in (near, f"{_LIBRARY}-{near.removeprefix(f'{_LIBRARY}-')}"):
        if _well_formed(usable) and _problem_of_name(usable) is None:
            return Text(zh=f'例如 "{usable}"', en=f'such as "{usable}"')
    return Text(zh=f'例如 "{_LIBRARY}-roads"', en=f'such as "{_LIBRARY}-roads"')


def _problem_of_environment(names: PluginNames) -> Problem | None:
    """Who has one of the names already, of what is installed."""
    fix = Text(zh="另取名称，或卸载同名的软件", en="give it another name, or remove what has the name")
    if find_spec(names.module) is not None:
        message = Text(
            zh=f"已有模块 {names.module}，两者会互相遮蔽",
            en=f"there is a module {names.module} already, which it would hide or be hidden by",
        )
        return Problem("name-taken", _said(names.name), message, fix)
    for entry in entry_points(group=_LIBRARY):
        if entry.name == names.plugin:
            holder = entry.dist.name if entry.dist else entry.value
            message = Text(
                zh=f"已有插件 {names.plugin}（来自 {holder}），而 id 以此名称开头",
                en=f"there is a plugin {names.plugin} already, from {holder}, and ids begin with that name",
            )
            return Problem("name-taken", _said(names.name), message, fix)
    return None


def plugin_files(names: PluginNames) -> dict[str, str]:
    """The files of a new plugin: what each holds, by its path in the folder.

    Example:
        >>> sorted(plugin_files(PluginNames("indicatree-roads")))[:3]
        ['README.md', 'pyproject.toml', 'src/indicatree_roads/__init__.py']
    """
    files = {}
    for path in _template():
        inside = path.relative_to(_TEMPLATE).as_posix().removesuffix(_ENDING)
        files[names.put_into(inside)] = names.put_into(path.read_text(encoding="utf-8"))
    return files


def _template() -> Iterator[Path]:
    return (path for path in sorted(_TEMPLATE.rglob(f"*{_ENDING}")) if path.is_file())


def write_plugin(name: str, directory: str | PathLike[str] = ".") -> Path:
    """Write a new plugin to a folder of its name, whole or not at all.

    Args:
        name: The name of the distribution, such as ``indicatree-roads``.
        directory: The folder in which the new one is made.

    Returns:
        The new folder.

    Raises:
        CatalogError: The name is not valid or taken, there is something already, or nothing can be written there.
    """
    names = PluginNames(name)
    folder = Path(directory) / names.name
    if problem := _problem_of_place(folder) or _problem_of_environment(names):
        raise CatalogError([problem])
    files = plugin_files(names)
    try:
        # Beside its place, so that one step puts it there; a name that nobody else has, also at the same time.
        with tempfile.TemporaryDirectory(prefix=f".{names.name}-", dir=directory, ignore_cleanup_errors=True) as beside:
            made = Path(beside) / names.name
            for inside, text in files.items():
                path = made / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            _put(made, folder)
    except OSError as error:
        if problem := _problem_of_place(folder):  # something came there in the meantime
            raise CatalogError([problem]) from None
        message = Text(zh="无法写入：", en="cannot be written: ") + (error.strerror or str(error))
        fix = Text(zh="用 --directory 另选文件夹", en="name another --directory")
        raise CatalogError([Problem("not-written", str(folder), message, fix)]) from None
    return folder


def next_steps(folder: Path) -> Text:
    """What to do with a plugin that was just written."""
    names = PluginNames(folder.name)
    there = shlex.quote(str(folder))
    return Text(
        zh=f"""\
已生成插件 {names.name}：{folder}
  cd {there}
  pytest                            测试：各项规律，以及一个手算的样例
  pip install -e .                  安装后 indicatree 会自动发现该插件
  indicatree score tests/town.toml  用它的方案给样例评分
README.md 说明每个文件的内容，以及如何换成自己的内容。""",
        en=f"""\
wrote the plugin {names.name}: {folder}
  cd {there}
  pytest                            its tests: the laws of scoring, and one unit worked out by hand
  pip install -e .                  once installed, it is found by itself
  indicatree score tests/town.toml  score the example by its scheme
README.md says what each file holds, and how to make it yours.""",
    )


def _put(made: Path, folder: Path) -> None:
    """Give a finished folder its place; an empty folder may be there, which is put back if that fails."""
    empty = folder.exists()
    if empty:
        folder.rmdir()  # refused where it is not empty any more
    try:
        if os.path.lexists(folder):
            raise FileExistsError
        made.rename(folder)
    finally:
        if empty and not os.path.lexists(folder):
            folder.mkdir()


def _problem_of_place(folder: Path) -> Problem | None:
    """Why nothing can be put at a place, as far as that can be seen."""
    if not folder.parent.is_dir():
        missing = Text(zh="不存在", en="is not there")
        message = Text(zh="不是文件夹", en="is no folder") if os.path.lexists(folder.parent) else missing
        fix = Text(zh="用 --directory 指定已有的文件夹", en="name a folder that is there, with --directory")
        return Problem("no-folder", str(folder.parent), message, fix)
    fix = Text(zh="另取名称，或用 --directory 另选文件夹", en="give it another name, or another --directory")
    if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
        message = Text(zh="已存在，且不是文件夹", en="is there already, and is no folder")
        return Problem("folder-exists", str(folder), message, fix)
    try:
        if folder.is_dir() and any(folder.iterdir()):
            message = Text(zh="已存在，且不为空", en="is there already, and is not empty")
            return Problem("folder-exists", str(folder), message, fix)
    except OSError as error:
        message = Text(zh=f"无法查看：{error.strerror}", en=f"cannot be looked into: {error.strerror}")
        return Problem("folder-exists", str(folder), message, fix)
    return None
