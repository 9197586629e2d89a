"""Calls that change files are stopped one by one, and the folder is what a kill there would leave."""

import os
import sys
from pathlib import Path

import pytest

from mltspec.subjects.file_calls import DOOR, STEPS, Call, Steps, Watch, hand_over
from mltspec.subjects.torn_saves import chosen, tear

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets calls be stopped")


def child(scratch, work):
    """Run ``work`` in a process that hands its calls over; return its exit status."""
    pid = os.fork()
    if pid == 0:
        try:
            hand_over(str(Path(scratch, DOOR)))
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_every_call_that_changes_the_folder_is_seen_and_no_other(tmp_path):
    folder, elsewhere = tmp_path / "work", tmp_path / "elsewhere"
    folder.mkdir()
    seen = []

    def work():
        elsewhere.write_text("not ours")
        os.chdir(folder)
        Path("part").write_bytes(b"1234")
        Path("part").read_bytes()
        Path("part").rename("whole")
        Path("sub").mkdir()
        Path("whole").unlink()

    with Watch(tmp_path / DOOR, folder, lambda call: seen.append(call) or True):
        assert child(tmp_path, work) == 0
    assert [(call.name.removesuffix("at"), call.path) for call in seen] == [
        ("open", "part"),
        ("write", "part"),
        ("rename", "whole"),
        ("mkdir", "sub"),
        ("unlink", "whole"),
    ]


def test_a_call_that_is_not_let_go_is_never_made(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with Watch(tmp_path / DOOR, folder, lambda call: not call.writes):
        assert child(tmp_path, lambda: (folder / "file").write_bytes(b"1234")) == -9
    assert (folder / "file").read_bytes() == b""


def test_what_goes_wrong_while_deciding_is_raised_and_leaves_nobody_waiting(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with pytest.raises(ZeroDivisionError), Watch(tmp_path / DOOR, folder, lambda call: 1 // 0):
        assert child(tmp_path, lambda: (folder / "file").write_bytes(b"1234")) == -9


def test_the_save_that_replaces_an_earlier_one_is_torn_at_each_chosen_call(tmp_path):
    folder, scratch = tmp_path / "work", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()

    def train():
        steps = Steps(scratch / STEPS)
        for step in range(1, 9):
            steps.tell(step)
            (folder / "log").open("a").close()
            if step % 2 == 0:
                with (folder / "latest").open("wb", buffering=0) as stream:
                    for _ in range(4):
                        stream.write(b"%d" % step)

    step, torn = tear(lambda calls: child(calls, train), folder, scratch, last_step=8, most=3)
    assert step == 4
    assert [(each.folder / "latest").read_bytes() for each in torn] == [b"2222", b"", b"444"]
    assert torn[1].place == "while `latest` was written (call 3 of 6 in the save after step 4)"


def test_chosen_calls_keep_the_first_and_the_last():
    calls = [Call("openat", "a"), *[Call("write", "a")] * 9, Call("rename", "b"), Call("unlink", "c")]
    assert chosen(calls, 20) == [0, 1, 5, 9, 10, 11]
    assert chosen(calls, 3) == [0, 5, 11]
    assert chosen(calls, 1) == [0]
