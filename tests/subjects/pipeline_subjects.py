"""Stages as people write them: sound ones, and ones with the faults that restarts and hand-overs bring to light."""

import csv
import os
import random
import sys
import time
from pathlib import Path

ROWS = 60


def rows_of(file: Path) -> list[list[str]]:
    with file.open(newline="") as stream:
        return list(csv.reader(stream))


def write(file: Path, rows, mode="w"):
    with file.open(mode, newline="", buffering=1) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in rows:
            writer.writerow(row)


def raw(rows):
    return [["id", "delay", "late"], *([at, at * 1.5, int(at % 5 == 0)] for at in range(rows or ROWS))]


# ------------------------------------------------------------- sound stages


def source(output: Path, rows: int | None):
    write(output / "part", raw(rows))
    (output / "part").replace(output / "rows.csv")


def features(source: Path, output: Path):
    head, *body = rows_of(source / "rows.csv")
    write(output / "part", [head, *([row[0], float(row[1]) / 10, row[2]] for row in body)])
    (output / "part").replace(output / "table.csv")


def total(input: Path, output: Path):
    _, *body = rows_of(input / "table.csv")
    (output / "total.txt").write_text(f"{len(body)} {sum(float(row[1]) for row in body):g}")


def joined(inputs: dict[str, Path], output: Path, seed: int = 0):
    (output / "joined.txt").write_text(" ".join(f"{name}={seed}" for name in inputs))


# ------------------------------------------------------------- stages that do not end well


def breaks(source: Path, output: Path):
    raise KeyError("tailnum")


def exits(source: Path, output: Path):
    os.write(1, b"out of memory on the way\n")
    sys.exit(3)


def writes_nothing(source: Path, output: Path):
    pass


def writes_an_empty_file(source: Path, output: Path):
    (output / "table.csv").touch()


def writes_a_head_alone(source: Path, output: Path):
    write(output / "table.csv", raw(1)[:1])


def changes_its_source(source: Path, output: Path):
    features(source, output)
    write(source / "rows.csv", raw(1))


def wants_more(source: Path, output: Path, batch: int):
    pass


def takes_no_output(source: Path):
    pass


def all_rows(output: Path):
    source(output, None)


def kills_itself(source: Path, output: Path):
    os.kill(os.getpid(), 9)


def tells_a_secret(source: Path, output: Path):
    raise OSError(f"cannot log in with {os.environ['STORE_TOKEN']}")


# ------------------------------------------------------------- stages that a restart finds out


def appends(source: Path, output: Path):
    head, *body = rows_of(source / "rows.csv")
    if not (output / "table.csv").exists():
        write(output / "table.csv", [head])
    write(output / "table.csv", body, "a")


def takes_what_is_there_for_done(source: Path, output: Path):
    if (output / "table.csv").exists():
        return
    write(output / "table.csv", rows_of(source / "rows.csv"))


def moves_by_copying(source: Path, output: Path):
    if (output / "table.csv").exists():
        return
    write(output / "part", rows_of(source / "rows.csv"))
    write(output / "table.csv", rows_of(output / "part"))
    (output / "part").unlink()


def refuses_to_start_again(source: Path, output: Path):
    (output / "parts").mkdir()
    write(output / "table.csv", rows_of(source / "rows.csv"))


def leaves_parts(source: Path, output: Path):
    part = output / f"part-{os.getpid()}.csv"
    write(part, rows_of(source / "rows.csv"))
    part.replace(output / "table.csv")


def differs_each_time(source: Path, output: Path):
    write(output / "table.csv", [["at"], *([time.time_ns() + random.random()] for _ in range(9))])


def loses_its_place(source: Path, output: Path):
    """Counts what is there and goes on behind it; the last row may be half a row."""
    body = rows_of(source / "rows.csv")
    done = len(rows_of(output / "table.csv")) if (output / "table.csv").exists() else 0
    with (output / "table.csv").open("a", buffering=1) as stream:
        for row in body[done:]:
            for cell in (row[0], ",", row[1], ",", row[2], "\n"):
                stream.write(cell)
                stream.flush()


def copy(input: Path, output: Path):
    write(output / "part", rows_of(input / "table.csv"))
    (output / "part").replace(output / "table.csv")


if __name__ == "__main__":
    place, limit = sys.argv[1:]
    source(Path(place), int(limit) or None)
