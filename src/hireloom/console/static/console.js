// Times that say how long ago, questions before what cannot be undone, and the log that goes on.

const words = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [2592000, 86400, "d"]];

function ago(seconds) {
  const size = Math.abs(seconds);
  if (size < 2) return "now";
  for (const [below, unit, name] of words) {
    if (size < below) {
      const text = `${Math.floor(size / unit)} ${name}`;
      return seconds < 0 ? `in ${text}` : `${text} ago`;
    }
  }
  return null;
}

function tellTimes(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    if (time.closest("[data-exact]")) continue;
    const text = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (text) time.textContent = text;
  }
}

function ask(form, question, sure) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const yes = document.createElement("button");
  yes.textContent = sure;
  yes.className = "danger";
  const no = document.createElement("button");
  no.textContent = "Leave it";
  buttons.append(yes, no);
  dialog.append(text, buttons);
  document.body.append(dialog);
  yes.addEventListener("click", () => { dialog.close(); form.submit(); });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  no.focus();
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !button.dataset.ask) return;
  event.preventDefault();
  ask(event.target, button.dataset.ask, button.textContent);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-ticks-all]")) {
    const form = event.target.closest("table");
    for (const box of form.querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
  }
});

// A part of the page that is fetched anew while somebody looks at it.
function keepFresh(part) {
  const seconds = Number(part.dataset.fresh);
  let after = part.dataset.after || "";
  const switched = document.querySelector("[data-follow]");
  const isOn = () => !document.hidden && (!switched || switched.checked);
  async function look() {
    if (isOn()) {
      const url = new URL(part.dataset.from, location.href);
      if (after) url.searchParams.set("after", after);
      try {
        const answer = await fetch(url, { headers: { Accept: "text/html" } });
        if (answer.ok && !answer.redirected) {
          const text = await answer.text();
          if (part.dataset.mode === "grow") {
            const box = document.createElement("template");
            box.innerHTML = text;
            const rows = box.content.querySelectorAll("tr");
            if (rows.length) {
              after = rows[0].dataset.place;
              for (const row of rows) row.classList.add("fresh");
              part.querySelector(".empty")?.closest("tr")?.remove();
              part.prepend(box.content);
              while (part.rows.length > 500) part.deleteRow(-1);
            }
          } else {
            part.innerHTML = text;
          }
        }
      } catch { /* the server is away: the next look may find it again */ }
      tellTimes();
    }
    setTimeout(look, seconds * 1000);
  }
  setTimeout(look, seconds * 1000);
}

tellTimes();
setInterval(tellTimes, 5000);
document.querySelectorAll("[data-fresh]").forEach(keepFresh);
for (const one of document.querySelectorAll("[hidden][data-with-script]")) one.hidden = false;
const wide = matchMedia("(min-width: 60rem)");
const fold = () => document.querySelectorAll("details.menu").forEach((menu) => { menu.open = wide.matches; });
wide.addEventListener("change", fold);
fold();
