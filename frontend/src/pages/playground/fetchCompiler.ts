/** Where the compiler comes from: a file of its own, asked for in a way that the build makes copies for. */
export type Compiler = typeof import("./compiler");

const apart = import.meta.glob<Compiler>("./compiler.ts", { query: "?apart" });

/** Fetches the compiler, once. */
export async function fetchCompiler(): Promise<Compiler> {
  const [load] = Object.values(apart);
  if (!load) throw new Error("There is no compiler.");
  return load();
}
