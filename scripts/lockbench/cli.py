"""The command line. Everything it prints goes to stderr: stdout belongs to the caller's data."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lockbench.errors import FAILURE, INTERRUPTED, ReportError

FORMATS = ("svg", "png", "both")


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 done, 1 a file is damaged, 2 usage, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        with _home_of_the_font_cache():
            paths = _report(options)
        print("lockbench: wrote " + ", ".join(map(str, paths)), file=sys.stderr)
        return 0
    except ReportError as error:
        print(f"lockbench: {error}", file=sys.stderr)
        return error.code
    except ModuleNotFoundError as error:
        print(f"lockbench: the Python module {error.name} is missing; Debian has it in "
              f"python3-{error.name}, for /usr/bin/python3 (this is {sys.executable})",
              file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # a fault of this package or of a library: one line for a user
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(f"lockbench: no report: {type(error).__name__}: {' '.join(str(error).split())} "
              f"({Path(place.filename).name}, line {place.lineno})", file=sys.stderr)
        return FAILURE


@contextmanager
def _home_of_the_font_cache() -> Iterator[None]:
    """matplotlib keeps its font cache in the home directory. Where there is none, or it cannot be
    written to, it would warn or fail; there it gets a directory that goes again."""
    if os.access(os.path.expanduser("~"), os.W_OK):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lockbench-") as directory:
        os.environ["MPLCONFIGDIR"] = directory
        yield


def _report(options: argparse.Namespace) -> list[Path]:
    from lockbench.run_directory import read_run
    run = read_run(options.directory)
    # This import comes late, so that a damaged file is reported at once, even without matplotlib.
    from lockbench.report.write import write_report
    return write_report(run, options.out or options.directory, options.format)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lockbench", description="Charts and reports of a run.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    report = verbs.add_parser("report", help="write charts/, report.md and report.html",
                              description="Writes charts/, report.md and report.html.")
    report.add_argument("directory", type=Path, metavar="DIR",
                        help="directory of a run: summary.csv, comparisons.csv, context.json and "
                             "perhaps trials.csv")
    report.add_argument("--out", type=Path, metavar="DIR",
                        help="where to write (default: the directory of the run)")
    report.add_argument("--format", choices=FORMATS, default="both",
                        help="format of the files in charts/ (default: both); report.html holds "
                             "SVG in any case")
    return parser
