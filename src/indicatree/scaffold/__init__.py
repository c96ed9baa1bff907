"""A new plugin, written whole from a template: a package whose tests pass at once."""

from indicatree.scaffold.plugin import PluginNames, next_steps, plugin_files, write_plugin

__all__ = ["PluginNames", "next_steps", "plugin_files", "write_plugin"]
