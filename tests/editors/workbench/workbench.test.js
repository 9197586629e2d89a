// A spec in VS Code's editor, in a real browser, with the real server: what an author sees while typing.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

import { serve } from "./serve.js";

const COMMAND = (process.env.MLTSPEC ?? "mltspec").split(" ");
const SHOTS = join(import.meta.dirname, "dist", "screenshots");
const SPEC = `edition 2026

## Digits, and whether they are read.
model digits {
  build python "digits.model:build"
}
data training = python "digits.data:training"
data holdout = python "digits.data:holdout"

suite "quality" for digits on training {
  expect accuracy on holdout >= 0.9
  expect accuracy on hodlout by label >= 0.8
  expect   loss decreases
}
`;
const WRONG = SPEC.split("\n").findIndex((line) => line.includes("hodlout"));

let browser, page, server;
const problems = [];

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mltspec-")));
  writeFileSync(join(folder, "digits.mlt"), SPEC);
  server = await serve(COMMAND, folder);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  page = await browser.newPage({ viewport: { width: 1000, height: 520 } });
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => problems.push(String(error)));
  const query = new URLSearchParams({ folder, file: "digits.mlt" });
  await page.goto(`http://127.0.0.1:${server.port}/?${query}`);
  await page.waitForSelector("body[data-ready]", { timeout: 120_000 });
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const shoot = async (name) => {
  await page.waitForTimeout(400); // what appears fades in
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
};

/** The diagnostics that the editor shows, with 0-based lines. */
const diagnostics = () =>
  page.evaluate(() => {
    const { vscode, app } = window.mltspec;
    const uri = app.getEditor().getModel().uri;
    return vscode.languages.getDiagnostics(uri).map(({ message, code, severity, range, source }) => ({
      message, severity, source, code: code?.value ?? code, line: range.start.line,
    }));
  });

async function until(what, holds) {
  for (let i = 0; i < 150; i++) {
    if (await holds()) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`never came: ${what}; ${JSON.stringify(await diagnostics())}`);
}

const text = () => page.evaluate(() => window.mltspec.app.getEditor().getModel().getValue());

/** Put the cursor behind a text and give the editor the keyboard. */
const goBehind = (found) =>
  page.evaluate((wanted) => {
    const editor = window.mltspec.app.getEditor();
    const model = editor.getModel();
    const offset = model.getValue().indexOf(wanted) + wanted.length;
    editor.setPosition(model.getPositionAt(offset));
    editor.revealLine(1);
    editor.focus();
  }, found);

test("words are coloured by the grammar", async () => {
  const colours = await page.evaluate(async () => {
    await new Promise((settled) => setTimeout(settled, 1000));
    const found = {};
    for (const span of document.querySelectorAll(".view-line span span")) {
      found[span.textContent.trim()] = getComputedStyle(span).color;
    }
    return found;
  });
  const different = new Set(["edition", "2026", '"digits.model:build"'].map((word) => colours[word]));
  assert.equal(different.size, 3, JSON.stringify(colours));
});

test("a finding stands at its line, with its name", async () => {
  await until("a finding", async () => (await diagnostics()).some((each) => each.severity === 0));
  const found = (await diagnostics()).find((each) => each.code === "unknown-name");
  assert.equal(found?.line, WRONG, JSON.stringify(await diagnostics()));
  assert.match(found.message, /hodlout/);
  await page.waitForSelector(".squiggly-error");
  await shoot("diagnostics");
});

test("hover tells what a claim means", async () => {
  await goBehind("expect   loss decr");
  const hover = page.locator(".monaco-hover-content").first();
  await until("the text of a hover", async () => {
    await page.evaluate(() => window.mltspec.app.getEditor().trigger("test", "editor.action.showHover", {}));
    await page.waitForTimeout(500);
    return (await hover.isVisible()) && /trend during training/.test(await hover.innerText());
  });
  await shoot("hover");
  await page.keyboard.press("Escape");
});

test("completion offers the names that fit, in a line that is not finished", async () => {
  await goBehind("expect   loss decreases");
  await page.keyboard.press("Enter");
  await page.keyboard.type("expect accuracy on ");
  await page.keyboard.press("Control+Space");
  const list = page.locator(".suggest-widget.visible");
  await list.waitFor();
  await until("names of data", async () => /holdout/.test(await list.innerText()));
  await shoot("completion");
  await page.keyboard.press("Escape");
});

test("the quick fix mends the word", async () => {
  await goBehind("on hod");
  await page.keyboard.press("Control+Period");
  const menu = page.locator(".action-widget");
  await menu.waitFor();
  await until("a fix", async () => /holdout/.test(await menu.innerText()));
  await shoot("quick-fix");
  await page.keyboard.press("Enter");
  await until("the word mended", async () => !(await text()).includes("hodlout"));
});

test("what is typed is looked over again, and formatted when asked", async () => {
  await goBehind("expect accuracy on ");
  await page.evaluate(() => {
    const editor = window.mltspec.app.getEditor();
    const line = editor.getModel().getValue().split("\n").findIndex((each) => each.trim() === "expect accuracy on") + 1;
    editor.executeEdits("test", [{ range: { startLineNumber: line, startColumn: 1, endLineNumber: line + 1, endColumn: 1 }, text: "" }]);
  });
  await until("no error", async () => (await diagnostics()).every((each) => each.severity !== 0));
  await page.keyboard.press("Control+Shift+I");
  await until("the format", async () => (await text()).includes("\n  expect loss decreases\n"));
  await shoot("formatted");
});

test("nothing broke in the page", () => {
  assert.deepEqual(problems, []);
});
