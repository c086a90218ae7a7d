type Keys = { isComposing: boolean; keyCode: number };

/**
 * Whether a key belongs to an input method. 229 covers WebKit, where the Enter that ends a
 * composition arrives after it is over.
 */
export const composing = ({ isComposing, keyCode }: Keys): boolean =>
  isComposing || keyCode === 229;
