// The button for printing appears where scripts run; the browser's own menu prints without it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// What was sent needs no draft any more.
try {
  localStorage.removeItem("huiying.draft");
} catch (error) {
  // a browser that keeps nothing has nothing to clear
}
