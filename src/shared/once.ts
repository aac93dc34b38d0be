/** Made when it is asked for first. Formats and collators of `Intl` take a fresh page tens of ms, which its first rows do not wait for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
