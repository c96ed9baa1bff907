"""The catalog of plugins: discovered, validated, isolated when broken."""

from indicatree.catalog.catalog import Catalog, Plugin, default_catalog
from indicatree.catalog.hookspecs import CONTRACT, hookimpl

__all__ = ["CONTRACT", "Catalog", "Plugin", "default_catalog", "hookimpl"]
