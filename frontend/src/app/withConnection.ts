/** What is fetched while there is no connection is fetched when it is back. */

const connected = (): Promise<unknown> =>
  navigator.onLine
    ? Promise.resolve()
    : new Promise((resolve) => addEventListener("online", resolve, { once: true }));

/** What `load` gives; asked only with a connection, and again where it went away meanwhile. Other failures are the caller's. */
export async function withConnection<Given>(load: () => Promise<Given>): Promise<Given> {
  await connected();
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine) throw error;
    return withConnection(load);
  }
}
