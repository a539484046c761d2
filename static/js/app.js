// What pages gain with a script: docs/interface.md.
const page = document;
const find = page.querySelector.bind(page);
const all = (selector) => [...page.querySelectorAll(selector)];
const on = page.addEventListener.bind(page);
const words = JSON.parse(page.body.dataset.words);
const language = page.documentElement.lang;

function say(text, kind = "toast") {
  const line = page.createElement("p");
  line.className = kind;
  line.textContent = text;
  find("#status").append(line);
  fade();
}
const fade = () => all("#status p").forEach((line) => setTimeout(() => line.remove(), 6000));

// Clocks run on the server's time, by the first offset.
const MINUTE = 6e4, units = [["day", 1440 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE], ["second", 1e3]];
const offsets = new WeakMap(), marks = new WeakMap();
const unitOf = (span) => units.findIndex(([, size]) => span >= size || size === 1e3);

function duration(span) {
  const first = unitOf(span), texts = [];
  for (const [unit, size] of units.slice(first, first === 2 ? 3 : first + 2)) {
    const count = Math.floor(span / size);
    span -= count * size;
    if (count || !texts.length) texts.push(new Intl.NumberFormat(language, { style: "unit", unit }).format(count));
  }
  return texts.join(" ");
}

function countDown(clock) {
  const { due, now, opens, label } = clock.dataset, end = Date.parse(due);
  if (!offsets.has(clock)) offsets.set(clock, Date.parse(now) - Date.now());
  const left = end - Date.now() - offsets.get(clock);
  const text = left < 0 ? words.over : (label || words.left).replace("{time}", duration(left));
  clock.querySelector("strong").textContent = text;
  clock.querySelector(".left").setAttribute("width", Math.max(0, 100 * left / (end - Date.parse(opens))));
  if (left < 30 * MINUTE) clock.classList.add("hot");
  if (left <= 0) { clock.classList.replace("hot", "over"); delete clock.dataset.due; }
  const mark = [1, 5, 10, 30].find((minutes) => left <= minutes * MINUTE);
  const title = clock.closest("[data-row]")?.querySelector("h3");
  if (marks.has(clock) && mark !== marks.get(clock)) say(`${title?.textContent || ""} ${text}`, "visually-hidden");
  marks.set(clock, mark);
}

function ago(time) {
  time.title ||= time.textContent;
  const span = Date.parse(time.dateTime) - Date.now(), [unit, size] = units[unitOf(Math.abs(span))];
  time.textContent = new Intl.RelativeTimeFormat(language).format(Math.trunc(span / size), unit);
}

function tick() {
  all(".time[data-due]").forEach(countDown);
  all("time[data-relative]").forEach(ago);
}
setInterval(tick, 1000);

// After a region is drawn: clocks, messages, focus.
function settle() {
  tick();
  fade();
  const wanted = find("[data-focus]");
  wanted?.removeAttribute("data-focus");
  wanted?.focus();
}
let focused;
on("htmx:before:swap", () => { focused = page.activeElement.id; });
on("htmx:after:swap", () => {
  settle();
  if (focused && page.activeElement === page.body) page.getElementById(focused)?.focus({ preventScroll: true });
});
settle();

// Polled regions ask only while seen, naming the version they have.
const etags = new Map();
on("htmx:config:request", (event) => {
  const { sourceElement: region, sourceEvent, request } = event.detail.ctx;
  if (!region.matches("[data-poll]")) return;
  if (page.hidden && sourceEvent?.type === "every") event.preventDefault();
  if (etags.has(region.id)) request.headers["If-None-Match"] = etags.get(region.id);
});
on("htmx:after:request", ({ detail: { ctx } }) => {
  const etag = ctx.response.headers.get("ETag");
  if (etag) etags.set(ctx.sourceElement.id, etag);
});
on("visibilitychange", () => page.hidden || all("[data-poll]").forEach((region) => region.dispatchEvent(new Event("look"))));
on("htmx:response:error", ({ detail: { ctx } }) => ctx.response.status >= 500 && say(words.failed));
on("htmx:error", () => find("#status").firstChild || say(words.offline));

on("submit", (event) => { // a form is sent once
  const form = event.target;
  if (form.method !== "post") return;
  if (form.ariaBusy) { event.preventDefault(); event.stopImmediatePropagation(); }
  form.ariaBusy = "true";
}, true);
const release = (form) => { form.ariaBusy = null; };
on("htmx:finally:request", (event) => release(event.target));
addEventListener("pageshow", () => all("form[aria-busy]").forEach(release));

on("click", async ({ target }) => {
  all("details.menu[open]").forEach((menu) => { menu.open = menu.contains(target); });
  const text = target.closest("[data-copy]")?.dataset.copy;
  if (text) { await navigator.clipboard.writeText(text); say(words.copied); }
});

// Single keys: the page's own (data-key) first.
const SWITCH = "pullboard-shortcuts", box = find("#shortcuts-on");
if (box) box.checked = localStorage.getItem(SWITCH) !== "off";
box?.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
function step(by) {
  const rows = all("[data-row]"), next = rows[rows.findIndex((row) => row.matches(".current")) + by];
  if (next) rows.forEach((row) => row.classList.toggle("current", row === next));
  next?.querySelector("a, button")?.focus();
}
const keys = {
  "/": () => find("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  c: () => (find(".current [data-act]") || find("[data-act]"))?.click(),
  f: () => find("[data-filters] :is(a, button, summary)")?.focus(),
  g: () => find(".mark")?.click(),
  "?": () => find("#shortcuts").showModal(),
};
on("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  const isTyping = event.target.closest("input:not([type=radio],[type=checkbox]), select, textarea, dialog[open]");
  const own = find(`[data-key="${CSS.escape(event.key)}"]`), run = own ? () => own.click() : keys[event.key];
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !run || !box?.checked) return;
  event.preventDefault();
  run();
});
