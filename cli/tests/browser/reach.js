// What is wrong with the page for a person on a narrow screen: it scrolls to the side, or a control cannot be reached.
const wrong = [];
const wide = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > wide) wrong.push(`scrolls to the side: ${document.documentElement.scrollWidth} > ${wide}`);
for (const element of document.querySelectorAll("a, button, input, select, textarea, summary")) {
  // Shown only when it has the focus.
  if (element.matches(".skip") || !element.checkVisibility({ visibilityProperty: true }) || element.type === "hidden") continue;
  element.scrollIntoView({ block: "center", inline: "nearest" });
  const box = element.getBoundingClientRect();
  const named = `${element.tagName.toLowerCase()} "${element.name || element.textContent.trim()}"`;
  if (box.left < -0.5 || box.right > wide + 0.5) wrong.push(`${named} lies outside: ${box.left} to ${box.right} of ${wide}`);
  // The first box of a link that is broken over two lines.
  const first = element.getClientRects()[0];
  const at = document.elementFromPoint(first.left + first.width / 2, first.top + first.height / 2);
  if (!at || !(element.contains(at) || at.contains(element))) wrong.push(`${named} is covered by ${at?.outerHTML.slice(0, 80)}`);
}
scrollTo(0, 0);
return wrong;
