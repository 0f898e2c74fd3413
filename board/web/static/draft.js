// The draft's helper: quotations at the cursor, a live preview, the number of gaps, a warning before leaving. The page works without it.
const form = document.querySelector("[data-draft]");
const field = form.querySelector("[data-text]");
const preview = document.querySelector("[data-preview]");
const GAP = /【请补充[：:][^】]*】/g;
const SOURCE = /^——《(.+)》(?:（([^（）]*)）)?(?:，([^《》]*))?$/;
const saved = field.defaultValue;
const stale = document.querySelector("[data-findings-stale]");
let leaving = false;

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

const withGaps = (target, text) => {
  let position = 0;
  for (let found = GAP.exec(text); found; found = GAP.exec(text)) {
    target.append(text.slice(position, found.index), element("span", "gap", found[0]));
    position = found.index + found[0].length;
  }
  target.append(text.slice(position));
  return target;
};

const quotation = (lines) => {
  const said = lines.map((line) => line.replace(/^> ?/, ""));
  const box = element("div", "quote");
  const source = said.length > 1 && said[said.length - 1].trim().match(SOURCE);
  if (source) said.pop();
  box.append(withGaps(element("p", "words"), said.join("\n")));
  if (source) {
    const foot = element("footer");
    const parts = [`《${source[1]}》`, source[2], ...(source[3] || "").split("，").filter((part) => part && !part.startsWith("/") && !part.startsWith("http"))];
    parts.filter(Boolean).forEach((part) => foot.append(element("span", "", part)));
    box.append(foot);
  }
  return box;
};

const block = (part) => {
  const lines = part.split("\n");
  if (lines.every((line) => line.startsWith(">"))) return quotation(lines);
  if (part.startsWith("## ") && lines.length === 1) return withGaps(element("h3", "reply-heading"), part.slice(3).trim());
  return withGaps(element("p", "words"), part);
};

const show = () => {
  const text = field.value.replace(/\r\n/g, "\n");
  while (preview.firstChild) preview.removeChild(preview.firstChild);
  text.split(/\n[ \t]*\n/).map((part) => part.replace(/^\n+|\n+$/g, "")).filter((part) => part.trim()).forEach((part) => preview.append(block(part)));
  const gaps = (text.match(GAP) || []).length;
  form.querySelector("[data-gaps]").hidden = gaps === 0;
  form.querySelector("[data-gap-number]").textContent = String(gaps);
  document.querySelector("[data-unsaved]").hidden = field.value === saved;
  if (stale) stale.hidden = field.value === saved;
};

const insert = (text) => {
  const before = field.value.slice(0, field.selectionStart).replace(/\s+$/, "");
  const after = field.value.slice(field.selectionEnd).replace(/^\s+/, "");
  const head = before ? `${before}\n\n${text}` : text;
  field.value = after ? `${head}\n\n${after}` : `${head}\n`;
  field.focus();
  field.setSelectionRange(head.length, head.length);
  show();
};

document.querySelectorAll("[data-insert]").forEach((button) => {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    insert(button.getAttribute("data-insert"));
  });
});
field.addEventListener("input", show);
document.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (leaving || field.value === saved) return;
  event.preventDefault();
  event.returnValue = "";
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    document.querySelector("[data-save]").click();
  }
});
show();
