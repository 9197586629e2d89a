"""The load generator against a server that can be made to stall, refuse, or talk nonsense."""

import asyncio
import threading
import time

import numpy as np
import pytest

from mltspec.serving.load.load import Load
from mltspec.serving.load.record import Trouble
from mltspec.serving.load.schedule import MOST_REQUESTS, Schedule, arrivals, shared_out, steady
from mltspec.serving.system import Call

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def server():
    """Serve on loopback, in a thread; ``stall(seconds)`` stops everything for so long."""
    loop = asyncio.new_event_loop()
    replies = {"body": OK, "open": 0, "most": 0, "requests": 0}

    async def serve(reader, writer):
        replies["open"] += 1
        replies["most"] = max(replies["most"], replies["open"])
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                replies["requests"] += 1
                if replies["body"] is None:
                    break
                if replies["body"] == b"":
                    await asyncio.sleep(30)
                writer.write(replies["body"])
        except (asyncio.IncompleteReadError, ConnectionResetError):
            pass
        finally:
            replies["open"] -= 1
            writer.close()

    listening = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    replies["port"] = listening.sockets[0].getsockname()[1]
    replies["stall"] = lambda seconds: loop.call_soon_threadsafe(time.sleep, seconds)
    yield replies

    async def end():
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run_coroutine_threadsafe(end(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def call(port):
    return Call("127.0.0.1", port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")


def schedule(rate, seconds):
    at = steady(rate, seconds, 1)
    return Schedule(at, np.zeros(len(at), np.uint32))


def test_every_request_is_sent_when_it_is_due(server, tmp_path):
    with Load([call(server["port"])], schedule(200, 1.5), tmp_path) as load:
        shots = load.finish()
    assert [shot.number for shot in sorted(shots, key=lambda s: s.due)] == list(range(300))
    assert {(shot.status, shot.body) for shot in shots} == {(200, b"ok")}
    assert np.median([shot.sent - shot.due for shot in shots]) < 0.002
    assert list(tmp_path.iterdir()) == []


def test_a_stalled_server_cannot_hide_its_delay(server, tmp_path):
    """One second of silence at 100 requests/s delays a hundred callers, not the few that were under way."""
    with Load([call(server["port"])], schedule(100, 3), tmp_path, connections=4) as load:
        time.sleep(max(0.0, load.start + 1 - time.monotonic()))
        server["stall"](1.0)
        shots = load.finish()
    slow = [shot for shot in shots if shot.latency_s > 0.1]
    assert 70 <= len(slow) <= 110
    assert max(shot.latency_s for shot in slow) > 0.8
    # What a closed loop would have said: only those that were sent into the stall waited.
    assert sum(shot.ended - shot.sent > 0.1 for shot in shots) <= 8


def test_connections_are_bounded(server, tmp_path):
    with Load([call(server["port"])], schedule(300, 1), tmp_path, connections=3) as load:
        load.finish()
    assert server["most"] <= 3


@pytest.mark.parametrize(
    ("body", "trouble"),
    [(None, Trouble.CLOSED), (b"\x00\x01 garbage\r\n\r\n", Trouble.NO_HTTP), (b"", Trouble.LATE)],
)
def test_what_is_no_answer_is_told_apart(server, tmp_path, body, trouble):
    server["body"] = body
    with Load([call(server["port"])], schedule(20, 0.5), tmp_path, limit_s=0.4) as load:
        shots = load.finish()
    assert len(shots) == 10
    assert {shot.trouble for shot in shots} == {trouble}


def test_a_port_where_nothing_listens(tmp_path):
    with Load([call(1)], schedule(20, 0.5), tmp_path) as load:
        shots = load.finish()
    assert {shot.trouble for shot in shots} == {Trouble.REFUSED}
    assert len(shots) == 10


def test_it_stops_when_told_and_leaves_nothing(server, tmp_path):
    with Load([call(server["port"])], schedule(50, 60), tmp_path) as load:
        time.sleep(max(0.0, load.start + 0.5 - time.monotonic()))
        early = list(load.new())
        shots = load.stop()
    assert 5 < len(early) + len(shots) < 100
    assert load._process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_closed_loop_sends_when_a_connection_is_free(server, tmp_path):
    at = np.zeros(200)
    with Load([call(server["port"])], Schedule(at, at.astype(np.uint32)), tmp_path, connections=2, closed=True) as load:
        shots = load.finish()
    assert len(shots) == 200
    assert server["most"] <= 2


def test_load_without_end_is_refused():
    with pytest.raises(ValueError, match="no bounded load"):
        arrivals(1000, MOST_REQUESTS, 1)
    with pytest.raises(ValueError, match="no bounded load"):
        steady(0, 10, 1)


def test_arrivals_are_a_poisson_process():
    at = arrivals(500, 40, 3)
    gaps = np.diff(at)
    assert abs(len(at) - 20_000) < 5 * np.sqrt(20_000)
    assert abs(gaps.std() / gaps.mean() - 1) < 0.05


def test_shares_are_drawn_independently():
    which = shared_out(100_000, [0.9, 0.05, 0.05], 1)
    share = np.bincount(which) / len(which)
    assert np.allclose(share, [0.9, 0.05, 0.05], atol=0.004)
