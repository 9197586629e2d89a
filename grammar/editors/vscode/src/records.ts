/** What `mltspec list --json` and `mltspec run --json` write, as far as tests in the editor need it. */

export interface Listed {
  readonly id: string;
  readonly suite: string;
  readonly text: string;
  readonly at: { readonly file: string; readonly line: number; readonly column: number };
  readonly marks: { readonly tags: readonly string[] };
}

export type Verdict =
  | "passed"
  | "failed"
  | "inconclusive"
  | "error"
  | "timed out"
  | "skipped"
  | "xfail"
  | "xpass";

interface Operand {
  readonly text: string;
}

export interface Judged extends Listed {
  readonly verdict: Verdict;
  readonly explanation: string;
  readonly measured: Operand | null;
  readonly bound: Operand | null;
  readonly reproduce: string;
  readonly seconds: number;
  readonly decides: boolean;
}

export interface Report {
  readonly expectations: readonly Judged[];
}

/** How the Test Explorer shows a verdict. Inconclusive is no pass: nothing was shown to hold. */
export type Shown = "passed" | "failed" | "errored" | "skipped";

const SHOWN: Readonly<Record<Verdict, Shown>> = {
  passed: "passed",
  xfail: "passed",
  failed: "failed",
  xpass: "failed",
  inconclusive: "errored",
  error: "errored",
  "timed out": "errored",
  skipped: "skipped",
};

/** What only warns or runs dry never decides, so it is not shown as a failure either. */
export function shown(judged: Judged): Shown {
  const plain = SHOWN[judged.verdict];
  return plain === "passed" || judged.decides ? plain : "skipped";
}

export function message(judged: Judged): string {
  const again = judged.reproduce ? `\n\nAgain: ${judged.reproduce}` : "";
  return `${judged.verdict}: ${judged.explanation}${again}`;
}

/** The suites of a file in their order, with their expectations; "" holds those outside a suite. */
export function bySuite(listed: readonly Listed[]): Map<string, Listed[]> {
  const suites = new Map<string, Listed[]>();
  for (const each of listed) {
    suites.set(each.suite, [...(suites.get(each.suite) ?? []), each]);
  }
  return suites;
}

/** What names an expectation on the command line; ids are unique in a file, not in a folder. */
export function target(file: string, id: string): string {
  return `${file}::${id}`;
}
