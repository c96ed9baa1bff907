"""Files of tables: read batch by batch, and written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Self

from indicatree.problems import DataError, Problem, did_you_mean
from indicatree.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

__all__ = ["MARK", "Source", "Writer", "form_of", "whole"]

FORMS = {".parquet": "Parquet", ".csv": "CSV", ".arrow": "Arrow", ".ipc": "Arrow", ".feather": "Arrow"}
"""The form of a file by its suffix."""

MARK = ".indicatree-part"
"""How the name of a file ends that is not whole yet; one that a kill leaves may be deleted."""

_BATCH = 2**16
_BLOCK = 2**22
_LONGEST_NAME = 40


def form_of(path: str) -> str:
    """The form of a file, by its suffix.

    Raises:
        DataError: The suffix is of no form that is known.
    """
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - paths are text here, and stay so
    if suffix not in FORMS:
        message = Text(
            zh=f"文件名应以 {'、'.join(FORMS)} 之一结尾", en=f"expected a file that ends in {', '.join(FORMS)}"
        )
        raise DataError([Problem("unknown-suffix", path, message, did_you_mean(suffix, FORMS))])
    return FORMS[suffix]


@contextmanager
def _reading(path: str) -> Iterator[None]:
    """Say of a file what is wrong with it."""
    import pyarrow as pa  # noqa: PLC0415 - only tables need it

    try:
        yield
    except UnicodeDecodeError:
        raise DataError([_not_utf8(path)]) from None
    except (OSError, pa.ArrowException, csv.Error) as error:
        said = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        if "invalid UTF8" in said:
            raise DataError([_not_utf8(path)]) from None
        form = form_of(path)
        message = Text(zh=f"不能按 {form} 读取：{said}", en=f"cannot be read as {form}: {said}")
        raise DataError([Problem("unreadable", path, message)]) from None


def _not_utf8(path: str) -> Problem:
    message = Text(zh="编码不是 UTF-8", en="is not in UTF-8")
    return Problem("unreadable", path, message, Text(zh="另存为 UTF-8 编码的 CSV", en="save it as CSV in UTF-8"))


class Source:
    """A file of a table, read batch by batch.

    Attributes:
        schema: Its columns; every one of a CSV file is text, so that amounts stay exact.
        length: How much there is to read, in units of ``done``.
        done: How much is read.
    """

    def __init__(self, path: str) -> None:
        """Open it.

        Raises:
            DataError: It cannot be read.
        """
        self._path = path
        self._form = form_of(path)
        self.length, self.done = 0, 0
        with _reading(path):
            self._file = open(path, "rb")  # noqa: PTH123, SIM115 - closed by close
        try:
            with _reading(path):
                self.schema: pa.Schema = getattr(self, f"_open_{self._form.lower()}")()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def batches(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Its batches, with these columns at least.

        Raises:
            DataError: It cannot be read to its end.
        """
        with _reading(self._path):
            batches = getattr(self, f"_read_{self._form.lower()}")(columns)
        while True:
            with _reading(self._path):
                batch = next(batches, None)
            if batch is None:
                self.done = self.length
                return
            yield batch

    def _open_parquet(self) -> pa.Schema:
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        self._parquet = pq.ParquetFile(self._file)
        self.length = self._parquet.metadata.num_rows
        return self._parquet.schema_arrow

    def _read_parquet(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        for batch in self._parquet.iter_batches(_BATCH, columns=columns):
            yield batch
            self.done += batch.num_rows

    def _open_arrow(self) -> pa.Schema:
        import pyarrow as pa  # noqa: PLC0415 - as above

        self._blocks: Any = None
        try:
            self._stream = pa.ipc.open_file(self._file)
            self._blocks = self.length = self._stream.num_record_batches
        except pa.ArrowInvalid:
            self._file.seek(0)
            self._stream = pa.ipc.open_stream(self._file)
            self.length = os.fstat(self._file.fileno()).st_size
        return self._stream.schema

    def _read_arrow(self, _: list[str]) -> Iterator[pa.RecordBatch]:
        if self._blocks is None:
            for batch in self._stream:
                yield batch
                self.done = self._file.tell()
        else:
            for number in range(self._blocks):
                yield self._stream.get_batch(number)
                self.done += 1

    def _open_csv(self) -> pa.Schema:
        import pyarrow as pa  # noqa: PLC0415 - as above
        from pyarrow import csv as pa_csv  # noqa: PLC0415 - as above

        text = io.TextIOWrapper(self._file, "utf-8-sig", newline="")
        names = next(csv.reader(text), [])
        text.detach()
        if not names:
            message = Text(
                zh="文件为空：第一行应为列名", en="is empty: expected the names of the columns in its first line"
            )
            raise DataError([Problem("unreadable", self._path, message)])
        self._file.seek(0)
        self.length = os.fstat(self._file.fileno()).st_size
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            message = Text(zh="有多列同名", en="more than one column has this name")
            raise DataError([Problem("same-column", f"{self._path}: {name}", message) for name in twice])
        self._csv = pa_csv.open_csv(
            self._file,
            pa_csv.ReadOptions(block_size=_BLOCK),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
        return self._csv.schema

    def _read_csv(self, _: list[str]) -> Iterator[pa.RecordBatch]:
        for batch in self._csv:
            yield batch
            self.done = self._file.tell()


@contextmanager
def whole(path: str) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of ``path`` when all of it is on the disk, and not before.

    Until then it stands beside it under another name; whatever goes wrong, it is deleted and the old file is as it was.

    Raises:
        DataError: It cannot be written.
    """
    try:
        target = os.path.realpath(path)  # a link stays one
        if os.path.lexists(target) and not os.path.isfile(target):  # noqa: PTH113 - text, as above
            message = Text(zh="不是普通文件", en="is no plain file")
            raise DataError([Problem("not-written", path, message, Text(zh="另取文件名", en="name another"))])
        if os.path.exists(target) and not os.access(target, os.W_OK):  # noqa: PTH110 - likewise
            raise _not_written(path, Text(zh="该文件不允许覆盖", en="it is not to be written over"))
        folder, name = os.path.split(target)
        part = os.path.join(folder, f".{name[:_LONGEST_NAME]}.{secrets.token_hex(4)}{MARK}")  # noqa: PTH118 - likewise
        file = open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb")  # noqa: PTH123, SIM115 - closed below
    except OSError as error:
        raise _not_written(path, error.strerror or str(error)) from None
    try:
        yield file
        file.flush()
        os.fsync(file.fileno())
        file.close()
        if os.path.exists(target):  # noqa: PTH110 - likewise
            os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))  # noqa: PTH101, PTH116 - likewise
        os.replace(part, target)  # noqa: PTH105 - likewise
    except BaseException as error:
        with suppress(OSError):
            # a full disk is full here too
            file.close()
        with suppress(OSError):
            os.unlink(part)  # noqa: PTH108 - likewise
        if isinstance(error, OSError):
            raise _not_written(path, error.strerror or str(error)) from None
        raise
    _settle(folder)


def _settle(folder: str) -> None:
    """Have the new name of a file on the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_written(path: str, said: str | Text) -> DataError:
    message = Text(zh="无法写入：", en="cannot be written: ") + said
    fix = Text(zh="原有内容未变", en="what was there before is unchanged")
    return DataError([Problem("not-written", path, message, fix)])


class Writer:
    """Writes batches of one schema to a file."""

    def __init__(self, path: str, file: IO[bytes], schema: pa.Schema) -> None:
        """Begin.

        Raises:
            DataError: The form of the file does not hold some column.
        """
        import pyarrow as pa  # noqa: PLC0415 - as above

        self._path, self._file, self._form = path, file, form_of(path)
        # Dictionaries that differ between batches do not fit into every form: their values do.
        self.schema = pa.schema(
            [
                field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
                for field in schema
            ]
        )
        if self._form == "CSV":
            self._refuse_in_csv()
        self._head = True
        self._writer: Any = None

    def _refuse_in_csv(self) -> None:
        from pyarrow import types  # noqa: PLC0415 - as above

        flat = [types.is_integer, types.is_floating, types.is_decimal128, types.is_boolean, types.is_null]
        flat += [types.is_string, types.is_large_string, types.is_string_view, types.is_date, types.is_timestamp]
        fix = Text(zh="不保留该列", en="do not keep it")
        problems = [
            Problem(
                "wrong-type",
                field.name,
                Text(zh=f"CSV 不能存放类型为 {field.type} 的列", en=f"CSV does not hold a column of {field.type}"),
                fix,
            )
            for field in self.schema
            if not any(is_flat(field.type) for is_flat in flat)
        ]
        if problems:
            raise DataError(problems)

    def __enter__(self) -> Self:
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        with self._writing():
            if self._form == "Parquet":
                self._writer = pq.ParquetWriter(self._file, self.schema, compression="zstd")
            elif self._form == "Arrow":
                self._writer = pa.ipc.new_file(self._file, self.schema)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            with self._writing():
                if self._writer is not None:
                    self._writer.close()
                elif self._head:
                    self._file.write(self._lines(self.schema.empty_table()))
        elif self._form == "Parquet" and self._writer is not None:
            # else it would write its end into what is deleted
            self._writer.is_open = False

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""
        with self._writing():
            batch = batch.cast(self.schema)
            if self._writer is not None:
                self._writer.write_batch(batch)
            else:
                self._file.write(self._lines(batch))
                self._head = False

    def _lines(self, batch: pa.RecordBatch | pa.Table) -> bytes:
        import polars as pl  # noqa: PLC0415 - it writes decimals without exponents, as PyArrow does not

        return pl.DataFrame(pl.from_arrow(batch)).write_csv(include_header=self._head).encode()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        import pyarrow as pa  # noqa: PLC0415 - as above

        try:
            yield
        except OSError:
            raise
        except pa.ArrowException as error:
            said = str(error).strip().splitlines()[0]
            message = Text(zh=f"不能写成 {self._form}：{said}", en=f"cannot be written as {self._form}: {said}")
            fix = Text(zh="不保留该列", en="do not keep that column")
            raise DataError([Problem("not-written", self._path, message, fix)]) from None
