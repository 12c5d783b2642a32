// What pages do besides: each of them works without this file.
"use strict";
(() => {
  const all = (selector, where = document) => [...where.querySelectorAll(selector)];

  // Copies the text of the element that a button names.
  for (const button of all("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      const label = button.dataset.label ??= button.textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select it and copy";
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }

  // Shows and hides a secret.
  for (const button of all("button[data-reveal]")) {
    button.hidden = false;
    const input = document.getElementById(button.dataset.reveal);
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }

  // A field that is asked for only where another one has a certain value.
  for (const field of all("[data-when]")) {
    const other = document.getElementsByName(field.dataset.when)[0];
    if (!other) continue;
    const input = field.querySelector("input, select");
    const update = () => {
      const wanted = other.value === field.dataset.equals;
      field.hidden = !wanted;
      input.disabled = !wanted;
    };
    for (const event of ["input", "change"]) other.addEventListener(event, update);
    update();
  }

  // Narrows a list as one types.
  for (const input of all("input[data-filter]")) {
    const list = document.getElementById(input.dataset.filter);
    const count = document.getElementById(input.dataset.count);
    const items = all("li", list).map((item) => [item, item.textContent.toLowerCase()]);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [item, text] of items) {
        const fits = words.every((word) => text.includes(word));
        item.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      if (count) count.textContent = shown === 1 ? "1 provider" : `${shown} providers`;
    });
  }

  // Tells the app that opened or holds this page, and no other, what came of it.
  for (const news of all("[data-tell]")) {
    const { tell, status, integration, connection, error } = news.dataset;
    const message = {
      type: "keyway", status, integration: integration || null, connection_id: connection, error: error || null,
    };
    for (const app of new Set([window.opener, window.parent])) {
      if (!app || app === window) continue;
      for (const origin of tell.split(" ")) app.postMessage(message, origin);
    }
  }
  // After success one is back without a click.
  for (const link of all("a[data-go]")) location.replace(link.href);

  // A form is sent once: a second click waits for the answer to the first.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      for (const button of all("button", form)) button.setAttribute("aria-busy", "true");
    });
  }
  // Back from the browser's cache, a form may be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("button", form)) button.removeAttribute("aria-busy");
    }
  });
})();
