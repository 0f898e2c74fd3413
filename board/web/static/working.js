// Keeps the text while it is typed: every few seconds on the server, at once in this browser until the server has it. The page works without it.
const place = document.querySelector("[data-working]");
const form = document.querySelector("[data-draft]");
const field = form.querySelector("[data-text]");
const words = place.querySelector("[data-kept-words]");
const offer = document.querySelector("[data-copy-offer]");
const address = place.getAttribute("data-working");
const copy = place.getAttribute("data-copy");
const seconds = Number(place.getAttribute("data-seconds")) || 3;
let sent = field.value;
let turn = 0;
let busy = false;
let leaving = false;

const value = (name) => form.querySelector(`[name=${name}]`).value;
const shop = (act) => { try { return act(window.localStorage); } catch (error) { return null; } };
const keepHere = () => shop((store) => store.setItem(copy, JSON.stringify({ text: field.value, based_on: value("based_on"), at: new Date().toLocaleString("zh-CN") })));
const dropHere = () => shop((store) => store.removeItem(copy));
const say = (text, wrong) => { words.textContent = text; place.classList.toggle("late-words", Boolean(wrong)); };

const body = (text) => {
  const data = new FormData();
  data.append("csrf_token", value("csrf_token"));
  data.append("text", text);
  data.append("based_on", value("based_on"));
  data.append("sheet", value("sheet"));
  turn += 1;
  data.append("turn", String(turn));
  return data;
};

const told = (found) => {
  const moved = document.querySelector("[data-moved]");
  if (found.revision > Number(value("based_on"))) {
    moved.querySelector("[data-moved-to]").textContent = String(found.revision);
    moved.hidden = false;
  }
  document.dispatchEvent(new CustomEvent("huiying:state", { detail: found }));
};

const send = async () => {
  if (busy || field.value === sent || !field.value.trim()) return;
  const text = field.value;
  busy = true;
  try {
    const answer = await fetch(address, { method: "POST", body: body(text), credentials: "same-origin", headers: { Accept: "application/json" } });
    const found = answer.headers.get("Content-Type").startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) {
      sent = text;
      if (field.value === text) dropHere();
      say(`已自动保留 ${found.at}`);
      told(found);
    } else {
      say(answer.status === 401 || answer.status === 400 ? "登录已超时：文字留在本浏览器，请在新窗口登录后再保存。" : found.error || "服务器暂时没有接收，文字留在本浏览器，系统会再试。", true);
    }
  } catch (error) {
    say("连不上服务器，文字留在本浏览器，系统会再试。", true);
  }
  busy = false;
};

const offerCopy = () => {
  const found = shop((store) => JSON.parse(store.getItem(copy) || "null"));
  if (!found || !found.text || found.text === field.value) { dropHere(); return; }
  offer.querySelector("[data-copy-when]").textContent = found.at || "";
  offer.hidden = false;
  offer.querySelector("[data-copy-take]").addEventListener("click", () => {
    field.value = found.text;
    form.querySelector("[name=based_on]").value = found.based_on;
    offer.hidden = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  offer.querySelector("[data-copy-drop]").addEventListener("click", () => { dropHere(); offer.hidden = true; });
};

field.addEventListener("input", keepHere);
document.addEventListener("submit", () => { leaving = true; });
window.addEventListener("pagehide", () => {
  if (leaving || field.value === sent || !navigator.sendBeacon || !field.value.trim()) return;
  navigator.sendBeacon(address, body(field.value));
});
offerCopy();
window.setInterval(send, seconds * 1000);
