// Counts of the navigation and who else is at an item, asked every few seconds while the page can be seen. The page works without it.
const bar = document.querySelector("[data-live]");
const here = document.querySelector("[data-presence]");
const token = document.querySelector("[name=csrf_token]");
const seconds = Number(bar.getAttribute("data-seconds")) || 20;

const count = (key, number) => {
  document.querySelectorAll(`[data-count="${key}"]`).forEach((place) => {
    place.hidden = number === 0;
    place.querySelector("[data-number]").textContent = String(number);
  });
};

const show = (found) => {
  Object.keys(found.counts || {}).forEach((key) => count(key, found.counts[key]));
  document.querySelectorAll("[data-lane]").forEach((place) => {
    const number = (found.lanes || {})[place.getAttribute("data-lane")];
    if (number !== undefined) place.querySelector(".figure").textContent = String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  });
};

const showItem = (found) => {
  if (!here || !found.people) return;
  here.querySelector("[data-here]").hidden = found.people.length === 0;
  here.querySelector("[data-here-names]").textContent = found.people.join("、");
};

const ask = async () => {
  if (document.hidden) return;
  try {
    const counts = await fetch(bar.getAttribute("data-live"), { credentials: "same-origin", redirect: "error", headers: { Accept: "application/json" } });
    if (counts.ok) show(await counts.json());
    if (!here) return;
    const data = new FormData();
    data.append("csrf_token", token.value);
    data.append("doing", here.getAttribute("data-doing"));
    const answer = await fetch(here.getAttribute("data-presence"), { method: "POST", body: data, credentials: "same-origin" });
    if (answer.ok) showItem(await answer.json());
  } catch (error) {
    // the next round asks again
  }
};

document.addEventListener("huiying:state", (event) => showItem(event.detail));
document.addEventListener("visibilitychange", ask);
window.setInterval(ask, seconds * 1000);
ask();
