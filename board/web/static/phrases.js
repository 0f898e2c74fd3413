// Phrases found while one types, and the place of a finding shown in the text field. The page works without it.
const field = document.querySelector("[data-text]");
const box = document.querySelector("[data-phrases]");
const list = box && box.querySelector("[data-phrase-list]");

document.querySelectorAll("[data-place]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const [start, end] = button.getAttribute("data-place").split(",").map(Number);
    field.focus();
    field.setSelectionRange(start, end);
    field.scrollTop = field.scrollHeight * (start / Math.max(1, field.value.length)) - field.clientHeight / 2;
  });
});

if (list) {
  const search = box.querySelector("[data-phrase-search]");
  const insert = box.querySelector("[data-phrase-insert]");
  const options = Array.from(list.options);
  const take = () => {
    const chosen = list.options[list.selectedIndex];
    insert.disabled = !chosen;
    insert.setAttribute("data-insert", chosen ? chosen.getAttribute("data-text") : "");
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    while (list.firstChild) list.removeChild(list.firstChild);
    options.filter((option) => words.every((word) => (option.text + option.getAttribute("data-text")).toLowerCase().indexOf(word) >= 0)).forEach((option) => list.append(option));
    if (list.options.length) list.selectedIndex = 0;
    take();
  };
  box.querySelector("[data-phrase-find]").hidden = true;
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!insert.disabled) insert.click();
  });
  list.addEventListener("change", take);
  list.addEventListener("dblclick", () => insert.click());
  take();
}
