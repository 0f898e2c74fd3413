// Keyboard shortcuts of the desk. Single keys rest while somebody types and can be switched off (WCAG 2.1.4). The page works without them.
const base = document.querySelector("[data-keys]");
const allowed = () => base.getAttribute("data-keys") === "on";
const typing = (target) => target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const list = document.querySelector("[data-keys-list]");
const rows = () => Array.from(document.querySelectorAll("table.queue tbody a[href]")).filter((link) => link.closest("td.title"));
let before = null;

const close = () => { list.hidden = true; if (before) before.focus(); };
const open = () => { before = document.activeElement; list.hidden = false; list.querySelector("button").focus(); };
const go = (step) => {
  const links = rows();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
};
const acts = {
  "?": () => (list.hidden ? open() : close()),
  "/": () => { const field = document.querySelector("input[type=search]"); if (field) field.focus(); },
  j: () => go(1),
  k: () => go(-1),
  e: () => { const field = document.querySelector("[data-text]"); if (field) field.focus(); },
  u: () => { const link = document.querySelector(".item-head a.back"); if (link) link.click(); },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!list.hidden) close();
    else if (typing(event.target)) event.target.blur();
    return;
  }
  if (!list.hidden && event.key === "Tab") { event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !allowed()) return;
  const act = acts[event.key] || acts[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
list.querySelector("button").addEventListener("click", close);
