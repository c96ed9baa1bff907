"""Typed data: fields, records, line items, and files that are loaded into them."""

from indicatree.data import fields
from indicatree.data.fields import Amounts
from indicatree.data.load import (
    DATA_FORMAT,
    DataShape,
    JudgementShape,
    RecordShape,
    load_data,
    records_from,
    resolve_path,
)
from indicatree.data.record import Items, RecordType, is_record, record, record_type
from indicatree.data.unit import FigureNote, Judgement, Unit, UnitData
from indicatree.data.years import VersionError, Years, as_years, split_version, version_of

__all__ = [
    "DATA_FORMAT",
    "Amounts",
    "DataShape",
    "FigureNote",
    "Items",
    "Judgement",
    "JudgementShape",
    "RecordShape",
    "RecordType",
    "Unit",
    "UnitData",
    "VersionError",
    "Years",
    "as_years",
    "fields",
    "is_record",
    "load_data",
    "record",
    "record_type",
    "records_from",
    "resolve_path",
    "split_version",
    "version_of",
]
