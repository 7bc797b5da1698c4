/**
 * Cold loads of the labeling screen from a running Skylabel (`make run`): a picture with 10,000 regions, and a text of
 * a megabyte with 10,000 spans. Each load has a browser profile of its own.
 * Usage: node bench/stack.mjs [data folder] [times]; makes a project for each, and deletes it.
 */
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { chromium } from "playwright-core";
import { runnerImport } from "vite";

const [folder = ".data", times = "5"] = process.argv.slice(2);
const access = JSON.parse(await readFile(`${folder}/access.json`, "utf8"));
const { landscape } = (await runnerImport(new URL("../test/harness/png.ts", import.meta.url).pathname))
  .module;
const COUNT = 10_000;
const LINE =
  "Ada Lovelace met Charles Babbage in London, and so on and on until the line of the text is full enough.\n";

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(access.url + path, {
    method,
    headers: {
      Authorization: `Token ${access.api_key}`,
      ...(isForm || body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: isForm || body === undefined ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

async function withPicture() {
  const project = await call("POST", "/api/projects/", {
    title: "Cold load: picture",
    label_config: `<View><RectangleLabels name="box" toName="img"><Label value="Car"/><Label value="Tree"/></RectangleLabels>
      <Image name="img" value="$image"/></View>`,
  });
  const form = new FormData();
  form.append("file", new Blob([landscape(3, 1600, 1200)], { type: "image/png" }), "landscape.png");
  await call("POST", `/api/projects/${project.id}/import`, form);
  const value = (i) => ({
    ...{ x: (i % 100) * 0.98, y: Math.floor(i / 100) * 0.98, width: 0.7, height: 0.7, rotation: 0 },
    rectanglelabels: [i % 2 ? "Car" : "Tree"],
  });
  const result = Array.from({ length: COUNT }, (_, i) => ({
    id: `r${i}`,
    from_name: "box",
    to_name: "img",
    type: "rectanglelabels",
    original_width: 1600,
    original_height: 1200,
    image_rotation: 0,
    value: value(i),
  }));
  return { project, result, shown: () => performance.getEntriesByName("skylabel.picture")[0]?.startTime };
}

async function withText() {
  const project = await call("POST", "/api/projects/", {
    title: "Cold load: text",
    label_config: `<View><Labels name="ner" toName="text"><Label value="Person"/></Labels><Text name="text" value="$text"/></View>`,
  });
  await call("POST", `/api/projects/${project.id}/import`, [{ text: LINE.repeat(COUNT) }]);
  const result = Array.from({ length: COUNT }, (_, i) => ({
    id: `s${i}`,
    from_name: "ner",
    to_name: "text",
    type: "labels",
    value: { start: i * LINE.length, end: i * LINE.length + 12, text: "Ada Lovelace", labels: ["Person"] },
  }));
  const shown = () => {
    const painted = [...CSS.highlights.values()].reduce((sum, one) => sum + one.size, 0);
    return painted >= 10_000 ? performance.now() : undefined;
  };
  return { project, result, shown };
}

async function taskOf(project) {
  for (let wait = 0; wait < 100; wait += 1) {
    const { tasks } = await call("GET", `/api/tasks/?project=${project.id}`);
    if (tasks[0]) return tasks[0];
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("The import did not end");
}

/** Milliseconds from the address being asked for until the task shows, in a profile that has seen nothing. */
async function coldLoad(browser, { project, task, shown }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const session = await context.request.post(`${access.url}/api/session/`, {
      headers: { "X-Skylabel-Client": "web" },
      data: { email: access.email, password: access.password },
    });
    if (!session.ok()) throw new Error(`No session: ${session.status()}`);
    const page = await context.newPage();
    await page.goto(`${access.url}/projects/${project.id}/data/${task.id}`, { waitUntil: "commit" });
    const handle = await page.waitForFunction(shown, null, { polling: 5, timeout: 60_000 });
    return await handle.jsonValue();
  } finally {
    await context.close();
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
});
try {
  const rows = {};
  for (const make of [withPicture, withText]) {
    const scene = await make();
    const task = await taskOf(scene.project);
    await call("POST", `/api/tasks/${task.id}/annotations/`, { result: scene.result });
    const loads = [];
    for (let time = 0; time < Number(times); time += 1)
      loads.push(Math.round(await coldLoad(browser, { ...scene, task })));
    const sorted = loads.toSorted((a, b) => a - b);
    rows[`${COUNT} regions, ${make.name}`] = {
      median_ms: sorted[Math.floor(sorted.length / 2)],
      all_ms: loads.join(" "),
    };
    await call("DELETE", `/api/projects/${scene.project.id}/`);
  }
  console.table(rows);
  console.log(
    `load of the machine over the last minute: ${loadavg()[0].toFixed(2)} on ${cpus().length} cores`,
  );
} finally {
  await browser.close();
}
