/** The import of `@postern/react/styles.css` has an effect only. */
export {};
