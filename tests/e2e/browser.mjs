// A person at work in a real Chromium: signs in, makes projects, brings in data, draws, marks, exports.
// Called by test_spine.py with what to do as JSON in argv[2]; prints what it saw as one line of JSON.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../frontend/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const IMAGE_CONFIG = `<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image"><Label value="Building"/><Label value="Plant"/></RectangleLabels>
  <PolygonLabels name="outline" toName="image"><Label value="Outline"/></PolygonLabels>
  <KeyPointLabels name="point" toName="image"><Label value="Tip"/></KeyPointLabels>
</View>`;
const TEXT_CONFIG = `<View>
  <Text name="text" value="$text"/>
  <Labels name="span" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
  <Choices name="mood" toName="text" choice="single"><Choice value="Glad"/><Choice value="Sad"/></Choices>
</View>`;

const asked = JSON.parse(process.argv[2]);
const seen = { problems: [] };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: FLAGS,
});
const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true });
const page = await context.newPage();
page.setDefaultTimeout(60_000);
page.on("pageerror", (error) => seen.problems.push(error.message));
page.on("response", (answer) => {
  if (answer.status() >= 500) seen.problems.push(`${answer.status()} ${answer.url()}`);
});

const shot = (name) => (asked.shots ? page.screenshot({ path: `${asked.shots}/${name}.png` }) : undefined);
const button = (name) => page.getByRole("button", { name });
const rows = () => page.getByRole("treegrid").getByRole("row");

async function signIn() {
  await page.goto(asked.url);
  await page.getByLabel("Email").fill(asked.email);
  await page.getByLabel("Password").fill(asked.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Projects" }).waitFor();
}

async function createProject(title, config) {
  await page.goto(`${asked.url}/projects/create`);
  await page.getByLabel("Name", { exact: true }).fill(title);
  await page.getByLabel("Labeling config").fill(config);
  await page.getByText("The config is valid.").waitFor();
  await button("Create and import data").click();
  await page.getByRole("dialog").waitFor();
  return Number(/projects\/(\d+)/.exec(page.url())[1]);
}

async function importFiles(files) {
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles(files);
  await dialog.getByRole("button", { name: /^Import/ }).click();
  await dialog.getByText(/ready\./).waitFor();
  await shot("import");
  await dialog.getByRole("button", { name: "Done" }).click();
}

async function drag(from, to) {
  const canvas = await page.locator("canvas").first().boundingBox();
  const at = ([x, y]) => [canvas.x + canvas.width * x, canvas.y + canvas.height * y];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), { steps: 4 });
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

async function click(point) {
  const canvas = await page.locator("canvas").first().boundingBox();
  await page.mouse.click(canvas.x + canvas.width * point[0], canvas.y + canvas.height * point[1]);
}

async function regionCount(count) {
  await page.getByText(new RegExp(`^Regions\\s*${count}$`)).waitFor();
}

async function ready() {
  await page.locator("canvas").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[data-ready]") !== null || true);
  await page.waitForTimeout(1500);
}

async function labelImages(project) {
  await page.goto(`${asked.url}/projects/${project}/label`);
  await ready();
  await page.keyboard.press("1");
  await drag([0.3, 0.3], [0.5, 0.5]);
  await regionCount(1);
  await page.keyboard.press("v");
  await drag([0.4, 0.4], [0.5, 0.45]); // move
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("3");
  for (const point of [[0.6, 0.3], [0.7, 0.3], [0.7, 0.45]]) await click(point);
  await page.keyboard.press("Enter");
  await regionCount(2);
  await page.keyboard.press("4");
  await click([0.25, 0.7]);
  await regionCount(3);
  await page.keyboard.press("v");
  await click([0.25, 0.7]);
  await page.keyboard.press("Delete");
  await regionCount(2);
  await page.keyboard.press("Control+z");
  await regionCount(3);
  await shot("label-image");
  await submitted();
  // skip the second task
  await ready();
  await page.getByRole("button", { name: "Skip", exact: true }).click();
  await page.getByText("Nothing left to label").waitFor();
  // back to the first one, and update it
  await page.goto(`${asked.url}/projects/${project}/label`);
  await page.getByText("Nothing left to label").waitFor();
  await page.getByRole("button", { name: /previous/i }).click();
  await page.waitForTimeout(1000);
  await page.getByRole("button", { name: /previous/i }).click();
  await ready();
  await regionCount(3);
  await page.keyboard.press("2");
  await drag([0.7, 0.6], [0.8, 0.75]);
  await regionCount(4);
  await submitted();
}

async function submitted() {
  const answer = page.waitForResponse(
    (r) => /annotations/.test(r.url()) && ["POST", "PATCH"].includes(r.request().method()),
  );
  await page.keyboard.press("Control+Enter");
  seen.submits = [...(seen.submits ?? []), (await answer).status()];
  await page.waitForTimeout(800);
}

async function labelTexts(project) {
  await page.goto(`${asked.url}/projects/${project}/label`);
  await page.getByText("Ada met Charles in London").waitFor();
  await page.keyboard.press("1");
  await page.getByText("Ada met Charles in London").dblclick({ position: { x: 12, y: 12 } });
  await regionCount(1);
  await page.getByText("Glad").click();
  await shot("label-text");
  await submitted();
}

async function exportAs(project, title) {
  await page.goto(`${asked.url}/projects/${project}/data`);
  await button("Export").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: new RegExp(`^${title}\\b`) }).first().check({ force: true });
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const made = dialog.locator("li", { hasText: `${title} ·` });
  const link = made.getByRole("link", { name: /Download/ }).first();
  await link.waitFor();
  const download = page.waitForEvent("download");
  await link.click();
  const file = await download;
  const path = `${asked.folder}/${title}-${file.suggestedFilename()}`;
  await file.saveAs(path);
  return path;
}

try {
  await signIn();
  seen.images = await createProject("Photographs", IMAGE_CONFIG);
  await importFiles(asked.images);
  await labelImages(seen.images);
  seen.texts = await createProject("Sentences", TEXT_CONFIG);
  await importFiles(asked.tables);
  await labelTexts(seen.texts);
  seen.exports = {};
  for (const title of ["JSON", "COCO", "YOLO"]) seen.exports[title] = await exportAs(seen.images, title);
  seen.exports.CSV = await exportAs(seen.texts, "CSV");
  await page.goto(`${asked.url}/projects/${seen.images}/data`);
  await page.waitForTimeout(1500);
  await shot("data");
} catch (error) {
  await shot("failure");
  seen.problems.push(String(error.stack ?? error));
} finally {
  await browser.close();
}
process.stdout.write(`${JSON.stringify(seen)}\n`);
