"""What the tests run inside the browser on pages of hostile texts, and what must come out."""

WHAT_HAPPENED = """
    const happened = (page) => {
      const document = page.document;
      const text = document.getElementById("text");
      const before = text.textContent;
      document.getElementById("next").click();
      document.getElementById("previous").click();
      for (const button of document.querySelectorAll("[data-group]")) button.click();
      const elements = [...text.querySelectorAll("*")];
      const bare = (words) => words.replace(/\\s/g, "");
      return {
        source: before,
        broken: page.broken ?? null,
        unchanged: text.textContent === before,
        title: document.title,
        scripts: document.scripts.length,
        tags: elements.every((element) => ["div", "span"].includes(element.localName)),
        hidden: elements.some((element) => page.getComputedStyle(element).display === "none"),
        visible: bare(text.innerText) === bare(before),
      };
    };
"""
NOTHING = {
    "broken": None,
    "unchanged": True,
    "title": "A page",
    "scripts": 2,
    "tags": True,
    "hidden": False,
    "visible": True,
}
IN_FRAMES = """
    const [pages, done] = arguments;
    document.body.replaceChildren();
    Promise.all(pages.map((page) => new Promise((loaded) => {
      const frame = document.createElement("iframe");
      // all in view: Chromium lays out nothing else
      frame.style.cssText = "position: fixed; inset: 0; width: 900px; height: 700px";
      const check = () => loaded(happened(frame.contentWindow));
      frame.onload = () => requestAnimationFrame(() => requestAnimationFrame(check));
      frame.srcdoc = page;
      document.body.append(frame);
    }))).then((states) => done([window.broken ?? null, states]));
"""
