// Finds an entry of the phrase book while one types; without scripts the whole list stands there.
const input = document.querySelector("[data-phrase-input]");
if (input) {
  for (const part of [input, document.querySelector("[data-phrase-find]")]) part.hidden = false;
  const entries = [...document.querySelectorAll("[data-phrase]")];
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const entry of entries) entry.hidden = !entry.dataset.phrase.includes(wanted);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = entries.find((entry) => !entry.hidden);
    if (first) first.querySelector("button").click();
  });
}
