/** `@postern/react`: the provider and the hooks. The forms are in `@postern/react/forms`. */
export {};
