const listeners = new WeakMap<Element, (onScreen: boolean) => void>();

/** A little more than what is seen, so that scrolling finds charts drawn. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
  },
  { rootMargin: '240px 0px' },
);

/** Calls back when an element comes near the part that is seen, or leaves it. */
export function watchOnScreen(element: Element, listener: (onScreen: boolean) => void): () => void {
  listeners.set(element, listener);
  observer.observe(element);
  return () => {
    observer.unobserve(element);
    listeners.delete(element);
  };
}
