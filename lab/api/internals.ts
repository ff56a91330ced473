/** The key of the inner object in a handle of the library. The package does not export this key. */
export const internals: unique symbol = Symbol('lanlab.internals');
