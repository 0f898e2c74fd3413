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

const most = form && form.querySelector("[data-most]");
if (most) {
  // said before anything is sent: a refused request would cost the choice of files
  most.addEventListener("change", () => {
    const files = Array.from(most.files);
    const large = files.find((file) => file.size > Number(most.dataset.bytes));
    const words = files.length > Number(most.dataset.most) ? `附件最多 ${most.dataset.most} 个，请重新选择。` : large ? `附件“${large.name}”过大，请重新选择。` : "";
    if (words) {
      most.value = "";
      document.getElementById("files-hint").textContent = words;
    }
  });
}

const contact = form && form.querySelector("[data-contact]");
const phone = form && form.querySelector("[data-phone]");
if (contact && phone && text) {
  const offer = () => {
    const found = /(?:^|[^0-9])(1[3-9][0-9]{9})(?![0-9])/.exec(text.value.replace(/[ -]/g, ""));
    phone.hidden = !found || contact.value !== "";
    if (found) phone.querySelector("[data-phone-number]").textContent = found[1];
  };
  text.addEventListener("input", offer);
  contact.addEventListener("input", offer);
  phone.querySelector("[data-phone-use]").addEventListener("click", () => {
    contact.value = phone.querySelector("[data-phone-number]").textContent;
    phone.hidden = true;
    contact.focus();
  });
  const said = form.querySelector("[data-phone-plain]");
  if (said) said.hidden = true;
  offer();
}

// The draft stays in this browser until it was sent: the words and what goes with them, neither name nor contact.
const KEPT = ["text", "title", "place", "kind"];
const PLACE = "huiying.draft";
const note = form && form.querySelector("[data-draft-note]");
if (form && text && note) {
  const fields = KEPT.map((name) => form.elements[name]);
  const keep = () => {
    try {
      if (text.value.trim()) localStorage.setItem(PLACE, JSON.stringify({ at: Date.now(), values: fields.map((field) => field.value) }));
      else localStorage.removeItem(PLACE);
    } catch (error) {
      note.hidden = true; // no room or not allowed: the form works as before
    }
  };
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(PLACE));
      return found && Date.now() - found.at < 7 * 86400000 ? found.values : null;
    } catch (error) {
      return null;
    }
  };
  form.querySelector("[data-draft-hint]").hidden = false;
  const values = kept();
  if (values && !text.value.trim()) {
    fields.forEach((field, place) => {
      field.value = values[place];
    });
    note.hidden = false;
    text.dispatchEvent(new Event("input"));
  }
  note.querySelector("[data-draft-clear]").addEventListener("click", () => {
    localStorage.removeItem(PLACE);
    fields.forEach((field) => {
      field.value = "";
    });
    note.hidden = true;
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
  for (const field of fields) field.addEventListener("input", keep);
}

if (form) {
  const button = form.querySelector("[data-busy]");
  const words = button.textContent;
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.hasAttribute("data-suggest")) return;
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

// What was answered already, asked for while somebody writes: after a pause, one request at a time, and never in the way of sending.
const suggesting = form && form.querySelector("[data-suggestions]");
if (suggesting && text && window.fetch) {
  const shown = suggesting.querySelector("[data-suggested]");
  const dismiss = suggesting.querySelector("[data-dismiss]");
  const ask = suggesting.querySelector("[data-suggest]");
  let timer = 0;
  let asked = "";
  let dismissed = false;
  const look = () => {
    const words = text.value.trim();
    if (dismissed || words.length < 4 || words === asked) return;
    asked = words;
    const body = new FormData();
    for (const name of ["csrf_token", "text", "title"]) body.append(name, form.elements[name].value);
    fetch(suggesting.dataset.suggestions, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((fragment) => {
        if (dismissed || text.value.trim() !== words) return;
        // the fragment is made by this site's own templates, which escape everything
        shown.innerHTML = fragment;
        dismiss.hidden = !shown.querySelector(".suggested");
      })
      .catch(() => {
        asked = ""; // without a network one writes on
      });
  };
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 600);
  });
  ask.addEventListener("click", (event) => {
    event.preventDefault();
    dismissed = false;
    asked = "";
    look();
  });
  dismiss.addEventListener("click", () => {
    dismissed = true;
    shown.textContent = "";
    dismiss.hidden = true;
    text.focus();
  });
  if (text.value.trim()) look();
}
