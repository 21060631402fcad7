/** One colour of eight for an id; ids that follow each other have different ones. `styles/controls.css` has them. */
export function colourOf(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 29;
}
