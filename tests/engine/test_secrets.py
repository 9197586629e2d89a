"""What the environment keeps secret reaches no report and no store, whatever the user's code does with it."""

from engine_fakes import FakeAsk, claim, model

from mltspec.plan.secrets import redacted

VALUE = 'hunter2-"quoted"'


def test_a_secret_that_the_users_code_prints_and_raises_is_redacted(project, monkeypatch):
    monkeypatch.setenv("REGISTRY_TOKEN", VALUE)
    project.write(
        "user.py",
        "import os\n\ndef build():\n    token = os.environ['REGISTRY_TOKEN']\n    print('using', token)\n"
        "    raise ValueError('refused: ' + token)\n",
    )
    project.run(claim(FakeAsk(does="user", model=model())))
    (failure,) = project.failures()
    assert "refused: [REGISTRY_TOKEN]" in failure.message and "using [REGISTRY_TOKEN]" in failure.output
    assert not _told(project)


def test_a_secret_in_evidence_is_redacted(project, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", VALUE)
    project.write("user.py", "import os\n\ndef build():\n    return os.environ['DB_PASSWORD']\n")
    project.run(claim(FakeAsk(does="user", model=model())))
    assert not project.failures() and not _told(project)


def _told(project):
    """Return what of events and store holds the secret."""
    events = [event for event in project.events if "hunter2" in event.to_json()]
    files = [
        file for file in (project.root / ".mltspec").rglob("*") if file.is_file() and b"hunter2" in file.read_bytes()
    ]
    return [*events, *files]


def test_words_stay_and_users_of_addresses_go(monkeypatch):
    monkeypatch.setenv("SHORT_TOKEN", "abc")
    monkeypatch.setenv("OUTER_SECRET", "inner-value-and-more")
    monkeypatch.setenv("INNER_SECRET", "inner-value")
    assert redacted("abc inner-value-and-more inner-value") == "abc [OUTER_SECRET] [INNER_SECRET]"
    assert redacted("at https://me:pass@host/x and mail a@b.c") == "at https://[user]@host/x and mail a@b.c"
