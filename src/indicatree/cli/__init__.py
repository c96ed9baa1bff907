"""The command line."""

from indicatree.cli.main import main

__all__ = ["main"]
