const MIN_CHARACTERS = 8;

/** Whether a passphrase that is being chosen is long enough; counted in characters as the desk does. */
export const isLongEnough = (passphrase: string): boolean =>
  Array.from(passphrase).length >= MIN_CHARACTERS;
