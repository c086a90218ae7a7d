// The parcel service of the scenarios, for a server that asks it.
import { writeFileSync } from "node:fs";
import { Child, program } from "./process.mjs";

/** Starts it, and writes what a server has to know of it to `file`. */
export async function startLogistics(file) {
  const child = new Child(program("logistics"), ["0"]);
  const [connectors] = await child.line(/^\{.*\}$/m);
  writeFileSync(file, connectors);
  return file;
}
