// The table of all providers, filtered while one types. The page is the table alone where there is no script.
"use strict";

(() => {
  const place = document.getElementById("kw-providers");
  const table = place && place.querySelector("table");
  if (!table) return;

  const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const at = (title) => titles.indexOf(title);
  const words = (cell) => cell.textContent.split(",").map((word) => word.trim()).filter(Boolean);
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    words: titles.map((_, column) => new Set(words(row.cells[column]))),
  }));
  // A narrow screen has no row of titles to look up to.
  for (const { row } of rows) {
    [...row.cells].forEach((cell, column) => {
      if (column > 0 && cell.textContent.trim()) cell.dataset.title = titles[column];
    });
  }

  const form = document.createElement("form");
  form.className = "kw-filter";
  form.setAttribute("role", "search");
  const field = (label, control, className) => {
    const wrapper = document.createElement("label");
    wrapper.className = className || "";
    wrapper.append(label, control);
    form.append(wrapper);
    return control;
  };

  const search = field("Search", document.createElement("input"), "kw-search");
  search.type = "search";
  search.placeholder = "a name, a key, a word";
  const chosen = [
    ["Category", "categories"],
    ["Auth mode", "mode"],
    ["Hosts", "API"],
    ["Described", "described"],
    ["Sample of", "samples"],
  ].map(([label, title]) => {
    const column = at(title);
    const select = field(label, document.createElement("select"));
    const known = [...new Set(rows.flatMap((entry) => [...entry.words[column]]))].sort();
    select.append(new Option("any", ""), ...known.map((word) => new Option(word, word)));
    select.name = title;
    return { column, select };
  });

  const count = document.createElement("p");
  count.className = "kw-count";
  count.setAttribute("role", "status");

  const show = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text, words } of rows) {
      const fits = wanted.every((word) => text.includes(word)) &&
        chosen.every(({ column, select }) => !select.value || words[column].has(select.value));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = shown ? `${shown} of ${rows.length}` : "None fits. Fewer words, or another choice, find more.";
  };

  // What is chosen stands in the address, so that it can be sent to others and the way back leads to it.
  const remember = () => {
    const query = new URLSearchParams();
    if (search.value) query.set("q", search.value);
    for (const { select } of chosen) if (select.value) query.set(select.name, select.value);
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
  };
  const recalled = new URLSearchParams(location.search);
  search.value = recalled.get("q") || "";
  for (const { select } of chosen) {
    select.value = recalled.get(select.name) || "";
    if (select.selectedIndex < 0) select.value = "";
  }

  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  // The book's own keys (search, next page) are letters and arrows that are typed here.
  form.addEventListener("keydown", (event) => event.stopPropagation());
  place.prepend(form, count);
  show();
})();
