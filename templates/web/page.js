// What makes the page nicer where scripts run; all of it works without.
"use strict";

const EVERY = 1500;

// Keep what is going on up to date: fetch this page again and put its live part in place.
async function refresh() {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  let fresh = null;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.ok) fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    else if (answer.status === 401) return;
  } catch {
    // the service is being started again: ask once more later
  }
  if (fresh) put(live, fresh);
  setTimeout(refresh, EVERY);
}

function put(live, fresh) {
  const place = live.contains(document.activeElement) && document.activeElement.id;
  const said = live.dataset.say;
  patch(live, fresh);
  live.toggleAttribute("data-live", fresh.hasAttribute("data-live"));
  live.dataset.say = fresh.dataset.say;
  if (said !== live.dataset.say) document.getElementById("say").textContent = live.dataset.say;
  if (place && document.activeElement.id !== place) (document.getElementById(place) || document.getElementById("main")).focus();
}

// Change only what differs, so that a button that has the focus keeps it.
function patch(old, fresh) {
  const a = [...old.childNodes], b = [...fresh.childNodes];
  if (a.length !== b.length || a.some((node, i) => node.nodeName !== b[i].nodeName)) {
    old.replaceChildren(...b);
    return;
  }
  a.forEach((node, i) => {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.nodeValue !== b[i].nodeValue) node.nodeValue = b[i].nodeValue;
    } else if (!node.isEqualNode(b[i])) {
      for (const { name, value } of [...b[i].attributes]) node.setAttribute(name, value);
      patch(node, b[i]);
    }
  });
}

// Show where a chosen provider is, and which model it would be asked for.
// What belonged to the provider before goes, and comes back with it.
function follow(choice) {
  const before = choice.value;
  const show = () => {
    const chosen = choice.selectedOptions[0].dataset;
    for (const name of ["base_url", "model"]) {
      const field = document.getElementById(name);
      field.placeholder = chosen[name] || "";
      if (choice.value !== before && field.value === field.defaultValue) field.value = "";
      else if (choice.value === before && !field.value) field.value = field.defaultValue;
    }
  };
  choice.addEventListener("change", show);
  show();
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !button.dataset.busy) return;
  if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});

const provider = document.getElementById("provider");
if (provider) follow(provider);
const trouble = document.querySelector("[role=alert][tabindex]");
if (trouble) trouble.focus();
setTimeout(refresh, EVERY);
