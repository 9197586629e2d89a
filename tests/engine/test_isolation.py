"""How a child is started: forked where that is safe, else in an interpreter of its own."""

from dataclasses import replace

from engine_fakes import ApartAsk, FakeAsk, claim, model

from mltspec.plan.verdict import Verdict

HASH = "def build():\n    return hash('order')\n"


def texts(project, *asks):
    """Return what each ask's evidence says, through the store."""
    import json

    project.run(*[claim(ask) for ask in asks])
    assert not project.failures(), project.failures()
    found = {}
    for file in (project.root / ".mltspec/evidence").rglob("*.json"):
        entry = json.loads(file.read_text())
        found[entry["kind"], entry["ask"]["seed"]] = entry["evidence"]["text"]
    return [found[ask.kind, ask.seed] for ask in asks]


def test_forked_siblings_share_the_order_of_hashes_and_an_ask_apart_does_not(forked, monkeypatch):
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    forked.write("user.py", HASH)
    asks = [FakeAsk(does="user", seed=seed, model=model()) for seed in (1, 2)]
    first, second, apart = texts(forked, *asks, ApartAsk(does="user", seed=3, model=model()))
    assert first == second
    assert apart != first


def test_a_source_that_configures_the_framework_runs_before_it_is_imported(forked):
    forked.write(
        "user.py",
        "import os, sys\nos.environ['KERAS_BACKEND'] = 'numpy'\n\ndef build():\n    return 'colorsys' in sys.modules\n",
    )
    forked.settings = replace(forked.settings, preload=("colorsys",))
    assert texts(forked, FakeAsk(does="user", model=model())) == ["False"]


def test_preloaded_modules_are_there(forked):
    forked.write("user.py", "import sys\n\ndef build():\n    return 'colorsys' in sys.modules\n")
    forked.settings = replace(forked.settings, preload=("colorsys",))
    assert texts(forked, FakeAsk(does="user", model=model())) == ["True"]


def test_a_module_that_kills_whoever_imports_it_early_is_left_to_the_child(forked, tmp_path, monkeypatch):
    (tmp_path / "deadly.py").write_text("import os\nos._exit(9)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    outcome = forked.run(claim(FakeAsk(seed=1)), claim(FakeAsk(seed=2)), preload=("deadly",))
    assert {each.verdict for each in outcome.judgements.values()} == {Verdict.PASSED}


def test_an_ask_apart_is_answered_while_the_framework_is_imported(forked, tmp_path, monkeypatch):
    done = tmp_path / "done"
    (tmp_path / "slow.py").write_text(
        "import time\nfrom pathlib import Path\nlimit = time.monotonic() + 15\n"
        f"while not Path({str(done)!r}).exists():\n    assert time.monotonic() < limit\n    time.sleep(0.01)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    forked.write("user.py", f"def build():\n    open({str(done)!r}, 'w').close()\n    return 'early'\n")
    forked.write("other.py", "import sys\n\ndef build():\n    return 'slow' in sys.modules\n")
    apart, other = (
        ApartAsk(does="user", seed=1, model=model()),
        FakeAsk(does="user", seed=2, model=model("other:build")),
    )
    forked.settings = replace(forked.settings, preload=("slow",))
    assert texts(forked, other, apart) == ["True", "early"]


def test_what_kills_the_fork_server_spares_no_ask_apart(forked, tmp_path, monkeypatch):
    (tmp_path / "deadly.py").write_text("import os, time\ntime.sleep(1)\nos._exit(9)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    outcome = forked.run(claim(FakeAsk(seed=1)), claim(ApartAsk(seed=2)), preload=("deadly",))
    assert {each.verdict for each in outcome.judgements.values()} == {Verdict.PASSED}


def test_a_module_that_never_ends_its_import_is_left_to_the_child(forked, tmp_path, monkeypatch):
    (tmp_path / "endless.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("mltspec.engine.launch._IMPORT_LIMIT_S", 5.0)
    outcome = forked.run(claim(FakeAsk(seed=1)), preload=("endless",))
    assert outcome.judgements["e0"].verdict is Verdict.PASSED


def test_requests_that_need_each_other_end_the_run(forked):
    from engine_fakes import CHECKS, KINDS, plan_of

    from mltspec.engine.run import run

    plan = plan_of(claim(FakeAsk(seed=1), FakeAsk(seed=2)), root=forked.root)
    first, second = plan.requests
    knot = (first.model_copy(update={"needs": (second.id,)}), second.model_copy(update={"needs": (first.id,)}))
    outcome = run(plan.model_copy(update={"requests": knot}), forked.settings, CHECKS, KINDS, print)
    assert "need each other" in outcome.judgements["e0"].explanation
