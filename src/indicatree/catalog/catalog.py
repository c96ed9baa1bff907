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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.metadata import EntryPoint

__all__ = ["Catalog", "Plugin", "default_catalog"]

_HOOKS = [name for name in vars(hookspecs) if name.startswith("indicatree_")]
_FILE_KINDS = (".toml", ".json")
_RULE_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


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
        self._add(builtin, Plugin("indicatree", _version("indicatree"), "the library itself"))
        for module in given:
            if self._manager.is_registered(module):
                continue
            name = getattr(module, "__name__", None) or type(module).__name__
            self._add(module, Plugin(name, "", getattr(module, "__file__", None) or "passed in"))
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
                held = " and ".join(str(version.years or "all years") for version in (first, second))
                message = f"two versions of {first.id} hold for the same years: {held}"
                raise CatalogError([Problem("overlapping-years", "", message, "give each its own years")])
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
                message = f"extends itself: {' > '.join([*chain, own])}"
                raise SchemeError([Problem("extends-itself", "", message, "name another scheme")])
            scheme = load_scheme(found, self.parts, chain=chain)
            if scheme.id != _plain(key):
                message = f'the file says id = "{scheme.id}"'
                fix = "give the file the name of the id"
                raise CatalogError([Problem("other-id", str(found), message, fix)])
            year = split_version(key)[1]
            if year is not None and scheme.years is not None and year not in scheme.years:
                message = f"the scheme holds for {scheme.years}, not for {year}"
                raise CatalogError([Problem("other-years", str(found), message, "give the file one of its years")])
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
            message = f'no single version of the {what} "{name}"'
            raise CatalogError([Problem("other-years", "", message, str(error))]) from None

    def _one(self, table: Mapping[str, Any], name: str, what: str) -> Any:
        if name in table:
            return table[name]
        broken = [plugin.name for plugin in self.plugins if not plugin.works]
        also = f'; left out: {", ".join(broken)}, see "indicatree plugins"' if broken else ""
        message = f'no plugin has the {what} "{name}"{also}'
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
            plugin.problems.append(_broken(plugin.name, "its attributes", error))
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
                    plugin.problems.append(_wrong(plugin, hook, "a list", returned, "return a list from the hook"))
                    continue
                offered = list(returned)
            except IndicatreeError as error:
                plugin.problems += [problem.under(f"plugin {plugin.name}, {hook}") for problem in error.problems]
                continue
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's code may raise anything
                plugin.problems.append(_broken(plugin.name, hook, error))
                continue
            for thing in offered:
                try:
                    read(thing, plugin)
                except Exception as error:  # noqa: BLE001 - the thing may not even have the attributes asked for
                    plugin.problems.append(_broken(plugin.name, hook, error))

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
            message = f"the {singular} {name} is there already, from {_describe(holder)}"
            fix = f"rename it in {_describe(plugin)}"
            if holder is not plugin:
                fix += ", or block one of the two plugins"
            plugin.problems.append(Problem("duplicate-id", f"plugin {plugin.name}", message, fix))
            return
        getattr(plugin, what)[name] = thing
        claims.append((plugin, name, thing))

    def _take_record(self, thing: Any, plugin: Plugin) -> None:
        if not is_record(thing):
            plugin.problems.append(_wrong(plugin, "indicatree_records", "a record class", thing, "use @record"))
            return
        self._claim("records", record_type(thing).id, thing, plugin)

    def _take_indicator(self, thing: Any, plugin: Plugin) -> None:
        if not isinstance(thing, Indicator):
            fix = "declare it with @indicator, checklist(...) or graded(...)"
            plugin.problems.append(_wrong(plugin, "indicatree_indicators", "an indicator", thing, fix))
            return
        self._claim("indicators", thing.key, thing, plugin)
        for shape in thing.parameters.values():
            self._take_record(shape.record_class, plugin)

    def _take_identity(self, thing: Any, plugin: Plugin) -> None:
        if not isinstance(thing, Identity):
            fix = "declare it with @identity"
            plugin.problems.append(_wrong(plugin, "indicatree_identities", "an identity", thing, fix))
            return
        self._claim("identities", thing.id, thing, plugin)
        for shape in thing.parameters.values():
            self._take_record(shape.record_class, plugin)

    def _take_rule(self, thing: Any, plugin: Plugin) -> None:
        kind = getattr(thing, "kind", None)
        if not (isinstance(thing, type) and issubclass(thing, Rule) and "__attrs_attrs__" in vars(thing)):
            fix = "make it an attrs class that inherits from indicatree.Rule"
            plugin.problems.append(_wrong(plugin, "indicatree_rules", "a class of rules", thing, fix))
        elif not (isinstance(kind, str) and _RULE_KIND.fullmatch(kind)):
            fix = 'give the class kind = "namespace.name"'
            plugin.problems.append(_wrong(plugin, "indicatree_rules", "a class with a kind", thing, fix))
        elif lacking := [name for name in ("points", "words") if getattr(thing, name) is getattr(Rule, name)]:
            fix = f"define {' and '.join(lacking)}"
            plugin.problems.append(_wrong(plugin, "indicatree_rules", "a whole rule", thing, fix))
        else:
            try:
                attrs.resolve_types(thing)  # files are read into the class by its annotations
            except Exception as error:  # noqa: BLE001 - evaluating an annotation may raise anything
                where = f"plugin {plugin.name}, indicatree_rules"
                message = f"the annotations of {thing.__qualname__} cannot be resolved: {_say(error)}"
                fix = "import what they name at run time, not under TYPE_CHECKING"
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
                message = f"there is no file {thing}"
                plugin.problems.append(Problem("no-file", where, message, "ship the file with the package"))
            elif path.suffix.lower() not in _FILE_KINDS:
                message = f"{thing} is of no kind that is read"
                plugin.problems.append(
                    Problem("no-file", where, message, f"end its name in {' or '.join(_FILE_KINDS)}")
                )
            else:
                self._claim("schemes", path.stem, path, plugin)
        else:
            fix = "give Scheme objects or paths of files"
            plugin.problems.append(_wrong(plugin, "indicatree_schemes", "a scheme or the path of one", thing, fix))


def _load(entry: EntryPoint, plugin: Plugin) -> object | None:
    try:
        return entry.load()  # type: ignore[no-any-return]
    except DeclarationError as error:
        plugin.problems += [problem.under(f"plugin {plugin.name}") for problem in error.problems]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - importing a plugin may raise anything
        where = f"plugin {plugin.name} ({plugin.origin})"
        message = f"cannot be imported: {_say(error)}"
        plugin.problems.append(Problem("import-failed", where, message, "reinstall, upgrade or remove it"))
    return None


def _contract(module: object, name: str) -> list[Problem]:
    """Whether a module says that it is a plugin, and has hooks whose names are known."""
    where = f"plugin {name}"
    said = getattr(module, "INDICATREE_CONTRACT", None)
    if said is None:
        fix = f"write INDICATREE_CONTRACT = {hookspecs.CONTRACT} in {name}"
        return [Problem("no-contract", where, "does not say which version of the contract it was written for", fix)]
    if said != hookspecs.CONTRACT:
        message = f"was written for version {said!r} of the contract, this is version {hookspecs.CONTRACT}"
        return [Problem("wrong-contract", where, message, "upgrade the plugin or indicatree")]
    found = []
    hooks = 0
    for attribute in dir(module):
        prefixed = attribute.startswith("indicatree_")
        function = getattr(module, attribute, None)
        marked = inspect.isroutine(function) and hasattr(function, f"{hookspecs.PROJECT}_impl")
        if attribute not in _HOOKS:
            if marked or (prefixed and inspect.isroutine(function)):
                message = f'there is no hook "{attribute}"'
                found.append(Problem("unknown-hook", where, message, did_you_mean(attribute, _HOOKS)))
        elif not marked:
            message = f"{attribute} is not a function that is marked as an implementation"
            found.append(Problem("unmarked-hook", where, message, "decorate it with @indicatree.hookimpl"))
        elif required := [
            name
            for name, parameter in inspect.signature(function).parameters.items()  # type: ignore[arg-type]
            if parameter.kind is not parameter.VAR_KEYWORD
        ]:
            message = f"{attribute}({', '.join(required)}) takes arguments that the hook does not have"
            found.append(Problem("wrong-signature", where, message, f"declare it as def {attribute}()"))
        else:
            hooks += 1
    if not hooks and not found:
        listed = ", ".join(_HOOKS)
        found.append(Problem("no-hooks", where, "implements no hook", f"implement one of {listed}"))
    return found


def _hook_problem(error: Exception, name: str) -> Problem:
    return Problem("wrong-hook", f"plugin {name}", " ".join(str(error).split()), "see indicatree.catalog.hookspecs")


def _say(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _names(names: Iterable[str]) -> set[str]:
    return {names} if isinstance(names, str) else set(names)


def _broken(name: str, hook: str, error: BaseException) -> Problem:
    return Problem("hook-failed", f"plugin {name}, {hook}", _say(error), "mend the plugin")


def _wrong(plugin: Plugin, hook: str, expected: str, thing: object, fix: str) -> Problem:
    return Problem("wrong-type", f"plugin {plugin.name}, {hook}", f"expected {expected}, got {thing!r}", fix)


def _describe(plugin: Plugin) -> str:
    version = f" {plugin.version}" if plugin.version else ""
    return f"{plugin.name}{version} ({plugin.origin})"


def _check_year(found: Scheme | Indicator, year: int | None, what: str) -> None:
    """Refuse what is named for one year, by its id or as a file, and asked for another."""
    if year is not None and found.years is not None and year not in found.years:
        message = f"the {what} {found.id} holds for {found.years}, not for {year}"
        raise CatalogError([Problem("other-years", "", message, f"take the {what} of that year")])


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
