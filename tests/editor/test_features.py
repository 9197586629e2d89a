"""Every feature through the real protocol, against one server."""

import pytest
from lsp_client import SPEC, Client, make_home

RICH = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
    }
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    client = Client(make_home(tmp_path_factory.mktemp("features")))
    client.capabilities = client.initialize(RICH)
    yield client
    client.kill()


@pytest.fixture
def spec(client, request):
    """A fresh document with the text of the module's spec."""
    uri = client.open(f"{request.node.name[:40].replace('[', '-').replace(']', '')}.mlt", SPEC)
    yield uri
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


def place(text: str, marked: str):
    """The line and character of ``|`` in a piece of a text."""
    offset = text.index(marked.replace("|", "")) + marked.index("|")
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


def labels(client, uri, line, character):
    return [
        each["label"] for each in client.request("textDocument/completion", client.at(uri, line, character))["items"]
    ]


def test_what_it_can_do_is_announced(client):
    can = client.capabilities
    assert can["textDocumentSync"] == {"openClose": True, "change": 2, "save": can["textDocumentSync"]["save"]}
    for provider in (
        *("completion", "hover", "definition", "references", "documentHighlight", "documentSymbol", "workspaceSymbol"),
        *("codeAction", "codeLens", "documentFormatting", "documentRangeFormatting", "rename", "foldingRange"),
        *("selectionRange", "semanticTokens", "documentLink", "inlayHint", "executeCommand"),
    ):
        assert can.get(f"{provider}Provider"), provider
    assert "diagnosticProvider" not in can  # this client is pushed its findings: never both


@pytest.mark.parametrize(
    ("line", "offered", "refused"),
    [
        ("ex|", ["expect"], ["suite", "model"]),
        ("expect |", ["loss decreases", "auc", "drop"], ["outputs finite"]),
        ("expect loss decreases |", ["within EPOCHS", "by >= RATIO"], ["on DATA"]),
        ("expect loss decreases within |", ["5 epochs"], ["5 s"]),
        ("expect accuracy on |", ["training", "holdout"], ["digits", "prod"]),
        ("expect accuracy on holdout >= |", ["prod"], ["holdout"]),
        ("expect accuracy on holdout >= prod - |", ["drop", "5pp"], ["5 s", "holdout"]),
        ("expect accuracy on holdout >= prod - 3|", ["3pp"], ["3 s"]),
        ("expect rollback < 3|", ["3s", "3ms"], ["3%"]),
        ("for |", ["each", "any"], ["expect"]),
        ("for any batch { expect |", ["outputs finite"], ["loss decreases"]),
        ("expect accuracy >= 0.5 severity |", ["warn", "error"], ["5 epochs"]),
        ("expect training reproducible { |", ["predictions"], ["within EPOCHS"]),
        ("# ex|", [], ["expect"]),
    ],
)
def test_completion_in_a_line_that_is_being_typed(client, spec, line, offered, refused):
    text = SPEC.rstrip()[:-1] + "  " + line.replace("|", "")
    client.edit(spec, 2, text)
    found = labels(client, spec, text.count("\n"), 2 + line.index("|"))
    assert set(offered) <= set(found)
    assert not set(refused) & set(found)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ('use "std/t|', "std/training"),
        ('use "dig|', "digits.mlt"),
        ('data more = python "dig|', "digits"),
        ('data more = python "digits.d|', "digits.data"),
        ('data more = python "digits.data:|', "digits.data:holdout"),
        ("data more = |", "parquet"),
        ("baseline old = |", "run seed COUNT"),
        ("model other {\n  |", "build ORIGIN"),
        ("|", "suite"),
    ],
)
def test_completion_at_the_top(client, spec, line, offered):
    text = "edition 2026\n" + line.replace("|", "")
    client.edit(spec, 2, text)
    assert offered in labels(client, spec, text.count("\n"), len(text) - text.rfind("\n") - 1)


def test_what_is_completed_replaces_what_is_typed(client, spec):
    text = SPEC.rstrip()[:-1] + "  expect loss decr"
    client.edit(spec, 2, text)
    line = text.count("\n")
    items = client.request("textDocument/completion", client.at(spec, line, 18))["items"]
    (item,) = [each for each in items if each["label"].startswith("decreases")]
    assert item["textEdit"]["range"] == {
        "start": {"line": line, "character": 14},
        "end": {"line": line, "character": 18},
    }


def test_hover_shows_the_check_its_clauses_and_the_defaults_that_will_be_used(client, spec):
    text = SPEC.replace("accuracy on holdout >= 0.9", "loss decreases within 3 epochs")
    client.edit(spec, 2, text)
    shown = client.request("textDocument/hover", client.at(spec, *place(text, "loss decr|eases")))["contents"]["value"]
    assert "falls as a trend" in shown
    assert "`in >= 1 of 1 seed`" in shown
    assert "`mltspec explain loss-decreases`" in shown
    clause = client.request("textDocument/hover", client.at(spec, *place(text, "with|in 3")))["contents"]["value"]
    assert "model's own number by default" in clause
    name = client.request("textDocument/hover", client.at(spec, *place(text, "prod - dr|op")))["contents"]["value"]
    assert "let drop = 0.5pp" in name
    assert client.request("textDocument/hover", client.at(spec, 1, 0)) is None


def test_hover_on_a_python_target_reads_its_docstring(client, spec):
    shown = client.request("textDocument/hover", client.at(spec, *place(SPEC, "digits.model:bu|ild")))["contents"][
        "value"
    ]
    assert "def build(width: int=8)" in shown
    assert "Return the compiled model." in shown


def test_definition_of_names_targets_and_files(client, spec):
    (found,) = client.request("textDocument/definition", client.at(spec, *place(SPEC, "prod - d|rop")))
    assert found == {
        "uri": spec,
        "range": {"start": {"line": 9, "character": 4}, "end": {"line": 9, "character": 8}},
    }
    (python,) = client.request("textDocument/definition", client.at(spec, *place(SPEC, '"digits.data:hol|dout"')))
    assert python["uri"] == client.uri("digits/data.py")
    assert python["range"]["start"] == {"line": 7, "character": 0}
    assert client.request("textDocument/definition", client.at(spec, 1, 0)) == []


def test_references_and_highlights(client, spec):
    at = client.at(spec, *place(SPEC, "data hol|dout"))
    every = client.request("textDocument/references", {**at, "context": {"includeDeclaration": True}})
    uses = client.request("textDocument/references", {**at, "context": {"includeDeclaration": False}})
    assert [each["range"]["start"]["line"] for each in every if each["uri"] == spec] == [7, 12, 13]
    assert len(uses) == len(every) - 1
    marked = client.request("textDocument/documentHighlight", at)
    assert [(each["range"]["start"]["line"], each["kind"]) for each in marked] == [(7, 3), (12, 2), (13, 2)]


def test_renaming_changes_every_place_and_nothing_else(client, spec):
    at = client.at(spec, *place(SPEC, "for dig|its"))
    assert client.request("textDocument/prepareRename", at)["placeholder"] == "digits"
    changes = client.request("textDocument/rename", {**at, "newName": "ciphers"})["changes"]
    assert [each["range"]["start"]["line"] for each in changes[spec]] == [3, 11]
    assert (
        "\n".join(applied(SPEC, changes[spec]).splitlines()[3:5])
        == 'model ciphers {\n  build python "digits.model:build"'
    )


@pytest.mark.parametrize("name", ["holdout", "suite", "2nd", "a b", ""])
def test_a_name_that_cannot_be_is_refused(client, spec, name):
    answer = client.answer(client.ask("textDocument/rename", {**client.at(spec, 3, 7), "newName": name}))
    assert answer["error"]["message"]


def test_renaming_across_files(client):
    saved = 'edition 2026\nlet drop = 0.5pp\ndata rows = python "digits.data:holdout"\n'
    (client.home / "base.mlt").write_text(saved)
    base = client.open("base.mlt", saved)
    text = SPEC.replace("edition 2026\n", 'edition 2026\nuse "base" as base\n').replace("- drop", "- base.drop")
    user = client.open("user.mlt", text)
    changes = client.request("textDocument/rename", {**client.at(base, 1, 5), "newName": "margin"})["changes"]
    assert applied(text, changes[user]) == text.replace("base.drop", "base.margin")
    assert len(changes[base]) == 1
    alias = client.request("textDocument/rename", {**client.at(user, 1, 14), "newName": "other"})["changes"]
    assert applied(text, alias[user]) == text.replace("as base", "as other").replace("base.drop", "other.drop")
    (found,) = client.request("textDocument/definition", client.at(user, *place(text, "base.dr|op")))
    assert found["uri"] == base
    for uri in (base, user):
        client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_symbols(client, spec):
    found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": spec}})
    assert [each["name"] for each in found] == ["digits", "training", "holdout", "prod", "drop", "quality"]
    assert [each["name"] for each in found[-1]["children"]] == [
        "accuracy on holdout >= 0.9",
        "accuracy on holdout >= prod - drop",
    ]
    everywhere = client.request("workspace/symbol", {"query": "holdout >= 0.9"})
    assert client.uri("digits.mlt") in {each["location"]["uri"] for each in everywhere}


def test_semantic_tokens_know_what_is_declared(client, spec):
    legend = client.capabilities["semanticTokensProvider"]["legend"]
    data = client.request("textDocument/semanticTokens/full", {"textDocument": {"uri": spec}})["data"]
    found, line, column = {}, 0, 0
    lines = SPEC.split("\n")
    for step, start, length, type, _ in zip(*[iter(data)] * 5, strict=True):
        line, column = line + step, (0 if step else column) + start
        found[line, lines[line][column : column + length]] = legend["tokenTypes"][type]
    assert found[0, "edition"] == "keyword"
    assert found[2, "## Handwritten digits."] == "comment"
    assert found[3, "digits"] == "class"
    assert found[12, "holdout"] == "variable"
    assert found[12, "on"] == "parameter"
    assert found[12, "0.9"] == "number"
    assert found[13, "drop"] == "variable"


def test_folding_and_selection(client, spec):
    folds = client.request("textDocument/foldingRange", {"textDocument": {"uri": spec}})
    assert {"startLine": 3, "endLine": 4} in folds
    assert any(each["startLine"] == 11 and each["endLine"] == 13 for each in folds)
    line, character = place(SPEC, "prod - dr|op")
    params = {"textDocument": {"uri": spec}, "positions": [{"line": line, "character": character}]}
    (found,) = client.request("textDocument/selectionRange", params)
    grown = []
    while found:
        grown.append(found["range"]["end"]["line"] - found["range"]["start"]["line"])
        found = found.get("parent")
    assert grown == sorted(grown)
    assert grown[0] == 0
    assert grown[-1] == SPEC.count("\n")


def test_formatting_is_the_formatters(client, spec):
    from mltspec.language.formatting import format_text

    rough = SPEC.replace(">= 0.9", ">=    0.9").replace("  expect", "expect")
    client.edit(spec, 2, rough)
    options = {"tabSize": 2, "insertSpaces": True}
    edits = client.request("textDocument/formatting", {"textDocument": {"uri": spec}, "options": options})
    assert applied(rough, edits) == format_text(rough)
    one = {"start": {"line": 12, "character": 0}, "end": {"line": 12, "character": 3}}
    some = client.request(
        "textDocument/rangeFormatting", {"textDocument": {"uri": spec}, "range": one, "options": options}
    )
    assert {each["range"]["start"]["line"] for each in some} == {12}
    client.edit(spec, 3, "suite {{{")
    assert client.request("textDocument/formatting", {"textDocument": {"uri": spec}, "options": options}) is None


def test_code_actions_offer_the_fixes_of_findings(client, spec):
    text = SPEC.replace("on holdout >= 0.9", "on holdoud >= 0.9").replace("prod - drop", "prod - 5%")
    client.edit(spec, 2, text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": spec}, "range": whole, "context": {"diagnostics": []}}
    found = client.request("textDocument/codeAction", params)
    titles = [each["title"] for each in found]
    assert "Write `holdout` [unknown-name]" in titles
    assert "Write `5pp` [ambiguous-margin]" in titles
    (fix,) = [each for each in found if "unknown-name" in each["title"]]
    assert applied(text, fix["edit"]["changes"][spec]) == text.replace("holdoud", "holdout")
    line = {"start": {"line": 12, "character": 5}, "end": {"line": 12, "character": 5}}
    assert len(client.request("textDocument/codeAction", {**params, "range": line})) == 0


def test_mending_all_is_what_the_command_line_does(client, spec, tmp_path):
    text = 'suite "a" {\n  expect auc == 0.5;\n  expect f1 => 0.5\n}\n'
    client.edit(spec, 2, text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    context = {"diagnostics": [], "only": ["source.fixAll"]}
    params = {"textDocument": {"uri": spec}, "range": whole, "context": context}
    (found,) = client.request("textDocument/codeAction", params)
    mended = applied(text, found["edit"]["changes"][spec])
    assert mended.startswith("edition 2026\n")
    assert "auc = 0.5\n" in mended
    assert "f1 >= 0.5" in mended


def test_links_lead_to_files_that_are_there(client, spec):
    found = client.request("textDocument/documentLink", {"textDocument": {"uri": spec}})
    assert {each["target"] for each in found} == {client.uri("digits/model.py"), client.uri("digits/data.py")}


def test_lenses_offer_to_run_suites_and_expectations(client, spec):
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": spec}})
    assert [each["command"]["title"] for each in found] == ["▶ run suite", "▶ run", "▶ run"]
    assert found[1]["command"]["arguments"] == [spec, "quality/accuracy-on-holdout"]


def test_nothing_of_the_users_is_imported_or_executed(client, spec):
    """Its model module ends the process that imports it."""
    client.request("textDocument/documentLink", {"textDocument": {"uri": spec}})
    assert client.process.poll() is None


def applied(text: str, edits: list[dict]) -> str:
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:i]) for i in range(len(lines))]

    def offset(position):
        return starts[position["line"]] + position["character"]

    for edit in sorted(edits, key=lambda each: offset(each["range"]["start"]), reverse=True):
        text = text[: offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]) :]
    return text
