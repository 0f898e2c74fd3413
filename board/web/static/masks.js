// One click masks what is selected in a text that will be public. Without it the field below the text does the same.
const form = document.querySelector("[data-mask-form]");
const button = document.querySelector("[data-mask-selected]");

const selected = () => {
  const chosen = document.getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.anchorNode || !chosen.focusNode) return "";
  const home = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("[data-maskable]");
  const text = chosen.toString().trim();
  return home(chosen.anchorNode) && home(chosen.anchorNode) === home(chosen.focusNode) && text.length > 1 && !text.includes("\n") ? text : "";
};

if (form && button) {
  document.addEventListener("selectionchange", () => { button.hidden = selected() === ""; });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    form.querySelector("[name=words]").value = selected();
    form.submit();
  });
}
