import assert from "node:assert/strict";
import { test } from "node:test";

import { bySuite, message, shown, target, type Judged, type Verdict } from "../src/records";

function judged(verdict: Verdict, decides = true): Judged {
  return {
    id: "quality/auc",
    suite: "quality",
    text: "expect auc on holdout >= 0.8",
    at: { file: "a.mlt", line: 3, column: 3 },
    marks: { tags: [] },
    verdict,
    explanation: "auc on holdout is 0.75",
    measured: { text: "0.75" },
    bound: { text: ">= 0.8" },
    reproduce: "mltspec run a.mlt::quality/auc --seed 1",
    seconds: 1,
    decides,
  };
}

test("only what was shown to hold is a pass", () => {
  const passes = ["passed", "xfail"];
  const verdicts: Verdict[] = ["passed", "failed", "inconclusive", "error", "timed out", "skipped", "xfail", "xpass"];
  for (const verdict of verdicts) {
    assert.equal(shown(judged(verdict)) === "passed", passes.includes(verdict), verdict);
  }
  assert.equal(shown(judged("inconclusive")), "errored");
  assert.equal(shown(judged("xpass")), "failed");
});

test("what never decides is no failure", () => {
  assert.equal(shown(judged("failed", false)), "skipped");
  assert.equal(shown(judged("passed", false)), "passed");
});

test("a message says what was seen and how to see it again", () => {
  assert.equal(
    message(judged("failed")),
    "failed: auc on holdout is 0.75\n\nAgain: mltspec run a.mlt::quality/auc --seed 1",
  );
});

test("suites keep their order", () => {
  const first = judged("passed");
  const other = { ...first, suite: "a", id: "a/b" };
  assert.deepEqual([...bySuite([first, other, first])], [["quality", [first, first]], ["a", [other]]]);
});

test("targets name the file", () => {
  assert.equal(target("/x/a.mlt", "s/c[x=1]"), "/x/a.mlt::s/c[x=1]");
});
