// The form for posting: counts what is typed and sends once. Everything works without it.
const form = document.querySelector("form[data-once]");
const text = form && form.querySelector("[data-count]");
const counter = form && form.querySelector("[data-counter]");

if (text && counter) {
  const most = Number(text.dataset.count);
  const show = () => {
    const length = Array.from(text.value).length;
    const left = most - length;
    counter.textContent = length === 0 ? "" : left < 0 ? `已超出 ${-left} 字` : `已写 ${length} 字`;
  };
  text.addEventListener("input", show);
  show();
}

if (form) {
  const button = form.querySelector("[data-busy]");
  const words = button.textContent;
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  });
  // coming back by the browser's own button: the form may be sent again (the same one is stored once)
  window.addEventListener("pageshow", () => {
    sent = false;
    button.textContent = words;
    button.removeAttribute("aria-disabled");
  });
}
