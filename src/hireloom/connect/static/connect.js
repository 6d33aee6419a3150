// <hireloom-connect authsessiontoken="…"> opens the connect window over your page.
// `knit-auth` is the same element under another name.
const HOME = new URL(".", import.meta.url);
const VARIABLES = [
  "primary", "on-primary", "secondary", "success", "failure", "awaiting", "info", "grey", "lightgrey",
  "branding", "branding-alt", "table-header", "font", "radius",
].flatMap((name) => [`--hireloom-${name}`, `--knit-${name}`]);
const PATIENCE = 5000; // milliseconds that the page has for a token before it is asked again
const CLOSE = { de: "Schließen", fr: "Fermer" };
const TITLE = { de: "Verbinden", fr: "Connecter" };

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { display: inline-block; }
dialog {
  width: min(34rem, 100vw); height: min(46rem, 100dvh); max-width: 100vw; max-height: 100dvh;
  padding: 0; border: 0; border-radius: var(--hireloom-radius, var(--knit-radius, 16px)); overflow: hidden; background: Canvas;
  box-shadow: 0 20px 60px rgb(0 0 0 / .3); color-scheme: light dark;
}
dialog::backdrop { background: rgb(15 18 28 / .55); }
iframe { width: 100%; height: 100%; border: 0; display: block; }
.close {
  position: absolute; top: .6rem; right: .8rem; width: 2.5rem; height: 2.5rem; padding: 0;
  border: 0; border-radius: 50%; font: 1.4rem/1 system-ui, sans-serif; cursor: pointer;
  color: CanvasText; background: transparent;
}
.close:hover { background: rgb(127 127 127 / .18); }
.close:focus-visible { outline: 3px solid Highlight; outline-offset: 1px; }
@media (max-width: 480px) { dialog { width: 100vw; height: 100dvh; border-radius: 0; margin: 0; } }
`);

class HireloomConnect extends HTMLElement {
  static observedAttributes = ["authsessiontoken"];

  #dialog;
  #frame;
  #made = null; // the connection that onFinish has not told yet
  #spent = ""; // a token that is good for nothing any more
  #waits = false; // somebody clicked before there was a token
  #asked = 0; // when the page was asked for one
  #renews = false; // the window shows that its token has expired: another may come
  #wasRenewed = false; // once for each time that it is opened

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    const trigger = document.createElement("slot");
    trigger.name = "trigger";
    trigger.addEventListener("click", () => this.open());
    root.append(trigger, document.createElement("slot"));
  }

  connectedCallback() {
    window.addEventListener("message", this.#hear);
    if (!this.#token) queueMicrotask(() => this.#ask());
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear);
    this.#dialog?.remove();
    this.#dialog = this.#frame = undefined;
  }

  attributeChangedCallback() {
    if (!this.#token) return;
    if (this.#waits) this.open();
    else if (this.#renews) this.#renew();
  }

  open() {
    if (this.#dialog?.open) return;
    if (!this.#token) {
      this.#waits = true;
      this.#ask();
      return;
    }
    this.#waits = this.#renews = this.#wasRenewed = false;
    this.#made = null;
    this.#draw();
    this.#dialog.showModal();
    this.#frame.focus();
  }

  close() {
    this.#dialog?.close();
  }

  get #token() {
    const token = this.getAttribute("authsessiontoken") ?? "";
    return token === this.#spent ? "" : token;
  }

  get #skipsIntro() {
    const value = this.getAttribute("skipintro");
    return value !== null && value !== "false";
  }

  #ask() {
    if (!this.isConnected || this.#token || Date.now() - this.#asked < PATIENCE) return;
    this.#asked = Date.now();
    this.#emit("onNewSession");
  }

  #draw() {
    const language = document.documentElement.lang.slice(0, 2);
    this.#dialog = document.createElement("dialog");
    this.#dialog.setAttribute("aria-label", TITLE[language] ?? "Connect");
    this.#frame = document.createElement("iframe");
    this.#frame.src = this.#address;
    this.#frame.title = TITLE[language] ?? "Connect";
    this.#frame.referrerPolicy = "no-referrer";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.setAttribute("aria-label", CLOSE[language] ?? "Close");
    button.textContent = "×";
    button.addEventListener("click", () => this.close());
    this.#dialog.append(this.#frame, button);
    this.#dialog.addEventListener("close", () => this.#closed(), { once: true });
    this.shadowRoot.append(this.#dialog);
  }

  get #address() {
    const address = new URL(`connect/${encodeURIComponent(this.#token)}`, HOME);
    address.searchParams.set("embed", window.location.origin);
    if (this.#skipsIntro) address.searchParams.set("skipIntro", "1");
    return address.href;
  }

  #renew() {
    this.#renews = false;
    this.#wasRenewed = true;
    this.#frame.src = this.#address;
    this.#frame.focus();
  }

  #closed() {
    this.#dialog?.remove();
    this.#dialog = this.#frame = undefined;
    this.#renews = false;
    this.#finish();
    this.#emit("onKnitClose", { knitClosed: true });
    this.querySelector("[slot=trigger]")?.focus();
    queueMicrotask(() => this.#ask());
  }

  #finish() {
    if (!this.#made) return;
    const integrationDetails = this.#made;
    this.#made = null;
    this.#emit("onFinish", { integrationDetails });
  }

  // Only our own frame is heard, and only from the server that this file came from.
  #hear = ({ origin, source, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== HOME.origin) return;
    const details = data?.details;
    switch (data?.hireloom) {
      case "ready":
        this.#dress();
        break;
      case "connected":
        this.#spend();
        this.#made = details;
        break;
      case "done":
        if (this.#spent !== this.getAttribute("authsessiontoken")) this.#made = details;
        this.#spend();
        this.#finish();
        break;
      case "deactivated":
        this.#spend();
        this.#made = null;
        this.#emit("onDeactivate", { integrationDetails: details });
        break;
      case "expired":
        this.#spend();
        this.#renews = !this.#wasRenewed;
        if (this.#renews) this.#ask();
        break;
      case "spent":
        this.#spend();
        break;
      case "close":
        this.close();
    }
  };

  #spend() {
    this.#spent = this.getAttribute("authsessiontoken") ?? "";
    this.#asked = 0;
  }

  #dress() {
    const style = getComputedStyle(this);
    const variables = {};
    for (const name of VARIABLES) {
      const value = style.getPropertyValue(name).trim();
      if (value) variables[name] = value;
    }
    this.#frame.contentWindow.postMessage({ hireloom: "theme", variables }, HOME.origin);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

for (const name of ["hireloom-connect", "knit-auth"]) {
  if (!customElements.get(name)) customElements.define(name, class extends HireloomConnect {});
}

export { HireloomConnect };
