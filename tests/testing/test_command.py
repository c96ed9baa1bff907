"""``indicatree check --laws``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from indicatree.cli import main
from indicatree.testing import laws

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = """
format = 1
id = "small"
title = { zh = "小方案", en = "A small scheme" }

[[tiers]]
tier = "process"

[[tiers.groups]]
id = "budget"
title = { zh = "预算执行", en = "Budget execution" }

[[tiers.groups.indicators]]
id = "execution"
indicator = "mof.key_work_completion_rate"
points = 10
rule = { kind = "bands", bands = [
    { at_least = "95%", points = BEST }, { at_least = "60%", below = "95%", points = 6 }, { below = "60%", points = 0 },
] }
"""


def write(folder: Path, best: int) -> str:
    path = folder / "small.toml"
    path.write_text(SCHEME.replace("BEST", str(best)), encoding="utf-8")
    return str(path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], prog_name="indicatree")


def test_the_laws_that_hold_are_counted(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 10), "--laws", "--seed", "1", "--examples", "30", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "skipped meeting-an-item-never-costs: there is no checklist" in done.output
    assert "bands: every band reached of 1 leaves out of 1" in done.output
    assert ", 0 broken, " in done.output
    assert "(seed 1, 30 draws each)" in done.output


def test_a_broken_law_is_shown_and_told_by_the_exit_code(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 4), "--laws", "--seed", "1", "--examples", "40", "--lang", "en")
    assert done.exit_code == 1
    assert "Law broken: By the same rule a better value never scores less" in done.output
    assert re.search(r"the better \S+% gets 4 points, the worse \S+% gets 6", done.output)
    assert "[data.work]" in done.output
    assert "small.toml" in done.output


def test_the_data_of_a_counterexample_is_a_file_that_scores_as_it_says(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 4), "--laws", "--seed", "1", "--examples", "40", "--format", "json")
    results = {result["law"]: result for result in json.loads(done.output)["laws"]["results"]}
    found = results["better-never-scores-less"]["counterexample"]
    for text, card in zip(found["data"], found["scorecards"], strict=True):
        (tmp_path / "data.toml").write_text(text, encoding="utf-8")
        scored = CliRunner().invoke(main, ["score", str(tmp_path / "data.toml"), "--format", "json"])
        assert scored.exit_code == 0, scored.output
        assert json.loads(scored.output)["total"] == card["total"]


def test_the_same_seed_prints_the_same(tmp_path: Path) -> None:
    options = (write(tmp_path, 4), "--laws", "--seed", "7", "--examples", "15")
    assert invoke(*options).output == invoke(*options).output


def test_a_seed_is_named_where_none_is_given(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 10), "--laws", "--examples", "2")
    assert "种子 " in done.output


def test_as_json_each_law_has_its_status(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 4), "--laws", "--seed", "1", "--examples", "40", "--format", "json", "--lang", "en")
    assert done.exit_code == 1
    document: dict[str, Any] = json.loads(done.output)["laws"]
    assert (document["seed"], document["examples"]) == (1, 40)
    results = {result["law"]: result for result in document["results"]}
    assert set(results) == {law.id for law in laws("scheme")}
    found = results["better-never-scores-less"]
    assert found["status"] == "broken"
    assert found["counterexample"]["path"] == "process.budget.execution"
    assert len(found["counterexample"]["scorecards"]) == 2
    assert document["reached"] == [{"path": "process.budget.execution", "bands": 3, "reached": 3, "missed": []}]


def test_the_json_fits_its_published_schema(tmp_path: Path) -> None:
    schema = json.loads(CliRunner().invoke(main, ["schema", "findings"]).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    seen = set()
    for points, language, options in (
        (4, "zh", ("--laws", "--seed", "1", "--examples", "40")),
        (10, "en", ("--laws", "--seed", "1", "--examples", "2")),
        (11, "zh", ("--laws",)),
        (11, "en", ()),
    ):
        found = json.loads(invoke(write(tmp_path, points), *options, "--format", "json", "--lang", language).output)
        assert list(validator.iter_errors(found)) == []
        assert list(validator.iter_errors({**found, "findings": [{"code": "x"}]}))
        seen |= {result["status"] for result in (found.get("laws") or {"results": []})["results"]}
        seen |= {finding["severity"] for finding in found["findings"]}
    assert {"holds", "broken", "skipped", "error"} <= seen


def test_without_the_option_there_are_no_laws(tmp_path: Path) -> None:
    assert "laws" not in json.loads(invoke(write(tmp_path, 10), "--format", "json").output)


@pytest.mark.parametrize(("form", "said"), [("text", "laws: not tried"), ("json", '"laws": null')])
def test_a_scheme_that_cannot_be_made_has_its_errors_only(tmp_path: Path, form: str, said: str) -> None:
    done = invoke(write(tmp_path, 11), "--laws", "--format", form, "--lang", "en")
    assert done.exit_code == 1
    assert "points-beyond" in done.output
    assert said in done.output


def test_a_scheme_that_is_not_there_is_bad_input() -> None:
    assert invoke("nothing", "--laws").exit_code == 2


def test_bands_that_no_draw_reached_are_named(tmp_path: Path) -> None:
    done = invoke(write(tmp_path, 10), "--laws", "--seed", "1", "--examples", "1", "--lang", "en")
    assert "not reached process.budget.execution: " in done.output


def test_without_hypothesis_it_says_what_to_install(tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["hypothesis"] = None
from indicatree.cli import main
main(["check", {write(tmp_path, 10)!r}, "--laws", "--lang", "en"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own code
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'indicatree: --laws: the laws need hypothesis, which is not installed (pip install "indicatree[testing]")\n'
    )
