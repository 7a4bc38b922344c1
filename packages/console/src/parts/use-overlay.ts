/** What menus and popovers share: placed beside their button, closed by a press elsewhere, by scrolling and by resizing. */
import { type RefObject, useEffect, useLayoutEffect } from 'react';
import { placeMenu } from './place-menu.ts';

export interface OverlayOptions {
  overlay: RefObject<HTMLElement | null>;
  button: RefObject<HTMLElement | null>;
  align: 'start' | 'end';
  onDismiss: () => void;
}

export function useOverlay({ overlay, button, align, onDismiss }: OverlayOptions): void {
  useLayoutEffect(() => {
    if (button.current && overlay.current) placeMenu(overlay.current, button.current, align);
  }, [button, overlay, align]);
  useEffect(() => {
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && (overlay.current?.contains(target) || button.current?.contains(target));
    const onPress = ({ target }: PointerEvent) => {
      if (!isInside(target)) onDismiss();
    };
    // Scrolling of the page would leave the overlay behind.
    const onScroll = ({ target }: Event) => {
      if (!isInside(target)) onDismiss();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('scroll', onScroll, true);
    window.addEventListener('resize', onDismiss);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('scroll', onScroll, true);
      window.removeEventListener('resize', onDismiss);
    };
  });
}
