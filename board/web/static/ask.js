// Asking without leaving the page, on the page for asking and in the small window of every public page. Everything works without it.
const fragment = { "X-Fragment": "1" };

const begin = (place) => {
  const form = place.querySelector("[data-ask-form]");
  const text = form.querySelector("[data-ask-text]");
  const thread = form.querySelector("[data-thread]");
  const button = form.querySelector("[data-busy]");
  const log = place.querySelector("[data-log]");
  const wrong = form.querySelector("[data-wrong]");
  const status = place.querySelector("[data-status]");
  const whole = place.querySelector("[data-whole]");
  const words = button.textContent;
  let waiting = false;

  const wait = (now) => {
    waiting = now;
    button.textContent = now ? button.dataset.busy : words;
    button.setAttribute("aria-disabled", String(now));
  };

  const show = (html, address) => {
    log.querySelectorAll("#newest").forEach((turn) => turn.removeAttribute("id"));
    log.insertAdjacentHTML("beforeend", html); // made by this site's own templates, which escape everything
    const turn = log.lastElementChild;
    thread.value = turn.dataset.thread;
    thread.disabled = !thread.value;
    const empty = place.querySelector("[data-empty]");
    if (empty) empty.remove();
    if (whole) whole.href = `${form.getAttribute("action").split("#")[0]}?c=${encodeURIComponent(thread.value)}`;
    else history.replaceState(null, "", address);
    status.textContent = status.dataset.done;
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
  };

  const ask = (address, typed) => {
    if (waiting) return;
    wait(true);
    wrong.textContent = "";
    status.textContent = "";
    fetch(address, { headers: fragment, credentials: "same-origin" })
      .then((answer) => answer.text().then((html) => ({ code: answer.status, html })))
      .then(({ code, html }) => {
        if (code === 422) {
          wrong.innerHTML = html;
          text.focus();
        } else if (code !== 200) throw new Error(String(code));
        else {
          if (typed) text.value = "";
          show(html, address);
        }
      })
      .catch(() => {
        wrong.textContent = status.dataset.failed;
      })
      .then(() => wait(false));
  };

  const addressOf = () => {
    const query = new URLSearchParams(new FormData(form));
    return `${form.getAttribute("action").split("#")[0]}?${query}`;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(addressOf(), true);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      ask(addressOf(), true);
    }
  });
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(link.getAttribute("href"), false);
  });
  place.addEventListener("submit", (event) => {
    const verdict = event.target.closest("form[data-verdict]");
    if (!verdict) return;
    event.preventDefault();
    const pressed = event.submitter || document.activeElement;
    const body = new FormData(verdict);
    body.set("solved", pressed && pressed.value === "yes" ? "yes" : "no");
    fetch(verdict.action, { method: "POST", body, headers: fragment, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((html) => {
        const before = verdict.closest("[data-verdict-place]");
        before.insertAdjacentHTML("afterend", html);
        const said = before.nextElementSibling.querySelector("[role=status]");
        before.remove();
        if (said) said.focus();
      })
      .catch(() => {
        status.textContent = status.dataset.failed;
      });
  });
};

document.querySelectorAll("[data-ask]").forEach(begin);

// the small window: Escape closes it and gives the focus back
const widget = document.querySelector("[data-ask-widget]");
if (widget) {
  widget.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !widget.open) return;
    widget.open = false;
    widget.querySelector("summary").focus();
  });
  widget.addEventListener("toggle", () => {
    if (widget.open) widget.querySelector("[data-ask-text]").focus();
  });
}
