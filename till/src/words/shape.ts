/** A catalogue in another language must have the same keys and facts; tsc names what is missing. */
export type Shape<T> = { [K in keyof T]: T[K] extends string ? string : T[K] }
