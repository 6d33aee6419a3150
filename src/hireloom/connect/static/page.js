// What the pages do beyond links and forms; all of them work without it.
const page = document.body.dataset;
const framer = page.framedBy;
const isFramed = window.parent !== window && Boolean(framer);

function tell(what, details) {
  if (isFramed) window.parent.postMessage({ hireloom: what, details }, framer);
}

// The page that embeds us may set colours and the font, and nothing that loads anything.
const NAME = /^--(knit|hireloom)-[a-z-]{1,40}$/;
const VALUE = /^[\w\s#%.,()'"/+-]{1,120}$/;
const LOADS = /url|image|attr|var|env|expression/i;

function dress(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (NAME.test(name) && VALUE.test(value) && !LOADS.test(value)) {
      document.documentElement.style.setProperty(name, value);
    }
  }
}

if (isFramed) {
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== framer || source !== window.parent) return;
    if (data?.hireloom === "theme" && data.variables) dress(data.variables);
  });
  tell("ready");
  if (page.event) tell(page.event, page.details ? JSON.parse(page.details) : undefined);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell("close");
  });
}

for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => tell("close"));
}

document.getElementById("trouble")?.focus();

const search = document.querySelector("[data-filters]");
search?.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase();
  let left = 0;
  for (const one of document.querySelectorAll(`#${search.dataset.filters} > li`)) {
    one.hidden = !one.dataset.name.includes(wanted);
    left += one.hidden ? 0 : 1;
  }
  document.getElementById("none").hidden = left > 0;
});

// One press is enough; back from the next page, the button is there again.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button[type=submit]");
  const words = button.textContent;
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = form.dataset.busy;
    document.getElementById("busy").textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = words;
  });
}

// The vendor's page is in another tab: see whether it is done there.
const awaiting = document.querySelector("form[data-awaits]");
awaiting?.addEventListener("submit", () => {
  if (awaiting.target !== "_blank") return;
  document.getElementById("busy").textContent = awaiting.dataset.waiting;
  const timer = setInterval(async () => {
    const answer = await fetch(awaiting.dataset.awaits).catch(() => null);
    const { next } = answer?.ok ? await answer.json() : {};
    if (!next) return;
    clearInterval(timer);
    window.location.assign(next);
  }, 1000);
});

// What a field holds is shown as soon as it is chosen; the button that asks for it can go.
for (const form of document.querySelectorAll("form[data-previews]")) {
  const turns = new Map();
  const place = (key) => document.getElementById(`values.${key}`);

  async function show(selects, only) {
    const turn = Symbol(only);
    for (const one of selects) {
      turns.set(one.dataset.key, turn);
      place(one.dataset.key).textContent = one.value ? form.dataset.looking : "";
    }
    if (!selects.some((one) => one.value)) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "show");
    body.set("only", only);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    const told = new DOMParser().parseFromString(text, "text/html");
    for (const one of selects) {
      const key = one.dataset.key;
      if (turns.get(key) !== turn) continue;
      const found = told.querySelector("#trouble h2") ?? told.getElementById(`values.${key}`);
      place(key).replaceChildren(...(found ? document.importNode(found, true).childNodes : []));
    }
  }

  const every = [...form.querySelectorAll("select[data-key]")];
  form.querySelector("button[value=show]").hidden = true;
  form.addEventListener("change", ({ target }) => {
    if (every.includes(target)) show([target], target.dataset.key);
  });
  window.addEventListener("pageshow", () => show(every, ""));
}
