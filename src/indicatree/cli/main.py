"""The commands of ``indicatree``.

What works is printed on standard output with exit code 0. Bad input is named on standard error,
every problem on a line, with exit code 2 and nothing on standard output.
"""

from __future__ import annotations

import io
import json
import os
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from indicatree.catalog import Catalog, default_catalog
from indicatree.indicators import Tier
from indicatree.problems import DataError, IndicatreeError, Problem, expected
from indicatree.scheme import data_template
from indicatree.scoring import Scorecard, load_scheme, score_file, scoring_table
from indicatree.text import LANGUAGES, Text
from indicatree.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indicatree.linter import Finding
    from indicatree.testing import LawsTried

__all__ = ["main"]

_NONE = Text(zh="无", en="none")
_WRONG = 1
_BAD_INPUT = 2
_NARROWEST = 80
"""How wide tables may be everywhere."""


def _clean(command: Callable[..., str]) -> Callable[..., None]:
    """Print what a command returns; or, where its input is bad, only what is wrong with it, in its language."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            text = command(*args, **options)
        except IndicatreeError as error:
            for problem in error.problems:
                click.echo(f"indicatree: {problem.words(options.get('language', 'zh'))}", err=True)
            sys.exit(_BAD_INPUT)
        click.echo(text)

    return run


_language = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="zh",
    show_default=True,
    help="The language of the words.",
)
_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed."
)
_scheme = click.option(
    "--scheme", "scheme", default="", help="A scheme by id or file; by default the one that the data file names."
)
_year = click.option("--year", type=int, default=None, help="The year that the scheme is to hold for.")
_named = click.argument("scheme")
_data = click.argument("data", type=click.Path(dir_okay=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="indicatree")
def main() -> None:
    """Score units by schemes of indicators: exactly, and with a reason for every lost point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Chinese text must not depend on the locale, nor a file's name on being UTF-8.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _card(data: str, scheme: str) -> Scorecard:
    return score_file(data, scheme=scheme or None)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


@main.command()
@_data
@_scheme
@_format
@_language
@_clean
def score(data: str, scheme: str, form: str, language: str) -> str:
    """Score the unit in the file DATA and print its score table."""
    card = _card(data, scheme)
    return card.to_json(language) if form == "json" else card.table(language)


@main.command()
@_data
@click.argument("path", default="")
@_scheme
@_format
@_language
@_clean
def explain(data: str, path: str, scheme: str, form: str, language: str) -> str:
    """Explain how the node PATH of the unit in the file DATA came to its score.

    Without PATH: how the total did.
    """
    card = _card(data, scheme)
    words = card.explain(path, language=language)
    if form == "text":
        return words
    node = card[path]
    return _json(
        {
            "id": path,
            "title": node.title[language],
            "points": f"{node.points:f}",
            "score": None if node.score is None else f"{node.score:f}",
            "reason": node.reason[language],
            "explanation": words,
        }
    )


_NONE = Text(zh="无", en="none")
_NOT_USED = Text(zh="未启用", en="left out")
_BETWEEN = Text(zh="；", en="; ")
_HEADERS = {
    "plugin": "插件",
    "version": "版本",
    "origin": "来源",
    "indicators": "指标",
    "records": "数据表",
    "rules": "评分规则",
    "schemes": "方案",
    "identities": "勾稽关系",
    "problems": "问题",
    "title": "名称",
    "scheme": "方案",
    "points": "分值",
    "years": "适用年度",
}
"""The Chinese header of each column of a listing; its key serves as the English one."""


def _warn(catalog: Catalog, language: str) -> None:
    for problem in catalog.problems:
        said = Text(zh=f"未启用：{problem.words('zh')}", en=f"left out: {problem.words('en')}")
        click.echo(f"indicatree: {said[language]}", err=True)


def _problems(found: Iterable[Problem], language: str) -> str | Text:
    return _BETWEEN[language].join(problem.words(language) for problem in found) or _NONE


def _listing(rows: list[dict[str, str | Text]], form: str, language: str) -> str:
    """Rows as a table or as JSON; what is a Text in them is a word of a few, which JSON has in English."""
    if form == "json":
        return _json([{key: Text.of(cell)["en"] for key, cell in row.items()} for row in rows])
    from indicatree.scoring.render import aligned  # noqa: PLC0415 - only printing pays for it

    if not rows:
        return _NONE[language]
    headers = [Text(zh=_HEADERS[key], en=key)[language] for key in rows[0]]
    return aligned([[Text.of(cell)[language] for cell in row.values()] for row in rows], headers, set())


@main.command()
@_format
@_language
@_clean
def plugins(form: str, language: str) -> str:
    """List the plugins: where each comes from, what it offers, and what is wrong with it."""
    catalog = default_catalog()
    rows: list[dict[str, str | Text]] = [
        {
            "plugin": plugin.name,
            "version": plugin.version,
            "origin": plugin.origin_words,
            **{
                offered: str(len(getattr(plugin, offered))) if plugin.works else _NOT_USED
                for offered in ("indicators", "records", "rules", "schemes", "identities")
            },
            "problems": _problems(plugin.problems, language),
        }
        for plugin in catalog.plugins
    ]
    return _listing(rows, form, language)


@main.command()
@click.argument("names", metavar="[INDICATOR]...", nargs=-1)
@_format
@_language
@_clean
def indicators(names: tuple[str, ...], form: str, language: str) -> str:
    """List the indicators that the plugins offer.

    With ids: all about these, with the figures and items that a data file gives.
    """
    from indicatree.cli.indicators import facts, listed, whole  # noqa: PLC0415 - only this command pays for it

    catalog = default_catalog()
    _warn(catalog, language)
    asked = [catalog.indicator(name) for name in names] or [found for _, found in sorted(catalog.indicators.items())]
    rows = []
    for indicator in asked:
        plugin = catalog.origin("indicators", indicator.key)
        rows.append(facts(indicator, plugin.name if plugin else "", language))
    if form == "json":
        return _json(rows)
    titles = {tier.value: tier.title[language] for tier in Tier}
    return "\n\n".join(whole(row, titles, language) for row in rows) if names else listed(rows, titles, language)


@main.command()
@_format
@_language
@_clean
def schemes(form: str, language: str) -> str:
    """List the schemes that the plugins offer."""
    catalog = default_catalog()
    _warn(catalog, language)
    rows: list[dict[str, str | Text]] = []
    for name in sorted(catalog.scheme_ids):
        plugin = catalog.origin("schemes", name)
        try:
            found = catalog.scheme(name)
            title, points, wrong = found.title[language], found.points_of(found).text, _problems([], language)
            years = "" if found.years is None else str(found.years)
        except IndicatreeError as error:
            title, points, years, wrong = "", "", "", _problems(error.problems, language)
        rows.append(
            {
                "scheme": name,
                "title": title,
                "points": points,
                "years": years,
                "plugin": plugin.name if plugin else "",
                "problems": wrong,
            }
        )
    return _listing(rows, form, language)


@main.command("score-table")
@click.argument("source", metavar="INPUT", type=click.Path())
@click.argument("output", type=click.Path())
@click.option("--scheme", required=True, help="A scheme by id or file.")
@click.option("--items", multiple=True, metavar="NAME=FILE", help="A file of line items, and the name of their list.")
@click.option("--key", default="unit", show_default=True, help="The column that names the unit; it is kept.")
@click.option(
    "--columns",
    type=click.Choice(["totals", "groups", "leaves", "all"]),
    default="leaves",
    show_default=True,
    help="Down to where scores are written; with all, also the outcome of each leaf.",
)
@click.option("--keep", multiple=True, metavar="COLUMN", help="A column of INPUT to keep.")
@click.option("--keep-all", is_flag=True, help="Keep every column of INPUT.")
@click.option(
    "--amounts-in",
    default="1 yuan",
    show_default=True,
    help='The unit of amounts, such as "10000 yuan"; or "minor units" (fen).',
)
@_year
@click.option(
    "--on-error",
    type=click.Choice(["record", "raise"]),
    default="record",
    show_default=True,
    help="What a row does that cannot be scored: it gets no score and the reason, or nothing is written.",
)
@_language
@_clean
def score_table(language: str, on_error: str, **given: Any) -> str:
    """Score every row of INPUT and write the scores to OUTPUT, a row for each.

    Both are Parquet (.parquet), CSV (.csv) or Arrow IPC (.arrow, .ipc, .feather). Columns of INPUT are named
    record.field. All columns of a CSV file are read as text, so that amounts stay exact; truths are true or false.
    OUTPUT is written whole or not at all. A summary is printed.

    The exit code is 0 also where rows could not be scored and that was recorded; with --on-error raise it is 2 then.
    """
    if given["keep"] and given["keep_all"]:
        said = Text(zh="--keep 与 --keep-all 不能同时使用", en="--keep and --keep-all exclude each other")
        raise click.UsageError(said[language])
    from indicatree.cli.tables import Asked, table_scored  # noqa: PLC0415 - only this command pays for it

    return table_scored(Asked(language=language, raising=on_error == "raise", **given))


@main.command()
@_named
@_year
@click.option(
    "--format",
    "form",
    type=click.Choice(["toml", "json", "text"]),
    default="toml",
    show_default=True,
    help="What is printed: a scheme file, or with text a scoring table whose rules are in words.",
)
@_language
@_clean
def scheme(scheme: str, year: int | None, form: str, language: str) -> str:
    """Print SCHEME, an id or a file, whole: with all that it takes from schemes that it extends."""
    found = load_scheme(scheme, year=year)
    if form == "text":
        return scoring_table(found, language)
    return found.to_toml().rstrip("\n") if form == "toml" else _json(found.to_dict())


@main.command()
@_named
@_year
@click.option("--laws", is_flag=True, help="Try the laws of scoring on it as well; needs the extra testing.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=None, help="With --laws: a number that fixes what is drawn."
)
@click.option(
    "--examples",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="With --laws: how many units are drawn for each law.",
)
@_format
@_language
def check(  # noqa: PLR0913, PLR0917 - each is an option
    scheme: str,
    year: int | None,
    laws: bool,  # noqa: FBT001 - click passes it by name
    seed: int | None,
    examples: int,
    form: str,
    language: str,
) -> None:
    """Check SCHEME, an id or a file, before it is used on anybody.

    The exit code is 1 where there are errors or a law is broken, 2 where there is no such scheme.
    """

    @_clean
    def run(*, language: str) -> str:
        from indicatree.linter import check as find  # noqa: PLC0415 - only this command pays for it

        findings.extend(find(scheme, year=year))
        if laws:
            from indicatree.cli.laws import laws_tried  # noqa: PLC0415 - likewise

            tried.append(laws_tried(scheme, year, seed=seed, examples=examples))
        if form == "json":
            found: dict[str, Any] = {"scheme": scheme, "findings": [finding.to_dict(language) for finding in findings]}
            for one in tried:
                found["laws"] = None if one is None else one.to_dict(language)
            return _json(found)
        said = [_NO_LAWS[language] if one is None else one.text(language) for one in tried]
        return "\n".join([_findings(findings, language), *said])

    findings: list[Finding] = []
    tried: list[LawsTried | None] = []
    run(language=language)
    broken = any(one is not None and one.any_broken for one in tried)
    if broken or any(finding.severity.value == "error" for finding in findings):
        sys.exit(_WRONG)


_NO_LAWS = Text(zh="规律：方案尚不能使用，未试", en="laws: not tried, the scheme cannot be made")


def _findings(findings: list[Finding], language: str) -> str:
    from collections import Counter  # noqa: PLC0415 - only this command pays for it

    from indicatree.linter import Severity  # noqa: PLC0415 - likewise

    lines = [
        f"{finding.severity.title[language]} {finding.code} {finding.path}: {finding.words(language)}"
        for finding in findings
    ]
    counts = Counter(finding.severity for finding in findings)
    zh = "，".join(f"{severity.title['zh']} {counts[severity]} 项" for severity in Severity)
    en = ", ".join(
        f"{counts[severity]} {severity.title['en']}{'' if counts[severity] == 1 else 's'}" for severity in Severity
    )
    return "\n".join([*lines, Text(zh=zh, en=en)[language]])


def _beside(scheme: str, output: str | None) -> str:
    """How a data file at ``output`` names a scheme: a file by its path from there."""
    if output is None or not os.path.isfile(scheme):  # noqa: PTH113 - both are text, and stay so
        return scheme
    folder = os.path.realpath(os.path.dirname(output))  # noqa: PTH120 - ".." leads out of where a link leads to
    try:
        return os.path.relpath(scheme, folder)
    except ValueError:  # on another drive
        return os.path.abspath(scheme)  # noqa: PTH100 - likewise


@main.command()
@_named
@_year
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    default=None,
    help="A new file to write it to; by default it is printed.",
)
@_language
def template(scheme: str, year: int | None, output: str | None, language: str) -> None:
    """Write a data file for SCHEME, an id or a file, ready to be filled in."""

    @_clean
    def run(*, language: str) -> str:
        if output == "":
            fix = Text(zh="写文件名，或不写 --output", en="name a file, or leave --output out")
            raise DataError([Problem("not-written", "--output", expected("文件名", "the name of a file", '""'), fix)])
        text = data_template(load_scheme(scheme, year=year), named=_beside(scheme, output), language=language)
        if output is None:
            return text.rstrip("\n")
        try:
            with open(output, "x", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - "x": a file that is there stays as it is
                file.write(text)
        except FileExistsError:
            message = Text(zh="文件已存在", en="is there already")
            fix = Text(zh="指定新的文件名", en="name a new file")
            raise DataError([Problem("file-exists", output, message, fix)]) from None
        except OSError as error:
            message = Text(zh=f"无法写入：{error.strerror}", en=f"cannot be written: {error.strerror}")
            fix = Text(zh="指定其他文件夹中的文件", en="name a file in another folder")
            raise DataError([Problem("not-written", output, message, fix)]) from None
        return output

    run(language=language)


@main.command("new-plugin")
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(),
    default=".",
    show_default=True,
    help="The folder in which that of the plugin is made.",
)
@_language
@_clean
def new_plugin(name: str, directory: str, language: str) -> str:
    """Write a plugin to start from: a new folder NAME, with tests that pass.

    NAME is that of the package, such as indicatree-roads. Nothing that is there already is changed.
    """
    from indicatree.scaffold import next_steps, write_plugin  # noqa: PLC0415 - only this command pays for it

    return next_steps(write_plugin(name, directory))[language]


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path())
@_scheme
@_format
@_language
def audit(files: tuple[str, ...], scheme: str, form: str, language: str) -> None:
    """Check what the reports in FILES state against their own figures.

    The exit code is 1 where something is broken, 2 where a file cannot be audited.
    """
    from indicatree.auditing import Audit, audit_file  # noqa: PLC0415 - only this command pays for it

    _warn(default_catalog(), language)  # the identities of a plugin that is left out are not checked
    found: dict[str, Audit | str] = {}
    for path in files:
        try:
            found[path] = audit_file(path, scheme=scheme or None)
        except IndicatreeError as error:
            said = [problem.words(language).removeprefix(f"{path}: ") for problem in error.problems]
            for words in said:
                click.echo(f"indicatree: {path}: {words}", err=True)
            found[path] = _BETWEEN[language].join(said)
    audits = {path: one for path, one in found.items() if isinstance(one, Audit)}
    if audits or len(files) > 1:
        click.echo(_audits(files, found, form, language))
    if len(audits) < len(found):
        sys.exit(_BAD_INPUT)
    if not all(one.holds for one in audits.values()):
        sys.exit(_WRONG)


def _audits(files: tuple[str, ...], found: dict[str, Any], form: str, language: str) -> str:
    from indicatree.auditing.render import batch_table  # noqa: PLC0415 - only this command pays for it

    if form == "json":
        documents = {
            path: {"error": one} if isinstance(one, str) else one.to_dict(language) for path, one in found.items()
        }
        return _json(documents if len(files) > 1 else next(iter(documents.values())))
    width = _columns()
    tables = {path: one.table(language, width=width) for path, one in found.items() if not isinstance(one, str)}
    if len(files) == 1:
        return str(next(iter(tables.values())))
    return "\n\n\n".join([*(f"{path}\n{table}" for path, table in tables.items()), batch_table(found, language, width)])


def _columns() -> int:
    """How wide a table may be: 80 columns, or as the terminal is, where that is wider."""
    from shutil import get_terminal_size  # noqa: PLC0415 - only tables pay for it

    return max(get_terminal_size().columns, _NARROWEST) if sys.stdout.isatty() else _NARROWEST


@main.command()
@click.argument("what", type=click.Choice(["scorecard", "audit", "findings"]))
@_clean
def schema(what: str) -> str:
    """Print the JSON Schema of a document: of a scorecard, an audit, or the findings of check."""
    if what == "audit":
        from indicatree.auditing.document import audit_schema  # noqa: PLC0415 - only this command pays for it

        return _json(audit_schema())
    if what == "findings":
        from indicatree.linter.document import findings_schema  # noqa: PLC0415 - likewise

        return _json(findings_schema())
    from indicatree.scoring.document import scorecard_schema  # noqa: PLC0415 - likewise

    return _json(scorecard_schema())
