/** Expectations in the Test Explorer: a spec holds suites, a suite its expectations. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Location,
  Position,
  Range,
  RelativePattern,
  TestMessage,
  TestRunProfileKind,
  tests,
  Uri,
  workspace,
  type CancellationToken,
  type Disposable,
  type OutputChannel,
  type TestController,
  type TestItem,
  type TestRun,
  type TestRunRequest,
  type WorkspaceFolder,
} from "vscode";

import { commandOf } from "./command";
import { run } from "./process";
import { bySuite, message, shown, target, type Judged, type Listed, type Report } from "./records";

const SPECS = "**/*.mlt";
const IGNORED = "**/{node_modules,.venv,venv,.tox,.git}/**";

export class Testing implements Disposable {
  private readonly controller: TestController;
  private readonly disposables: Disposable[] = [];
  private readonly expectations = new WeakMap<TestItem, Listed>();

  constructor(private readonly output: OutputChannel) {
    this.controller = tests.createTestController("mltspec", "mltspec");
    this.controller.refreshHandler = () => this.discover();
    this.controller.resolveHandler = async (item) => (item ? this.read(item) : this.discover());
    this.controller.createRunProfile("Run", TestRunProfileKind.Run, (request, token) => this.run(request, token), true);
    const watcher = workspace.createFileSystemWatcher(SPECS);
    watcher.onDidCreate((uri) => void this.read(this.itemOf(uri)));
    watcher.onDidChange((uri) => void this.read(this.itemOf(uri)));
    watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString()));
    this.disposables.push(this.controller, watcher);
  }

  dispose(): void {
    for (const each of this.disposables) {
      each.dispose();
    }
  }

  private async discover(): Promise<void> {
    const folders = workspace.workspaceFolders ?? [];
    const found = await Promise.all(
      folders.map((folder) => workspace.findFiles(new RelativePattern(folder, SPECS), IGNORED)),
    );
    this.controller.items.replace(found.flat().map((uri) => this.itemOf(uri)));
  }

  private itemOf(uri: Uri): TestItem {
    const known = this.controller.items.get(uri.toString());
    if (known) {
      return known;
    }
    const item = this.controller.createTestItem(uri.toString(), workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }

  /** Fill a spec's item with its suites and expectations; those of a broken spec stay as they were. */
  private async read(file: TestItem): Promise<void> {
    const uri = file.uri;
    const folder = uri && workspace.getWorkspaceFolder(uri);
    if (!uri || !folder || file.parent) {
      return;
    }
    file.busy = true;
    try {
      const ended = await run(command(folder), ["list", "--json", uri.fsPath], folder.uri.fsPath);
      const listed = JSON.parse(ended.stdout) as readonly Listed[];
      file.error = undefined;
      if (ended.code === 3 && listed.length === 0) {
        file.error = "the spec has errors";
        return;
      }
      file.children.replace(this.children(uri, listed));
    } catch (problem) {
      this.output.appendLine(`cannot list ${uri.fsPath}: ${String(problem)}`);
      file.error = "mltspec could not list this spec; its output channel says why";
    } finally {
      file.busy = false;
    }
  }

  private children(uri: Uri, listed: readonly Listed[]): TestItem[] {
    const items: TestItem[] = [];
    for (const [suite, expectations] of bySuite(listed)) {
      const inside = expectations.map((each) => this.expectation(uri, each));
      const first = expectations[0];
      if (!suite || !first) {
        items.push(...inside);
        continue;
      }
      const item = this.controller.createTestItem(`suite ${suite}`, suite, uri);
      item.range = lineRange(first.at.line);
      item.children.replace(inside);
      items.push(item);
    }
    return items;
  }

  private expectation(uri: Uri, listed: Listed): TestItem {
    const item = this.controller.createTestItem(listed.id, listed.text, uri);
    item.range = lineRange(listed.at.line, listed.at.column);
    item.description = listed.marks.tags.join(" ");
    item.sortText = String(listed.at.line).padStart(6, "0");
    this.expectations.set(item, listed);
    return item;
  }

  // ------------------------------------------------------------------ running

  private async run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const testRun = this.controller.createTestRun(request);
    try {
      const asked = request.include ?? [...this.controller.items].map(([, item]) => item);
      await Promise.all(asked.filter((item) => !item.parent && item.children.size === 0).map((item) => this.read(item)));
      const excluded = new Set(request.exclude ?? []);
      const leaves = asked.flatMap((item) => this.leaves(item, excluded));
      for (const [folder, items] of byFolder(leaves)) {
        await this.runIn(folder, items, testRun, token);
      }
    } finally {
      testRun.end();
    }
  }

  private leaves(item: TestItem, excluded: ReadonlySet<TestItem>): TestItem[] {
    if (excluded.has(item)) {
      return [];
    }
    return this.expectations.has(item)
      ? [item]
      : [...item.children].flatMap(([, child]) => this.leaves(child, excluded));
  }

  private async runIn(
    folder: WorkspaceFolder,
    items: readonly TestItem[],
    testRun: TestRun,
    token: CancellationToken,
  ): Promise<void> {
    const scratch = await mkdtemp(join(tmpdir(), "mltspec-"));
    const json = join(scratch, "run.json");
    const asked = items.map(targetOf);
    for (const item of items) {
      testRun.started(item);
    }
    try {
      const args = ["run", ...asked, "--json", json, "--color", "always"];
      const show = (text: string): void => testRun.appendOutput(text.replace(/\r?\n/g, "\r\n"));
      const ended = await run(command(folder), args, folder.uri.fsPath, token, show);
      const report = await readFile(json, "utf8").then(
        (text) => JSON.parse(text) as Report,
        () => undefined,
      );
      this.tell(items, report, testRun, ended.stderr, token.isCancellationRequested);
    } catch (problem) {
      for (const item of items) {
        testRun.errored(item, new TestMessage(`mltspec could not be started: ${String(problem)}`));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  private tell(
    items: readonly TestItem[],
    report: Report | undefined,
    testRun: TestRun,
    stderr: string,
    cancelled: boolean,
  ): void {
    const judged = new Map((report?.expectations ?? []).map((each) => [target(each.at.file, each.id), each]));
    for (const item of items) {
      const found = judged.get(targetOf(item));
      if (found) {
        conclude(item, found, testRun);
      } else if (cancelled) {
        testRun.skipped(item);
      } else {
        testRun.errored(item, new TestMessage(stderr.trim() || "mltspec said nothing about this expectation"));
      }
    }
  }
}

function conclude(item: TestItem, judged: Judged, testRun: TestRun): void {
  const took = judged.seconds * 1000;
  const told = new TestMessage(message(judged));
  if (item.uri && item.range) {
    told.location = new Location(item.uri, item.range);
  }
  if (judged.measured && judged.bound) {
    told.actualOutput = judged.measured.text;
    told.expectedOutput = judged.bound.text;
  }
  switch (shown(judged)) {
    case "passed":
      return testRun.passed(item, took);
    case "failed":
      return testRun.failed(item, told, took);
    case "errored":
      return testRun.errored(item, told, took);
    case "skipped":
      return testRun.skipped(item);
  }
}

function targetOf(item: TestItem): string {
  return target(item.uri?.fsPath ?? "", item.id);
}

function command(folder: WorkspaceFolder): [string, ...string[]] {
  return commandOf(workspace.getConfiguration("mltspec", folder.uri).get("command", []), folder.uri.fsPath);
}

function byFolder(items: readonly TestItem[]): Map<WorkspaceFolder, TestItem[]> {
  const found = new Map<WorkspaceFolder, TestItem[]>();
  for (const item of items) {
    const folder = item.uri && workspace.getWorkspaceFolder(item.uri);
    if (folder) {
      found.set(folder, [...(found.get(folder) ?? []), item]);
    }
  }
  return found;
}

function lineRange(line: number, column = 1): Range {
  return new Range(new Position(line - 1, column - 1), new Position(line, 0));
}
