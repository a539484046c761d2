// What the pages gain with a script; every one of them works without. Listeners sit on the document, so that
// regions htmx draws later need no set-up. The attributes it knows are listed in docs/interface.md.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = JSON.parse(document.body.dataset.words || "{}");
const language = document.documentElement.lang || "en";
const on = (name, listener, options) => document.addEventListener(name, listener, options);

// --- one polite status region ---
function say(text, quietly) {
  const line = document.createElement("p");
  line.className = quietly ? "visually-hidden" : "toast";
  line.textContent = text;
  document.getElementById("status")?.append(line);
  setTimeout(() => line.remove(), 6000);
}

// --- time: the server's clock, kept going here ---
const MINUTE = 60000;
const units = [["day", 1440 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE], ["second", 1000]];
const offsets = new WeakMap();
const announced = new WeakMap();

function duration(span) {
  let first = units.findIndex(([, size]) => span >= size);
  if (first < 0) first = 3;
  return units.slice(first, first === 2 ? 3 : first + 2).map(([unit, size]) => {
    const count = Math.floor(span / size);
    span -= count * size;
    return count || size === units[first][1] ? new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count) : "";
  }).filter(Boolean).join(" ");
}

function countDown(clock) {
  if (!offsets.has(clock)) offsets.set(clock, Date.parse(clock.dataset.now) - Date.now());
  const due = Date.parse(clock.dataset.due);
  const left = due - Date.now() - offsets.get(clock);
  const text = left > 0 ? (clock.dataset.label || words.left).replace("{time}", duration(left)) : words.over;
  const strong = clock.querySelector("strong");
  if (strong.textContent !== text) strong.textContent = text;
  const share = Math.max(0, Math.min(1, left / (due - Date.parse(clock.dataset.opens))));
  clock.querySelector(".left").setAttribute("width", (share * 100).toFixed(1));
  if (left < 30 * MINUTE) clock.classList.add("hot");
  if (left <= 0) { clock.classList.replace("hot", "over"); delete clock.dataset.due; }
  const mark = [1, 5, 10, 30].find((minutes) => left <= minutes * MINUTE);
  if (announced.has(clock) && mark && mark !== announced.get(clock)) say([clock.closest(".lead")?.querySelector("h3")?.textContent, text].filter(Boolean).join(": "), true);
  announced.set(clock, mark);
}

function ago(time) {
  time.title ||= time.textContent;
  const span = Date.parse(time.dateTime) - Date.now();
  const [unit, size] = units.find(([, length]) => Math.abs(span) >= length) || units[3];
  time.textContent = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.trunc(span / size), unit);
}

let ticks = 0;
function tick() {
  all(".time[data-due]").forEach(countDown);
  if (ticks++ % 30 === 0) all("time[data-relative]").forEach(ago);
}
setInterval(tick, 1000);

// --- after a page or a region is drawn ---
function settle() {
  ticks = 0;
  tick();
  if (navigator.clipboard) all("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  all("[data-shortcuts][hidden]").forEach((button) => { button.hidden = false; });
  const wanted = document.querySelector("[data-focus]");
  if (wanted) { wanted.removeAttribute("data-focus"); wanted.focus(); }
}
let focusedId = "";
on("htmx:before:swap", () => { focusedId = document.activeElement?.id || ""; });
on("htmx:after:swap", () => {
  settle();
  if (focusedId && document.activeElement === document.body) document.getElementById(focusedId)?.focus({ preventScroll: true });
});
settle();

// --- polled regions: only while seen, and only when something is new ---
const etags = new Map();
let isAway = false;
on("htmx:config:request", (event) => {
  const { sourceElement: region, sourceEvent, request } = event.detail.ctx;
  if (!region.matches("[data-poll]")) return;
  if (document.hidden && sourceEvent?.type === "every") event.preventDefault();
  if (etags.has(region.id)) request.headers["If-None-Match"] = etags.get(region.id);
});
on("htmx:after:request", (event) => {
  const { sourceElement: region, response } = event.detail.ctx;
  isAway = false;
  const etag = response?.headers.get("ETag");
  if (etag && region.matches("[data-poll]")) etags.set(region.id, etag);
});
on("visibilitychange", () => { if (!document.hidden) all("[data-poll]").forEach((region) => region.dispatchEvent(new Event("look"))); });
on("htmx:response:error", (event) => { if (event.detail.ctx.response.status >= 500) say(words.failed); });
on("htmx:error", () => { if (!isAway) say(words.offline); isAway = true; });

// --- a form is sent once ---
const sent = new WeakSet();
on("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (sent.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  sent.add(form);
  form.setAttribute("aria-busy", "true");
}, true);
const release = (form) => { sent.delete(form); form.removeAttribute?.("aria-busy"); };
on("htmx:finally:request", (event) => release(event.target));
addEventListener("pageshow", () => all("form[aria-busy]").forEach(release));

// --- clicks: copy, menus, dialogs ---
on("click", async (event) => {
  const target = event.target;
  all("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
  const copy = target.closest("[data-copy]");
  if (copy) { await navigator.clipboard.writeText(copy.dataset.copy); say(words.copied); }
  if (target.closest("[data-shortcuts]")) document.getElementById("shortcuts").showModal();
  const opener = target.closest("[commandfor][command=show-modal]");
  if (opener && !("command" in HTMLButtonElement.prototype)) document.getElementById(opener.getAttribute("commandfor"))?.showModal();
});

// --- files dropped beside the input ---
const zone = (event) => event.target.closest?.(".dropzone");
on("dragover", (event) => { if (zone(event)) { event.preventDefault(); zone(event).classList.add("over"); } });
on("dragleave", (event) => zone(event)?.classList.remove("over"));
on("drop", (event) => {
  const input = zone(event)?.querySelector("input[type=file]");
  if (!input) return;
  event.preventDefault();
  zone(event).classList.remove("over");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// --- single keys, which can be turned off ---
const SWITCH = "pullboard-shortcuts";
const isOn = () => localStorage.getItem(SWITCH) !== "off" && document.body.dataset.shortcutsOff === undefined;
const keySwitch = document.getElementById("shortcuts-on");
if (keySwitch) {
  keySwitch.checked = isOn();
  keySwitch.addEventListener("change", () => localStorage.setItem(SWITCH, keySwitch.checked ? "on" : "off"));
}
const press = (selector, root = document) => root.querySelector(selector)?.click();
function step(by) {
  const rows = all("[data-row]");
  const next = rows[Math.max(0, Math.min(rows.length - 1, rows.findIndex((row) => row.matches(".current")) + by))];
  rows.forEach((row) => row.classList.toggle("current", row === next));
  next?.querySelector("a, button")?.focus();
}
const keys = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  c: () => press("[data-act]", document.querySelector("[data-row].current") || document),
  f: () => document.querySelector("[data-filters] a, [data-filters] button, [data-filters] summary")?.focus(),
  g: () => press("[data-home], .mark"),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};
on("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keys[event.key] || !isOn()) return;
  if (event.target.closest("input, select, textarea, [contenteditable], dialog[open]")) return;
  event.preventDefault();
  keys[event.key]();
});
