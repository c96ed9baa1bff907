"""The command line as ``python -m indicatree``."""

from indicatree.cli import main

if __name__ == "__main__":
    main(prog_name="indicatree")
