"""The files that `report DIR` writes."""

import re
import xml.etree.ElementTree as xml
from html.parser import HTMLParser
from pathlib import Path

import pytest
from synthetic_run import ORDERINGS, SyntheticRun
from test_damaged_input import lockbench

from lockbench.charts import charts
from lockbench.formatting import rate_with_interval
from lockbench.run_directory import read_run
from lockbench.report.write import write_report


def written(run: SyntheticRun, directory: Path, file_format: str = "svg") -> Path:
    write_report(read_run(run.write(directory)), directory, file_format)
    return directory


def files_of(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes()
            for path in sorted(directory.rglob("*")) if path.is_file()}


def test_charts_are_found_by_their_place():
    assert {"handoff", "sojourn", "tail", "throughput", "truth", "winners"} <= {chart.name for chart in charts()}
    assert all(chart.about.endswith(".") for chart in charts())


def test_the_command_writes_charts_and_reports_and_keeps_stdout_free(tmp_path):
    run = SyntheticRun().write(tmp_path / "run")
    before = files_of(run)
    answer = lockbench("report", run, "--out", tmp_path / "out")
    assert answer.returncode == 0 and answer.stdout == ""
    assert "report.html" in answer.stderr
    assert set(files_of(tmp_path / "out")) == {
        "charts/throughput.png", "charts/throughput.svg", "charts/truth.png", "charts/truth.svg",
        "charts/winners.png", "charts/winners.svg", "report.html", "report.md"}
    assert files_of(run) == before


@pytest.mark.parametrize("file_format", ["svg", "png"])
def test_the_format_of_the_charts_can_be_chosen(tmp_path, file_format):
    out = written(SyntheticRun(), tmp_path, file_format)
    assert {path.suffix for path in (out / "charts").iterdir()} == {f".{file_format}"}
    assert f"(charts/throughput.{file_format})" in (out / "report.md").read_text()


def test_two_processes_write_the_same_bytes(tmp_path):
    run = SyntheticRun(strategies=tuple(ORDERINGS)).write(tmp_path / "run")
    for name in ("one", "two"):
        assert lockbench("report", run, "--out", tmp_path / name).returncode == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_another_setting_gets_charts_of_its_own(tmp_path):
    run = SyntheticRun(threads=(1, 2))
    directory = run.write(tmp_path)
    for name in ("summary.csv", "comparisons.csv", "trials.csv"):
        lines = (directory / name).read_text().splitlines()
        more = [line.replace("compact", "none") for line in lines[1:]]
        (directory / name).write_text("\n".join(lines + more) + "\n")
    write_report(read_run(directory), directory, "svg")
    assert {path.name for path in (directory / "charts").iterdir()} == {
        "throughput.svg", "truth.svg", "winners.svg", "throughput-pinning-none.svg",
        "truth-pinning-none.svg", "winners-pinning-none.svg"}


def test_charts_of_a_long_list_of_cpus_have_names_that_a_file_can_have(tmp_path):
    directory = SyntheticRun(threads=(1, 2)).write(tmp_path)
    lists = ["cpus:" + "+".join(map(str, range(first, first + 200))) for first in (0, 1)]
    for name in ("summary.csv", "comparisons.csv", "trials.csv"):
        lines = (directory / name).read_text().splitlines()
        more = [line.replace("compact", cpus) for cpus in lists for line in lines[1:]]
        (directory / name).write_text("\n".join(lines + more) + "\n")
    write_report(read_run(directory), directory, "svg")
    names = [path.name for path in (directory / "charts").iterdir()]
    assert len(names) == 9 and max(map(len, names)) < 128


def test_the_report_opens_with_who_wins_and_how_sure_that_is(tmp_path):
    text = (written(SyntheticRun(), tmp_path) / "report.md").read_text()
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings == ["Who wins where", "How far to trust it", "Charts",
                        "One row tells the whole truth", "Every case",
                        "What could not be measured", "Machine, build and run"]
    verdict = text.split("## How far")[0]
    assert "Among strategies that keep priority_fifo order, " in verdict
    assert re.search(r"\w+ wins \d of 6 points", verdict)
    assert "A/A floor: a strategy against itself came out at +1.2 % (6 points" in verdict
    assert "31 µs on another CPU" in verdict
    assert "4 (oversubscribed)" in verdict


def test_every_case_of_the_summary_has_its_line(tmp_path):
    run = SyntheticRun()
    text = (written(run, tmp_path) / "report.md").read_text()
    cases = text.split("## Every case")[1].split("## What could not")[0]
    assert len(re.findall(r"^\| \d+ \|", cases, re.MULTILINE)) == len(run.summary())
    case = next(row for row in run.summary() if row.strategy == "mutex" and row.threads == 2)
    rates = rate_with_interval(case.throughput_ops_s, case.throughput_low_ops_s,
                               case.throughput_high_ops_s)
    assert f"| 2 | mutex | priority_fifo |  | {rates} | 0.970 | 0.810 | 2 % | 0.400 | 1.50 | " \
           "107 [101, 118] | 24 of 24 | 8 |" in cases
    assert "A/A label" in cases
    assert "moodycamel | fifo_per_producer | oversubscribed" in cases


def test_cases_that_the_harness_itself_bounds_are_flagged_and_counted(tmp_path):
    run = SyntheticRun(latency=True, changes={
        ("mutex", 1): {"harness_bound": True, "harness_share": 0.42}})
    text = (written(run, tmp_path) / "report.md").read_text()
    assert "| 1 | mutex | priority_fifo | harness bound: 42 % |" in text
    assert re.search(r"\d of \d+ cases are harness bound", text)


def test_what_could_not_be_measured_is_said_with_its_reason(tmp_path):
    run = SyntheticRun(changes={("rwlock", 2): {"problem": "crashed: signal 11",
                                                "throughput_ops_s": None}})
    text = (written(run, tmp_path) / "report.md").read_text()
    lost = text.split("## What could not be measured")[1]
    assert "crashed: signal 11" in lost
    assert "probes.hardware_counters.cycles: perf_event_open: ENOENT" in lost
    assert "machine.frequency.governor: no cpufreq on this guest" in lost
    assert "rwlock: overlap 0.41, below 0.9 (2 windows)" in lost


@pytest.mark.parametrize("run, warning", [
    (SyntheticRun(context_changes={"build": {"recordable": False, "build_type": "Debug"}}),
     "This build (Debug) is not one whose results may be recorded"),
    (SyntheticRun(context_changes={"build": {"dirty": True}}), "uncommitted changes"),
    (SyntheticRun(context_changes={"state": "interrupted"}), "The run is interrupted"),
    (SyntheticRun(changes={("mutex", 2): {"problem": "violated: double_hand_outs=3"}}),
     "Broke the contract while being measured: mutex"),
])
def test_a_reader_is_warned_before_the_first_number(tmp_path, run, warning):
    text = (written(run, tmp_path) / "report.md").read_text()
    assert warning in text.split("## Who wins where")[0]


def test_a_run_of_one_strategy_says_that_nothing_was_compared(tmp_path):
    run = SyntheticRun(strategies=("null", "mutex"), threads=(4,), read_ratios=(0.5,))
    out = written(run, tmp_path)
    assert "no two strategies to compare" in (out / "report.md").read_text()
    assert not (out / "charts" / "winners.svg").exists()


LATENT = SyntheticRun(threads=(1, 2), read_ratios=(0.5,), latency=True, loads=(0.5, 0.9))


def test_a_run_with_latencies_has_a_section_for_each_of_their_charts(tmp_path):
    out = written(LATENT, tmp_path)
    text = (out / "report.md").read_text()
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[2:6] == ["Charts", "Sojourn times under load", "Tails of latency",
                             "One row tells the whole truth"]
    for name in ("sojourn", "tail"):
        assert f"(charts/{name}.svg)" in text and (out / "charts" / f"{name}.svg").exists()
    assert "| 2 | mutex | priority_fifo | load 90 % |" in text


def test_hand_overs_have_a_section_where_they_were_measured_at_two_idle_times(tmp_path):
    for idles_ns, has_chart in (((30_000, 1_000_000), True), ((30_000,), False)):
        run = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True, idles_ns=idles_ns)
        out = written(run, tmp_path / str(len(idles_ns)))
        assert ("## What a hand-over costs" in (out / "report.md").read_text()) == has_chart
        assert (out / "charts" / "handoff.svg").exists() == has_chart


def test_a_run_with_latencies_gives_the_same_bytes_in_two_processes(tmp_path):
    run = LATENT.write(tmp_path / "run")
    for name in ("one", "two"):
        assert lockbench("report", run, "--out", tmp_path / name, "--format", "svg").returncode == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_an_open_loop_is_not_ranked_by_the_throughput_that_it_was_offered(tmp_path):
    text = (written(LATENT, tmp_path) / "report.md").read_text()
    assert re.search(r"\w+ wins \d of 2 points", text.split("## How far")[0])
    assert "open_loop" not in text.split("## How far")[0]
    alone = SyntheticRun(threads=(2,), read_ratios=(), latency=True, loads=(0.5,))
    out = written(alone, tmp_path / "alone")
    assert {path.stem for path in (out / "charts").iterdir()} == {"sojourn", "tail", "truth"}


def test_a_summary_that_came_without_its_histograms_gives_no_tail_chart(tmp_path):
    directory = LATENT.write(tmp_path)
    (directory / "latency.csv").unlink()
    write_report(read_run(directory), directory, "svg")
    assert not (directory / "charts" / "tail.svg").exists()
    assert (directory / "charts" / "sojourn.svg").exists()


class Page(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "xlink:href"):
                self.links.append(value)


def test_the_page_needs_no_network(tmp_path):
    text = (written(SyntheticRun(), tmp_path) / "report.html").read_text()
    page = Page(text)
    assert page.tags.count("svg") == 3
    assert all(link.startswith("#") for link in page.links)
    assert "url(http" not in text and "@import" not in text and "script" not in page.tags
    assert "prefers-color-scheme: dark" in text


def test_ids_of_the_charts_are_unique_on_the_page(tmp_path):
    page = Page((written(SyntheticRun(), tmp_path) / "report.html").read_text())
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_page_and_markdown_hold_the_same_tables(tmp_path):
    out = written(SyntheticRun(), tmp_path)
    rows = len(re.findall(r"^\| (?!:--|--:)", (out / "report.md").read_text(), re.MULTILINE))
    assert (out / "report.html").read_text().count("<tr>") == rows


def test_names_cannot_turn_into_markup(tmp_path):
    run = SyntheticRun(context_changes={"machine": {"cpu": {"model": "<b>*a*|b</b>"}}})
    out = written(run, tmp_path)
    assert "<b>" not in (out / "report.html").read_text()
    assert r"\<b\>\*a\*\|b\</b\>" in (out / "report.md").read_text()


def test_charts_are_well_formed(tmp_path):
    for path in (written(SyntheticRun(), tmp_path) / "charts").iterdir():
        assert xml.parse(path).getroot().tag.endswith("svg")
