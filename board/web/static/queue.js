// Ticks: the whole page at once, and how many are chosen. Without this file the page does the same by its form.
const form = document.querySelector("[data-many]");
if (form) {
  const all = form.querySelector("[data-all]");
  const words = form.querySelector("[data-chosen]");
  const boxes = Array.from(form.querySelectorAll("input[name=number]"));
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    words.textContent = chosen ? `已选 ${chosen} 件` : "";
  };
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    tell();
  });
  boxes.forEach((box) => box.addEventListener("change", tell));
  tell();
}
