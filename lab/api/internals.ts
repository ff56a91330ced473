/** The key under which a handle of the library keeps what it is made of; not exported from the package. */
export const internals: unique symbol = Symbol('lanlab.internals');
