
"use strict";
(() => {
  const METHODS = {
    "cue-after": "cue right after the words",
    "cue-verb": "verb that governs the words",
    "cue-before": "cue that leads up to the words",
    "cue-sentence": "another cue in the sentence",
    "according-to": "“according to”",
    "colon": "lead-in or label before a colon",
    "label": "label of the turn",
    "signature": "name behind a dash",
    "beat": "subject of the sentence after, in dialogue",
    "sentence-before": "subject of the sentence before",
    "reported-before": "source last reported before",
    "reported-after": "sentence after it reports",
    "continuation": "whoever spoke before",
    "turn-taking": "the other one’s turn",
    "none": "no rule applied",
  };
  const root = document.documentElement;
  const text = document.getElementById("text");
  const card = document.getElementById("card");
  const hint = card.firstElementChild;
  const place = document.getElementById("place");
  const data = JSON.parse(document.getElementById("data").textContent);
  const keyOf = (quote) => data.groups[quote.group].key;
  root.classList.add("script");

  // one entry a quotation and a note: its runs, and the runs of its cue and source
  const entries = [
    ...data.quotes.map((quote) => ({ key: keyOf(quote), quote, runs: [], related: [] })),
    ...data.notes.map((note) => ({ key: "left", note, runs: [], related: [] })),
  ];
  const numbers = (element, name, shift) => (element.getAttribute(name) || "").split(" ").filter(Boolean).map((n) => Number(n) + shift);
  for (const element of text.querySelectorAll("span")) {
    for (const n of numbers(element, "data-q", 0)) entries[n].runs.push(element);
    for (const n of numbers(element, "data-r", 0)) entries[n].related.push(element);
    for (const n of numbers(element, "data-n", data.quotes.length)) entries[n].runs.push(element);
  }
  const quotations = entries.filter((entry) => entry.quote && entry.runs.length);
  let walk = quotations;
  let only = null;
  let chosen = null;

  const paint = (entry, name, on) => {
    if (!entry) return;
    for (const element of entry.runs) element.classList.toggle(name, on);
    for (const element of entry.related) element.classList.toggle(name, on);
  };
  // the innermost thing under the pointer: a note, a quotation, else what a cue or source belongs to
  const under = (target) => {
    const element = target instanceof Element && target.closest("[data-q], [data-r], [data-n]");
    if (!element || !text.contains(element)) return null;
    const inner = numbers(element, "data-q", 0).pop() ?? numbers(element, "data-n", data.quotes.length)[0];
    return entries[inner ?? numbers(element, "data-r", 0)[0]];
  };

  const add = (parent, name, className, content) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    parent.append(element);
    return element;
  };
  const show = (entry) => {
    card.replaceChildren();
    if (!entry) return void card.append(hint);
    const { quote, note } = entry;
    const group = quote && data.groups[quote.group];
    const head = add(card, "div", "head " + (group ? group.look : "h-note"));
    add(head, "span", "chip", group ? group.label : "–");
    const who = add(head, "span", "who");
    add(who, "bdi", "name", group ? group.name ?? "Speaker not stated" : "Left out: " + note[0]);
    if (note) return void add(who, "span", "role", note[1]);
    if (group.role) add(who, "bdi", "role", group.role);
    const list = add(card, "dl");
    const line = (term, value) => {
      if (value === null || value === undefined || value === "") return null;
      add(list, "dt", "", term);
      return add(list, "dd", "").appendChild(add(list, "bdi", "", value)).parentElement;
    };
    line("Cue", quote.cue);
    line("Source", quote.source);
    line("Said to", quote.to);
    line("Kind", quote.kind);
    line("Manner", quote.manner);
    line("Decided by", METHODS[quote.method] ? METHODS[quote.method] + " (" + quote.method + ")" : quote.method);
    if (group.name !== null) {
      const meter = document.createElement("meter");
      meter.value = quote.confidence;
      meter.setAttribute("aria-hidden", "true");
      line("Confidence", quote.confidence.toFixed(2)).prepend(meter);
    }
    line("Words", String(quote.words));
    line("Position", quote.start + "–" + quote.end);
  };

  const count = () => {
    const here = walk.indexOf(chosen);
    place.textContent = walk.length ? (here < 0 ? "–" : here + 1) + " of " + walk.length : "–";
  };
  const choose = (entry, focus) => {
    if (chosen !== entry) {
      paint(chosen, "chosen", false);
      if (chosen) chosen.runs[0].tabIndex = -1;
      chosen = entry;
      paint(entry, "chosen", true);
    }
    show(entry);
    count();
    if (!entry) return;
    const first = entry.runs[0];
    first.tabIndex = 0;
    if (focus) {
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: "center" });
    }
  };
  const step = (by) => {
    if (!walk.length) return;
    const here = walk.indexOf(chosen);
    // from a quotation that the filter hides, go to the nearest that it shows
    const from = here >= 0 || !chosen ? here : walk.findLastIndex((entry) => entries.indexOf(entry) < entries.indexOf(chosen)) + (by < 0 ? 1 : 0);
    const next = here < 0 && !chosen && by < 0 ? walk.length - 1 : (from + by + walk.length) % walk.length;
    choose(walk[next], true);
  };

  const buttons = new Map([...document.querySelectorAll("[data-group]")].map((button) => [button.dataset.group, button]));
  const filter = (key) => {
    if (only !== null) for (const entry of walk) paint(entry, "on", false);
    if (buttons.has(only)) buttons.get(only).setAttribute("aria-pressed", "false");
    only = buttons.has(key) && key !== only ? key : null;
    root.classList.toggle("filtered", only !== null);
    document.getElementById("everybody").disabled = only === null;
    walk = only === null ? quotations : entries.filter((entry) => entry.key === only && entry.runs.length);
    if (only !== null) {
      buttons.get(only).setAttribute("aria-pressed", "true");
      for (const entry of walk) paint(entry, "on", true);
    }
    count();
  };

  let hot = null;
  const warm = (entry) => {
    if (entry === hot) return;
    paint(hot, "hot", false);
    hot = entry;
    paint(hot, "hot", true);
    show(hot ?? chosen);
  };
  text.addEventListener("pointerover", (event) => warm(under(event.target)));
  text.addEventListener("pointerleave", () => warm(null));
  text.addEventListener("click", (event) => {
    const entry = under(event.target);
    if (entry && window.getSelection().isCollapsed) choose(entry, false);
  });
  text.addEventListener("focusin", (event) => {
    const entry = under(event.target);
    if (entry && !(chosen && chosen.runs[0] === event.target)) choose(entry, false);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-group]");
    if (button) filter(button.dataset.group);
  });
  document.getElementById("next").addEventListener("click", () => step(1));
  document.getElementById("previous").addEventListener("click", () => step(-1));
  document.getElementById("everybody").addEventListener("click", () => filter(null));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "j" || event.key === "n") step(1);
    else if (event.key === "k" || event.key === "p") step(-1);
    else if (event.key === "Escape" && only !== null) filter(null);
    else if (event.key === "Escape") choose(null, false);
    else return;
    event.preventDefault();
  });

  const theme = document.getElementById("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const pressed = () => theme.setAttribute("aria-pressed", String(dark()));
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    pressed();
  });
  system.addEventListener("change", pressed);
  pressed();

  // page.html#s3 shows only speaker 3, page.html#q12 goes to quotation 12
  const arrive = () => {
    const [, kind, value] = /^#([sq])(\w+)$/.exec(window.location.hash) ?? [];
    if (kind === "s" && value !== only) filter(value);
    if (kind === "q" && entries[value]?.quote && entries[value].runs.length) choose(entries[value], true);
  };
  window.addEventListener("hashchange", arrive);
  if (quotations.length) quotations[0].runs[0].tabIndex = 0;
  count();
  arrive();
})();
