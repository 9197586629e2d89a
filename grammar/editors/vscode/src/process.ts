/** Starting mltspec, and ending it with all that it started. */

import { spawn } from "node:child_process";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cancelling {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): unknown;
}

const PATIENCE_MS = 10_000;

/**
 * Run a command without a shell.
 *
 * A cancelled command is interrupted, so that it ends its children and writes what it has; one that does not end is
 * killed.
 */
export function run(
  [program, ...rest]: readonly [string, ...string[]],
  args: readonly string[],
  cwd: string,
  cancelling?: Cancelling,
  output?: (text: string) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...rest, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const stop = (): void => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS).unref();
    };
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output?.(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      output?.(text);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    cancelling?.onCancellationRequested(stop);
    if (cancelling?.isCancellationRequested) {
      stop();
    }
  });
}
