// The element that has the focus: its name, whether a person sees that it has it, and where it stands.
const at = document.activeElement;
if (!at || at === document.body || at === document.documentElement) return null;
const isMarked = (element) => {
  const style = getComputedStyle(element);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
};
// An input beside something is marked together with it.
const frame = at.closest(".framed");
const box = at.getBoundingClientRect();
const known = (window.keywayFocused ??= []);
const last = known.at(-1);
const follows = !last || last === at || !!(last.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
const place = { left: box.left + scrollX, top: box.top + scrollY, right: box.right + scrollX, bottom: box.bottom + scrollY };
const before = window.keywayPlace;
// Above what had the focus before, and not beside it.
const isAbove = before && place.bottom <= before.top && place.left <= before.left;
known.push(at);
window.keywayPlace = place;
return {
  name: at.type === "checkbox" || at.type === "radio" ? `${at.name}=${at.value}` : at.name || at.textContent.trim(),
  isMarked: isMarked(at) || (!!frame && isMarked(frame)),
  isInSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  follows: follows && !isAbove,
};
