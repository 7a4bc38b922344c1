/** Places a menu beside its button, inside the window: below it, or above when there is no room. */

const gapPx = 4;
const edgePx = 8;

export function placeMenu(menu: HTMLElement, button: HTMLElement, align: 'start' | 'end'): void {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const { clientWidth, clientHeight } = document.documentElement;
  const left = align === 'start' ? anchor.left : anchor.right - width;
  const below = anchor.bottom + gapPx;
  const top = below + height + edgePx <= clientHeight ? below : anchor.top - gapPx - height;
  menu.style.left = `${Math.max(edgePx, Math.min(left, clientWidth - width - edgePx))}px`;
  menu.style.top = `${Math.max(edgePx, top)}px`;
}
