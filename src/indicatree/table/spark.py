"""A table that Spark holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from indicatree.data.fields import Choice, Flag
from indicatree.table import sql
from indicatree.table.emit import Emitter
from indicatree.table.plan import DIGITS, ERROR, GOOD, bad_name, missing_name
from indicatree.table.reading import limits_of, units_of
from indicatree.table.sql import Sql
from indicatree.table.table import Table
from indicatree.table.wholes import LARGEST, Truth, Whole, is_wide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indicatree.data.fields import Kind
    from indicatree.table.engines import Engine
    from indicatree.table.plan import Output

__all__ = ["SparkTable"]

_ZEROS = {Flag: sql.lit(value=False), Choice: sql.lit("")}
# the decimal places of Spark's spans of time
_MICRO = 6
# A stage of so few columns is small enough to be one part; with so many columns before it, the last stage is not.
_SMALL, _MANY = 12, 50
_NEVER = sql.col(ERROR) < sql.lit(0)


class SparkTable(Table):
    """A table that is given SQL: one text for a whole column, where each call of Spark's interface costs more.

    Spark writes a program out of what it is asked, which Java compiles well only while its parts are small. So figures
    are never null (one that is not there is 0, and a truth beside it says so), and no large stage is one part.
    """

    def __init__(self, frame: Any, engine: Engine, schema: Mapping[str, Any], mark: str = "__in") -> None:
        """Hold a frame of narwhals, its columns under names without dots."""
        named = {name: f"{mark}{number}" for number, name in enumerate(schema)}
        super().__init__(nw.from_native(frame.to_native().toDF(*named.values())), engine, schema, mark)
        self.named = named
        self.of = sql
        self.wide = sql.Decimal(38, 0)
        self._given: dict[str, Truth] = {}

    def read(self, figures: Mapping[str, Kind], prefix: str, factor: int | None) -> None:
        """Read columns as figures: whole numbers in SQL, what has many forms through narwhals.

        Raises:
            DataError: A column has a type that holds no such figures.
        """
        whole = [name for name in figures if self.schema[name.removeprefix(prefix)].is_integer()]
        super().read({name: kind for name, kind in figures.items() if name not in whole}, prefix, factor)
        made: dict[str, Sql] = {}
        for number, (name, kind) in enumerate(figures.items()):
            value = f"{self.mark}_figure{number}"
            if name in whole:
                given = sql.col(self.named[name.removeprefix(prefix)])
                units, (low, high) = units_of(kind, factor), limits_of(kind)
                least, most = -(-low // units), high // units
                usual = 0 if least <= 0 <= most else least
                there = given.cast(sql.Int64).or_else(sql.lit(usual))
                inside = there.between(sql.lit(least), sql.lit(most))
                held = there if units == 1 else there * sql.lit(units)
                made[value] = sql.when(inside).then(held).otherwise(sql.lit(usual * units))
                bad = ~inside if least <= most else ~given.is_null()
            else:
                given = self.expressions[name]
                made[value] = given.or_else(_ZEROS.get(type(kind), sql.lit(0)))
                bad = self.expressions[bad_name(name)].or_else(sql.lit(value=False))
            self.expressions |= {name: sql.col(value), bad_name(name): bad, missing_name(name): given.is_null()}
        self.add(made)

    def emitter(self) -> Emitter:
        """What makes SQL of trees, with the columns that there are by now."""
        return _SqlEmitter(sql, self.expressions, self.wide)

    def compute_stage(self, stage: Mapping[str, Whole | Truth]) -> None:
        """Compute columns; what is given in some rows only is computed in all, and hidden where it is shown."""
        bare: dict[str, Whole | Truth] = {}
        for name, node in stage.items():
            hidden = isinstance(node, Whole) and node.op == "given"
            bare[name] = node.args[1] if hidden else node
            if hidden:
                self._given[name] = node.args[0]
        if len(bare) <= _SMALL or GOOD in stage or GOOD not in self.expressions:
            self.compute(bare)
            return
        good = f"{self.mark}_{len(self.expressions)}_good"
        self.compute(bare, {good: sql.in_parts(self.expressions[GOOD], _NEVER)})
        self.expressions[GOOD] = sql.col(good)

    def add(self, made: Mapping[str, Sql]) -> None:
        """Add columns."""
        if made:
            texts = [f"{expression.text} AS `{name}`" for name, expression in made.items()]
            self.frame = nw.from_native(self.frame.to_native().selectExpr("*", *texts))

    def shown(self, output: Output, limits: tuple[int, int], places: int | None) -> Sql:
        """The expression of a column of the result."""
        column = super().shown(output, limits, places)
        if output.column == ERROR and len(self.expressions) > _MANY:
            return sql.in_parts(column, _NEVER)
        given = self._given.get(output.column)
        return column if given is None else sql.when(self.emitter()(given)).then(column)

    def words(self, column: Sql, words: Sequence[str | None], limits: tuple[int, int]) -> Sql:
        """The word of each number between two limits, from a list that Spark makes once."""
        low, high = limits
        return sql.element(sql.words(words[low : high + 1]), column - sql.lit(low) if low else column)

    def decimals(self, column: Sql, limits: tuple[int, int], places: int) -> Sql:
        """Numbers of the last decimal place, between two limits, as decimal numbers."""
        if places <= _MICRO and max(limits[1], -limits[0]) * 10 ** (_MICRO - places) <= LARGEST:
            return sql.scaled(column, places, sql.Decimal(DIGITS, places))
        found: Sql = super().decimals(column, limits, places)
        return found


class _SqlEmitter(Emitter):
    """Makes SQL of trees."""

    def _null(self, name: str) -> Any:
        return self._columns[missing_name(name)]

    def _divided(self, first: Sql, second: Sql, node: Whole) -> Sql:
        """The quotient rounded down: ``div`` rounds to zero, keeps 64 bits, and stops where it divides by zero."""
        # nobody looks where the divisor is not above zero, but Spark may compute it there
        below = sql.when(second < sql.lit(1)).then(sql.lit(1)).otherwise(second).text
        whole = f"({first.text} - pmod({first.text}, {below}))"
        if is_wide(node):
            # without its remainder the quotient of decimals is exact; beyond 32 digits Spark stops
            return self._cast(Sql(f"({whole} / {below})"), wide=True)  # type: ignore[no-any-return]
        return Sql(f"({first.text if node.args[0].low >= 0 else whole} div {below})")
