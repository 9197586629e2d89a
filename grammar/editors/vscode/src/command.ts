/** Which command starts mltspec in a folder. */

import { existsSync } from "node:fs";
import { join } from "node:path";

const VENVS = [".venv", "venv"];
const SCRIPT = process.platform === "win32" ? ["Scripts", "mltspec.exe"] : ["bin", "mltspec"];

/** The command of the settings, else that of the folder's own environment, else what is on the path. */
export function commandOf(setting: readonly string[], folder: string | undefined): [string, ...string[]] {
  const [program, ...rest] = setting;
  if (program) {
    return [program, ...rest];
  }
  const own = VENVS.map((venv) => join(folder ?? "", venv, ...SCRIPT)).find((file) => folder && existsSync(file));
  return [own ?? "mltspec"];
}
