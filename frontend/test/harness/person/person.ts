/**
 * A person at the labeling screen: is told which results there should be and makes them, in order, with mouse and
 * keyboard alone. How the results of each tag are made is in `answers.ts` and `regions.ts`.
 */
import { Window } from "happy-dom";
import type { Locator, Page } from "playwright-core";
import type { ResultItem } from "../../../src/api/types";
import { readFlag } from "../../../src/config/attributes";
import { findItem, flattenItems, itemsOf } from "../../../src/config/items";
import type { JsonObject } from "../../../src/config/json";
import { expandRepeaters } from "../../../src/config/repeater";
import type { ConfigTree, TagNode } from "../../../src/config/tree";
import { parseConfig } from "../../../src/config/xml";
import { registry } from "../../../src/tags/_contract/registry";
import { answers } from "./answers";
import { regions } from "./regions";

// Configurations are read as the page reads them; Node has no parser of its own.
const { DOMParser, XMLSerializer } = new Window();
for (const [name, value] of Object.entries({ DOMParser, XMLSerializer }))
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });

/** How one control's result is made. The label of a region is picked already. */
export type Hand = (person: Person, item: ResultItem, control: TagNode) => Promise<void>;

/** The tags whose results a person here knows to make. */
export const hands: ReadonlyMap<string, Hand> = new Map([...answers, ...regions]);

export class Person {
  readonly tree: ConfigTree;
  /** Ids of the regions there are, as expectations call them: their rows are in this order. */
  private readonly made: string[] = [];

  constructor(
    readonly page: Page,
    config: string,
    readonly data: JsonObject,
  ) {
    this.tree = expandRepeaters(parseConfig(config, registry), data);
  }

  place(name: string): Locator {
    return this.page.locator(`.tag-place[data-name="${name}"]`);
  }

  node(name: string | undefined): TagNode {
    const node = this.tree.byName.get(name ?? "");
    if (!node) throw new Error(`the configuration has no ${name}`);
    return node;
  }

  /** What the screen shows for a stored label or choice. */
  title(control: TagNode, stored: string): string {
    return findItem(flattenItems(itemsOf(control, this.data)), stored)?.value ?? stored;
  }

  /** Makes all of these, each as its control wants it. */
  async make(items: readonly ResultItem[]): Promise<void> {
    for (const item of items) {
      if (item.type === "relation") await this.relate(item);
      else if (!this.isPlaced(item)) await this.answer(item);
      else if (!this.made.includes(item.id ?? "")) await this.region(item, items);
    }
  }

  /** Whether an item is the place of a region, or a label of it. */
  private isPlaced(item: ResultItem): boolean {
    const control = this.node(item.from_name);
    return control.schema?.makesRegions === true || readFlag(control, "labeling");
  }

  private async region(item: ResultItem, all: readonly ResultItem[]): Promise<void> {
    const control = this.node(item.from_name);
    const companions = all.filter((one) => one.id === item.id && this.isPlaced(one));
    await this.turnTo(item);
    await this.selectNothing();
    if (!companions.some((one) => this.labelsOf(one).length)) await this.putLabelsBack();
    for (const one of companions) await this.pickLabels(one);
    await this.handFor(control)(this, item, control);
    this.made.push(item.id ?? "");
    await this.page
      .locator(".region-row")
      .nth(this.made.length - 1)
      .waitFor();
  }

  private async answer(item: ResultItem): Promise<void> {
    const control = this.node(item.from_name);
    await this.turnTo(item);
    if (readFlag(control, "perRegion")) await this.selectRegion(item.id ?? "");
    await this.handFor(control)(this, item, control);
  }

  private handFor(control: TagNode): Hand {
    const hand = hands.get(control.type);
    if (!hand) throw new Error(`nobody here knows how a result of <${control.type}> is made`);
    return hand;
  }

  /** Picks the labels of an item that are not picked yet, with the mouse. */
  private async pickLabels(item: ResultItem): Promise<void> {
    const control = this.node(item.from_name);
    for (const label of this.labelsOf(item)) {
      const chip = this.place(control.name ?? "").locator(".label-chip", {
        has: this.page.getByText(this.title(control, label), { exact: true }),
      });
      if ((await chip.getAttribute("aria-pressed")) !== "true") await chip.click();
    }
  }

  private labelsOf(item: ResultItem): readonly string[] {
    const labels = item.value?.[item.type];
    return this.node(item.from_name).schema?.hasLabels && Array.isArray(labels) ? labels.map(String) : [];
  }

  /** Before a region without a label: labels that are still picked would be given to it. */
  private async putLabelsBack(): Promise<void> {
    const picked = this.page.locator('.label-chip[aria-pressed="true"]');
    while ((await picked.count()) > 0) await picked.first().click();
  }

  /** Goes to the page of an object that an item speaks of. */
  private async turnTo(item: ResultItem): Promise<void> {
    const wanted = item.item_index;
    if (typeof wanted !== "number") return;
    const count = this.page.locator(".image-count");
    for (;;) {
      const now = Number((await count.textContent())?.split("/")[0]) - 1;
      if (now === wanted) return;
      await this.page.keyboard.press(now < wanted ? "PageDown" : "PageUp");
      await this.page.getByText(`${now < wanted ? now + 2 : now} /`).waitFor();
    }
  }

  /** Gives the first region another label: it is picked in the list, then the label. */
  async relabel(title: string): Promise<void> {
    await this.page.locator(".region-row").first().click();
    await this.page.locator(".label-chip", { has: this.page.getByText(title, { exact: true }) }).click();
  }

  async deleteFirst(): Promise<void> {
    const rows = this.page.locator(".region-row");
    await rows.first().click();
    await this.page.keyboard.press("Delete");
    await rows.first().waitFor({ state: "detached" });
  }

  async selectRegion(id: string): Promise<void> {
    const row = this.page.locator(".region-row").nth(this.made.indexOf(id));
    if ((await row.getAttribute("aria-selected")) !== "true") await row.click();
  }

  private async selectNothing(): Promise<void> {
    const selected = this.page.locator('.region-row[aria-selected="true"]');
    if ((await selected.count()) === 0) return;
    await this.page.keyboard.press("Escape");
    await selected.first().waitFor({ state: "detached" });
  }

  private async relate(item: ResultItem): Promise<void> {
    await this.selectRegion(String(item.from_id));
    await this.page.keyboard.press("Alt+r");
    await this.selectRegion(String(item.to_id));
    for (const label of (item.labels as string[] | undefined) ?? [])
      await this.page.locator(".relation-label", { hasText: label }).last().click();
  }
}
