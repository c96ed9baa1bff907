"""The catalog: what the installed plugins offer, and what is wrong with those that offer nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from os import PathLike
from typing import TYPE_CHECKING, Any

import attrs
import pluggy

from indicatree.catalog import builtin, hookspecs
from indicatree.data import VersionError, Years, is_record, record_type, split_version, version_of
from indicatree.indicators import Identity, Indicator
from indicatree.problems import CatalogError, DeclarationError, IndicatreeError, Problem, SchemeError, did_you_mean
from indicatree.scheme import Parts, Rule, Scheme, load_scheme
from indicatree.text import Text, said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.metadata import EntryPoint

__all__ = ["Catalog", "Plugin", "default_catalog"]

_HOOKS = [name for name in vars(hookspecs) if name.startswith("indicatree_")]
_FILE_KINDS = (".toml", ".json")
_RULE_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_LIBRARY, _GIVEN = "the library itself", "passed in"
_ORIGINS = {_LIBRARY: Text(zh="软件自带", en=_LIBRARY), _GIVEN: Text(zh="由程序传入", en=_GIVEN)}
_KINDS = {
    "record": Text(zh="数据表", en="record"),
    "indicator": Text(zh="指标", en="indicator"),
    "rule": Text(zh="评分规则", en="rule"),
    "scheme": Text(zh="方案", en="scheme"),
    "identity": Text(zh="勾稽关系", en="identity"),
}


@attrs.define
class Plugin:
    """A plugin as the catalog sees it.

    Attributes:
        name: The name of its entry point or module.
        version: The version of its distribution; empty for a module that was passed in.
        origin: Where it comes from.
        problems: What is wrong with it; a plugin with problems offers nothing.
        records: The record classes that it offers, by id.
        indicators: The indicators that it offers, by id.
        rules: The classes of rules that it offers, by kind.
        schemes: The schemes that it offers, by id: as objects or as files.
        identities: The identities that it offers, by id.
    """

    name: str
    version: str = ""
    origin: str = ""
    problems: list[Problem] = attrs.field(factory=list)
    records: dict[str, type] = attrs.field(factory=dict)
    indicators: dict[str, Indicator] = attrs.field(factory=dict)
    rules: dict[str, type[Rule]] = attrs.field(factory=dict)
    schemes: dict[str, Scheme | PathLike[str]] = attrs.field(factory=dict)
    identities: dict[str, Identity] = attrs.field(factory=dict)

    @property
    def works(self) -> bool:
        """Whether it is used."""
        return not self.problems

    @property
    def origin_words(self) -> Text:
        """Where it comes from, in two languages."""
        return _ORIGINS.get(self.origin, Text.of(self.origin))


class Catalog:
    """What plugins offer: records, indicators, rules and schemes, by id.

    A plugin that cannot be imported, does not fit the contract, or has an id that another has
    already, is left out whole and reported; the others work on. With ``strict`` it is an error.

    Args:
        plugins: Modules (or objects) to use as plugins, installed or not.
        discover: Whether to look for installed plugins, in the entry point group ``indicatree``.
            Off by default where ``plugins`` are given: a host decides what code it runs.
        allow: The names of the only installed plugins to use.
        block: The names of installed plugins not to use, nor to import.
        strict: Whether a problem of any plugin is raised.

    Raises:
        CatalogError: With ``strict``, what is wrong with the plugins.

    Example:
        >>> sorted(Catalog(discover=False).rules)[:3]
        ['all_or_nothing', 'bands', 'checklist']
    """

    def __init__(
        self,
        plugins: Iterable[object] = (),
        *,
        discover: bool | None = None,
        allow: Iterable[str] | None = None,
        block: Iterable[str] = (),
        strict: bool = False,
    ) -> None:
        """Collect the plugins and what each offers."""
        given = list(plugins)
        self.plugins: list[Plugin] = []
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._schemes: dict[str, Scheme] = {}
        self._claims: dict[tuple[str, str], list[tuple[Plugin, str, Any]]] = {}
        self._add(builtin, Plugin("indicatree", _version("indicatree"), _LIBRARY))
        for module in given:
            if self._manager.is_registered(module):
                continue
            name = getattr(module, "__name__", None) or type(module).__name__
            self._add(module, Plugin(name, "", getattr(module, "__file__", None) or _GIVEN))
        if discover or (discover is None and not given):
            self._discover(None if allow is None else _names(allow), _names(block))
        if strict and self.problems:
            raise CatalogError(self.problems)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the plugins that are left out."""
        return [problem for plugin in self.plugins for problem in plugin.problems]

    @property
    def records(self) -> dict[str, type]:
        """The record classes by id."""
        return self._offered("records")

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators by id."""
        return self._offered("indicators")

    @property
    def rules(self) -> dict[str, type[Rule]]:
        """The classes of rules by kind."""
        return self._offered("rules")

    @property
    def identities(self) -> dict[str, Identity]:
        """The identities by id."""
        return self._offered("identities")

    @property
    def scheme_ids(self) -> list[str]:
        """The ids of the schemes."""
        return list(self._offered("schemes"))

    def indicator(self, identifier: str, *, year: int | None = None) -> Indicator:
        """An indicator by id.

        Args:
            identifier: The id; ``id@2021`` is the version of that year.
            year: The year that it is to hold for; needed where there are several versions.

        Raises:
            CatalogError: No plugin has it, or not for that year.
        """
        found: Indicator = self._version(self.indicators, identifier, _one_year(year), "indicator")
        _check_year(found, year, "indicator")
        return found

    def scheme(self, source: str | PathLike[str] | Mapping[str, Any], *, year: int | None = None) -> Scheme:
        """A scheme by the id that a plugin gives it, or from a file, or from what a file holds.

        Args:
            source: The id (``id@2021`` is the version of that year), the file, or what it holds.
            year: The year that it is to hold for; needed where there are several versions.

        Raises:
            CatalogError: There is neither such an id nor such a file, or no version for the year.
            SchemeError: The scheme has problems.
        """
        offered = isinstance(source, str) and (
            not _looks_like_file(source) or split_version(source)[0] in map(_plain, self._offered("schemes"))
        )
        scheme = self._scheme(str(source), _one_year(year), ()) if offered else load_scheme(source, self.parts)
        _check_year(scheme, year, "scheme")
        return scheme

    def _scheme(self, name: str, years: Years | None, chain: tuple[str, ...]) -> Scheme:
        """The version of an offered scheme; versions are read when their id is first asked for."""
        offered = {
            key: found for key, found in self._offered("schemes").items() if _plain(key) == split_version(name)[0]
        }
        if not offered:
            return self._one(self._offered("schemes"), name, "scheme")  # type: ignore[no-any-return]  # it raises
        if chain and name in offered:
            return self._read(name, offered[name], chain)
        versions: dict[str, Scheme] = {}
        failed = None
        for key, found in offered.items():
            try:
                versions[key] = self._read(key, found, chain)
            except IndicatreeError as error:
                if not chain:
                    raise
                failed = failed or error  # it may be the one that extends another, which is meant
        for first, second in combinations(versions.values(), 2):
            if _overlap(first, second):
                one, other = (
                    Text(zh="各年度", en="all years") if version.years is None else Text.of(str(version.years))
                    for version in (first, second)
                )
                message = Text(
                    zh=f"{first.id} 的两个版本适用年度重叠：{one['zh']}与{other['zh']}",
                    en=f"two versions of {first.id} hold for the same years: {one['en']} and {other['en']}",
                )
                fix = Text(zh="分别写明各自的年度", en="give each its own years")
                raise CatalogError([Problem("overlapping-years", "", message, fix)])
        try:
            return self._version(versions, name, years, "scheme")  # type: ignore[no-any-return]
        except CatalogError as error:
            raise failed or error from None

    def _read(self, key: str, found: Scheme | PathLike[str], chain: tuple[str, ...]) -> Scheme:
        if isinstance(found, Scheme):
            return found
        if key not in self._schemes:
            from pathlib import Path  # noqa: PLC0415 - only schemes in files pay for it

            own = str(Path(found).resolve())
            if own in chain:
                message = Text(zh="扩展了自身：", en="extends itself: ") + " > ".join([*chain, own])
                fix = Text(zh="改为扩展其他方案", en="name another scheme")
                raise SchemeError([Problem("extends-itself", "", message, fix)])
            scheme = load_scheme(found, self.parts, chain=chain)
            if scheme.id != _plain(key):
                message = Text(zh=f'文件中写明 id = "{scheme.id}"', en=f'the file says id = "{scheme.id}"')
                fix = Text(zh="文件名应与 id 相同", en="give the file the name of the id")
                raise CatalogError([Problem("other-id", str(found), message, fix)])
            year = split_version(key)[1]
            if year is not None and scheme.years is not None and year not in scheme.years:
                message = Text(
                    zh=f"该方案适用于 {scheme.years}，不适用于 {year} 年",
                    en=f"the scheme holds for {scheme.years}, not for {year}",
                )
                fix = Text(zh="文件名中的年度应在其适用年度之内", en="give the file one of its years")
                raise CatalogError([Problem("other-years", str(found), message, fix)])
            self._schemes[key] = scheme
        return self._schemes[key]

    @property
    def parts(self) -> Parts:
        """What a scheme file can name."""
        origins: dict[str, tuple[str, str]] = {}
        for plugin in self._working():
            made = (plugin.name, plugin.version)
            origins |= {f"indicator {name}": made for name in plugin.indicators}
            origins |= {f"rule {name}": made for name in plugin.rules}
            origins |= {f"record {name}": made for name in plugin.records}
        return Parts(self.indicators, self.rules, self.records, origins, self._scheme)

    def origin(self, what: str, name: str) -> Plugin | None:
        """The plugin that one of the ``indicators``, ``rules``, ``records``, ``schemes`` or ``identities`` is from."""
        return next((plugin for plugin in self._working() if name in getattr(plugin, what)), None)

    def _working(self) -> Iterator[Plugin]:
        return (plugin for plugin in self.plugins if plugin.works)

    def _offered(self, what: str) -> dict[str, Any]:
        return {name: thing for plugin in self._working() for name, thing in getattr(plugin, what).items()}

    def _version(self, things: Mapping[str, Any], name: str, years: Years | None, what: str) -> Any:
        """The version of something that holds for some years."""
        if split_version(name)[0] not in map(_plain, things):
            return self._one(things, name, what)
        try:
            return version_of(things, name, years)
        except VersionError as error:
            message = Text(
                zh=f'不能确定使用{_KINDS[what]["zh"]} "{name}" 的哪个版本',
                en=f'no single version of the {what} "{name}"',
            )
            raise CatalogError([Problem("other-years", "", message, said_by(error))]) from None

    def _one(self, table: Mapping[str, Any], name: str, what: str) -> Any:
        if name in table:
            return table[name]
        broken = [plugin.name for plugin in self.plugins if not plugin.works]
        message = Text(zh=f'没有插件提供{_KINDS[what]["zh"]} "{name}"', en=f'no plugin has the {what} "{name}"')
        if broken:
            message += Text(
                zh=f'；未启用：{"、".join(broken)}，见 "indicatree plugins"',
                en=f'; left out: {", ".join(broken)}, see "indicatree plugins"',
            )
        raise CatalogError([Problem(f"unknown-{what}", "", message, did_you_mean(name, table))])

    # Discovery

    def _discover(self, allow: set[str] | None, block: set[str]) -> None:
        from importlib.metadata import entry_points  # noqa: PLC0415 - only a catalog pays for it

        for entry in sorted(entry_points(group=hookspecs.PROJECT), key=lambda entry: entry.name):
            if entry.name in block or (allow is not None and entry.name not in allow):
                continue
            distribution = entry.dist
            origin = f"{distribution.name} ({entry.value})" if distribution else entry.value
            plugin = Plugin(entry.name, distribution.version if distribution else "", origin)
            module = _load(entry, plugin)
            if module is None:
                self.plugins.append(plugin)
            elif not self._manager.is_registered(module):
                self._add(module, plugin)

    def _add(self, module: object, plugin: Plugin) -> None:
        """Check a plugin, ask its hooks, and take it in if nothing is wrong."""
        self.plugins.append(plugin)
        try:
            plugin.problems += _contract(module, plugin.name)
        except Exception as error:  # noqa: BLE001 - an object's attributes may raise anything
            plugin.problems.append(_broken(f"plugin {plugin.name}, its attributes", error))
        if not plugin.problems:
            try:
                self._manager.register(module, name=f"{plugin.name}#{len(self.plugins)}")
                self._manager.check_pending()
            except Exception as error:  # noqa: BLE001 - pluggy's and the plugin's own errors alike leave it out
                plugin.problems.append(_hook_problem(error, plugin.name))
        if not plugin.problems:
            self._ask(module, plugin)
        if plugin.problems and self._manager.is_registered(module):
            self._manager.unregister(module)

    def _ask(self, module: object, plugin: Plugin) -> None:
        readers: dict[str, Callable[[Any, Plugin], None]] = {
            "indicatree_records": self._take_record,
            "indicatree_indicators": self._take_indicator,
            "indicatree_rules": self._take_rule,
            "indicatree_schemes": self._take_scheme,
            "indicatree_identities": self._take_identity,
        }
        for caller in self._manager.get_hookcallers(module) or ():
            hook, read = caller.name, readers[caller.name]
            function: Any = next(impl.function for impl in caller.get_hookimpls() if impl.plugin is module)
            try:
                returned = function()
                if not isinstance(returned, Iterable):
                    expected = Text(zh="列表", en="a list")
                    fix = Text(zh="让该钩子返回列表", en="return a list from the hook")
                    plugin.problems.append(_wrong(plugin, hook, expected, returned, fix))
                    continue
                offered = list(returned)
            except IndicatreeError as error:
                plugin.problems += [problem.under(f"plugin {plugin.name}, {hook}") for problem in error.problems]
                continue
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's code may raise anything
                plugin.problems.append(_broken(f"plugin {plugin.name}, {hook}", error))
                continue
            for thing in offered:
                try:
                    read(thing, plugin)
                except Exception as error:  # noqa: BLE001 - the thing may not even have the attributes asked for
                    plugin.problems.append(_broken(f"plugin {plugin.name}, {hook}", error))

    def _claim(self, what: str, name: str, thing: Any, plugin: Plugin) -> None:
        """Give a name to a plugin, unless another (or the plugin itself) has it."""
        holder = None
        claims = self._claims.setdefault((what, _plain(name)), [])
        for other, known, there in claims:
            if not other.works:
                continue
            if there is thing:
                return
            if known == name or _overlap(there, thing):
                holder = other
        if holder is not None:
            singular = "identity" if what == "identities" else what[:-1]
            message = Text(
                zh=f"{_KINDS[singular]['zh']} {name} 已存在，由 {_describe(holder)['zh']} 提供",
                en=f"the {singular} {name} is there already, from {_describe(holder)['en']}",
            )
            fix = Text(zh=f"在 {_describe(plugin)['zh']} 中改名", en=f"rename it in {_describe(plugin)['en']}")
            if holder is not plugin:
                fix += Text(zh="，或停用其中一个插件", en=", or block one of the two plugins")
            plugin.problems.append(Problem("duplicate-id", f"plugin {plugin.name}", message, fix))
            return
        getattr(plugin, what)[name] = thing
        claims.append((plugin, name, thing))

    def _take_record(self, thing: Any, plugin: Plugin) -> None:
        if not is_record(thing):
            expected = Text(zh="数据表的类", en="a record class")
            fix = Text(zh="使用 @record", en="use @record")
            plugin.problems.append(_wrong(plugin, "indicatree_records", expected, thing, fix))
            return
        self._claim("records", record_type(thing).id, thing, plugin)

    def _take_indicator(self, thing: Any, plugin: Plugin) -> None:
        if not isinstance(thing, Indicator):
            fix = Text(
                zh="以 @indicator、checklist(...) 或 graded(...) 声明",
                en="declare it with @indicator, checklist(...) or graded(...)",
            )
            expected = Text(zh="指标", en="an indicator")
            plugin.problems.append(_wrong(plugin, "indicatree_indicators", expected, thing, fix))
            return
        self._claim("indicators", thing.key, thing, plugin)
        for shape in thing.parameters.values():
            self._take_record(shape.record_class, plugin)

    def _take_identity(self, thing: Any, plugin: Plugin) -> None:
        if not isinstance(thing, Identity):
            expected = Text(zh="勾稽关系", en="an identity")
            fix = Text(zh="以 @identity 声明", en="declare it with @identity")
            plugin.problems.append(_wrong(plugin, "indicatree_identities", expected, thing, fix))
            return
        self._claim("identities", thing.id, thing, plugin)
        for shape in thing.parameters.values():
            self._take_record(shape.record_class, plugin)

    def _take_rule(self, thing: Any, plugin: Plugin) -> None:
        kind = getattr(thing, "kind", None)
        if not (isinstance(thing, type) and issubclass(thing, Rule) and "__attrs_attrs__" in vars(thing)):
            expected = Text(zh="评分规则的类", en="a class of rules")
            fix = Text(
                zh="写成继承 indicatree.Rule 的 attrs 类",
                en="make it an attrs class that inherits from indicatree.Rule",
            )
            plugin.problems.append(_wrong(plugin, "indicatree_rules", expected, thing, fix))
        elif not (isinstance(kind, str) and _RULE_KIND.fullmatch(kind)):
            expected = Text(zh="写明 kind 的类", en="a class with a kind")
            fix = Text(zh='在类中写 kind = "命名空间.名称"', en='give the class kind = "namespace.name"')
            plugin.problems.append(_wrong(plugin, "indicatree_rules", expected, thing, fix))
        elif lacking := [name for name in ("points", "words") if getattr(thing, name) is getattr(Rule, name)]:
            expected = Text(zh="完整的评分规则", en="a whole rule")
            fix = Text(zh=f"定义 {' 和 '.join(lacking)}", en=f"define {' and '.join(lacking)}")
            plugin.problems.append(_wrong(plugin, "indicatree_rules", expected, thing, fix))
        else:
            try:
                attrs.resolve_types(thing)  # files are read into the class by its annotations
            except Exception as error:  # noqa: BLE001 - evaluating an annotation may raise anything
                where = f"plugin {plugin.name}, indicatree_rules"
                message = Text(
                    zh=f"{thing.__qualname__} 的类型注解无法解析：",
                    en=f"the annotations of {thing.__qualname__} cannot be resolved: ",
                ) + _say(error)
                fix = Text(
                    zh="注解中的名称要在运行时导入，不能只写在 TYPE_CHECKING 之下",
                    en="import what they name at run time, not under TYPE_CHECKING",
                )
                plugin.problems.append(Problem("bad-annotation", where, message, fix))
                return
            self._claim("rules", kind, thing, plugin)

    def _take_scheme(self, thing: Any, plugin: Plugin) -> None:
        if isinstance(thing, Scheme):
            self._claim("schemes", thing.key, thing, plugin)
        elif isinstance(thing, PathLike):
            from pathlib import Path  # noqa: PLC0415 - only schemes in files pay for it

            path = Path(thing)
            where = f"plugin {plugin.name}, indicatree_schemes"
            if not path.is_file():
                message = Text(zh=f"没有文件 {thing}", en=f"there is no file {thing}")
                fix = Text(zh="把该文件放入软件包一并发布", en="ship the file with the package")
                plugin.problems.append(Problem("no-file", where, message, fix))
            elif path.suffix.lower() not in _FILE_KINDS:
                message = Text(zh=f"{thing} 不是可读取的文件类型", en=f"{thing} is of no kind that is read")
                fix = Text(
                    zh=f"文件名以 {' 或 '.join(_FILE_KINDS)} 结尾", en=f"end its name in {' or '.join(_FILE_KINDS)}"
                )
                plugin.problems.append(Problem("no-file", where, message, fix))
            else:
                self._claim("schemes", path.stem, path, plugin)
        else:
            expected = Text(zh="方案或方案文件的路径", en="a scheme or the path of one")
            fix = Text(zh="给出 Scheme 对象或文件路径", en="give Scheme objects or paths of files")
            plugin.problems.append(_wrong(plugin, "indicatree_schemes", expected, thing, fix))


def _load(entry: EntryPoint, plugin: Plugin) -> object | None:
    try:
        return entry.load()  # type: ignore[no-any-return]
    except DeclarationError as error:
        plugin.problems += [problem.under(f"plugin {plugin.name}") for problem in error.problems]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - importing a plugin may raise anything
        where = f"plugin {plugin.name} ({plugin.origin})"
        message = Text(zh="无法导入：", en="cannot be imported: ") + _say(error)
        fix = Text(zh="重新安装、升级或卸载该插件", en="reinstall, upgrade or remove it")
        plugin.problems.append(Problem("import-failed", where, message, fix))
    return None


def _contract(module: object, name: str) -> list[Problem]:
    """Whether a module says that it is a plugin, and has hooks whose names are known."""
    where = f"plugin {name}"
    said = getattr(module, "INDICATREE_CONTRACT", None)
    if said is None:
        message = Text(
            zh="未写明按哪一版插件约定编写", en="does not say which version of the contract it was written for"
        )
        fix = Text(
            zh=f"在 {name} 中写明 INDICATREE_CONTRACT = {hookspecs.CONTRACT}",
            en=f"write INDICATREE_CONTRACT = {hookspecs.CONTRACT} in {name}",
        )
        return [Problem("no-contract", where, message, fix)]
    if said != hookspecs.CONTRACT:
        message = Text(
            zh=f"按插件约定第 {said!r} 版编写，当前为第 {hookspecs.CONTRACT} 版",
            en=f"was written for version {said!r} of the contract, this is version {hookspecs.CONTRACT}",
        )
        fix = Text(zh="升级该插件或 indicatree", en="upgrade the plugin or indicatree")
        return [Problem("wrong-contract", where, message, fix)]
    found = []
    hooks = 0
    for attribute in dir(module):
        prefixed = attribute.startswith("indicatree_")
        function = getattr(module, attribute, None)
        marked = inspect.isroutine(function) and hasattr(function, f"{hookspecs.PROJECT}_impl")
        if attribute not in _HOOKS:
            if marked or (prefixed and inspect.isroutine(function)):
                message = Text(zh=f'没有名为 "{attribute}" 的钩子', en=f'there is no hook "{attribute}"')
                found.append(Problem("unknown-hook", where, message, did_you_mean(attribute, _HOOKS)))
        elif not marked:
            message = Text(
                zh=f"{attribute} 不是标为钩子实现的函数",
                en=f"{attribute} is not a function that is marked as an implementation",
            )
            fix = Text(zh="加上装饰器 @indicatree.hookimpl", en="decorate it with @indicatree.hookimpl")
            found.append(Problem("unmarked-hook", where, message, fix))
        elif required := [
            name
            for name, parameter in inspect.signature(function).parameters.items()  # type: ignore[arg-type]
            if parameter.kind is not parameter.VAR_KEYWORD
        ]:
            written = f"{attribute}({', '.join(required)})"
            message = Text(
                zh=f"{written} 的参数是该钩子没有的", en=f"{written} takes arguments that the hook does not have"
            )
            fix = Text(zh=f"写成 def {attribute}()", en=f"declare it as def {attribute}()")
            found.append(Problem("wrong-signature", where, message, fix))
        else:
            hooks += 1
    if not hooks and not found:
        message = Text(zh="没有实现任何钩子", en="implements no hook")
        fix = Text(zh=f"实现其中之一：{'、'.join(_HOOKS)}", en=f"implement one of {', '.join(_HOOKS)}")
        found.append(Problem("no-hooks", where, message, fix))
    return found


def _hook_problem(error: Exception, name: str) -> Problem:
    said = " ".join(str(error).split())
    message = Text(zh=f"钩子不能使用：{said}", en=said)
    fix = Text(zh="参见 indicatree.catalog.hookspecs", en="see indicatree.catalog.hookspecs")
    return Problem("wrong-hook", f"plugin {name}", message, fix)


def _say(error: BaseException) -> Text:
    """What an error of a plugin's code says: its class, and its words in the languages that it has."""
    said, name = said_by(error), type(error).__name__
    return Text(zh=" ".join(f"{name}: {said['zh']}".split()), en=" ".join(f"{name}: {said['en']}".split()))


def _names(names: Iterable[str]) -> set[str]:
    return {names} if isinstance(names, str) else set(names)


def _broken(where: str, error: BaseException) -> Problem:
    said = _say(error)
    message = Text(zh=f"执行出错：{said['zh']}", en=said["en"])
    return Problem("hook-failed", where, message, Text(zh="修正该插件", en="mend the plugin"))


def _wrong(plugin: Plugin, hook: str, expected: Text, thing: object, fix: Text) -> Problem:
    message = Text(zh=f"应为{expected['zh']}，实际为 {thing!r}", en=f"expected {expected['en']}, got {thing!r}")
    return Problem("wrong-type", f"plugin {plugin.name}, {hook}", message, fix)


def _describe(plugin: Plugin) -> Text:
    named = f"{plugin.name} {plugin.version}" if plugin.version else plugin.name
    origin = plugin.origin_words
    return Text(zh=f"{named}（{origin['zh']}）", en=f"{named} ({origin['en']})")


def _check_year(found: Scheme | Indicator, year: int | None, what: str) -> None:
    """Refuse what is named for one year, by its id or as a file, and asked for another."""
    if year is not None and found.years is not None and year not in found.years:
        word = _KINDS[what]["zh"]
        message = Text(
            zh=f"{word} {found.id} 适用于 {found.years}，不适用于 {year} 年",
            en=f"the {what} {found.id} holds for {found.years}, not for {year}",
        )
        fix = Text(zh=f"改用该年度的{word}", en=f"take the {what} of that year")
        raise CatalogError([Problem("other-years", "", message, fix)])


def _one_year(year: int | None) -> Years | None:
    return None if year is None else Years(year, year)


def _plain(key: str) -> str:
    return split_version(key)[0]


def _overlap(first: Any, second: Any) -> bool:
    """Whether two versions hold for the same year; what is not read yet, is not known to."""
    if not all(isinstance(version, Indicator | Scheme) for version in (first, second)):
        return False
    return first.years is None or second.years is None or first.years.overlaps(second.years)


def _looks_like_file(source: str) -> bool:
    from pathlib import Path  # noqa: PLC0415 - only schemes in files pay for it

    try:
        return source.lower().endswith(_FILE_KINDS) or Path(source).is_file()
    except OSError:  # too long for a file name
        return False


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only a catalog pays for it

    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


@cache
def default_catalog() -> Catalog:
    """The catalog of all installed plugins, made on first use."""
    return Catalog()
