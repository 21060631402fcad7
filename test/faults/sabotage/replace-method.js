/**
 * Puts a method of one's own in the place of another. @returns the one that was there.
 * @throws Error when there is none: a sabotage that changes nothing would prove nothing.
 */
export function replaceMethod({ name, prototype }, method, replacement) {
  const replaced = prototype[method];
  if (typeof replaced !== 'function') throw new Error(`${name} has no ${method} to replace.`);
  prototype[method] = replacement;
  return replaced;
}
