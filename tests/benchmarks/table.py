"""The table, as text and in the README, made from a report and from nothing else."""

from pathlib import Path

README = Path(__file__).parent.parent.parent / "README.md"
BEGIN, END = "<!-- benchmarks: made by python -m tests.benchmarks --readme -->", "<!-- end of benchmarks -->"


def markdown(report):
    """A report's rows as a table, and under it what it was measured on."""
    lines = ["| what | convanim | against | that | ratio |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row['what']} | {row['ours']} | {row['against']} | {row['theirs']} | {_ratio(row['ratio'])} |"
        for row in report["rows"]
    ]
    return "\n".join([*lines, "", f"Medians of {report['runs']} runs in turn, on {report['machine']}.", ""])


def into_readme(report):
    """Put the table between the README's marks."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    README.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n{END}{after}", encoding="utf-8")


def _ratio(ratio):
    return f"{ratio:.2g}" if ratio < 0.1 else f"{ratio:.2f}"
